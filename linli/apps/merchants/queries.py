"""What others may know about stores. Every function takes at most three statements, whatever the number of stores."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from math import exp
from typing import Any

from django.db.models import QuerySet

from linli.apps.merchants import hot
from linli.apps.merchants.models import PLACES, Store, StoreHours, StoreKitchen, StoreRing
from linli.engines.forecast.kitchen import Kitchen
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Forbidden, NotFound
from linli.kernel.geo import Point, metres
from linli.kernel.time import Opening, WeeklyHours
from linli.kernel.week import open_window
from linli.platform.reads import Read, Sql, when


@dataclass(frozen=True, slots=True)
class RingView:
    """Within `radius_m` metres delivery costs `fee` and takes an order of at least `minimum` (both minor units)."""

    radius_m: int
    fee: int
    minimum: int


@dataclass(frozen=True, slots=True)
class OpenState:
    """Whether a store takes orders; `until` is when it stops (None: not soon), `next_at` when it starts again (None: unknown).

    `reason` of a closed store is `hours`, `paused` or `inactive`.
    """

    open: bool
    until: datetime | None
    next_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class StoreView:
    """A store as others see it. `rating` is in tenths of a star, 0 when not rated; `per_head` in minor units; `cell` is H3 resolution 8.

    `prep_minutes` is what the store says its kitchen takes, `likely_minutes` what that has come to lately.
    """

    id: int
    merchant_id: int
    city_id: int
    external_ref: str
    kind: str
    name: str
    name_en: str
    pinyin: str
    initials: str
    point: Point
    cell: str
    zone: str
    address: str
    phone: str
    per_head: int
    rating: int
    rating_count: int
    cuisine: str
    tags: tuple[str, ...]
    facilities: tuple[str, ...]
    facts: Mapping[str, Any]
    prep_minutes: int
    paused_until: datetime | None
    accepts: bool
    approximate: bool
    origin: str
    active: bool
    hours: WeeklyHours
    rings: tuple[RingView, ...]
    likely_minutes: int

    def ring_at(self, point: Point) -> RingView | None:
        """The innermost ring that reaches `point`, or None when it is too far."""
        return ring_at(self.rings, metres(self.point, point))


@dataclass(frozen=True, slots=True)
class StoreTerms:
    """A store as somebody who orders has to do with it; the fields are those of `StoreView`."""

    id: int
    city_id: int
    name: str
    name_en: str
    address: str
    point: Point
    zone: str
    prep_minutes: int
    paused_until: datetime | None
    accepts: bool
    active: bool
    hours: WeeklyHours
    rings: tuple[RingView, ...]
    kitchen: Kitchen

    def ring_at(self, point: Point) -> RingView | None:
        """The innermost ring that reaches `point`, or None when it is too far."""
        return ring_at(self.rings, metres(self.point, point))


@dataclass(frozen=True, slots=True)
class StoreNear:
    """A store seen from a point: its distance, whether it is open, and the ring that reaches the point (None: too far to deliver)."""

    store: StoreView
    metres: float
    open: OpenState
    ring: RingView | None


@dataclass(frozen=True, slots=True)
class Reached:
    """A page of stores that deliver to a point, and how many there are in all of each cuisine, by count."""

    stores: tuple[StoreNear, ...]
    cuisines: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """How many stores deliver there."""
        return sum(count for _, count in self.cuisines)


@dataclass(frozen=True, slots=True)
class StoreBrief:
    """The name of a store."""

    id: int
    city_id: int
    name: str
    name_en: str


def ring_at(rings: Sequence[RingView], distance_m: float) -> RingView | None:
    """The innermost of `rings` (sorted by radius) that reaches `distance_m`, or None."""
    return next((ring for ring in rings if distance_m <= ring.radius_m), None)


def kitchen(*, store_id: int) -> Kitchen:
    """What is believed of the store's kitchen; what is believed of any when nothing is known of it."""
    row = StoreKitchen.objects.filter(store_id=store_id).values_list("drift", "variance", "weight").first()
    return Kitchen(*row) if row else Kitchen()


