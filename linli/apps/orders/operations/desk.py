"""Stays that are paid at the hotel: owed until its desk has the money, which the hotel then owes to the platform less its own part."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.apps.orders import modes
from linli.apps.orders.models import Order
from linli.apps.orders.operations import steps
from linli.apps.payments import operations as payments
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict

METHOD = "desk"


@transaction.atomic
def take_at_desk(*, order_id: int, actor: Actor, at: datetime) -> int:
    """The hotel has taken what is owed for the stay. Returns how much, minor units; pressed again: nothing, 0.

    Raises Conflict "desk.not_owed" for what is not paid at the hotel, "desk.not_here" before the guest is checked in; NotFound.
    """
    order = steps.of(order_id, actor)
    mode = modes.MODES[order.mode]
    if order.method != METHOD:
        raise Conflict("desk.not_owed", N_("This stay is not paid at the hotel."))
    if order.state not in (mode.begun, mode.done, "completed"):
        raise Conflict("desk.not_here", N_("Check the guest in first; then say that it is paid."))
    return counted_as_taken(order, actor, at)


def counted_as_taken(order: Order, actor: Actor, at: datetime) -> int:
    """`take_at_desk` for an order that is locked. What the desk has not marked when the stay is completed counts as taken, too: it was for
    the hotel to ask for it, and its commission must not depend on a button."""
    ref = steps.ref(order)
    return payments.take_at_counter(
        store_id=order.store_id, parts=[(ref, order.total)], key=f"desk:{ref}", by=actor, at=at, currency=order.currency
    )
