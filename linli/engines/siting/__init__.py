"""Where to put things: stations, lockers, dark stores, service points."""

from linli.engines.siting.problem import Params, Problem, Result, check
from linli.engines.siting.solve import solve, without_site

__all__ = ["Params", "Problem", "Result", "check", "solve", "without_site"]
