"""Where somebody with nothing to do is better placed for what will be asked soon: drivers and couriers alike."""

from linli.engines.reposition.params import Params
from linli.engines.reposition.problem import Move, Problem, Result, Worker, Zone, check, zones
from linli.engines.reposition.solve import solve

__all__ = ["Move", "Params", "Problem", "Result", "Worker", "Zone", "check", "solve", "zones"]
