"""Who drives whom: rides matched with drivers in small batches, offers that reach farther the longer somebody waits; and what it costs."""

from linli.engines.rides.fare import Fare, Part, Tariff, Trip, fare
from linli.engines.rides.params import Params
from linli.engines.rides.problem import Driver, Match, Problem, Result, Ride, Waiting, check
from linli.engines.rides.solve import solve
from linli.engines.rides.surge import Rule, Surge

__all__ = [
    "Driver", "Fare", "Match", "Params", "Part", "Problem", "Result", "Ride", "Rule", "Surge", "Tariff", "Trip", "Waiting", "check",
    "fare", "solve",
]  # fmt: skip
