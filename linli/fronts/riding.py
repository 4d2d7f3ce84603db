"""Calling a ride in one go: its line into the cart, the quote, the order. Whichever door it comes through."""

from __future__ import annotations

from datetime import datetime

from linli.apps.fulfilment.queries import KeptFare
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import OrderView


def call(*, person_id: int, fare: str, sold: tuple[int, int], guests: int, method: str, key: str, at: datetime) -> OrderView:
    """The order of a ride for a kept `fare`; `sold` is the store and the offer of its class. The same fare is called once, however often
    and by how many taps at the same moment.

    Raises Gone for a fare that has expired, Invalid for one that is none of ours, and what `place` raises.
    """
    store_id, offer_id = sold
    return orders.place_alone(
        person_id=person_id, store_id=store_id, mode="ride", line={"offer_id": offer_id, "guests": guests, "details": {"fare": fare}},
        shown=None, coupon_id="best", method=method, idempotency_key=key, once=True, at=at,
    )  # fmt: skip


def sold(kept: KeptFare) -> tuple[int, int]:
    """The store and the offer of a class."""
    return kept.sold.store_id, kept.sold.offer_id
