"""Eating in: how long tables are taken, how a call runs out, how long a share of a bill stays reserved."""

from __future__ import annotations

from linli.kernel.errors import N_
from linli.policy.number import Number

THERE_WITHIN_MIN = Number(
    "dining.there_within_min", 5, "min", 1, 60, N_("A party that was called and is not there within this time is passed over.")
)
TURN_SMALL_MIN = Number(
    "dining.turn_small_min", 50, "min", 10, 480, N_("How long a small table is taken, until a store has its own figures.")
)
TURN_MEDIUM_MIN = Number(
    "dining.turn_medium_min", 65, "min", 10, 480, N_("How long a medium table is taken, until a store has its own figures.")
)
TURN_LARGE_MIN = Number(
    "dining.turn_large_min", 85, "min", 10, 480, N_("How long a large table is taken, until a store has its own figures.")
)
TURN_ROOM_MIN = Number(
    "dining.turn_room_min", 110, "min", 10, 480, N_("How long a private room is taken, until a store has its own figures.")
)
TURNS_LEAST = Number("dining.turns_least", 12, "people", 3, 500, N_("A store's own figures count from this many parties of a size on."))
TURNS_LAST = Number("dining.turns_last", 200, "people", 10, 5000, N_("So many of the last parties of a size are looked at."))
SMALL_UP_TO = Number("dining.small_up_to", 2, "people", 1, 10, N_("Parties of up to this many wait for a small table."))
MEDIUM_UP_TO = Number(
    "dining.medium_up_to", 4, "people", 2, 20, N_("Parties of up to this many wait for a medium table, larger ones for a large.")
)
SHARE_MIN = Number("dining.share_min", 10, "min", 2, 60, N_("How long a share of a bill stays reserved for whoever has begun to pay it."))
LONGEST_VISIT_H = Number("dining.longest_visit_h", 14, "h", 2, 72, N_("A table that is taken for longer than this was forgotten."))
BACK_AFTER = Number(
    "dining.back_after", 3, "people", 0, 50, N_("A party that was passed over and comes back waits behind this many parties of its size.")
)
