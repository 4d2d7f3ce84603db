"""Ordering one thing from its own page: into the cart, priced, placed, in one breath."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from linli.apps.accounts import operations as accounts
from linli.apps.orders import hot, queries
from linli.apps.orders.operations.carts import add_line, clear_mode
from linli.apps.orders.operations.placing import check_key, mismatch, place
from linli.apps.orders.views import CheckoutWant, OrderView
from linli.kernel.errors import N_, Conflict


@transaction.atomic
def place_alone(
    *, person_id: int, store_id: int, mode: str, line: Mapping[str, Any], shown: int | None, coupon_id: int | Literal["best"] | None = None,
    method: str, idempotency_key: str, once: bool = False, at: datetime,
) -> OrderView:  # fmt: skip
    """The order of one `line` (as `add_line` takes it), in place of what the cart held in this mode, for at most the `shown` total (None:
    its price is agreed already).

    Several at once by the same person come one after the other, and the same key gives the same order again; `once`: an order of the
    person's that has just these details and is not over is that order, whatever the key. Raises what stands against it,
    Conflict "quote.changed" when it costs more now and "idempotency.mismatch" for a key that was used elsewhere; then nothing is held and
    the cart is as it was.
    """
    check_key(idempotency_key)
    accounts.lock(person_id=person_id)
    if once and (same := _same(person_id, store_id, mode, line["details"])) is not None:
        return same
    known = hot.claimed(person_id, idempotency_key)
    if known is not None:
        order = queries.placed(order_id=known)
        if (order.store_id, order.mode) != (store_id, mode):
            raise mismatch()
        return order
    clear_mode(person_id=person_id, store_id=store_id, mode=mode, at=at)
    add_line(person_id=person_id, store_id=store_id, **line, at=at)
    want = CheckoutWant(store_id=store_id, mode=mode, coupon_id=coupon_id)
    quote = queries.quote(person_id=person_id, want=want, at=at)
    for problem in quote.problems:
        raise problem
    if shown is not None and quote.total > shown:
        raise Conflict("quote.changed", N_("Something has changed since you were shown the price. Look at it again."), total=quote.total)
    return place(person_id=person_id, want=want, quote_token=quote.token, method=method, idempotency_key=idempotency_key, at=at)


def _same(person_id: int, store_id: int, mode: str, details: Mapping[str, Any]) -> OrderView | None:
    """The person's order with these details that is not over, if there is one."""
    for order in queries.open_of(person_id=person_id):
        if (order.store_id, order.mode) == (store_id, mode) and any(details.items() <= each.details.items() for each in order.items):
            return order
    return None
