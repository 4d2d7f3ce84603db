"""A city's hotels with their rooms and plans, in columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from linli.engines.stays.rates import Rate, Season

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
NEVER = 1 << 30


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to buy a room: its rate, breakfasts a room and night, and until when it is cancelled for nothing."""

    id: int
    rate: Rate
    breakfasts: int = 0
    free_cancel_h: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A kind of room, which `sleeps` so many people."""

    offer_id: int
    sleeps: int
    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Hotel:
    """A hotel as it is looked for. `class_`: 1 (simple) to 5, 0 unknown; `rating`: tenths of a star; `words`: its names in lower case."""

    store_id: int
    lat: float
    lng: float
    rating: int
    class_: int
    facilities: frozenset[str]
    words: str
    rooms: tuple[Room, ...]
    seasons: tuple[Season, ...] = ()


@dataclass(frozen=True)
class Table:
    """One row a plan; `hotel` says whose it is. Hotels and plans are sorted by id, so that equal answers come in one order."""

    hotels: tuple[Hotel, ...]
    lat: Floats
    lng: Floats
    rating: Ints
    class_: Ints
    names: tuple[str, ...]  # of the facilities, in the order of the columns of `has`
    has: Flags
    seasonal: tuple[int, ...]  # the hotels that have seasons
    hotel: Ints
    offer: Ints
    plan: Ints
    sleeps: Ints
    price: Ints
    weekend: Ints
    least: Ints
    most: Ints
    long_nights: Ints
    long_percent: Ints
    breakfasts: Ints
    free_h: Ints  # NEVER where it is never cancelled for nothing

    @classmethod
    def of(cls, hotels: Iterable[Hotel]) -> Table:
        """The table of these hotels; those without a plan are left out."""
        kept = tuple(sorted((one for one in hotels if any(room.plans for room in one.rooms)), key=lambda one: one.store_id))
        names = tuple(sorted({name for one in kept for name in one.facilities}))
        has = np.array([[name in one.facilities for name in names] for one in kept], dtype=bool).reshape(len(kept), len(names))
        rows = [(at, room, plan) for at, one in enumerate(kept) for room in one.rooms for plan in room.plans]
        rows.sort(key=lambda row: row[2].id)
        return cls(
            kept, np.array([one.lat for one in kept], dtype=np.float64), np.array([one.lng for one in kept], dtype=np.float64),
            _whole(one.rating for one in kept), _whole(one.class_ for one in kept), names, has,
            tuple(at for at, one in enumerate(kept) if one.seasons), *_columns(rows),
        )  # fmt: skip


def _whole(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _columns(rows: Sequence[tuple[int, Room, Plan]]) -> tuple[Any, ...]:
    rates = [plan.rate for _, _, plan in rows]
    return (
        _whole(at for at, _, _ in rows), _whole(room.offer_id for _, room, _ in rows), _whole(plan.id for _, _, plan in rows),
        _whole(room.sleeps for _, room, _ in rows), _whole(rate.price for rate in rates), _whole(rate.weekend_price for rate in rates),
        _whole(rate.least_nights for rate in rates), _whole(rate.most_nights for rate in rates),
        _whole(NEVER if rate.long_nights is None else rate.long_nights for rate in rates), _whole(rate.long_percent for rate in rates),
        _whole(plan.breakfasts for _, _, plan in rows),
        _whole(NEVER if plan.free_cancel_h is None else plan.free_cancel_h for _, _, plan in rows),
    )  # fmt: skip
