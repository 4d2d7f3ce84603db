"""Several carts become orders in one go: one claim, one price, one payment; all of them are held and placed, or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from linli.apps.orders import bill, modes, queries, together
from linli.apps.orders.events import OrderPlaced
from linli.apps.orders.models import Order
from linli.apps.orders.operations import closing, confirming, owing, placing, steps
from linli.apps.orders.together import Together
from linli.apps.orders.views import CheckoutWant, OrderView
from linli.apps.payments import operations as payments
from linli.apps.promotions import operations as promotions
from linli.apps.stock import operations as stock
from linli.apps.stock import queries as shelves
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import N_, Invalid
from linli.kernel.ids import new_ids
from linli.platform import outbox
from linli.platform.writes import unit


def place_all(
    *, person_id: int, wants: Sequence[CheckoutWant], quote_token: str, method: str, idempotency_key: str, at: datetime
) -> list[OrderView]:
    """Order several carts as quoted together, what is due now to be paid by `method` in one payment. What is paid at the hotel or
    afterwards is confirmed when that payment has come, or at once where nothing is due now. The same key with the same wishes gives the
    same orders again. Nothing is held, taken from a cart or asked for unless all of it is.

    Raises as `place` does, Invalid "checkout.parts" and "checkout.twice", Conflict "checkout.currencies" and "later.limit".
    """
    placing.check_key(idempotency_key)
    in_turn = together.in_turn(wants)
    request = bill.digest([[getattr(want, name) for name in want.__slots__] for want in in_turn], quote_token, method)
    with unit():
        checkout_id, fresh = placing.claimed(person_id, idempotency_key, request, at)
        if fresh:
            quoted = placing.quoted(quote_token, at)
            made = together.prepare(person_id=person_id, wants=in_turn, at=at, take=True)
            placing.agree(quoted, made.problems, made.digest, made.total)
            _make(checkout_id, made, method)
    return queries.together_of(checkout_id=checkout_id)


def _make(checkout_id: int, made: Together, method: str) -> None:
    """Redeem, hold, write down and ask for the money: campaigns before goods before money, each locked in the order of ids."""
    at, methods = made.parts[0].at, made.methods
    if made.due_now and method not in methods:
        raise Invalid("method.unavailable", N_("This order cannot be paid in that way."), field="method")
    ids = [checkout_id, *new_ids(at, len(made.parts))[1:]]
    orders = [placing.order_of(key, part, modes.PAID_BY.get(part.pay, method)) for key, part in zip(ids, made.parts, strict=True)]
    if any(order.method == owing.METHOD for order in orders):
        owing.lock(orders[0].person_id)
    promotions.lock(discounts=[discount for part in made.parts for discount in part.discounts])
    for order, part in zip(orders, made.parts, strict=True):
        order.checkout_id = checkout_id
        promotions.redeem(ref=steps.ref(order), person_id=order.person_id, discounts=part.discounts, at=at)
    wants = [placing.wants_of(part) for part in made.parts]
    stock.lock_wants(wants=[want for some in wants for want in some], at=at)
    for order, part, some in zip(orders, made.parts, wants, strict=True):
        stock.hold(ref=steps.ref(order), wants=some, expires_at=order.pay_by + placing.HOLD_GRACE, at=at)
        placing.write(order, part)
        outbox.tell(OrderPlaced(**steps.ids(order), mode=order.mode, total=order.total), at=at)
        if order.method == owing.METHOD:
            owing.ensure_within(order)
    _ask_for_money(checkout_id, orders, methods, at)


def _ask_for_money(checkout_id: int, orders: Sequence[Order], methods: Sequence[str], at: datetime) -> None:
    parts = [(steps.ref(order), order.total, _by_itself(order)) for order in orders]
    whole = payments.open_shared(
        ref=f"co:{checkout_id}", person_id=orders[0].person_id, parts=parts, currency=orders[0].currency, methods=methods,
        expires_at=min(order.pay_by for order in orders), at=at,
    )  # fmt: skip
    if not whole.amount:
        for order in orders:
            confirming.confirm(order=order, method=_by_itself(order) or "none", at=at)


def _by_itself(order: Order) -> str:
    """The method of an order that is not paid with the others; empty for one that is."""
    return str(order.method) if order.method in modes.UNCHARGED and order.total else ""


@transaction.atomic
def paid_together(*, checkout_id: int, method: str, at: datetime) -> None:
    """The money for all orders of a checkout has come in: all are confirmed, or, when something kept for one of them was let go
    meanwhile, none is and all money goes back."""
    orders = locked(checkout_id)
    waiting = [order for order in orders if steps.can(order, "confirm")]
    stock.lock_held(refs=[steps.ref(order) for order in waiting])
    gone = "released" in shelves.states(refs=[steps.ref(order) for order in waiting]).values()
    for order in orders:
        if order not in waiting:
            if order.closed_at is not None:
                closing.money_back(order, order.cancel_reason or order.state, SYSTEM, at)
        elif gone:
            closing.close(order, "cancel", SYSTEM, "stock", at)
        else:
            confirming.confirm(order=order, method=_by_itself(order) or method, at=at)


@transaction.atomic
def expire_together(*, checkout_id: int, at: datetime) -> None:
    """Nobody paid for the checkout in time: all its orders end."""
    orders = [order for order in locked(checkout_id) if steps.can(order, "expire")]
    stock.lock_held(refs=[steps.ref(order) for order in orders])
    for order in orders:
        closing.close(order, "expire", SYSTEM, "", at)


def locked(checkout_id: int) -> list[Order]:
    """The orders of a checkout, which nobody else moves until the transaction ends, in the order of their ids."""
    return list(Order.objects.select_for_update().filter(checkout_id=checkout_id).order_by("id"))
