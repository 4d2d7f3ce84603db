"""A wish for nights somewhere in a city, and the answer to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from math import inf
from typing import Literal, get_args

import numpy as np

from linli.engines.stays.rates import Day
from linli.engines.stays.table import Ints
from linli.kernel.geo import Point

Sort = Literal["smart", "price", "rating", "distance"]
SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True)
class Days:
    """What plans ask for single nights, in columns: the plan, which of the nights (from 0), and the price; 0: as usual, -1: not sold."""

    plan: Ints
    turn: Ints
    price: Ints

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Days:
        """The columns of rows (plan, turn, price)."""
        return cls(*np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=3 * len(rows)).reshape(-1, 3).T)

    def of_plan(self, plan_id: int, first: date) -> dict[date, Day]:
        """What one plan asks, by date."""
        rows = np.flatnonzero(self.plan == plan_id)
        found = ((int(self.turn[row]), int(self.price[row])) for row in rows)
        return {first + timedelta(days=turn): Day(price if price > 0 else None, price < 0) for turn, price in found}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`rooms` rooms of one kind for `guests` people, `nights` nights from `first` on. Prices are per room and night, in minor units.

    `near` is where one wants to be, and `radius_m` how far from it at most (None: anywhere). `full`: the offers of which there are fewer
    than `rooms` left in some night. `days`: what plans ask for single nights. `facilities` must all be there. Guests are let in
    in `notice_h` hours: what asks for more notice is not cancelled for nothing any more.
    """

    first: date
    nights: int
    guests: int
    rooms: int = 1
    near: Point
    radius_m: float | None = None
    low: int | None = None
    high: int | None = None
    classes: Collection[int] = ()
    facilities: Collection[str] = ()
    least_rating: int = 0  # tenths of a star
    breakfast: bool = False
    free_cancel: bool = False
    notice_h: float = inf
    text: str = ""
    full: Collection[int] = ()
    days: Days | None = None
    sort: Sort = "smart"
    skip: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Params:
    """Weights of the usual order: points a star, points a kilometre, points for a price twice the median, and how far counts."""

    star: float = 1.0
    km: float = 0.12
    price: float = 0.8
    far_km: float = 12.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A hotel with the cheapest of its plans that fits. `total` is for all rooms and nights, `each` the mean of a room and night."""

    store_id: int
    offer_id: int
    plan_id: int
    total: int
    each: int
    metres: float


@dataclass(frozen=True, slots=True)
class Result:
    """A page of hotels, how many fit in all, how many of them have which class and facility, and how many are full in these nights."""

    hits: tuple[Hit, ...]
    total: int
    classes: Mapping[int, int]
    facilities: Mapping[str, int]
    full: int
    cheapest: int | None = None
    dearest: int | None = None