def terms(*, store_id: int | Sql) -> Read[StoreTerms | None]:
    """The terms of a store, to be read together with other things; None when there is none."""
    return hot.terms(store_id, _terms)


def city_of(*, store_id: int) -> Sql:
    """The city of a store, for statements that need its number."""
    return Sql(hot.CITY_OF, (store_id,))


ZONE_OF = hot.ZONE_OF


def unknown() -> NotFound:
    """That there is no such store."""
    return NotFound("store.unknown", N_("There is no such store."))


def open_state(store: StoreView | StoreTerms, at: datetime) -> OpenState:
    """Whether `store` takes orders at `at`; pure."""
    if not store.active:
        return OpenState(False, None, None, "inactive")
    if store.paused_until is not None and at < store.paused_until:
        is_open, _, upcoming = open_window(store.hours, store.paused_until)
        return OpenState(False, None, store.paused_until if is_open else upcoming, "paused")
    is_open, until, upcoming = open_window(store.hours, at)
    return OpenState(is_open, until, upcoming, "" if is_open else "hours")


def store(*, store_id: int) -> StoreView:
    """The store. Raises NotFound."""
    found = stores(ids=[store_id])
    if not found:
        raise unknown()
    return found[store_id]


def stores(*, ids: Collection[int]) -> dict[int, StoreView]:
    """The stores of `ids` that exist, by id, in the order of `ids`. One statement."""
    if not ids:
        return {}
    views = (_view(_read(row[2:-1]), openings_of(row[0]), rings_of(row[1]), row[-1]) for row in hot.seen(ids))
    found = {view.id: view for view in views}
    return {store_id: found[store_id] for store_id in ids if store_id in found}


def all_stores(*, city_id: int, kinds: Collection[str] = PLACES) -> list[StoreView]:
    """Every active store of the city, by id."""
    return _views(Store.objects.filter(city_id=city_id, kind__in=list(kinds), active=True).order_by("id"))


def listed_since(*, city_id: int, since: datetime) -> frozenset[int]:
    """The restaurants of the city that were listed at `since` or later. One statement."""
    rows = Store.objects.filter(city_id=city_id, kind="restaurant", active=True, created_at__gte=since)
    return frozenset(rows.values_list("id", flat=True))


def reached(*, city_id: int, zone: str, point: Point, radius_m: float, at: datetime, skip: int = 0, limit: int = 20) -> Reached:
    """The restaurants within `radius_m` that deliver to `point`: the open ones first, then by nearness and rating. One statement.

    `zone` is the city's. Whether a store is open is exact on what is listed; the order may err for the hours around a clock change.
    """
    rows = hot.reached(city_id, point, radius_m, zone, at, limit, skip)
    if not rows:
        return Reached((), ())
    views = [(row[1], _view(_read(row[4:-1]), openings_of(row[2]), rings_of(row[3]), row[-1])) for row in rows]
    cuisines = sorted(json.loads(rows[0][0]), key=lambda pair: (-pair[1], pair[0]))
    return Reached(tuple(seen_from(view, away, at) for away, view in views), tuple((name, count) for name, count in cuisines))


def _read(values: Sequence[Any]) -> tuple[Any, ...]:
    """A row of `hot.COLUMNS` as the drivers give it, as the rest of us want it."""
    row = list(values)
    for place in _PARSED:
        row[place] = _parsed(row[place])
    paused_until = row[_PAUSED]
    row[_PAUSED] = paused_until and paused_until.replace(tzinfo=UTC)  # SQLite's driver leaves the zone out
    for place in _FLAGS:
        row[place] = bool(row[place])
    return tuple(row)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Any:
    """What a JSON text says; nobody changes it, so all who have the same text share it."""
    return json.loads(text)


@lru_cache(maxsize=4096)
def openings_of(text: str | None) -> tuple[Opening, ...]:
    """Openings from JSON `[[weekday, opens, closes], …]`, sorted; most stores of a city share a few texts."""
    return tuple(Opening(*row) for row in sorted(json.loads(text or "[]")))


