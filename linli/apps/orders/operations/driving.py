"""An order that is driven: the call for a driver, and what is heard of the way. News may come twice; what no longer fits is let go."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from linli.apps.accounts import queries as accounts
from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment.operations import Rider, Spot
from linli.apps.orders import modes
from linli.apps.orders.models import Order, OrderLine
from linli.apps.orders.operations import closing, steps, working
from linli.apps.payments import operations as payments
from linli.kernel.actors import SYSTEM
from linli.kernel.geo import Point
from linli.platform import policies
from linli.platform.jobs import task
from linli.policy import rides


def booked_for_later(order: Order, at: datetime) -> bool:
    """Whether it is a ride that was booked for a time before which there is no need to look for a driver yet."""
    if not modes.MODES[order.mode].driver or at >= _when(order):
        return False
    return bool(OrderLine.objects.get(order=order, kind="item").details.get("booked"))


def _when(order: Order) -> datetime:
    return order.promise_from - timedelta(minutes=policies.whole(rides.BOOK_LEAD_MIN, order.city_id))


def hail_in_time(order: Order, at: datetime) -> None:
    """Look for a driver shortly before the ride begins."""
    _hail.enqueue(run_at=_when(order), at=at, order_id=order.id)


@task("orders.hail")
def _hail(*, at: datetime, order_id: int) -> None:
    order = steps.locked(order_id)
    if go(order, "hail", at):
        hail(order, at)


def hail(order: Order, at: datetime) -> None:
    """Look for a driver for the order, which is locked and paid; once."""
    if order.called_at is not None:
        return
    line, who = OrderLine.objects.get(order=order, kind="item"), accounts.person(person_id=order.person_id)
    fulfilment.hail(
        ref=steps.ref(order), city_id=order.city_id, store_id=order.store_id,
        rider=Rider(person_id=who.id, name=who.name, phone=who.phone, seats=line.guests),
        origin=_spot(line.details["from"]), target=_spot(line.details["to"]), service=line.details["service"],
        metres=line.details["metres"], seconds=line.details["seconds"], fare=line.amount, code=order.pickup_code, tip=order.tip,
        cash_due=order.total if order.method == "cash" else 0, wanted_at=order.promise_from if line.details.get("booked") else None, at=at,
    )  # fmt: skip
    order.called_at = at
    order.save(update_fields=["called_at"])


def _spot(kept: dict[str, Any]) -> Spot:
    return Spot(name=kept["name"], point=Point(kept["lat"], kept["lng"]))


def go(order: Order, event: str, at: datetime, **fields: Any) -> bool:
    """Move the locked order by news from the street; False when the news no longer fits."""
    if not steps.can(order, event):
        return False
    working.move(order, event, SYSTEM, {}, at, fields)
    return True


def started(order: Order, at: datetime) -> None:
    """The rider has said the code; whoever started has been there."""
    go(order, "arrive", at)
    go(order, "start", at)


def finished(order: Order, *, courier_id: int, pay: int, at: datetime) -> None:
    """There; what was due in cash is in the driver's hands now."""
    started(order, at)
    if go(order, "finish", at, courier_id=courier_id, courier_pay=pay) and order.method == "cash":
        payments.collect_cash(ref=steps.ref(order), courier_id=courier_id, amount=order.total - order.refunded, at=at)


@transaction.atomic
def driver_lost(*, order_id: int, at: datetime) -> None:
    """The driver cannot come; somebody else is looked for."""
    order = steps.locked(order_id)
    if modes.MODES[order.mode].driver:
        go(order, "unmatch", at, courier_id=None)


@transaction.atomic
def unmatched(*, order_id: int, at: datetime) -> None:
    """Nobody was found in the time that was promised: it costs nothing, and that is said."""
    order = steps.locked(order_id)
    if steps.can(order, "cancel"):
        closing.close(order, "cancel", SYSTEM, "no_driver", at)


@transaction.atomic
def rider_missing(*, order_id: int, courier_id: int, fee: int, pay: int, at: datetime) -> None:
    """The driver waited and nobody came: the fee is kept, out of which the driver is paid."""
    order = steps.locked(order_id)
    go(order, "arrive", at)
    if steps.can(order, "no_show"):
        closing.close(order, "no_show", SYSTEM, "no_show", at, fee=fee, driver=(courier_id, pay))
