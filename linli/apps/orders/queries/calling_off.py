"""What calling an order off would give back, said before somebody does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.apps.fulfilment import queries as street
from linli.apps.orders import charges, modes
from linli.apps.orders.views import OrderView


@dataclass(frozen=True, slots=True)
class CallOff:
    """What goes back to whoever ordered, and what is kept of what they paid (or are to pay afterwards), minor units."""

    back: int
    kept: int


def call_off(*, order: OrderView, at: datetime) -> CallOff:
    """What goes back if the person called the order off at `at`, as `operations.cancel` would have it. One statement for codes, two for
    a ride, none otherwise."""
    paid = order.total - order.refunded
    if order.paid_at is None or order.method in modes.PAID_THERE:
        return CallOff(0, 0)
    if order.rules.codes:
        unused, worth = street.worth(ref=order.ref)
        if unused != worth:
            return CallOff(back := paid * unused // worth, paid - back)
    fee = (
        street.cancel_terms(ref=order.ref, at=at).fee
        if order.rules.driver and order.called_at is not None
        else charges.fee(mode=order.mode, state=order.state, city_id=order.city_id, paid=paid, lines=order.items, at=at)
    )
    return CallOff(paid - min(fee, paid), min(fee, paid))