@lru_cache(maxsize=4096)
def rings_of(text: str | None) -> tuple[RingView, ...]:
    """Rings from JSON `[[radius_m, fee, minimum], …]`, the innermost first."""
    return tuple(RingView(*row) for row in sorted(json.loads(text or "[]")))


def seen_from(view: StoreView, distance_m: float, at: datetime) -> StoreNear:
    """The store as seen from `distance_m` metres away; pure."""
    return StoreNear(view, distance_m, open_state(view, at), ring_at(view.rings, distance_m))


def ring_for(*, store_id: int, point: Point) -> RingView | None:
    """The delivery ring of the store that reaches `point`, or None. Raises NotFound for an unknown store."""
    return store(store_id=store_id).ring_at(point)


def staff_stores(*, store_ids: Collection[int]) -> list[StoreBrief]:
    """The names of the stores somebody works for, by name."""
    return [StoreBrief(*row) for row in hot.names(store_ids)]


def ensure_manages(*, actor: Actor, store_id: int) -> None:
    """Raise Forbidden unless `actor` may run the store: its own merchant, an operator, or the system."""
    if actor.role in {"operator", "system"} or (actor.role == "merchant" and actor.scope_id == store_id):
        return
    raise Forbidden("store.forbidden", N_("This is for the people of this store to do."))


_PARSED = [hot.COLUMNS.index(name) for name in ("tags", "facilities", "facts")]
_FLAGS = [hot.COLUMNS.index(name) for name in ("accepts", "approximate", "active")]
_PREP = hot.COLUMNS.index("prep_minutes")
_PAUSED = hot.COLUMNS.index("paused_until")


def _views(chosen: QuerySet[Store]) -> list[StoreView]:
    rows = list(chosen.values_list(*hot.COLUMNS, "kitchen__drift"))
    ids = [row[0] for row in rows]
    hours, rings = _hours(ids), _rings(ids)
    return [_view(row, hours.get(row[0], ()), rings.get(row[0], ()), drift) for *row, drift in rows]


def _view(row: Sequence[Any], openings: tuple[Opening, ...], rings: tuple[RingView, ...], drift: float | None) -> StoreView:
    values: list[Any] = [
        *row[:9],
        Point(row[9], row[10]),
        *row[11:19],
        tuple(row[19]),
        tuple(row[20]),
        *row[21:],
        WeeklyHours(openings, row[12]),
        rings,
        round(row[_PREP] * exp(drift)) if drift else row[_PREP],
    ]
    return StoreView(*values)


def _terms(row: Any) -> StoreTerms | None:
    if row is None:
        return None
    *first, lat, lng, zone, prep_minutes, paused_until, accepts, active, hours, rings, drift, variance, weight = row
    values: list[Any] = [*first, Point(lat, lng), zone, prep_minutes, when(paused_until), bool(accepts), bool(active)]
    values += [WeeklyHours(openings_of(hours), zone), rings_of(rings)]
    values.append(Kitchen() if drift is None else Kitchen(drift, variance, weight))
    return StoreTerms(*values)


def _hours(ids: Collection[int]) -> dict[int, tuple[Opening, ...]]:
    found: dict[int, list[Opening]] = defaultdict(list)
    rows = StoreHours.objects.filter(store_id__in=ids).order_by("store_id", "weekday", "opens")
    for store_id, weekday, opens, closes in rows.values_list("store_id", "weekday", "opens", "closes"):
        found[store_id].append(Opening(weekday, opens, closes))
    return {store_id: tuple(openings) for store_id, openings in found.items()}


def _rings(ids: Collection[int]) -> dict[int, tuple[RingView, ...]]:
    found: dict[int, list[RingView]] = defaultdict(list)
    rows = StoreRing.objects.filter(store_id__in=ids).order_by("store_id", "radius_m")
    for store_id, *ring in rows.values_list("store_id", "radius_m", "fee", "minimum"):
        found[store_id].append(RingView(*ring))
    return {store_id: tuple(rings) for store_id, rings in found.items()}
