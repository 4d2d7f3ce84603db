"""Rows of the documented CSV files as the rows that the apps' operations take (see docs/loading.md)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from linli.apps.catalog.operations import GroupRow, OfferRow, OptionRow
from linli.apps.catalog.queries import ALLERGENS
from linli.apps.city.operations import LANDMARK_KINDS, LandmarkRow
from linli.apps.city.queries import CityView
from linli.apps.merchants.operations import Ring, StoreRow
from linli.fronts.commands.loading.hours import read_days, read_hours, union
from linli.fronts.commands.loading.report import Bad, Report
from linli.fronts.commands.loading.table import Row, checked, rows
from linli.kernel.errors import N_, Invalid
from linli.kernel.geo import Point
from linli.kernel.time import Opening

CITY = ("slug", "name", "name_en", "currency", "zone", "lat", "lng", "south", "west", "north", "east")
STORES = (
    "ref", "kind", "name", "name_en", "merchant", "lat", "lng", "address", "phone", "per_head", "rating", "rating_count", "cuisine",
    "tags", "facilities", "facts", "prep_minutes", "accepts", "approximate", "origin", "hours",
)  # fmt: skip
HOURS = ("store", "days", "opens", "closes")
RINGS = ("store", "radius_m", "fee", "minimum")
OPTIONS = ("store", "group", "name", "name_en", "least", "most", "option", "option_en", "price", "option_most")
MENU = (
    "store", "ref", "section", "section_en", "name", "name_en", "price", "was_price", "description", "allergens", "tags", "diet", "groups",
    "prep_minutes", "daily", "made_up_price",
)  # fmt: skip
LANDMARKS = ("kind", "name", "name_en", "pinyin", "lat", "lng")
KINDS = ("restaurant", "hotel", "sight")


@dataclass(frozen=True, slots=True)
class Dish:
    """An offer as read; its store is known by reference only until the stores are put."""

    store: str
    offer: OfferRow
    daily: int | None


def stores(folder: Path, city: CityView, report: Report) -> dict[str, StoreRow]:
    """The stores of `stores.csv` by reference, with their hours and rings."""
    found: dict[str, StoreRow] = {}
    table = rows(folder, "stores", needed=("ref", "name", "lat", "lng"), known=STORES, report=report)
    for row, store in checked(table, lambda row: _store(row, city, report), report):
        if store.external_ref in found:
            report.reject(row.file, row.line, f"a row before has the same ref “{store.external_ref}”", "ref")
        else:
            found[store.external_ref] = store
    _add_hours(folder, found, report)
    _add_rings(folder, found, city, report)
    return found


def _store(row: Row, city: CityView, report: Report) -> StoreRow:
    point = Point(row.number("lat", -90, 90), row.number("lng", -180, 180))
    if not city.box.holds(point):
        raise Invalid("load.outside", N_("the place lies outside of %(city)s"), city=city.name, field="lat")
    kind = row.text("kind", longest=12) or "restaurant"
    if kind not in KINDS:
        raise Invalid("load.kind", N_("it must be one of: %(kinds)s"), kinds=", ".join(KINDS), field="kind")
    rating = row.number("rating", 0, 5) if row.text("rating", longest=10) else 0.0
    merchant = row.text("merchant", longest=60)
    return StoreRow(
        external_ref=row.text("ref", longest=80, needed=True), name=row.text("name", longest=120, needed=True), point=point, kind=kind,
        name_en=row.text("name_en", longest=160), merchant_ref=merchant, merchant_name=merchant, address=row.text("address", longest=240),
        phone=row.text("phone", longest=40), per_head=row.money("per_head", city.currency, 0), rating=round(rating * 10),
        rating_count=row.whole("rating_count", 0, 100_000_000, 0) or 0, cuisine=row.text("cuisine", longest=40), tags=row.list("tags"),
        facilities=row.list("facilities"), facts=row.json("facts"), prep_minutes=row.whole("prep_minutes", 0, 240, 15) or 0,
        accepts=row.flag("accepts"), approximate=row.flag("approximate"), origin=row.text("origin", longest=240),
        openings=_openings(row, report),
    )  # fmt: skip


def _openings(row: Row, report: Report) -> tuple[Opening, ...]:
    text = row.text("hours", longest=400)
    if not text:
        return ()
    hours = read_hours(text)
    report.notes.extend(Bad(row.file, row.line, "hours", note) for note in hours.notes)
    return hours.openings


def _add_hours(folder: Path, found: dict[str, StoreRow], report: Report) -> None:
    extra: defaultdict[str, list[Opening]] = defaultdict(list)
    table = rows(folder, "hours", needed=HOURS, known=HOURS, report=report)
    for _, (ref, read) in checked(table, lambda row: _hours(row, found), report):
        extra[ref].extend(read)
    for ref, openings in extra.items():
        found[ref] = replace(found[ref], openings=union((*found[ref].openings, *openings)))


def _hours(row: Row, found: Mapping[str, StoreRow]) -> tuple[str, tuple[Opening, ...]]:
    days = read_days(row.text("days", longest=60, needed=True))
    span = read_hours(f"{row.text('opens', longest=10, needed=True)}-{row.text('closes', longest=10, needed=True)}").openings[0]
    return _known(row, found), tuple(Opening(day, span.opens, span.closes) for day in days)


def _add_rings(folder: Path, found: dict[str, StoreRow], city: CityView, report: Report) -> None:
    rings: defaultdict[str, dict[int, Ring]] = defaultdict(dict)
    table = rows(folder, "rings", needed=("store", "radius_m", "fee"), known=RINGS, report=report)
    for row, (ref, ring) in checked(table, lambda row: _ring(row, found, city), report):
        if ring.radius_m in rings[ref]:
            report.reject(row.file, row.line, "this store has a ring of that radius already", "radius_m")
        else:
            rings[ref][ring.radius_m] = ring
    for ref, by_radius in rings.items():
        found[ref] = replace(found[ref], rings=tuple(by_radius[radius] for radius in sorted(by_radius)))


def _ring(row: Row, found: Mapping[str, StoreRow], city: CityView) -> tuple[str, Ring]:
    radius = row.whole("radius_m", 1, 50_000, None)
    if radius is None:
        raise Invalid("load.empty", N_("it must not be empty"), field="radius_m")
    return _known(row, found), Ring(radius, row.money("fee", city.currency), row.money("minimum", city.currency, 0))


def _known(row: Row, found: Mapping[str, StoreRow]) -> str:
    ref = row.text("store", longest=80, needed=True)
    if ref not in found:
        raise Invalid("load.store", N_("no store of this folder was loaded with the ref “%(ref)s”"), ref=ref, field="store")
    return ref


def groups(folder: Path, found: Mapping[str, StoreRow], city: CityView, report: Report) -> dict[tuple[str, str], GroupRow]:
    """The choices of `options.csv` by store and group reference; a group's name and limits are those of its first row."""
    heads: dict[tuple[str, str], GroupRow] = {}
    options: defaultdict[tuple[str, str], dict[str, OptionRow]] = defaultdict(dict)
    table = rows(folder, "options", needed=("store", "group", "name", "option"), known=OPTIONS, report=report)
    for row, (key, head, option) in checked(table, lambda row: _option(row, found, city), report):
        if option.name in options[key]:
            report.reject(row.file, row.line, "this group has an option of that name already", "option")
            continue
        heads.setdefault(key, head)
        options[key][option.name] = option
    return {key: replace(head, options=tuple(options[key].values())) for key, head in heads.items()}


