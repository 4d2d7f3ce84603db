"""Nights in hotels: what they cost, and which of a city's hotels fit a wish."""

from __future__ import annotations

from linli.engines.stays.problem import SORTS, Days, Hit, Params, Problem, Result, Sort
from linli.engines.stays.rank import check, rank
from linli.engines.stays.rates import Day, Night, Rate, Season, last_free_moment, nights
from linli.engines.stays.table import Hotel, Plan, Room, Table

__all__ = [
    "SORTS", "Day", "Days", "Hit", "Hotel", "Night", "Params", "Plan", "Problem", "Rate", "Result", "Room", "Season", "Sort", "Table",
    "check", "last_free_moment", "nights", "rank",
]  # fmt: skip
