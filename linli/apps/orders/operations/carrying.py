"""What an order hears from the street and from the cashier. News may come twice or overtake one another; what no longer fits is let go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from linli.apps.merchants import queries as merchants
from linli.apps.orders import hot, modes
from linli.apps.orders.events import OrderPickedUp, OrderWaits
from linli.apps.orders.models import Order
from linli.apps.orders.operations import closing, confirming, driving, settling, steps, working
from linli.apps.payments import operations as payments
from linli.apps.payments.operations import Share
from linli.apps.stock import queries as stock
from linli.kernel.actors import SYSTEM
from linli.platform import outbox, reads
from linli.platform.writes import unit


def paid(*, order_id: int, method: str, at: datetime) -> None:
    """The order's money has come in. For an order that has ended meanwhile it goes straight back. Raises NotFound, Raced."""
    with unit():
        order, store, hold = reads.together([
            hot.locked(order_id), merchants.terms(store_id=hot.store_of(order_id)), stock.hold_of(ref=f"or:{order_id}")
        ])  # fmt: skip
        if order is None:
            raise steps.unknown()
        if steps.can(order, "confirm"):
            confirming.confirm(order=order, method=method, at=at, store=store, hold=hold)
        elif order.closed_at is not None:
            closing.money_back(order, order.cancel_reason or order.state, SYSTEM, at)


def _driven(order: Order) -> bool:
    return modes.MODES[order.mode].driver


@transaction.atomic
def courier_found(*, order_id: int, courier_id: int, at: datetime) -> None:
    """A courier will bring it."""
    order = steps.locked(order_id)
    if _driven(order):
        driving.go(order, "match", at, courier_id=courier_id)
        return
    order.courier_id = courier_id
    order.save(update_fields=["courier_id"])
    steps.note(order, "courier", SYSTEM, at, {"courier_id": courier_id})


@transaction.atomic
def courier_arrived(*, order_id: int, at: datetime) -> None:
    """The courier is at the store, or the driver at the pickup."""
    order = steps.locked(order_id)
    if not (_driven(order) and driving.go(order, "arrive", at)):
        steps.note(order, "arrived", SYSTEM, at)


@transaction.atomic
def picked_up(*, order_id: int, courier_id: int, at: datetime) -> None:
    """The courier has it, or the driver has the rider."""
    order = steps.locked(order_id)
    if _driven(order):
        driving.started(order, at)
        return
    if steps.can(order, "pick_up"):
        steps.step(order, "pick_up", SYSTEM, at, picked_up_at=at, courier_id=courier_id)
        outbox.tell(OrderPickedUp(**steps.ids(order)), at=at)


@transaction.atomic
def delivered(*, order_id: int, courier_id: int, pay: int, at: datetime) -> None:
    """It is at the door; `pay` is what the courier earned. What was due in cash is in the courier's hands now."""
    order = steps.locked(order_id)
    if _driven(order) and order.closed_at is None:
        driving.finished(order, courier_id=courier_id, pay=pay, at=at)
        return
    if not steps.can(order, "deliver"):
        if order.closed_at is not None:
            _brought_in_vain(order, courier_id, pay, at)
        return
    fields: dict[str, Any] = {"delivered_at": at, "picked_up_at": order.picked_up_at or at, "courier_id": courier_id, "courier_pay": pay}
    steps.step(order, "deliver", SYSTEM, at, **fields)
    if order.method == "cash":
        payments.collect_cash(ref=steps.ref(order), courier_id=courier_id, amount=order.total - order.refunded, at=at)
    working.had(order, at)


def _brought_in_vain(order: Order, courier_id: int, pay: int, at: datetime) -> None:
    """The order was called off while it was on its way: the courier is paid for the way all the same, and the platform bears it."""
    payments.settle(ref=steps.ref(order), shares=[Share("courier", courier_id, pay), Share("goodwill", 0, -pay)], at=at)


@transaction.atomic
def waits(*, order_id: int, until: datetime, at: datetime) -> None:
    """Nobody has been found who brings it; whoever ordered is told, and until when it is tried."""
    order = steps.locked(order_id)
    if steps.can(order, "cancel"):
        steps.note(order, "unfound", SYSTEM, at, {"until": until.isoformat()})
        outbox.tell(OrderWaits(**steps.ids(order), until=until), at=at)


@transaction.atomic
def lost(*, order_id: int, reason: str, at: datetime) -> None:
    """The courier cannot bring it and nobody else can either: it is cancelled, and the money goes back. A store that has made it while
    nobody came is paid all the same."""
    order = steps.locked(order_id)
    if steps.can(order, "cancel"):
        made = order.state == "ready" and reason == "nobody"
        order.called_at = None  # there is no job left to call off
        closing.close(order, "cancel", SYSTEM, f"lost:{reason}", at)
        if made:
            settling.make_good(order, at)