def _option(row: Row, found: Mapping[str, StoreRow], city: CityView) -> tuple[tuple[str, str], GroupRow, OptionRow]:
    least, most = row.whole("least", 0, 50, 0) or 0, row.whole("most", 1, 50, 1) or 1
    if least > most:
        raise Invalid("load.limits", N_("least is more than most"), field="least")
    ref = row.text("group", longest=80, needed=True)
    head = GroupRow(
        external_ref=ref, name=row.text("name", longest=60, needed=True), name_en=row.text("name_en", longest=80), least=least, most=most,
        options=(),
    )  # fmt: skip
    option = OptionRow(
        name=row.text("option", longest=60, needed=True), name_en=row.text("option_en", longest=80),
        price=row.money("price", city.currency, 0), most=row.whole("option_most", 1, 50, 1) or 1,
    )  # fmt: skip
    return (_known(row, found), ref), head, option


def dishes(
    folder: Path, found: Mapping[str, StoreRow], choices: Mapping[tuple[str, str], GroupRow], city: CityView, report: Report
) -> list[Dish]:
    """The offers of `menu.csv`."""
    read: dict[tuple[str, str], Dish] = {}
    table = rows(folder, "menu", needed=("store", "name", "price"), known=MENU, report=report)
    for row, dish in checked(table, lambda row: _dish(row, found, choices, city), report):
        key = (dish.store, dish.offer.external_ref)
        if key in read:
            report.reject(row.file, row.line, f"a row before has the same ref “{dish.offer.external_ref}” in this store", "ref")
        else:
            read[key] = dish
    return list(read.values())


