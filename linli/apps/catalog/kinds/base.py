"""What one kind of offer is: what it needs to know beyond the offer itself, and what it makes of the wish of somebody who wants it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linli.apps.catalog.queries.menus import GroupView


@dataclass(frozen=True, slots=True)
class LineWant:
    """`qty` of an offer, each with `options`: pairs of option id and how often.

    What has a time also says from when to when (UTC), for how many `guests`, and whatever else its kind asks for in `details`.
    """

    offer_id: int
    qty: int
    options: tuple[tuple[int, int], ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    guests: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What an offer costs, alone and with its options; the fields are those of `OfferView`. `own`: what its kind knows beyond that."""

    id: int
    store_id: int
    name: str
    name_en: str
    price: int
    allergens: tuple[str, ...]
    prep_minutes: int | None
    on_sale: bool
    groups: tuple[GroupView, ...]
    kind: str = "dish"
    own: Any = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a kind makes of a wish: `unit` is the price of one without its options (minor units), and the time, guests and details that
    the line keeps. `details["cancel"]`, where a kind gives it, are the line's own rules for calling off: `[[minutes before it begins,
    share kept in hundredths of a percent], …]`, instead of those of the order's mode."""

    unit: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    guests: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of offer. `columns` is SQL that gives the kind's own terms of the offer `o` as one JSON value (empty: it has none),
    `make` what is made of that value; `agree(offer, want, at)` checks a wish, raising what is wrong with it, and prices it."""

    code: str
    name: str
    agree: Callable[[OfferTerms, LineWant, datetime], Agreed]
    columns: str = ""
    make: Callable[[Any], Any] = lambda row: row
