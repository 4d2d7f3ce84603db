"""What searching knows of hotels: written into their entries, and kept in each process as a table that follows the entries."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import PlanView, RoomView
from linli.apps.discovery.models import Entry
from linli.apps.merchants.queries import StoreView
from linli.engines.stays import Hotel, Plan, Rate, Room, Season, Table
from linli.kernel.errors import N_
from linli.platform.reads import Read

KIND = "hotel"
CLASSES = {2: N_("Budget"), 3: N_("Comfort"), 4: N_("Upscale"), 5: N_("Luxury")}
_CLASS_OF = {"经济型": 2, "舒适型": 3, "高档型": 4, "豪华型": 5}

# What guests look for, and the words that hotels say it with.
AMENITIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "wifi": (N_("Wi-Fi"), ("wifi", "wi-fi", "无线")),
    "breakfast": (N_("Breakfast"), ("早餐", "breakfast")),
    "parking": (N_("Parking"), ("停车", "parking")),
    "pool": (N_("Swimming pool"), ("游泳", "pool")),
    "gym": (N_("Gym"), ("健身", "gym", "fitness")),
    "spa": (N_("Spa or sauna"), ("spa", "桑拿", "温泉", "sauna")),
    "restaurant": (N_("Restaurant"), ("餐厅", "restaurant")),
    "meeting": (N_("Meeting room"), ("会议", "商务中心", "meeting")),
    "pickup": (N_("Airport or station pick-up"), ("接机", "接站", "pick-up")),
    "laundry": (N_("Laundry"), ("洗衣", "laundry")),
    "accessible": (N_("Step-free"), ("残疾", "无障碍", "accessible", "step-free")),
    "smokefree": (N_("Non-smoking rooms"), ("无烟", "non-smoking")),
    "children": (N_("Child care"), ("看护小孩", "儿童", "child")),
    "foreigners": (N_("Guests from abroad"), ("接待外宾", "foreign guests")),
}


def amenities(facilities: Iterable[str]) -> list[str]:
    """The codes of AMENITIES that a hotel's own words speak of."""
    words = " | ".join(facilities).lower()
    return [code for code, (_, said) in AMENITIES.items() if any(word in words for word in said)]


def class_of(view: StoreView) -> int:
    """The class that a hotel gives itself, 2 to 5; 0 when it does not say."""
    said = str(view.facts.get("class", ""))
    return int(said) if said in {"1", "2", "3", "4", "5"} else _CLASS_OF.get(str(view.facts.get("hotel_type", "")), 0)


def told(views: Sequence[StoreView]) -> dict[int, dict[str, Any]]:
    """What the entries of these hotels say of their rooms. Three statements."""
    if not views:
        return {}
    ids = [view.id for view in views]
    rooms, seasons = catalog.rooms(store_ids=ids), catalog.seasons(store_ids=ids)
    return {
        view.id: {
            "class": class_of(view), "amenities": amenities(view.facilities),
            "seasons": [[one.first.isoformat(), one.last.isoformat(), one.percent] for one in seasons.get(view.id, ())],
            "rooms": [_room(room) for room in rooms.get(view.id, []) if room.on_sale],
        }
        for view in views
    }  # fmt: skip


def _room(room: RoomView) -> list[Any]:
    return [room.offer_id, room.sleeps, [_plan(plan) for plan in room.plans]]


def _plan(plan: PlanView) -> list[Any]:
    rate = plan.rate
    return [
        plan.id, [rate.price, rate.weekend_price, rate.least_nights, rate.most_nights, rate.long_nights, rate.long_percent],
        plan.breakfasts, plan.free_cancel_h,
    ]  # fmt: skip


@dataclass(frozen=True)
class _Kept:
    generation: int
    version: int
    hotels: Mapping[int, Hotel]
    table: Table


_kept: dict[int, _Kept] = {}
_lock = threading.Lock()


def edition(city_id: int) -> Read[tuple[int, int]]:
    """How the entries of the city were written last: generation and version. One statement."""
    text = "SELECT {list}(generation, version) FROM discovery_edition WHERE city_id = %s"
    return Read(text, (city_id,), lambda row: (row[0], row[1]) if row else (0, 0))


def table(city_id: int, now: tuple[int, int]) -> Table:
    """The hotels of the city as they are in the edition `now`: no statement, one when something has changed since the last look."""
    kept = _kept.get(city_id)
    if kept is None or (kept.generation, kept.version) != now:
        with _lock:
            kept = _kept[city_id] = _renewed(city_id, _kept.get(city_id), *now)
    return kept.table


def _renewed(city_id: int, kept: _Kept | None, generation: int, version: int) -> _Kept:
    if kept is not None and kept.generation != generation:
        kept = None
    after = kept.version if kept else -1
    rows: Iterable[Any] = Entry.objects.filter(
        city_id=city_id, version__gt=after, version__lte=version, kind=KIND
    ).values_list("store_id", "active", "lat", "lng", "rating", "words", "stay")  # fmt: skip
    changed = {row[0]: _hotel(row) for row in rows}
    if kept is not None and not changed:
        return _Kept(generation, version, kept.hotels, kept.table)
    hotels = {**(kept.hotels if kept else {}), **{key: one for key, one in changed.items() if one is not None}}
    hotels = {key: one for key, one in hotels.items() if changed.get(key, one) is not None}
    return _Kept(generation, version, hotels, Table.of(hotels.values()))


def _hotel(row: Any) -> Hotel | None:
    store_id, active, lat, lng, rating, words, stay = row
    if not active or not stay:
        return None
    seasons = tuple(Season(date.fromisoformat(first), date.fromisoformat(last), percent) for first, last, percent in stay["seasons"])
    names = " ".join((words["name"], words["name_en"], words["pinyin"].replace(" ", ""))).lower()
    rooms = tuple(Room(offer_id, sleeps, tuple(_read(plan) for plan in plans)) for offer_id, sleeps, plans in stay["rooms"])
    return Hotel(store_id, lat, lng, rating, stay["class"], frozenset(stay["amenities"]), names, rooms, seasons)


def _read(row: Sequence[Any]) -> Plan:
    key, rate, breakfasts, free_cancel_h = row
    return Plan(key, Rate(*rate), breakfasts, free_cancel_h)
