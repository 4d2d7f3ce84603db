"""How day plans are made."""

from __future__ import annotations

from linli.kernel.errors import N_
from linli.policy.number import Number

DAYS_MOST = Number("trips.days_most", 5, "d", 1, 14, N_("The most days that a plan may have."))
PARTY_MOST = Number("trips.party_most", 12, "units", 1, 50, N_("The most people that a plan may be for."))
AHEAD_D = Number("trips.ahead_d", 180, "d", 1, 730, N_("How far ahead a plan may begin."))
DAY_BEGINS_MIN = Number("trips.day_begins_min", 540, "min", 300, 720, N_("When a day of a plan begins, in minutes after midnight."))
DAY_ENDS_MIN = Number("trips.day_ends_min", 1290, "min", 900, 1560, N_("When one is back at the latest, in minutes after midnight."))
METRO_FARE = Number(
    "trips.metro_fare", 400, "fen", 0, 5_000, N_("What a ride between two places costs a person; Beijing's metro takes 3 to 6 yuan.")
)
TRIES_MIN = Number("trips.tries_min", 12, "tries", 1, 120, N_("How many plans a person may ask for in a minute."))
CHANGES_MIN = Number("trips.changes_min", 30, "tries", 1, 300, N_("How many changes to trips a person may make in a minute."))
KEPT_MOST = Number("trips.kept_most", 30, "units", 1, 1_000, N_("How many trips a person may keep."))
