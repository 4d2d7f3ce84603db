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
BAND_1 = Number("stores.band_1", 3000, "fen", 100, 1_000_000, N_("Up to this per head a store is in the lowest price band."))
BAND_2 = Number("stores.band_2", 8000, "fen", 100, 1_000_000, N_("Up to this per head a store is in the second price band."))
BAND_3 = Number("stores.band_3", 15_000, "fen", 100, 1_000_000, N_("Up to this per head a store is in the third price band."))
