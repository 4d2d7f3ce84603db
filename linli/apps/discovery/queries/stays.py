"""Hotels for a few nights: over all of the city, with what is left and what it costs just now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import PlanView, RoomView
from linli.apps.city import queries as city
from linli.apps.city.queries import CityView
from linli.apps.discovery import stays
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.apps.stock import queries as stock
from linli.engines.stays import SORTS, Hit, Problem, Result, Sort, rank
from linli.kernel.errors import N_, Invalid
from linli.kernel.geo import Point
from linli.platform import reads
from linli.platform.ids import seal, unseal

PAGE = 20
AMENITIES, CLASSES = stays.AMENITIES, stays.CLASSES
amenities, class_of = stays.amenities, stays.class_of
FEW_LEFT = 3  # from so few on it is said how many rooms there still are


@dataclass(frozen=True, slots=True, kw_only=True)
class StayWant:
    """Nights that somebody looks for. Prices a room and night in minor units; `facilities` are codes of `stays.AMENITIES`."""

    first: date
    nights: int = 1
    guests: int = 2
    rooms: int = 1
    near: Point | None = None
    radius_m: int | None = None
    low: int | None = None
    high: int | None = None
    classes: tuple[int, ...] = ()
    facilities: tuple[str, ...] = ()
    least_rating: int = 0
    breakfast: bool = False
    free_cancel: bool = False
    text: str = ""
    sort: Sort = "smart"


@dataclass(frozen=True, slots=True)
class HotelCard:
    """A hotel with the cheapest room and plan that fit. `left`: rooms still to be had in the fullest night, None when there are many."""

    store: StoreView
    room: RoomView
    plan: PlanView
    total: int
    each: int
    metres: float
    left: int | None
    class_: int
    amenities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hotels:
    """A page of hotels; counts over all that fit; `full`: how many would fit but are sold out in these nights."""

    want: StayWant
    cards: tuple[HotelCard, ...]
    total: int
    classes: tuple[tuple[int, int], ...]
    facilities: tuple[tuple[str, int], ...]
    full: int
    cheapest: int | None
    dearest: int | None
    cursor: str | None = field(default=None)


def hotels(*, city_id: int, want: StayWant, at: datetime, cursor: str | None = None, limit: int = PAGE) -> Hotels:
    """The hotels that have what is wanted in all of the nights, over all of the city. At most seven statements, whatever its size.

    Raises Invalid for nights that cannot be (see `catalog.ensure_nights`), an unknown order or facility; NotFound for a foreign cursor.
    """
    town = city.city(city_id=city_id)
    catalog.ensure_nights(zone=town.zone, first=want.first, count=want.nights, guests=want.guests, rooms=want.rooms, at=at)
    if want.sort not in SORTS:
        raise Invalid("search.sort", N_("“%(sort)s” is not an order to sort by."), sort=str(want.sort)[:40], field="sort")
    if unknown := set(want.facilities) - set(stays.AMENITIES):
        raise Invalid("stay.facility", N_("“%(code)s” is not a facility that we know."), code=min(unknown)[:40], field="facilities")
    start = unseal("cu", cursor) if cursor else 0
    found = found_hotels(town, want, at, start, limit)
    cards = _cards(found.hits, want, town)
    following = seal("cu", start + limit) if start + limit < found.total else None
    return Hotels(
        want, cards, found.total, tuple(found.classes.items()), tuple(found.facilities.items()), found.full, found.cheapest,
        found.dearest, following,
    )  # fmt: skip


def found_hotels(town: CityView, want: StayWant, at: datetime, skip: int = 0, limit: int = PAGE) -> Result:
    """The search itself: one statement, two when a hotel has changed since the last look."""
    edition, full, days = reads.together([
        stays.edition(town.id), stock.rooms_short(zone=town.zone, first=want.first, nights=want.nights, rooms=want.rooms),
        catalog.all_rate_days(first=want.first, nights=want.nights),
    ])  # fmt: skip
    table = stays.table(town.id, edition)
    same = ("first", "nights", "guests", "rooms", "low", "high", "classes", "facilities", "least_rating", "breakfast", "free_cancel",
            "text", "sort", "radius_m")  # fmt: skip
    wished: dict[str, Any] = {name: getattr(want, name) for name in same}
    notice = catalog.check_in(zone=town.zone, first=want.first) - at
    wished["notice_h"] = notice.total_seconds() / 3600
    return rank(table, Problem(**wished, near=want.near or town.centre, full=full, days=days, skip=skip, limit=limit))


def _cards(hits: tuple[Hit, ...], want: StayWant, town: CityView) -> tuple[HotelCard, ...]:
    stores = merchants.stores(ids=[hit.store_id for hit in hits])
    ids = [hit.offer_id for hit in hits]
    rooms, left = reads.together([
        catalog.rooms_of(offer_ids=ids), stock.rooms_left_read(offer_ids=ids, zone=town.zone, first=want.first, nights=want.nights)
    ])  # fmt: skip
    cards = []
    for hit in hits:
        store, room = stores[hit.store_id], rooms[hit.offer_id]
        plan = room.plan(hit.plan_id)
        if plan is not None:
            fewest = min((night.left for night in left.get(hit.offer_id, ())), default=None)
            few = fewest if fewest is not None and fewest <= FEW_LEFT else None
            labels = tuple(stays.amenities(store.facilities))
            cards.append(HotelCard(store, room, plan, hit.total, hit.each, hit.metres, few, stays.class_of(store), labels))
    return tuple(cards)
