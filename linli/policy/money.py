"""Fees, pay, commission and what may be given back without asking. Amounts in minor units (fen)."""

from __future__ import annotations

from linli.kernel.errors import N_
from linli.policy.number import Number

COMMISSION_BP = Number(
    "money.commission_bp", 600, "bp", 0, 3000, N_("Share of the goods that the platform keeps, in hundredths of a percent.")
)
COURIER_BASE = Number("money.courier_base", 450, "fen", 0, 5000, N_("What a courier earns for a delivery, before distance."))
COURIER_PER_KM = Number(
    "money.courier_per_km", 120, "fen/km", 0, 2000, N_("What a courier earns for each kilometre between store and door.")
)
COURIER_NIGHT = Number("money.courier_night", 200, "fen", 0, 5000, N_("Added to a delivery between 22:00 and 6:00 local time."))
COURIER_WEATHER = Number("money.courier_weather", 150, "fen", 0, 5000, N_("Added to a delivery in rain, snow or great heat."))
PACKAGING = Number("money.packaging", 100, "fen", 0, 2000, N_("Packaging fee for each order of a store that names none."))
TIP_MAX = Number("money.tip_max", 20000, "fen", 0, 100000, N_("Largest tip; a larger one is more likely a slip of the finger."))
ORDER_MAX = Number("money.order_max", 500000, "fen", 1000, 10000000, N_("Largest total of one order."))
CASH_MAX = Number("money.cash_max", 50000, "fen", 0, 500000, N_("Largest total that may be paid in cash at the door."))
CASH_ON = Number("money.cash_on", True, "yes/no", False, True, N_("Whether cash on delivery is offered at all."))
COOKED_BP = Number(
    "money.cooked_bp",
    10000,
    "bp",
    0,
    10000,
    N_("What a store gets of its part for a meal that it has cooked and no courier came for; the platform bears it."),
)
INSTANT_REFUND = Number(
    "money.instant_refund", 3000, "fen", 0, 50000, N_("A complaint of a trusted person up to this amount is refunded at once.")
)
INSTANT_REFUND_30D = Number(
    "money.instant_refund_30d", 6000, "fen", 0, 200000, N_("Most that one person is refunded at once within 30 days.")
)
TRUST_ORDERS = Number(
    "money.trust_orders", 3, "orders", 0, 100, N_("Completed orders after which a person is trusted with instant refunds.")
)
TRUST_CASES_BP = Number(
    "money.trust_cases_bp",
    2500,
    "bp",
    0,
    10000,
    N_("A person who complains about more of their orders than this is not trusted with instant refunds."),
)
ASK_PROVIDER_S = Number(
    "money.ask_provider_s", 30, "s", 5, 600, N_("A started payment without news for this long is asked for at the provider.")
)
TOP_UP_MAX = Number("money.top_up_max", 100000, "fen", 0, 1000000, N_("Largest single top-up of the balance."))
