"""Matching orders with couriers, and how long ways take."""

from __future__ import annotations

from decimal import Decimal

from linli.kernel.errors import N_
from linli.policy.number import Number

TICK_S = Number(
    "dispatch.tick_s", 5, "s", 1, 60, N_("How often waiting jobs are matched in one batch; longer finds better pairs and answers later.")
)
ANSWER_S = Number("dispatch.answer_s", 45, "s", 10, 300, N_("A courier who has not answered an offer by then loses it to another."))
SILENT_S = Number("dispatch.silent_s", 180, "s", 30, 1800, N_("A courier who has sent no position for this long is taken as gone."))
REACH_M = Number("dispatch.reach_m", 6000, "m", 500, 30000, N_("Couriers farther from the store than this are not considered."))
COMMIT_AHEAD_MIN = Number(
    "dispatch.commit_ahead_min",
    12,
    "min",
    0,
    60,
    N_("A courier is bound at the earliest this long before the meal is ready, so that none waits idle."),
)
BUNDLE_MAX = Number("dispatch.bundle_max", 3, "orders", 1, 8, N_("Most orders that one courier carries at a time."))
BUNDLE_DETOUR_MIN = Number(
    "dispatch.bundle_detour_min", 6, "min", 0, 30, N_("Most that bundling may delay the first of the bundled orders.")
)
LATE_WEIGHT = Number("dispatch.late_weight", 3.0, "x", 0.0, 50.0, N_("A minute late counts this many times a minute of riding."))
FAIR_WEIGHT = Number(
    "dispatch.fair_weight", 0.2, "min/h", 0.0, 5.0, N_("Head start in the matching for each hour that a courier has waited without a job.")
)
HANDOVER_S = Number("dispatch.handover_s", 120, "s", 0, 900, N_("Time at each door: park, stairs, hand over."))
DECLINES_MAX = Number("dispatch.declines_max", 5, "declines", 1, 50, N_("A job declined this often is shown to the operator at once."))
WAIT_MAX_MIN = Number(
    "dispatch.wait_max_min", 20, "min", 5, 120, N_("A job that nobody has taken by then is shown to the operator as late.")
)
DETOUR = Number(
    "dispatch.detour", 1.35, "x", 1.0, 3.0, N_("Way by street over the straight line; measured for dense street grids as 1.2 to 1.4.")
)
BIKE_KMH = Number(
    "dispatch.bike_kmh",
    16.0,
    "km/h",
    5.0,
    25.0,
    N_("Mean speed of an electric bicycle with stops; 25 km/h is the legal top in China (GB 17761)."),
)
WALK_KMH = Number("dispatch.walk_kmh", 4.8, "km/h", 2.0, 8.0, N_("Mean walking speed."))
CAR_KMH = Number("dispatch.car_kmh", 24.0, "km/h", 5.0, 80.0, N_("Mean speed of a car in the city by day."))
RUSH_FACTOR = Number("dispatch.rush_factor", 0.8, "x", 0.2, 1.0, N_("Speed in the rush hours as a share of the usual one."))
PREP_MIN = Number("dispatch.prep_min", 12, "min", 1, 90, N_("Preparation time of a store that has not told its own."))
COURIER_SPEED_SLACK = Number(
    "dispatch.slack",
    Decimal("0.10"),
    "share",
    Decimal("0"),
    Decimal("1"),
    N_("Share by which planned ways are lengthened, so that plans hold on a bad day."),
)
