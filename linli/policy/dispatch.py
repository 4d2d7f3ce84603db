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
COMMIT_SLACK_S = Number(
    "dispatch.commit_slack_s",
    180,
    "s",
    0,
    1800,
    N_("A courier who would wait at the store longer than this is not bound yet; a later batch knows more."),
)
PICKUP_MAX_MIN = Number(
    "dispatch.pickup_max_min", 30, "min", 5, 120, N_("A courier is not asked if the meal would lie longer than this before it comes.")
)
WAY_SPREAD = Number(
    "dispatch.way_spread",
    0.2,
    "share",
    0.0,
    1.0,
    N_("How far ways differ from what is expected of them; people are shown so wide a window."),
)
READY_SHARE = Number(
    "dispatch.ready_share",
    0.5,
    "share",
    0.0,
    0.95,
    N_(
        "Couriers are sent so that this share of meals is ready when they come, by what each kitchen has been like; "
        "0 takes kitchens at their word."
    ),
)
BUNDLE_MAX = Number("dispatch.bundle_max", 3, "orders", 1, 4, N_("Most orders that one courier carries at a time."))
BUNDLE_READY_MIN = Number(
    "dispatch.bundle_ready_min", 5, "min", 0, 30, N_("Orders of one store are bundled only if they are ready this close together.")
)
BUNDLE_DETOUR_MIN = Number(
    "dispatch.bundle_detour_min", 6, "min", 0, 30, N_("Most that bundling may delay the first of the bundled orders.")
)
LATE_WEIGHT = Number(
    "dispatch.late_weight", 3.0, "x", 0.0, 50.0, N_("A minute late counts this many times a minute until the door, on top of it.")
)
RIDE_WEIGHT = Number("dispatch.ride_weight", 0.3, "x", 0.0, 50.0, N_("What a minute on the road counts, against a minute until the door."))
WAIT_WEIGHT = Number(
    "dispatch.wait_weight", 0.2, "x", 0.0, 50.0, N_("What a courier's minute at the store counts, against a minute until the door.")
)
COOL_WEIGHT = Number(
    "dispatch.cool_weight", 0.5, "x", 0.0, 50.0, N_("What a minute that a ready meal waits counts, against a minute until the door.")
)
FAIR_WEIGHT = Number(
    "dispatch.fair_weight", 0.2, "min/h", 0.0, 5.0, N_("Head start in the matching for each hour that a courier has waited without a job.")
)
PICKUP_S = Number("dispatch.pickup_s", 60, "s", 0, 900, N_("Time at each store: park, walk in, check the bag."))
REASK_MIN = Number(
    "dispatch.reask_min", 10, "min", 1, 240, N_("A courier who declined is asked again after this long, if nobody else was found.")
)
TRACK_DAYS = Number("dispatch.track_days", 14, "d", 1, 365, N_("How long it is kept where couriers were; shorter protects them better."))
TICK_HOURS = Number("dispatch.tick_hours", 48, "h", 1, 720, N_("How long dispatch decisions are kept for looking back."))
CAPACITY = Number(
    "dispatch.capacity", 6, "units", 1, 40, N_("What a courier carries who has not said otherwise; one dish for two is about one unit.")
)
HANDOVER_S = Number("dispatch.handover_s", 120, "s", 0, 900, N_("Time at each door: park, stairs, hand over."))
DECLINES_MAX = Number("dispatch.declines_max", 5, "declines", 1, 50, N_("A job declined this often is shown to the operator at once."))
WAIT_MAX_MIN = Number(
    "dispatch.wait_max_min", 20, "min", 5, 120, N_("A job that nobody has taken by then is shown to the operator as late.")
)
GIVE_UP_MIN = Number(
    "dispatch.give_up_min",
    60,
    "min",
    20,
    240,
    N_("A meal that nobody has taken this long after it was ready is called off, and the money goes back."),
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
PER_HOUR = Number(
    "dispatch.per_hour",
    2.5,
    "x",
    0.5,
    10.0,
    N_("Deliveries that a courier makes in an hour on duty when shifts are planned; about 20 minutes each, and some time to wait."),
)
STREET_PLACES = Number(
    "dispatch.street_places",
    300,
    "addresses",
    0,
    1000,
    N_("A batch with more places than this is decided by straight lines, even where ways by street are known; 0 always does so."),
)
SHIFT_OVER_MIN = Number(
    "dispatch.shift_over_min", 10, "min", 0, 120, N_("A courier may be given what it can bring this long after the end of its shift.")
)
REPOSITION = Number(
    "dispatch.reposition",
    False,
    "yes/no",
    False,
    True,
    N_("Yes: couriers with nothing to do are told where meals are likely to be wanted."),
)
REPOSITION_MAX_MIN = Number(
    "dispatch.reposition_max_min", 12, "min", 1, 60, N_("Nobody with nothing to do is sent farther than this to wait.")
)
NEAREST_ONLY = Number(
    "dispatch.nearest_only",
    False,
    "yes/no",
    False,
    True,
    N_("Yes: each order at once to the nearest courier with nothing to do, as a baseline to compare with; no batches, bundles or reasons."),
)
COURIER_SPEED_SLACK = Number(
    "dispatch.slack",
    Decimal("0.10"),
    "share",
    Decimal("0"),
    Decimal("1"),
    N_("Share by which planned ways are lengthened, so that plans hold on a bad day."),
)
