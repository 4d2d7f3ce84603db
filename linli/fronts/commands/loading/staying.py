"""Rows of rooms.csv, plans.csv and seasons.csv as the rows that the apps' operations take (see docs/loading.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from linli.apps.catalog.operations import PlanRow, RoomRow, SeasonRow
from linli.apps.city.queries import CityView
from linli.fronts.commands.loading.report import Report
from linli.fronts.commands.loading.table import Row, checked, rows
from linli.kernel.errors import N_, Invalid

ROOMS = (
    "store", "ref", "name", "name_en", "description", "beds", "sleeps", "area_m2", "window", "child_bed", "facilities", "panorama", "rooms",
    "made_up",
)  # fmt: skip
PLANS = (
    "store", "room", "ref", "name", "name_en", "price", "weekend_price", "breakfasts", "free_cancel_h", "least_nights",
    "most_nights", "long_nights", "long_percent", "made_up_price", "pay",
)  # fmt: skip
SEASONS = ("store", "name", "first", "last", "percent")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of room as read; its store is known by reference only until the stores are put. `rooms`: how many there are a night."""

    store: str
    room: RoomRow
    rooms: int


def kept_rooms(folder: Path, stores: Collection[str], city: CityView, report: Report) -> list[Kept]:
    """The rooms of `rooms.csv` with their plans of `plans.csv`; a room without a plan is left out and reported."""
    found: dict[Key, tuple[Row, Kept]] = {}
    for row, kept in checked(rows(folder, "rooms", needed=("store", "name", "sleeps", "rooms"), known=ROOMS, report=report),
                             lambda row: _room(row, stores), report):  # fmt: skip
        key = (kept.store, kept.room.external_ref)
        if key in found:
            report.reject(row.file, row.line, f"a row before has the same ref “{key[1]}” in this store", "ref")
        else:
            found[key] = (row, kept)
    plans = _plans(folder, found, city, report)
    for key in [key for key in found if key not in plans]:
        row, _ = found.pop(key)
        report.reject(row.file, row.line, "no row of plans.csv says what this room costs", "ref")
    return [replace(kept, room=replace(kept.room, plans=tuple(plans[key].values()))) for key, (_, kept) in found.items()]


def _room(row: Row, stores: Collection[str]) -> Kept:
    name = row.text("name", longest=120, needed=True)
    room = RoomRow(
        store_id=0, external_ref=row.text("ref", longest=80) or name[:80], name=name, name_en=row.text("name_en", longest=160),
        description=row.text("description", longest=2000), beds=tuple(_bed(text) for text in row.list("beds")),
        sleeps=row.whole("sleeps", 1, 20, None) or 1, area_m2=row.whole("area_m2", 4, 1000, None),
        window=row.flag("window") if row.text("window", longest=10) else True, child_bed=row.flag("child_bed"),
        facilities=row.list("facilities"), panorama=row.text("panorama", longest=200), made_up=row.flag("made_up"), plans=(),
    )  # fmt: skip
    return Kept(_store(row, stores), room, row.whole("rooms", 0, 10_000, None) or 0)


def _bed(text: str) -> tuple[str, int]:
    kind, _, count = text.partition(":")
    if not (count or "1").isdigit():
        raise Invalid("load.number", N_("“%(value)s” is not a whole number"), value=count, field="beds")
    return kind, int(count or 1)


def _store(row: Row, stores: Collection[str]) -> str:
    ref = row.text("store", longest=80, needed=True)
    if ref not in stores:
        raise Invalid("load.store", N_("no store of this folder was loaded with the ref “%(ref)s”"), ref=ref, field="store")
    return ref


def _plans(folder: Path, known: Mapping[Key, object], city: CityView, report: Report) -> dict[Key, dict[str, PlanRow]]:
    found: dict[Key, dict[str, PlanRow]] = defaultdict(dict)
    table = rows(folder, "plans", needed=("store", "room", "name", "price"), known=PLANS, report=report)
    for row, (key, plan) in checked(table, lambda row: _plan(row, known, city), report):
        if plan.external_ref in found[key]:
            report.reject(row.file, row.line, f"this room has a plan “{plan.external_ref}” already", "ref")
        else:
            found[key][plan.external_ref] = plan
    return found


def _plan(row: Row, known: Mapping[Key, object], city: CityView) -> tuple[Key, PlanRow]:
    key = (row.text("store", longest=80, needed=True), row.text("room", longest=80, needed=True))
    if key not in known:
        raise Invalid("load.room", N_("rooms.csv has no room “%(ref)s” of this store"), ref=key[1], field="room")
    name = row.text("name", longest=60, needed=True)
    least = row.whole("least_nights", 1, 90, 1) or 1
    return key, PlanRow(
        external_ref=row.text("ref", longest=80) or name, name=name, name_en=row.text("name_en", longest=80),
        price=row.money("price", city.currency), weekend_price=row.money("weekend_price", city.currency, 0) or None,
        breakfasts=row.whole("breakfasts", 0, 20, 0) or 0, free_cancel_h=row.whole("free_cancel_h", 0, 1440, None),
        least_nights=least, most_nights=row.whole("most_nights", least, 90, 28) or 28,
        long_nights=row.whole("long_nights", 2, 90, None), long_percent=row.whole("long_percent", 0, 90, 0) or 0,
        made_up_price=row.flag("made_up_price"), pay=row.text("pay", longest=10) or "now",
    )  # fmt: skip


def kept_seasons(folder: Path, stores: Mapping[str, int], report: Report) -> list[SeasonRow]:
    """The seasons of `seasons.csv`."""
    table = rows(folder, "seasons", needed=("store", "first", "last", "percent"), known=SEASONS, report=report)
    return [season for _, season in checked(table, lambda row: _season(row, stores), report)]


def _season(row: Row, stores: Mapping[str, int]) -> SeasonRow:
    first, last = _day(row, "first"), _day(row, "last")
    if last < first:
        raise Invalid("load.limits", N_("the last day is before the first"), field="last")
    percent = row.whole("percent", 10, 500, None) or 100
    return SeasonRow(stores[_store(row, stores)], row.text("name", longest=60), first, last, percent)


def _day(row: Row, name: str) -> date:
    try:
        return date.fromisoformat(row.text(name, longest=10, needed=True))
    except ValueError:
        raise Invalid("load.day", N_("it is not a day such as 2026-10-01"), field=name) from None
