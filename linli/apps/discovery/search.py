"""Which stores answer a question, and in which order: columns of the index, no statement of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

from linli.apps.discovery.index import DishName, Flags, Floats, Index, Numbers
from linli.apps.discovery.words import Query
from linli.kernel.geo import EARTH_M, Point

Sort = Literal["smart", "distance", "rating", "price", "time"]
SORTS: tuple[Sort, ...] = ("smart", "distance", "rating", "price", "time")
BANDS = (1, 2, 3, 4)
_MOST_DISHES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the stores must be like. `max_fee` is in minor units, `band` one of `BANDS` (per head, 1 is the cheapest).

    `mode` "delivery" asks for stores that deliver to the point, "pickup" for stores near enough to be walked or ridden to, "" for all.
    """

    open_now: bool = False
    max_fee: int | None = None
    cuisine: str = ""
    band: int | None = None
    mode: str = ""
    kinds: tuple[str, ...] = ("restaurant",)


@dataclass(frozen=True, slots=True)
class Facets:
    """How many stores there would be with each choice, the other choices kept: (cuisine, count) by count, (band, count), open ones."""

    cuisines: tuple[tuple[str, int], ...]
    bands: tuple[tuple[int, int], ...]
    open_now: int


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of the index in the order asked for, and for each line of the index how many of the words it holds."""

    rows: list[int]
    hits: Numbers
    facets: Facets


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What ranking needs to know of the city: seconds per metre of straight line now, how far to look, and the edges of price bands."""

    seconds_per_metre: float
    radius_m: float
    band_edges: tuple[int, ...]


def find(index: Index, query: Query, filters: Filters, sort: Sort, point: Point, at: datetime, ways: Ways) -> Found:
    """The stores within reach that hold every word of `query` and pass `filters`, sorted."""
    metres = _metres(index, point)
    relevance, hits = _relevance(index, query)
    fees = index.fees(metres)
    reachable = _mode(index, filters, metres, fees, ways) & (relevance > 0)
    is_open = index.open_at(at, np.flatnonzero(reachable))
    band = np.searchsorted(np.array(ways.band_edges), index.per_head, side="left") + 1
    parts = _parts(index, filters, is_open, fees, band)
    chosen = np.flatnonzero(reachable & parts["open"] & parts["fee"] & parts["cuisine"] & parts["band"])
    order = _order(index, sort, chosen, metres, relevance, is_open, ways)
    facets = _facets(index, reachable & parts["fee"], parts, is_open, band)
    return Found(chosen[order].tolist(), hits, facets)


def _metres(index: Index, point: Point) -> Floats:
    lat, lng = np.radians(index.lat), np.radians(index.lng)
    here_lat, here_lng = np.radians(point.lat), np.radians(point.lng)
    h = np.sin((lat - here_lat) / 2) ** 2 + np.cos(lat) * np.cos(here_lat) * np.sin((lng - here_lng) / 2) ** 2
    distance: Floats = 2 * EARTH_M * np.arcsin(np.minimum(1.0, np.sqrt(h)))
    return distance


def _mode(index: Index, filters: Filters, metres: Floats, fees: Floats, ways: Ways) -> Flags:
    flags: Flags = (metres <= ways.radius_m) & np.isin(index.kind, np.array(filters.kinds, dtype=object))
    return flags & ~np.isnan(fees) if filters.mode == "delivery" else flags


def _parts(index: Index, filters: Filters, is_open: Flags, fees: Floats, band: Numbers) -> dict[str, Flags]:
    every = np.ones(len(index.rows), dtype=np.bool_)
    return {
        "open": is_open if filters.open_now else every,
        "fee": every if filters.max_fee is None else np.nan_to_num(fees, nan=np.inf) <= filters.max_fee,
        "cuisine": index.cuisine == filters.cuisine if filters.cuisine else every,
        "band": band == filters.band if filters.band else every,
    }


def _relevance(index: Index, query: Query) -> tuple[Floats, Numbers]:
    """For each row how well it answers (0: a word is missing), and for each line how many words it holds."""
    total = np.zeros(len(index.rows)) if query.terms else np.ones(len(index.rows))
    missing = np.zeros(len(index.rows), dtype=np.bool_)
    hits = np.zeros(len(index.row_of_line), dtype=np.int64)
    for term in query.terms:
        lines, begins = index.text.find(term)
        weights = np.where(np.isin(lines, begins, assume_unique=True), 1.5, 1.0) * index.weight_of_line[lines]
        best = np.zeros(len(index.rows))
        np.maximum.at(best, index.row_of_line[lines], weights)
        total += best
        missing |= best == 0
        hits[lines] += 1
    return np.where(missing, 0.0, total), hits


def dishes(index: Index, found: Found, row: int) -> tuple[DishName, ...]:
    """The dishes of `row` that hold the most of the words, at most three."""
    names = index.rows[row].dishes
    counts = found.hits[index.first_line[row + 1] - len(names) : index.first_line[row + 1]].tolist()
    best = sorted((-count, place) for place, count in enumerate(counts) if count)[:_MOST_DISHES]
    return tuple(names[place] for _, place in best)


def _order(
    index: Index, sort: Sort, chosen: Numbers, metres: Floats, relevance: Floats, is_open: Flags, ways: Ways
) -> Numbers:  # fmt: skip
    far, rating, closed = metres[chosen], index.rating[chosen], ~is_open[chosen]
    if sort == "distance":
        return np.lexsort((index.ids[chosen], far))
    if sort == "rating":
        return np.lexsort((far, -rating))
    if sort == "price":
        price = index.per_head[chosen]
        return np.lexsort((far, price, price == 0))
    if sort == "time":
        return np.lexsort((far, index.prep[chosen] * 60 + far * ways.seconds_per_metre, closed))
    best = relevance[chosen] / max(1.0, float(relevance[chosen].max(initial=1.0)))
    score = 6 * best + 2 * np.exp(-far / 2000) - far / 4000 + 1.5 * rating / 50  # the last kilometre counts most, and each one some
    return np.lexsort((far, -score, closed))


def _facets(index: Index, reachable: Flags, parts: dict[str, Flags], is_open: Flags, band: Numbers) -> Facets:
    cuisines, counts = np.unique(index.cuisine[reachable & parts["open"] & parts["band"]].astype(str), return_counts=True)
    by_count = sorted(zip(cuisines.tolist(), counts.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
    in_band = band[reachable & parts["open"] & parts["cuisine"]]
    return Facets(
        tuple((name, count) for name, count in by_count if name),
        tuple((number, int((in_band == number).sum())) for number in BANDS),
        int((reachable & parts["cuisine"] & parts["band"] & is_open).sum()),
    )