def _dish(row: Row, found: Mapping[str, StoreRow], choices: Mapping[tuple[str, str], GroupRow], city: CityView) -> Dish:
    store, name, price = _known(row, found), row.text("name", longest=120, needed=True), row.money("price", city.currency)
    was = row.money("was_price", city.currency, 0) or None
    if was is not None and was <= price:
        raise Invalid("load.was", N_("the crossed-out price must be above the price"), field="was_price")
    offer = OfferRow(
        store_id=0, external_ref=row.text("ref", longest=80) or name[:80], section=row.text("section", longest=60) or "菜单",
        section_en=row.text("section_en", longest=80), name=name, name_en=row.text("name_en", longest=160), price=price, was_price=was,
        description=row.text("description", longest=2000), tags=row.list("tags"), diet=row.list("diet"),
        allergens=_listed(row, "allergens", ALLERGENS), groups=_groups(row, store, choices),
        prep_minutes=row.whole("prep_minutes", 0, 240, None),
        made_up_price=row.flag("made_up_price"), daily_limit=row.whole("daily", 0, 1_000_000, None),
    )  # fmt: skip
    return Dish(store, offer, offer.daily_limit)


def _listed(row: Row, name: str, allowed: Iterable[str]) -> tuple[str, ...]:
    values = row.list(name)
    if unknown := set(values) - set(allowed):
        raise Invalid("load.code", N_("“%(code)s” is none of: %(all)s"), code=min(unknown), all=", ".join(sorted(allowed)), field=name)
    return values


def _groups(row: Row, store: str, choices: Mapping[tuple[str, str], GroupRow]) -> tuple[GroupRow, ...]:
    refs = row.list("groups")
    if missing := [ref for ref in refs if (store, ref) not in choices]:
        raise Invalid("load.group", N_("this store has no group “%(ref)s” in options.csv"), ref=missing[0], field="groups")
    picked = tuple(choices[store, ref] for ref in dict.fromkeys(refs))
    for group in picked:
        if group.least > sum(option.most for option in group.options):
            raise Invalid(
                "load.limits", N_("the group “%(ref)s” asks for more than its options give"), ref=group.external_ref, field="groups"
            )
    return picked


def landmarks(folder: Path, report: Report) -> list[LandmarkRow]:
    """The landmarks of `landmarks.csv`."""
    table = rows(folder, "landmarks", needed=("kind", "name", "lat", "lng"), known=LANDMARKS, report=report)
    return [landmark for _, landmark in checked(table, _landmark, report)]


def _landmark(row: Row) -> LandmarkRow:
    kind = row.text("kind", longest=12, needed=True)
    if kind not in LANDMARK_KINDS:
        raise Invalid("load.kind", N_("it must be one of: %(kinds)s"), kinds=", ".join(LANDMARK_KINDS), field="kind")
    return LandmarkRow(
        kind=kind, name=row.text("name", longest=120, needed=True), name_en=row.text("name_en", longest=160),
        pinyin=row.text("pinyin", longest=240), point=Point(row.number("lat", -90, 90), row.number("lng", -180, 180)),
    )  # fmt: skip


def slug(text: str) -> str:
    """`text` if it can name a city in an address. Raises Invalid."""
    if not re.fullmatch(r"[a-z0-9-]{1,40}", text):
        raise Invalid("load.slug", N_("it may hold a-z, 0-9 and - only"), field="slug")
    return text
