"""Public data about Beijing, turned into the folder of CSV files that `linli city load` takes.

Sources: CrossWOZ's database of restaurants, hotels and sights (thu-coai/CrossWOZ, Apache-2.0) and the metro stops of
beijing-subway-gtfs (MPL-2.0, coordinates from OpenStreetMap, ODbL 1.0). What they do not say is made up from the names, never at random.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linli.engines.language.pinyin import spell
from linli.fronts.commands.loading import reading, staying
from linli.fronts.commands.loading.hours import read_hours, write_hours
from linli.kernel.errors import Invalid
from linli.simulator.beijing import cuisines, dishes, english, options, rooms
from linli.simulator.beijing.places import Metro, read_metro

ORIGIN = "CrossWOZ database (thu-coai, Apache-2.0); position from beijing-subway-gtfs (MPL-2.0, OpenStreetMap ODbL)"
ASSUMED_HOURS = "mon-sun 10:00-21:00"
CITY = ("beijing", "北京", "Beijing", "CNY", "Asia/Shanghai", 39.9087, 116.3975, 39.42, 115.40, 41.07, 117.51)
SOURCES = {"restaurant": "restaurant_db.json", "hotel": "hotel_db.json", "sight": "attraction_db.json"}
_RING_METRES = (1_500, 3_000, 5_000)
_HOTEL_TYPES = {"经济型": "Budget", "舒适型": "Comfort", "高档型": "Upscale", "豪华型": "Luxury"}


@dataclass
class Tables:
    """The rows of each file to be written, and counts for the report."""

    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {name: [] for name in HEADERS})
    counts: Counter[str] = field(default_factory=Counter)


HEADERS: Mapping[str, Sequence[str]] = {
    "city": reading.CITY, "stores": reading.STORES, "rings": reading.RINGS, "options": reading.OPTIONS, "menu": reading.MENU,
    "landmarks": reading.LANDMARKS, "rooms": staying.ROOMS, "plans": staying.PLANS,
}  # fmt: skip
_ZIPPED = {"rooms", "plans", "stores", "options", "menu", "landmarks", "rings"}


def convert(source: Path, target: Path) -> Counter[str]:
    """Write the folder `target` from the files in `source`; returns counts of what was placed, assumed and left out."""
    tables = Tables()
    tables.rows["city"].append(CITY)
    metro = read_metro(source / "metro_stops.txt")
    for kind, file in SOURCES.items():
        for name, facts in json.loads((source / file).read_text("utf8")):
            _place(tables, kind, name, facts, metro)
    for stop in metro.all():
        _landmark(tables, stop.kind, stop.name, stop.point.lat, stop.point.lng)
    target.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.rows.items():
        _write(target, name, rows)
    return tables.counts


def _write(target: Path, name: str, rows: Iterable[tuple[Any, ...]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADERS[name])
    writer.writerows(rows)
    raw = text.getvalue().encode()
    if name in _ZIPPED:  # without a time stamp, so that the same rows make the same file
        (target / f"{name}.csv.gz").write_bytes(gzip.compress(raw, 9, mtime=0))
    else:
        (target / f"{name}.csv").write_bytes(raw)


def _place(tables: Tables, kind: str, name: str, facts: Mapping[str, Any], metro: Metro) -> None:
    found = metro.place(facts["地铁"], name)
    tables.counts[f"{kind} in the source"] += 1
    if found is None:
        tables.counts[f"{kind} without a known metro exit, left out"] += 1
        return
    point, anchor = found
    ref = f"{kind[0]}{hashlib.blake2s(name.encode(), digest_size=5).hexdigest()}"
    tables.counts[f"{kind} at {anchor.partition(':')[0]}"] += 1
    row = {
        "ref": ref, "kind": kind, "name": _tidy(name), "name_en": english.store(_tidy(name)), "merchant": _chain(name), "lat": point.lat,
        "lng": point.lng, "address": facts["地址"], "phone": mask(facts["电话"]), "rating": facts["评分"] or "", "rating_count": "",
        "cuisine": "", "tags": "", "facilities": "", "prep_minutes": "", "accepts": "", "approximate": "yes", "origin": ORIGIN, "hours": "",
    }  # fmt: skip
    more = {"restaurant": _restaurant, "hotel": _hotel, "sight": _sight}[kind](tables, ref, name, facts)
    told = {"position": f"near {anchor.partition(': ')[2]}", **more.pop("facts")}
    row |= {"facts": json.dumps(told, ensure_ascii=False, separators=(",", ":")), **more}
    tables.rows["stores"].append(tuple(row[column] for column in reading.STORES))
    if kind != "restaurant":
        _landmark(tables, kind, _tidy(name), point.lat, point.lng)


def _tidy(name: str) -> str:
    return name.replace("（", "(").replace("）", ")")


def _chain(name: str) -> str:
    """What the branches of a chain have in common: the name before a branch in brackets; empty for a place of its own."""
    match = re.fullmatch(r"(.+?)\(.+店\)", _tidy(name))
    return match[1] if match else ""


def mask(phone: str) -> str:
    """The first number of `phone` with all but its first and last digits hidden."""
    first = re.split(r"[,，;；、/\s]", phone.strip())[0]
    digits = [i for i, letter in enumerate(first) if letter.isdigit()]
    hidden = set(digits[-6:-2]) if len(digits) > 6 else set(digits)
    return "".join("*" if i in hidden else letter for i, letter in enumerate(first))[:40]


def _restaurant(tables: Tables, ref: str, name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    menu, tags = dishes.split_tags(facts["推荐菜"])
    cuisine = cuisines.cuisine(name, menu)
    hours, told = _hours(tables, facts["营业时间"])
    _menu(tables, ref, cuisine, menu, facts["人均消费"])
    _rings(tables, ref, facts["人均消费"])
    made_up = ["position", "prices", "choices", "portions a day", "delivery rings", "preparation time"]
    told |= {"cuisine_en": cuisines.english(cuisine), "made_up": made_up, "inferred": ["cuisine", "sections", "allergens", "diets"]}
    accepts = int(ref[1:], 16) % 3 == 0
    return {
        "per_head": facts["人均消费"], "cuisine": cuisine, "tags": "|".join(tags), "prep_minutes": cuisines.prep_minutes(cuisine),
        "accepts": "yes" if accepts else "no", "hours": hours, "facts": told,
    }  # fmt: skip


def _hours(tables: Tables, text: str) -> tuple[str, dict[str, Any]]:
    """Hours as the loader reads them, and what is to be said about them."""
    try:
        hours = read_hours(text)
    except Invalid:
        tables.counts["hours unreadable, assumed"] += 1
        return ASSUMED_HOURS, {"hours_text": text, "hours_assumed": True}
    tables.counts["hours read"] += 1
    return write_hours(hours.openings), {"hours_text": text, "hours_notes": list(hours.notes)} if hours.notes else {}


def _menu(tables: Tables, store: str, cuisine: str, menu: Sequence[str], per_head: int) -> None:
    kinds = {dish: dishes.kind_of(dish, cuisine) for dish in menu}
    asked: dict[str, options.Group] = {}
    for dish in sorted(menu, key=lambda dish: kinds[dish].sort):  # stable: the source's order within a section
        kind = kinds[dish]
        price = dishes.price(store, dish, per_head, kind)
        choices = options.groups(dish, kind, cuisine, price)
        asked |= {group.ref: group for group in choices}
        ref = hashlib.blake2s(dish.encode(), digest_size=4).hexdigest()
        tables.rows["menu"].append((
            store, ref, kind.name, kind.name_en, dish, english.dish(dish), price // 100, "", "", "|".join(dishes.allergens(dish)), "",
            "|".join(dishes.diet(dish, kind, cuisine)), "|".join(group.ref for group in choices), "",
            dishes.daily(store, dish, kind), "yes",
        ))  # fmt: skip
    tables.counts["dishes"] += len(menu)
    tables.rows["options"].extend(row for group in asked.values() for row in _options(store, group))


def _options(store: str, group: options.Group) -> Iterator[tuple[Any, ...]]:
    for name, name_en, price, most in group.options:
        head = (store, group.ref, group.name, group.name_en, group.least, group.most)
        yield (*head, name, name_en, f"{price // 100}.{price % 100:02}" if price else "", most)


def _rings(tables: Tables, store: str, per_head: int) -> None:
    """Made up: dearer places deliver for more and from more; yuan."""
    low = max(15, min(120, round(per_head * 0.4 / 5) * 5))
    fee = 3 + (per_head > 80) + 2 * (per_head > 200)
    for i, radius in enumerate(_RING_METRES):
        tables.rows["rings"].append((store, radius, fee + 3 * i, low + 10 * i))


def _hotel(tables: Tables, ref: str, name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    kind = facts["酒店类型"]
    for room, plans in rooms.rooms(ref, facts):
        tables.rows["rooms"].append(room)
        tables.rows["plans"].extend(plans)
    made_up = ["position", "rooms", "plans and prices by room", "number of rooms", *(() if facts["价格"] else ("price",))]
    return {
        "per_head": facts["价格"] or "", "tags": kind, "facilities": "|".join(facts["酒店设施"]), "hours": "mon-sun 00:00-24:00",
        "accepts": "yes",
        "facts": {"hotel_type": kind, "hotel_type_en": _HOTEL_TYPES.get(kind, ""), "made_up": made_up},
    }  # fmt: skip


def _sight(tables: Tables, ref: str, name: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    return {"per_head": facts["门票"] or "", "facts": {"visit": facts["游玩时间"], "made_up": ["position"]}}


def _landmark(tables: Tables, kind: str, name: str, lat: float, lng: float) -> None:
    name_en = english.store(name) if kind in {"sight", "hotel"} else english.place(name.replace("口", ""))
    tables.rows["landmarks"].append((kind, name, name_en, spell(name).full.replace(" ", ""), lat, lng))
    tables.counts[f"landmarks: {kind}"] += 1
