"""Knowing people: how much is taken down, for how long, and when it is gone."""

from __future__ import annotations

from linli.kernel.errors import N_
from linli.policy.number import Number

EVENTS_PER_MIN = Number(
    "insight.events_per_min", 120, "requests/min", 10, 10_000,
    N_("What one person may send about what they do; nobody looks at more than two things a second for long."),
)  # fmt: skip
BOT_A_DAY = Number(
    "insight.bot_a_day", 2000, "events/d", 100, 1_000_000,
    N_("Whoever does more than this in a day is taken for a program and left out of what is learned."),
)  # fmt: skip
KEEP_D = Number("insight.keep_d", 400, "d", 30, 3650, N_("How long the lake keeps a day: a year and a season to compare it with."))
FORGET_H = Number("insight.forget_h", 24, "h", 1, 720, N_("Within this time everything known of somebody who asks for it is gone."))
ROWS_AT_ONCE = Number("insight.rows_at_once", 50_000, "rows", 100, 1_000_000, N_("Rows that one turn carries into the lake."))
TILL_A_DAY = Number(
    "insight.till_a_day", 5, "tries", 1, 1000,
    N_("Purchases a day that one store notes of one member at its till."),
)  # fmt: skip
