"""Food that is sent to the kitchen from a table, and paid when people go: owed on the table's bill until then."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from linli.apps.orders import checkout, modes
from linli.apps.orders.events import OrderPlaced
from linli.apps.orders.models import Order
from linli.apps.orders.operations import confirming, placing, settling, steps
from linli.apps.orders.queries.carts import as_picked
from linli.apps.orders.views import CheckoutWant, TabLine
from linli.apps.payments import operations as payments
from linli.apps.promotions import operations as promotions
from linli.apps.stock import operations as stock
from linli.kernel.ids import new_id
from linli.platform import outbox
from linli.platform.writes import unit

METHOD = "tab"


def place_on_tab(
    *, person_id: int, store_id: int, lines: Sequence[TabLine], table: str, course: int = 0, rounds: Collection[int] = (),
    at: datetime,
) -> int:  # fmt: skip
    """Send the lines to the kitchen as an order of the person who picked them, owed on the bill of the `table` (as it is called). Returns
    the order's id. `rounds` are the orders of the same meal so far: campaigns count for the meal as a whole.

    Raises what a quote would show as problems (closed, sold out, not offered …); then nothing is sent.
    """
    want = CheckoutWant(store_id=store_id, mode="dine_in", coupon_id=None)
    with unit():
        made = checkout.prepare(person_id=person_id, want=want, at=at, look=False, lines=[as_picked(line) for line in lines], rounds=rounds)
        for problem in made.problems:
            raise problem
        order = placing.order_of(new_id(at), made, METHOD)
        order.table_name, order.course = table, course
        if made.discounts:
            promotions.redeem(ref=steps.ref(order), person_id=person_id, discounts=made.discounts, at=at)
        stock.hold(ref=steps.ref(order), wants=placing.wants_of(made), expires_at=order.pay_by + placing.HOLD_GRACE, at=at)
        placing.write(order, made)
        outbox.tell(OrderPlaced(**steps.ids(order), mode=order.mode, total=order.total), at=at)
        _owe(order, at)
    return order.id


def _owe(order: Order, at: datetime) -> None:
    intent = payments.open_intent(
        ref=steps.ref(order), person_id=order.person_id, amount=order.total, currency=order.currency, methods=(METHOD,),
        expires_at=order.pay_by, at=at,
    )  # fmt: skip
    if order.total:
        payments.start(intent_id=intent.id, person_id=order.person_id, method=METHOD, at=at)
    confirming.confirm(order=order, method=METHOD, at=at)


@transaction.atomic
def tab_paid(*, order_ids: Collection[int], at: datetime) -> None:
    """Nothing is owed for these orders any more: those that were had are completed when their time has come."""
    for order in Order.objects.filter(pk__in=list(order_ids)).order_by("id"):
        if order.state == modes.MODES[order.mode].done:
            settling.later(order, at)
