"""What happens to what stores sell."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OfferChanged(Event):
    """An offer, its section or its options are different now, or it is new or off the menu; `offer_id` 0: several."""

    NAME = "catalog.offer_changed"
    store_id: int
    offer_id: int


@dataclass(frozen=True, kw_only=True)
class OfferSoldOut(Event):
    """An offer was on sale and is not any more."""

    NAME = "catalog.offer_sold_out"
    store_id: int
    offer_id: int
