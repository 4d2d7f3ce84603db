"""Calling a ride in one go: its line into the cart, the quote, the order. Whichever door it comes through."""

from __future__ import annotations

from datetime import datetime

from linli.apps.fulfilment.queries import KeptFare
from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.orders.queries import OrderView
from linli.kernel.errors import Conflict


def call(*, person_id: int, fare: str, sold: tuple[int, int], guests: int, method: str, key: str, at: datetime) -> OrderView:
    """The order of a ride for a kept `fare`; `sold` is the store and the offer of its class. The same fare is called once, however often.

    Raises Gone for a fare that has expired, Invalid for one that is none of ours, and what `place` raises.
    """
    store_id, offer_id = sold
    known = _called(person_id, fare)
    if known is not None:
        return known
    line = {"offer_id": offer_id, "guests": guests, "details": {"fare": fare}}
    try:
        return orders.place_alone(
            person_id=person_id, store_id=store_id, mode="ride", line=line, shown=None, coupon_id="best", method=method,
            idempotency_key=key, at=at,
        )  # fmt: skip
    except Conflict:
        known = _called(person_id, fare)  # tapped twice: the other tap was quicker
        if known is None:
            raise
        return known


def _called(person_id: int, fare: str) -> OrderView | None:
    """The person's ride for this fare, if it was called already."""
    for order in ordered.open_of(person_id=person_id):
        if order.mode == "ride" and any(line.details.get("fare") == fare for line in order.items):
            return order
    return None


def sold(kept: KeptFare) -> tuple[int, int]:
    """The store and the offer of a class."""
    return kept.sold.store_id, kept.sold.offer_id
