"""What happens to reviews and favourites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from linli.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ReviewWritten(Event):
    """Somebody has said what they think of an order."""

    NAME: ClassVar[str] = "community.reviewed"
    review_id: int
    order_id: int
    person_id: int
    store_id: int
    stars: int


@dataclass(frozen=True, kw_only=True)
class ReviewAnswered(Event):
    """The store has answered."""

    NAME: ClassVar[str] = "community.answered"
    review_id: int
    order_id: int
    person_id: int
    store_id: int


@dataclass(frozen=True, kw_only=True)
class FavouriteKept(Event):
    """Somebody keeps a store, or one of its offers (0: the store)."""

    NAME: ClassVar[str] = "community.favourite"
    favourite_id: int
    person_id: int
    store_id: int
    offer_id: int
