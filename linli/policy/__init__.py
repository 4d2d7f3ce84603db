"""Every number that an operator may tune, with its unit, its bounds and its reason. Pure; `platform.policies` keeps the changed ones."""

from __future__ import annotations

from linli.policy import (
    accounts,
    dining,
    dispatch,
    insight,
    money,
    notices,
    promises,
    recommend,
    rides,
    sandbox,
    search,
    security,
    stays,
    stores,
    trips,
)
from linli.policy.number import NUMBERS, Number, Value

__all__ = [
    "NUMBERS", "Number", "Value", "accounts", "dining", "dispatch", "insight", "money", "notices", "promises", "recommend", "rides",
    "sandbox", "search", "security", "stays", "stores", "trips",
]  # fmt: skip
