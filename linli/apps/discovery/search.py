"""What people may ask of the search of stores, and how that is put to the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.apps.discovery.index import allergens
from linli.apps.discovery.leanings import Leanings
from linli.engines import search as engine
from linli.engines.search import SORTS, Facets, Index, Problem, Result, Sort
from linli.kernel.geo import Point

__all__ = ["BANDS", "SORTS", "Facets", "Filters", "Sort", "Ways", "find"]

BANDS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the stores must be like. `max_fee` is in minor units, `band` one of `BANDS` (per head, 1 is the cheapest).

    `mode` "delivery" asks for stores that deliver to the point, "pickup" for stores near enough to be walked or ridden to, "" for all.
    `without` names allergens: only dishes count that declare theirs and hold none of these.
    """

    open_now: bool = False
    max_fee: int | None = None
    cuisine: str = ""
    band: int | None = None
    mode: str = ""
    kinds: tuple[str, ...] = ("restaurant",)
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What ranking needs to know of the city: seconds per metre of straight line now, how far to look, and the edges of price bands."""

    seconds_per_metre: float
    radius_m: float
    band_edges: tuple[int, ...]


def find(
    index: Index, text: str, filters: Filters, sort: Sort, point: Point, at: datetime, ways: Ways, limit: int,
    leanings: Leanings | None = None,
) -> Result:  # fmt: skip
    """The first `limit` stores that answer `text`; no statement of its own."""
    return engine.rank(index, _problem(text, filters, sort, point, at, ways, limit, leanings or Leanings()))


def nearest(index: Index, filters: Filters, point: Point, at: datetime, ways: Ways, limit: int) -> list[int]:
    """The nearest `limit` stores that pass the filters; by fewer filters where none does."""
    problem = _problem("", filters, "distance", point, at, ways, limit, Leanings())
    return engine.nearest(index, problem) or [hit.store_id for hit in engine.rank(index, problem).hits]


def _problem(
    text: str, filters: Filters, sort: Sort, point: Point, at: datetime, ways: Ways, limit: int, known: Leanings
) -> Problem:  # fmt: skip
    wanted = engine.Filters(
        open_now=filters.open_now, max_fee=filters.max_fee, cuisine=filters.cuisine, band=filters.band or 0,
        delivers=filters.mode == "delivery", kinds=filters.kinds, without=allergens(filters.without),
    )  # fmt: skip
    return Problem(
        text=text, point=point, at=at, radius_m=ways.radius_m, filters=wanted, sort=sort, by_store=True, limit=limit,
        band_edges=ways.band_edges, seconds_per_metre=ways.seconds_per_metre,
        usual_price=known.usual_price, taste=known.taste, popular=known.popular, less=known.less,
    )  # fmt: skip
