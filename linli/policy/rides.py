"""Rides: what they cost, how drivers are found, what is safe, and what calling one off costs. Amounts in minor units (fen)."""

from __future__ import annotations

from decimal import Decimal

from linli.kernel.errors import N_
from linli.policy.number import Number

BASE = Number("rides.base", 800, "fen", 0, 10_000, N_("What a ride costs before distance and time; that of a calm taxi in Beijing."))
PER_KM = Number("rides.per_km", 180, "fen/km", 0, 5_000, N_("What a kilometre of the expected way costs in the economy class."))
PER_MIN = Number("rides.per_min", 40, "fen/min", 0, 2_000, N_("What a minute of the expected way costs in the economy class."))
MINIMUM = Number(
    "rides.minimum", 1_200, "fen", 0, 10_000, N_("Least fare of a ride in the economy class, so that short ones are driven, too.")
)
COMFORT_BP = Number("rides.comfort_bp", 14_000, "bp", 10_000, 50_000, N_("Comfort costs this share of economy; newer and larger cars."))
SIX_BP = Number("rides.six_bp", 17_000, "bp", 10_000, 50_000, N_("A car for six costs this share of economy."))
POOL_OFF_BP = Number(
    "rides.pool_off_bp", 2_500, "bp", 0, 7_000, N_("Taken off a pooled ride, whether somebody joins or not: the risk of that is ours.")
)
NIGHT_BP = Number("rides.night_bp", 2_000, "bp", 0, 10_000, N_("Added to a ride that begins between 23:00 and 5:00 local time."))
STATION = Number("rides.station", 300, "fen", 0, 5_000, N_("Added at a railway station, where drivers queue to get in."))
AIRPORT = Number("rides.airport", 1_000, "fen", 0, 10_000, N_("Added at an airport, for its road toll and the way back."))
NEAR_PLACE_M = Number("rides.near_place_m", 600, "m", 0, 3_000, N_("How near to a station or airport a ride counts as one to or from it."))
QUOTE_VALID_MIN = Number(
    "rides.quote_valid_min", 5, "min", 1, 30, N_("How long a fare that was shown is kept, whatever happens to demand.")
)

SURGE_CAP = Number(
    "rides.surge_cap", Decimal("1.50"), "x", Decimal("1.00"), Decimal("2.50"), N_("No fare is ever raised beyond this by demand.")
)
SURGE_SLOPE = Number(
    "rides.surge_slope",
    Decimal("0.25"),
    "x",
    Decimal("0"),
    Decimal("2"),
    N_("Added for each person per idle driver beyond the calm number."),
)
SURGE_CALM = Number(
    "rides.surge_calm",
    Decimal("1.00"),
    "x",
    Decimal("0.1"),
    Decimal("10"),
    N_("So many people per idle driver are no reason to raise a fare."),
)
SURGE_LEAST = Number("rides.surge_least", 4, "people", 1, 100, N_("With fewer people than this in a part of the city no fare is raised."))
SURGE_WINDOW_MIN = Number("rides.surge_window_min", 10, "min", 1, 60, N_("Demand is who has asked within this time."))

ANSWER_S = Number("rides.answer_s", 20, "s", 5, 120, N_("A driver who has not answered by then loses the ride to another."))
NEAR_M = Number("rides.near_m", 1_500, "m", 100, 20_000, N_("At first only drivers this near are asked."))
WIDEN_M = Number("rides.widen_m", 60, "m", 0, 2_000, N_("And with each second of waiting those this much farther away."))
REACH_M = Number("rides.reach_m", 15_000, "m", 500, 50_000, N_("Drivers farther away than this are never asked."))
PATIENCE_S = Number("rides.patience_s", 200, "s", 0, 1_800, N_("Who has waited this long goes before those who are nearer."))
POOL_DETOUR_BP = Number("rides.pool_detour_bp", 3_500, "bp", 0, 10_000, N_("A pooled ride takes at most this much longer than alone."))
POOL_DETOUR_MIN = Number("rides.pool_detour_min", 8, "min", 0, 30, N_("And at most this many minutes longer."))
POOL_WAIT_MIN = Number("rides.pool_wait_min", 6, "min", 1, 30, N_("Nobody waits longer than this for a shared car that is on its way."))

DRIVER_BP = Number("rides.driver_bp", 7_900, "bp", 5_000, 10_000, N_("Share of the fare that the driver earns."))
WAIT_FREE_MIN = Number(
    "rides.wait_free_min", 4, "min", 0, 30, N_("So long a driver waits at the pickup for nothing, and before a no-show.")
)
WAIT_PER_MIN = Number("rides.wait_per_min", 50, "fen/min", 0, 1_000, N_("What a driver earns for each further minute of waiting."))
CANCEL_FREE_MIN = Number("rides.cancel_free_min", 2, "min", 0, 30, N_("After a driver was found, calling off stays free for this long."))
CANCEL_FEE = Number("rides.cancel_fee", 400, "fen", 0, 5_000, N_("Calling off later than that, while the driver is coming, costs this."))
NO_SHOW_FEE = Number("rides.no_show_fee", 800, "fen", 0, 10_000, N_("Calling off once the driver is there, or not coming, costs this."))
DEVIATE_X = Number(
    "rides.deviate_x", 1.45, "x", 1.05, 5.0, N_("A way over where the car is that is this much longer than the direct one is odd.")
)
DEVIATE_M = Number("rides.deviate_m", 1_200, "m", 100, 20_000, N_("And it must be at least this much longer before anybody is told."))
SHARE_H = Number("rides.share_h", 12, "h", 1, 72, N_("How long a link with which a trip was shared can be opened."))

BOOK_LEAST_MIN = Number(
    "rides.book_least_min", 40, "min", 15, 240, N_("A ride is booked for at least this long ahead; sooner it is called.")
)
BOOK_AHEAD_D = Number("rides.book_ahead_d", 7, "d", 1, 60, N_("How many days ahead a ride may be booked."))
BOOK_LEAD_MIN = Number("rides.book_lead_min", 20, "min", 5, 60, N_("So long before a booked ride begins a driver is looked for."))
BOOK_VALID_MIN = Number(
    "rides.book_valid_min",
    20,
    "min",
    5,
    120,
    N_("How long the fare of a ride for later is kept; it does not hang on who is free just now."),
)
BOOK_NOTICE_MIN = Number(
    "rides.book_notice_min", 60, "min", 0, 1_440, N_("A booked ride is called off for nothing until this long before.")
)
BOOK_LATE_BP = Number("rides.book_late_bp", 1_000, "bp", 0, 10_000, N_("Share of the fare that calling it off later than that costs."))
