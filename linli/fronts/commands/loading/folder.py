"""A folder of CSV files, put into the database in one go; loading it again brings the same things up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.db import transaction

from linli.apps.catalog import operations as catalog
from linli.apps.city import operations as cities
from linli.apps.city import queries as city_queries
from linli.apps.city.queries import CityView
from linli.apps.discovery import operations as discovery
from linli.apps.merchants import operations as merchants
from linli.apps.stock import operations as stock
from linli.apps.stock import queries as shelves
from linli.apps.stock.operations import SupplyRow
from linli.fronts.commands.loading import reading, staying
from linli.fronts.commands.loading.reading import CITY, Dish
from linli.fronts.commands.loading.report import Report
from linli.fronts.commands.loading.staying import Kept
from linli.fronts.commands.loading.table import Row, checked, rows
from linli.kernel.errors import NotFound
from linli.kernel.geo import Box, Point
from linli.kernel.time import DAY_MINUTES


@transaction.atomic
def load_folder(*, folder: Path, city_slug: str = "", at: datetime) -> Report:
    """Put the stores, menus and landmarks of `folder`, and say what was put and which rows were left out, with reasons.

    The city is that of `city.csv`, else the one called `city_slug`, else the oldest. Without stores and city nothing is put.
    """
    report = Report()
    if not folder.is_dir():
        report.reject(str(folder), 0, "there is no such folder")
        return report
    city = _city(folder, city_slug, report, at)
    if city is None:
        return report
    report.city = city.slug
    found = reading.stores(folder, city, report)
    choices = reading.groups(folder, found, city, report)
    dishes = reading.dishes(folder, found, choices, city, report)
    places = reading.landmarks(folder, report)
    ids = dict(zip(found, merchants.bulk_put(city_id=city.id, rows=list(found.values()), at=at), strict=True)) if found else {}
    put = [replace(dish.offer, store_id=ids[dish.store]) for dish in dishes]
    offers = catalog.bulk_put_menu(rows=put, at=at)
    rooms = staying.kept_rooms(folder, ids, city, report)
    kinds = catalog.bulk_put_rooms(rows=[replace(kept.room, store_id=ids[kept.store]) for kept in rooms], at=at)
    catalog.bulk_put_seasons(rows=staying.kept_seasons(folder, ids, report))
    supplies = [*_supplies(dishes, ids, offers, city, at), *_nights(rooms, ids, kinds, city, at)]
    stock.bulk_put_supplies(rows=supplies, at=at)
    cities.put_landmarks(city_id=city.id, rows=places, at=at)
    discovery.rebuild(city_id=city.id, at=at)
    report.loaded = {
        "stores": len(ids), "offers": len(offers), "groups": len(choices), "rooms": len(kinds), "supplies": len(supplies),
        "landmarks": len(places),
    }  # fmt: skip
    return report


def _city(folder: Path, city_slug: str, report: Report, at: datetime) -> CityView | None:
    table = rows(folder, "city", needed=CITY, known=CITY, report=report)
    for _, city_id in checked(table, lambda row: _put_city(row, at), report):
        return city_queries.city(city_id=city_id)
    try:
        return city_queries.city(slug=city_slug) if city_slug else city_queries.default_city()
    except NotFound:
        report.reject(
            "city.csv", 1, f"there is no city “{city_slug}”; add a city.csv" if city_slug else "there is no city yet; add a city.csv"
        )
        return None


def _put_city(row: Row, at: datetime) -> int:
    box = Box(row.number("south", -90, 90), row.number("west", -180, 180), row.number("north", -90, 90), row.number("east", -180, 180))
    return cities.put_city(
        slug=reading.slug(row.text("slug", longest=40, needed=True)), name=row.text("name", longest=80, needed=True),
        name_en=row.text("name_en", longest=80), currency=row.text("currency", longest=3, needed=True),
        zone=row.text("zone", longest=64, needed=True), centre=Point(row.number("lat", -90, 90), row.number("lng", -180, 180)),
        box=box, at=at,
    )  # fmt: skip


def _supplies(dishes: Sequence[Dish], ids: dict[str, int], offers: Sequence[int], city: CityView, at: datetime) -> list[SupplyRow]:
    offset = shelves.day_offset(city.zone, at)
    return [
        SupplyRow(ids[dish.store], offer_id, dish.offer.name, DAY_MINUTES, dish.daily, offset)
        for dish, offer_id in zip(dishes, offers, strict=True)
        if dish.daily is not None
    ]


def _nights(rooms: Sequence[Kept], ids: dict[str, int], offers: Sequence[int], city: CityView, at: datetime) -> list[SupplyRow]:
    begins = shelves.night_offset(city.zone, at.date())
    return [
        SupplyRow(ids[kept.store], offer_id, kept.room.name, DAY_MINUTES, kept.rooms, begins)
        for kept, offer_id in zip(rooms, offers, strict=True)
    ]
