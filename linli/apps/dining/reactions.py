"""What dining does when orders and payments tell it something."""

from __future__ import annotations

from datetime import datetime

from linli.apps.dining import operations
from linli.apps.orders.events import OrderAccepted, OrderCancelled, OrderMoved, OrderReady, OrderRefunded, OrderRefused
from linli.apps.payments.events import PaymentCaptured, PaymentExpired


def _share_id(ref: str) -> int | None:
    """The share of a bill that `ref` names, if it names one."""
    kind, _, number = ref.partition(":")
    return int(number) if kind == "ts" else None


def paid(event: PaymentCaptured, at: datetime) -> None:
    """A share of a bill was paid."""
    if (share_id := _share_id(event.ref)) is not None:
        operations.share_paid(share_id=share_id, at=at)


def unpaid(event: PaymentExpired, at: datetime) -> None:
    """A share of a bill was not paid in time."""
    if (share_id := _share_id(event.ref)) is not None:
        operations.share_over(share_id=share_id, at=at)


def kitchen(event: OrderAccepted | OrderReady | OrderMoved, at: datetime) -> None:
    """The kitchen goes on with what a table has ordered."""
    if event.mode == "dine_in":
        operations.heard(order_id=event.order_id, at=at)


def changed(event: OrderCancelled | OrderRefused | OrderRefunded, at: datetime) -> None:
    """Something of an order will not come, or costs less."""
    operations.heard(order_id=event.order_id, at=at)


REACTIONS = {
    PaymentCaptured: (paid,),
    PaymentExpired: (unpaid,),
    OrderAccepted: (kitchen,),
    OrderReady: (kitchen,),
    OrderMoved: (kitchen,),
    OrderCancelled: (changed,),
    OrderRefused: (changed,),
    OrderRefunded: (changed,),
}
