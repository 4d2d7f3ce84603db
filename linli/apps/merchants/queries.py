"""What others may know about stores. Every function takes at most three statements, whatever the number of stores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians
from typing import Any

from django.db.models import F, QuerySet

from linli.apps.merchants.models import Store, StoreHours, StoreRing
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Forbidden, NotFound
from linli.kernel.geo import Box, Point, metres
from linli.kernel.time import Opening, WeeklyHours
from linli.kernel.week import open_window


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
    """A store as others see it. `rating` is in tenths of a star, 0 when not rated; `per_head` in minor units; `cell` is H3 resolution 8."""

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
class StoreBrief:
    """The name of a store."""

    id: int
    city_id: int
    name: str
    name_en: str


def ring_at(rings: Sequence[RingView], distance_m: float) -> RingView | None:
    """The innermost of `rings` (sorted by radius) that reaches `distance_m`, or None."""
    return next((ring for ring in rings if distance_m <= ring.radius_m), None)


def open_state(store: StoreView, at: datetime) -> OpenState:
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
        raise NotFound("store.unknown", N_("There is no such store."))
    return found[store_id]


def stores(*, ids: Collection[int]) -> dict[int, StoreView]:
    """The stores of `ids` that exist, by id, in the order of `ids`."""
    if not ids:
        return {}
    found = {view.id: view for view in _views(Store.objects.filter(id__in=ids))}
    return {store_id: found[store_id] for store_id in ids if store_id in found}


def all_stores(*, city_id: int, kinds: Collection[str] = ("restaurant", "hotel", "sight")) -> list[StoreView]:
    """Every active store of the city, by id."""
    return _views(Store.objects.filter(city_id=city_id, kind__in=list(kinds), active=True).order_by("id"))


def near(
    *, city_id: int, point: Point, radius_m: float, kinds: Collection[str] = ("restaurant",), at: datetime, limit: int = 60
) -> list[StoreNear]:
    """The active stores within `radius_m` metres, the nearest first, at most `limit`."""
    box = Box.around(point, radius_m)
    east = cos(radians(point.lat))
    # On the size of a city the earth is flat enough to be sorted by, so the database does it; what is shown is measured exactly.
    flat = (F("lat") - point.lat) * (F("lat") - point.lat) + (F("lng") - point.lng) * (F("lng") - point.lng) * (east * east)
    inside = Store.objects.filter(
        city_id=city_id, kind__in=list(kinds), active=True, lat__range=(box.south, box.north), lng__range=(box.west, box.east)
    )
    views = _views(inside.order_by(flat, "id")[:limit])
    found = [seen_from(view, metres(point, view.point), at) for view in views]
    return [item for item in found if item.metres <= radius_m]


def seen_from(view: StoreView, distance_m: float, at: datetime) -> StoreNear:
    """The store as seen from `distance_m` metres away; pure."""
    return StoreNear(view, distance_m, open_state(view, at), ring_at(view.rings, distance_m))


def ring_for(*, store_id: int, point: Point) -> RingView | None:
    """The delivery ring of the store that reaches `point`, or None. Raises NotFound for an unknown store."""
    return store(store_id=store_id).ring_at(point)


def staff_stores(*, store_ids: Collection[int]) -> list[StoreBrief]:
    """The names of the stores somebody works for, by name."""
    rows = Store.objects.filter(id__in=list(store_ids)).order_by("name", "id")
    return [StoreBrief(*row) for row in rows.values_list("id", "city_id", "name", "name_en")]


def ensure_manages(*, actor: Actor, store_id: int) -> None:
    """Raise Forbidden unless `actor` may run the store: its own merchant, an operator, or the system."""
    if actor.role in {"operator", "system"} or (actor.role == "merchant" and actor.scope_id == store_id):
        return
    raise Forbidden("store.forbidden", N_("This is for the people of this store to do."))


_COLUMNS = (
    "id", "merchant_id", "city_id", "external_ref", "kind", "name", "name_en", "pinyin", "initials", "lat", "lng", "cell", "zone",
    "address", "phone", "per_head", "rating", "rating_count", "cuisine", "tags", "facilities", "facts", "prep_minutes", "paused_until",
    "accepts", "approximate", "origin", "active",
)  # fmt: skip


def _views(chosen: QuerySet[Store]) -> list[StoreView]:
    rows = list(chosen.values_list(*_COLUMNS))
    ids = [row[0] for row in rows]
    hours, rings = _hours(ids), _rings(ids)
    return [_view(row, hours.get(row[0], ()), rings.get(row[0], ())) for row in rows]


def _view(row: tuple[Any, ...], openings: tuple[Opening, ...], rings: tuple[RingView, ...]) -> StoreView:
    values: list[Any] = [
        *row[:9],
        Point(row[9], row[10]),
        *row[11:19],
        tuple(row[19]),
        tuple(row[20]),
        *row[21:],
        WeeklyHours(openings, row[12]),
        rings,
    ]
    return StoreView(*values)


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
