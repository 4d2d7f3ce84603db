"""The rooms of a hotel and the plans they are sold by. The source gives a price and facilities; rooms and plans are made up from those."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

_BOOK: dict[str, Any] = tomllib.loads(Path(__file__).with_name("rooms.toml").read_text("utf8"))
_OFTEN = {"吹风机": "hairdryer", "暖气": "heating", "残疾人设施": "accessible"}
_BY_DAY = ("高档型", "豪华型")  # where business guests make weekdays the dearer nights
_LAST_MINUTE_H, _DAY_BEFORE_H = 0, 20  # free until check-in at two in the afternoon; until six in the evening before
_AT_HOTEL, _LATER = (
    0.6,
    0.5,
)  # the shares of hotels that have a plan which is paid there, and one that is paid after the stay, a little dearer

Row = tuple[Any, ...]


def rooms(ref: str, facts: Mapping[str, Any]) -> Iterator[tuple[Row, list[Row]]]:
    """Each room of the hotel `ref` as a row of rooms.csv, with the rows of its plans for plans.csv."""
    kind, facilities = facts["酒店类型"], [one.strip() for one in facts["酒店设施"]]
    base = facts["价格"] or _BOOK["usual"][kind]
    for room in _BOOK["room"]:
        if kind in room["classes"] and _unit(ref, room["ref"], "has") * 100 < room.get("chance", 100):
            yield _room(ref, room, facilities), list(_plans(ref, room, kind, base, facilities))


def _room(ref: str, room: Mapping[str, Any], facilities: Sequence[str]) -> Row:
    low, high = room["area"]
    least, most = room["rooms"]
    inside = [*room["facilities"], *(code for word, code in _OFTEN.items() if word in facilities)]
    window = _unit(ref, room["ref"], "window") * 100 >= room.get("window", 0)
    return (
        ref, room["ref"], room["name"], room["name_en"], "", "|".join(room["beds"]), room["sleeps"],
        low + round(_unit(ref, room["ref"], "area") * (high - low)), "yes" if window else "no", "yes" if room.get("child_bed") else "no",
        "|".join(inside), "", least + round(_unit(ref, room["ref"], "rooms") * (most - least)), "yes",
    )  # fmt: skip


def _plans(ref: str, room: Mapping[str, Any], kind: str, base: int, facilities: Sequence[str]) -> Iterator[Row]:
    price = _whole(base * room["share"] * (0.97 + 0.06 * _unit(ref, room["ref"], "price")))
    free = "早餐服务免费" in facilities
    breakfast = room["sleeps"] if free else 0
    saver = _whole(price * 0.9)
    key = room["ref"]
    yield _plan(ref, key, "saver", "特惠·不可取消", "Saver, not refundable", saver, kind, breakfast, None)
    hours = _DAY_BEFORE_H if kind in _BY_DAY else _LAST_MINUTE_H
    yield _plan(ref, key, "flexible", "灵活预订", "Flexible", price, kind, breakfast, hours)
    yield from paid_otherwise(ref, key, kind, price, breakfast, hours)
    if "早餐服务" in facilities and not free:
        more = {"经济型": 18, "舒适型": 30, "高档型": 68, "豪华型": 128}[kind] * min(2, room["sleeps"])
        name = ("含早餐", "With breakfast")
        yield _plan(ref, key, "breakfast", *name, price + more, kind, min(2, room["sleeps"]), hours)


def paid_otherwise(ref: str, room: str, kind: str, price: int, breakfast: int, hours: int) -> Iterator[Row]:
    """Beside the flexible plan of a room, at `price` yuan, those that are not paid when booking, as far as the hotel has them."""
    if _unit(ref, "desk") < _AT_HOTEL:
        yield _plan(ref, room, "desk", "到店付款", "Pay at the hotel", _whole(price * 1.03), kind, breakfast, hours, "at_hotel")
    if _unit(ref, "later") < _LATER:
        yield _plan(ref, room, "later", "先住后付", "Stay first, pay later", _whole(price * 1.02), kind, breakfast, hours, "later")


def _plan(
    ref: str, room: str, key: str, name: str, name_en: str, price: int, kind: str, breakfasts: int, hours: int | None,
    pay: str = "now",
) -> Row:  # fmt: skip
    weekend = _whole(price * (0.94 if kind in _BY_DAY else 1.12))
    long_nights, off = (5, 8) if key != "saver" and _unit(ref, "long") < 0.5 else ("", 0)
    return (
        ref, room, key, name, name_en, price, weekend, breakfasts, "" if hours is None else hours, 1, 28, long_nights, off,
        "yes", pay,
    )  # fmt: skip


def _whole(yuan: float) -> int:
    """Whole yuan, and none below thirty."""
    return max(30, round(yuan))


def _unit(*parts: str) -> float:
    """A number from 0 up to 1 that depends on nothing but the parts."""
    return int.from_bytes(hashlib.blake2s("|".join(("room", *parts)).encode(), digest_size=6).digest()) / (1 << 48)
