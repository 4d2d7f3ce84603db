"""What people find: the home page around them, and the answers to what they search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from linli.apps.discovery import index
from linli.apps.discovery import search as searching
from linli.apps.discovery.fitted import PARTS as PARTS_OF_DAY
from linli.apps.discovery.leanings import leanings
from linli.apps.discovery.queries.cards import Card, cards, ground, shown
from linli.apps.discovery.queries.recommended import (
    FitView,
    Recommendation,
    Recommended,
    TasteView,
    fit_folder,
    fits_of,
    goes_with,
    recommended,
    taste,
)
from linli.apps.discovery.recommending import EXPERIMENT, part_of_day
from linli.apps.discovery.search import BANDS, SORTS, Facets, Filters, Sort, Ways
from linli.apps.merchants import queries as merchants
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import OrderView
from linli.engines import search as engine
from linli.engines.search import Hit, Params, Suggestion
from linli.kernel.errors import N_, Invalid
from linli.kernel.geo import Point
from linli.platform import policies
from linli.platform.ids import seal, unseal
from linli.policy import stores as policy

__all__ = [
    "BANDS",
    "EXPERIMENT",
    "PARTS_OF_DAY",
    "SORTS",
    "Again",
    "Card",
    "Facets",
    "Filters",
    "FitView",
    "Home",
    "Recommendation",
    "Recommended",
    "Results",
    "Sort",
    "Suggestion",
    "TasteView",
    "Why",
    "fit_folder",
    "fits_of",
    "goes_with",
    "home",
    "part_of_day",
    "recommended",
    "search",
    "suggestions",
    "taste",
]  # fmt: skip

PAGE = 20
LOOKED_BACK = 20  # orders
MOST_AGAIN = 5
MOST_INSTEAD = 6  # near misses
MOST_SUGGESTED = 8
_LEAST_POINTS = 0.05  # less changes no order that matters
_MANY_STARS = 0.8  # four of five, the doubt taken off


@dataclass(frozen=True, slots=True)
class Again:
    """An order that could be placed once more: its store, what it was, and what it cost (minor units, before anything was refunded)."""

    order_id: int
    card: Card
    titles: tuple[str, ...]
    titles_en: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Home:
    """The first page: stores that deliver here, the best and open ones first; what the person ordered before; cuisines with counts."""

    stores: tuple[Card, ...]
    again: tuple[Again, ...]
    cuisines: tuple[tuple[str, int], ...]
    total: int
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Why:
    """A reason for a place on the list, the points it gave (below 0 it took some) and the most it can give."""

    reason: Literal["text", "near", "quality", "popular", "price", "taste"]
    points: float
    most: float

    @property
    def speaks(self) -> bool:
        """Whether it is worth a word: against the store, or much for it (many stars are the rule, so that takes more)."""
        return self.points < 0 or self.points >= self.most * (_MANY_STARS if self.reason == "quality" else 0.5)


@dataclass(frozen=True, slots=True)
class Results:
    """A page of answers. `text` is what was looked for after tidying up; `shortened` says that some of it was left out.

    `total` counts all pages; `next_cursor` leads to the next one, None at the end. When there are few, `instead` are near misses, found
    by giving up what `loosened` names ("words", "radius", "filters"); `did_you_mean` is a better spelling, or empty.
    When sorted by what is best, `why` says for each store why it stands where it does; `personal`, that what is known of the person counts.
    """

    cards: tuple[Card, ...]
    facets: Facets
    total: int
    next_cursor: str | None
    text: str
    shortened: bool
    instead: tuple[Card, ...] = ()
    did_you_mean: str = ""
    loosened: tuple[str, ...] = ()
    why: Mapping[int, tuple[Why, ...]] = field(default_factory=dict)
    personal: bool = False


def search(
    *, city_id: int, point: Point, text: str = "", filters: Filters | None = None, sort: Sort = "smart", at: datetime,
    cursor: str | None = None, limit: int = PAGE, person_id: int | None = None,
) -> Results:  # fmt: skip
    """The stores around `point` that sell or are called what `text` says; every word must be found, or what may be meant stands apart.

    The best come first by the words, nearness, quality, what is ordered at this hour and, for a `person_id` who agrees to it, their usual
    price and taste; `why` says which. At most twelve statements. Text of nothing but marks or pictures finds nothing; empty text finds
    everything. Raises Invalid for an unknown sort, NotFound for a cursor that is not one of ours.
    """
    if sort not in SORTS:
        raise Invalid("search.sort", N_("“%(sort)s” is not an order to sort by."), sort=str(sort)[:40], field="sort")
    here = ground(city_id=city_id, point=point, at=at)
    pace = here.pace
    ways = _ways(city_id, pace, policies.whole(policy.SEARCH_RADIUS_M, city_id))
    start = unseal("cu", cursor) if cursor else 0
    known = leanings(city_id=city_id, person_id=person_id, zone=here.zone, at=at) if sort == "smart" else None
    searched = index.current(city_id)
    found = searching.find(searched, text, filters or Filters(), sort, point, at, ways, start + limit, known)
    exact = min(found.total, start + limit)
    others = found.hits[exact : exact + MOST_INSTEAD] if not start else ()
    hits = [*found.hits[start:exact], *others]
    shown = _cards(hits, city_id, point, at, pace)
    apart = {hit.store_id for hit in others}
    chosen, instead = [card for card in shown if card.store.id not in apart], [card for card in shown if card.store.id in apart]
    following = seal("cu", start + limit) if start + limit < found.total else None
    why = {hit.store_id: _why(hit, text, searched.params) for hit in hits} if sort == "smart" else {}
    return Results(
        tuple(chosen), found.facets, found.total, following, found.text, found.shortened, tuple(instead), found.did_you_mean,
        found.loosened, why, bool(known and known.personal),
    )  # fmt: skip


def _why(hit: Hit, text: str, params: Params) -> tuple[Why, ...]:
    """The reasons that count, the strongest first; that every store answers an empty question is none."""
    counted = [(name, points) for name, points in hit.parts.items() if abs(points) >= _LEAST_POINTS and (name != "text" or text.strip())]
    ordered = sorted(counted, key=lambda part: -abs(part[1]))
    return tuple(Why(name, round(points, 2), getattr(params, name)) for name, points in ordered)  # type: ignore[arg-type]


def suggestions(*, city_id: int, text: str, limit: int = MOST_SUGGESTED) -> list[Suggestion]:
    """What somebody who types `text` may be about to ask for. At most two statements."""
    return engine.suggest(index.current(city_id), text, limit=limit)


def home(
    *, city_id: int, point: Point, person_id: int | None, at: datetime, cursor: str | None = None, limit: int = PAGE
) -> Home:  # fmt: skip
    """The home page around `point`, at most twelve statements. Raises NotFound for a cursor that is not one of ours."""
    here, start = ground(city_id=city_id, point=point, at=at), unseal("cu", cursor) if cursor else 0
    radius_m = policies.whole(policy.HOME_RADIUS_M, city_id)
    found = merchants.reached(city_id=city_id, zone=here.zone, point=point, radius_m=radius_m, at=at, skip=start, limit=limit)
    before = _before(person_id, city_id) if person_id and not cursor else {}
    mine = cards(ids=list(before), point=point, at=at, dishes={}, pace=here.pace)
    again = tuple(_again(before[card.store.id], card) for card in mine if card.store.active)
    following = seal("cu", start + limit) if start + limit < found.total else None
    stores = shown(found.stores, at, {}, here.pace)
    cuisines = tuple((name, count) for name, count in found.cuisines if name)
    return Home(tuple(stores), again, cuisines, found.total, following)


def _before(person_id: int, city_id: int) -> dict[int, OrderView]:
    """The person's latest order at each store of the city, the latest first, those that came to nothing left out."""
    latest: dict[int, OrderView] = {}
    for order in orders.orders_of(person_id=person_id, limit=LOOKED_BACK).items:
        if order.city_id == city_id and order.paid_at is not None and not order.closed:
            latest.setdefault(order.store_id, order)
    return dict(list(latest.items())[:MOST_AGAIN])


def _again(order: OrderView, card: Card) -> Again:
    titles = tuple(line.title for line in order.items)
    return Again(order.id, card, titles, tuple(line.title_en or line.title for line in order.items), order.total)


def _ways(city_id: int, pace: float, radius_m: int) -> Ways:
    edges = (policy.BAND_1, policy.BAND_2, policy.BAND_3)
    return Ways(seconds_per_metre=pace, radius_m=radius_m, band_edges=tuple(policies.whole(edge, city_id) for edge in edges))


def _cards(hits: Sequence[Hit], city_id: int, point: Point, at: datetime, pace: float) -> list[Card]:
    dishes = {hit.store_id: hit.dishes for hit in hits}
    return cards(ids=[hit.store_id for hit in hits], point=point, at=at, dishes=dishes, pace=pace)
