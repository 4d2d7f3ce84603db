"""What orders do when payments and fulfilment tell them something."""

from __future__ import annotations

from datetime import datetime

from linli.apps.fulfilment.events import (
    CourierArrived,
    JobAccepted,
    JobDelivered,
    JobGivenUp,
    JobPickedUp,
    JobUnfound,
    PassesLapsed,
    PassUsed,
    RiderMissing,
    RideUnmatched,
)
from linli.apps.orders import operations
from linli.apps.payments.events import PaymentCaptured, PaymentExpired


def _order_id(ref: str) -> int | None:
    """The order that `ref` names, if it names one."""
    kind, _, number = ref.partition(":")
    return int(number) if kind == "or" else None


def _checkout_id(ref: str) -> int | None:
    """The checkout of several orders that `ref` names, if it names one."""
    kind, _, number = ref.partition(":")
    return int(number) if kind == "co" else None


def confirm(event: PaymentCaptured, at: datetime) -> None:
    """Paid: an order, several together, what is owed for one, or a tip for one."""
    if (order_id := _order_id(event.ref)) is not None:
        operations.paid(order_id=order_id, method=event.method, at=at)
    elif (checkout_id := _checkout_id(event.ref)) is not None:
        operations.paid_together(checkout_id=checkout_id, method=event.method, at=at)
    elif event.ref.startswith(operations.DUE):
        operations.paid_afterwards(ref=event.ref, at=at)
    elif event.ref.startswith("tip:"):
        operations.tipped(tip_id=int(event.ref.removeprefix("tip:")), at=at)


def expire(event: PaymentExpired, at: datetime) -> None:
    """Not paid in time."""
    if (order_id := _order_id(event.ref)) is not None:
        operations.expire(order_id=order_id, at=at)
    elif (checkout_id := _checkout_id(event.ref)) is not None:
        operations.expire_together(checkout_id=checkout_id, at=at)


def courier_found(event: JobAccepted, at: datetime) -> None:
    """Somebody will bring it."""
    if (order_id := _order_id(event.ref)) is not None:
        operations.courier_found(order_id=order_id, courier_id=event.courier_id, at=at)


def courier_arrived(event: CourierArrived, at: datetime) -> None:
    """Somebody is there to collect it."""
    if (order_id := _order_id(event.ref)) is not None:
        operations.courier_arrived(order_id=order_id, at=at)


def picked_up(event: JobPickedUp, at: datetime) -> None:
    """On its way."""
    if (order_id := _order_id(event.ref)) is not None:
        operations.picked_up(order_id=order_id, courier_id=event.courier_id, at=at)


def delivered(event: JobDelivered, at: datetime) -> None:
    """At the door."""
    if (order_id := _order_id(event.ref)) is not None:
        operations.delivered(order_id=order_id, courier_id=event.courier_id, pay=event.pay, at=at)


def lost(event: JobGivenUp, at: datetime) -> None:
    """Given up: on the way, for good; before that, somebody else is looked for."""
    if (order_id := _order_id(event.ref)) is None:
        return
    if event.final:
        operations.lost(order_id=order_id, reason=event.reason, at=at)
    else:
        operations.driver_lost(order_id=order_id, at=at)


def unfound(event: JobUnfound, at: datetime) -> None:
    """No courier so far, or none at all."""
    if (order_id := _order_id(event.ref)) is None:
        return
    if event.final:
        operations.lost(order_id=order_id, reason="nobody", at=at)
    else:
        operations.waits(order_id=order_id, until=event.until, at=at)


def unmatched(event: RideUnmatched, at: datetime) -> None:
    """No driver was found."""
    if (order_id := _order_id(event.ref)) is not None:
        operations.unmatched(order_id=order_id, at=at)


def rider_missing(event: RiderMissing, at: datetime) -> None:
    """Nobody came to the car."""
    if (order_id := _order_id(event.ref)) is not None:
        operations.rider_missing(order_id=order_id, courier_id=event.courier_id, fee=event.fee, pay=event.pay, at=at)


def pass_used(event: PassUsed, at: datetime) -> None:
    """A code of it was used in the store."""
    if (order_id := _order_id(event.ref)) is not None:
        operations.used(order_id=order_id, over=event.over, at=at)


def passes_lapsed(event: PassesLapsed, at: datetime) -> None:
    """The time of its codes is over."""
    if (order_id := _order_id(event.ref)) is not None:
        operations.lapsed(order_id=order_id, at=at)


REACTIONS = {
    PassUsed: (pass_used,),
    PassesLapsed: (passes_lapsed,),
    PaymentCaptured: (confirm,),
    PaymentExpired: (expire,),
    JobAccepted: (courier_found,),
    CourierArrived: (courier_arrived,),
    JobUnfound: (unfound,),
    JobPickedUp: (picked_up,),
    JobDelivered: (delivered,),
    JobGivenUp: (lost,),
    RideUnmatched: (unmatched,),
    RiderMissing: (rider_missing,),
}
