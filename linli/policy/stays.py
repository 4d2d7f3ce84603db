"""How nights in hotels are sold."""

from __future__ import annotations

from linli.kernel.errors import N_
from linli.policy.number import Number

CHECK_IN_MIN = Number("stays.check_in_min", 840, "min", 780, 1380, N_("From when guests are let in, in minutes after midnight."))
CHECK_OUT_MIN = Number("stays.check_out_min", 720, "min", 360, 720, N_("Until when guests leave, in minutes after midnight."))
NIGHTS_MOST = Number("stays.nights_most", 28, "d", 1, 90, N_("The most nights of one stay; longer ones are to be agreed on."))
AHEAD_D = Number("stays.ahead_d", 365, "d", 1, 730, N_("How many days ahead a stay may begin."))
ROOMS_MOST = Number("stays.rooms_most", 8, "units", 1, 50, N_("The most rooms of one booking; more is a group."))
GUESTS_MOST = Number("stays.guests_most", 16, "units", 1, 100, N_("The most guests of one booking."))
LATER_D = Number("stays.later_d", 7, "d", 1, 60, N_("Within how many days after check-out a stay is paid that is paid afterwards."))
LATER_REMIND_D = Number("stays.later_remind_d", 2, "d", 0, 30, N_("How many days before that guests are reminded of it."))
LATER_ORDERS = Number(
    "stays.later_orders", 3, "orders", 0, 100, N_("Only who has completed so many orders may pay afterwards; a short good record.")
)
LATER_MOST = Number(
    "stays.later_most", 500_000, "fen", 0, 10_000_000, N_("What one guest may owe at once for stays that are paid afterwards.")
)
NEAR_M = Number("stays.near_m", 3_000, "m", 200, 50_000, N_("How far from a chosen place hotels are looked for."))
