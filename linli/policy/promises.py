"""What people are promised, and the clocks that keep the promises."""

from __future__ import annotations

from decimal import Decimal

from linli.kernel.errors import N_
from linli.policy.number import Number

DELIVER_MIN = Number(
    "promises.deliver_min", 30, "min", 10, 120, N_("Target from payment to door; the study asks for delivery within 30 minutes.")
)
MATCH_DRIVER_MIN = Number(
    "promises.match_driver_min", 5, "min", 1, 30, N_("A driver or courier is found within this time; the study asks for 5 minutes.")
)
FIRST_REPLY_MIN = Number("promises.first_reply_min", 3, "min", 1, 60, N_("First answer to a complaint; the study asks for 3 minutes."))
SOLVE_H = Number("promises.solve_h", 24, "h", 1, 168, N_("A complaint is settled within this time; the study asks for 24 hours."))
ON_TIME = Number(
    "promises.on_time",
    Decimal("0.80"),
    "share",
    Decimal("0.5"),
    Decimal("1"),
    N_("Share of orders that must arrive as promised; the study asks for 80 percent upward."),
)
SATISFACTION = Number("promises.satisfaction", 85, "of 100", 50, 100, N_("Satisfaction to be reached; the study asks for 80 to over 90."))
WINDOW_MIN = Number("promises.window_min", 10, "min", 5, 60, N_("Width of the promised arrival window; narrower is bolder."))
MARGIN_MIN = Number(
    "promises.margin_min",
    3,
    "min",
    0,
    30,
    N_("Added to the estimate before it is promised, so that promises are kept more often than half the time."),
)
APPROACH_SHARE = Number(
    "promises.approach_share",
    0.5,
    "x",
    0.0,
    2.0,
    N_("How much of the time that a courier comes later to the store than the meal is ready is promised; 0 as if one always stood there."),
)
QUOTE_VALID_MIN = Number("promises.quote_valid_min", 15, "min", 1, 60, N_("How long a quote holds; after that prices are asked for again."))
PAY_WITHIN_MIN = Number(
    "promises.pay_within_min", 15, "min", 3, 120, N_("An order that is not paid by then is closed and what it holds is released.")
)
ACCEPT_WITHIN_MIN = Number(
    "promises.accept_within_min", 5, "min", 1, 60, N_("A store answers a paid order by then, or the order is cancelled and refunded.")
)
FREE_CANCEL_MIN = Number(
    "promises.free_cancel_min", 1, "min", 0, 30, N_("After payment the consumer may cancel without a reason for this long.")
)
CANCEL_NOTICE_MIN = Number(
    "promises.cancel_notice_min",
    1440,
    "min",
    0,
    20160,
    N_("What is booked for a time is called off free of charge until this long before."),
)
CANCEL_BP = Number(
    "promises.cancel_bp", 3000, "bp", 0, 10_000, N_("Share kept of a booking that is called off later than that; it goes to the store.")
)
CANCEL_LATE_MIN = Number(
    "promises.cancel_late_min", 120, "min", 0, 1440, N_("From this long before a booking begins the late share is kept instead.")
)
CANCEL_LATE_BP = Number(
    "promises.cancel_late_bp", 5000, "bp", 0, 10_000, N_("Share kept of a booking that is called off late, or to which nobody comes.")
)
NO_SHOW_MIN = Number(
    "promises.no_show_min", 30, "min", 5, 1440, N_("From this long after a booking has begun the store may say that nobody came.")
)
COMPLETE_AFTER_H = Number(
    "promises.complete_after_h", 2, "h", 0, 168, N_("A delivered order is completed and settled after this time without a complaint.")
)
REVIEW_WITHIN_D = Number("promises.review_within_d", 15, "d", 1, 90, N_("How long after delivery an order may be reviewed."))
COMPLAIN_WITHIN_D = Number("promises.complain_within_d", 7, "d", 1, 90, N_("How long after delivery a complaint may be opened."))
SCHEDULE_AHEAD_D = Number("promises.schedule_ahead_d", 2, "d", 0, 14, N_("How far ahead an order may be scheduled."))
SLOT_MIN = Number("promises.slot_min", 15, "min", 5, 60, N_("Length of the slots offered for scheduled orders."))
KEPT_DAYS = Number("promises.kept_days", 14, "d", 1, 90, N_("How far back it is counted how often promises were kept."))
KEPT_LEAST = Number(
    "promises.kept_least", 30, "orders", 5, 10_000, N_("With fewer delivered orders than this no share of kept promises is shown.")
)
