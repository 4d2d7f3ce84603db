"""Day plans over sights, meals and the way between them: the team orienteering problem with time windows, meals and a budget."""

from __future__ import annotations

from linli.engines.itinerary.check import check
from linli.engines.itinerary.instead import Option, instead
from linli.engines.itinerary.params import Params
from linli.engines.itinerary.problem import Day, Meal, Problem, Spot
from linli.engines.itinerary.result import Reason, Result, Visit
from linli.engines.itinerary.solve import solve

__all__ = ["Day", "Meal", "Option", "Params", "Problem", "Reason", "Result", "Spot", "Visit", "check", "instead", "solve"]
