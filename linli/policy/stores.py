"""Stores: how they are rated, how long they may pause, how they are shown."""

from __future__ import annotations

from linli.kernel.errors import N_
from linli.policy.number import Number

GIVEN_RATING_WEIGHT = Number(
    "stores.given_rating_weight", 20, "voices", 1, 1000,
    N_("Until people have rated a store here, the rating it came with counts as much as this many voices."),
)  # fmt: skip
LONGEST_PAUSE_D = Number("stores.longest_pause_d", 30, "d", 1, 365, N_("Longest pause that a store may take at once."))
HOME_RADIUS_M = Number("stores.home_radius_m", 6000, "m", 500, 50_000, N_("How far around a person the home page looks for stores."))
SEARCH_RADIUS_M = Number("stores.search_radius_m", 30_000, "m", 1000, 100_000, N_("How far away a store may be to be found by searching."))
