"""A tip afterwards, for the courier who brought it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from linli.apps.fulfilment import operations as fulfilment
from linli.apps.orders.models import Order, OrderTip
from linli.apps.orders.operations import steps
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.apps.payments.operations import Share
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import N_, Conflict, Invalid
from linli.kernel.money import Money
from linli.platform import policies
from linli.policy import money, promises


@transaction.atomic
def add_tip(*, order_id: int, person_id: int, amount: int, key: str, at: datetime) -> int:
    """Tip the courier who brought one's order; returns the id of the intent to be paid. The same `key` is the same tip.

    Raises NotFound for somebody else's order, Forbidden before it was brought (the first tip goes with the order), Invalid for too much.
    """
    order = steps.of(order_id, Actor("consumer", person_id))
    steps.permit(order, "tip", N_("A tip goes to the courier who brought it; nobody has yet."))
    row = OrderTip.objects.filter(order=order, key=key).first() or _ask(order, amount, key, at)
    if row.amount != amount:
        raise Conflict("idempotency.mismatch", N_("This was already sent with other content. Start again from the cart."))
    views = paying.methods(city_id=order.city_id, amount=amount, mode=order.mode, person_id=person_id)
    intent = payments.open_intent(
        ref=f"tip:{row.pk}", person_id=person_id, amount=amount, currency=order.currency,
        methods=tuple(view.code for view in views if view.code != "cash"),
        expires_at=row.asked_at + timedelta(minutes=policies.whole(promises.PAY_WITHIN_MIN, order.city_id)), at=at,
    )  # fmt: skip
    return intent.id


def _given(order: Order) -> int:
    """All that the courier was given for this order so far."""
    return order.tip + (OrderTip.objects.filter(order=order).exclude(paid_at=None).aggregate(sum=Sum("amount"))["sum"] or 0)


def _ask(order: Order, amount: int, key: str, at: datetime) -> OrderTip:
    most = policies.whole(money.TIP_MAX, order.city_id)
    if not 0 < amount <= most - _given(order):
        raise Invalid("tip.range", N_("A tip can be at most %(most)s."), most=str(Money(most, order.currency)), field="amount")
    return OrderTip.objects.create(order=order, key=key, amount=amount, asked_at=at)


@transaction.atomic
def tipped(*, tip_id: int, at: datetime) -> None:
    """A tip has been paid: all of it is the courier's."""
    row = OrderTip.objects.get(pk=tip_id)
    order = steps.locked(row.order_id)
    if OrderTip.objects.filter(pk=tip_id, paid_at=None).update(paid_at=at):
        payments.settle(ref=f"tip:{tip_id}", shares=[Share("courier", order.courier_id or 0, row.amount)], at=at)
        fulfilment.set_tip(ref=steps.ref(order), tip=_given(order), at=at)
        steps.note(order, "tip", SYSTEM, at, {"amount": row.amount})
