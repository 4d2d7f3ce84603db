"""Rides in the demo city: a company with its classes, drivers with cars, and the stations and airports that people ride to."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime

from linli.apps.accounts import operations as accounts
from linli.apps.accounts.queries import PersonView
from linli.apps.catalog import operations as catalog
from linli.apps.catalog.operations import RideClassWant
from linli.apps.city import operations as places
from linli.apps.city import queries as cities
from linli.apps.city.operations import LandmarkRow
from linli.apps.city.queries import CityView
from linli.apps.fulfilment import operations as fulfilment
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import StoreRow
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.time import Opening

DRIVERS = 60
_ALWAYS = tuple(Opening(weekday, 0, 24 * 60) for weekday in range(7))
_CLASSES = (
    RideClassWant(service="economy", seats=4, name="经济型", name_en="Economy"),
    RideClassWant(service="comfort", seats=4, name="舒适型", name_en="Comfort"),
    RideClassWant(service="six", seats=6, name="六座", name_en="For six"),
    RideClassWant(service="pool", seats=2, name="拼车", name_en="Shared"),
)
# Metro stops (as the public data calls them) that lie at a railway station or an airport.
_STATIONS = {
    "北京站": ("北京站", "Beijing Railway Station"), "北京南站": ("北京南站", "Beijing South Station"),
    "北京西站": ("北京西站", "Beijing West Station"), "丰台站": ("北京丰台站", "Beijing Fengtai Station"),
    "清河站": ("清河站", "Qinghe Station"), "朝阳站": ("北京朝阳站", "Beijing Chaoyang Station"),
}  # fmt: skip
_AIRPORTS = {
    "2号航站楼": ("首都机场2号航站楼", "Capital Airport Terminal 2"), "3号航站楼": ("首都机场3号航站楼", "Capital Airport Terminal 3"),
    "大兴机场": ("大兴国际机场", "Daxing International Airport"),
}  # fmt: skip


def set_up(*, city: CityView, drivers: Sequence[PersonView], rng: random.Random, at: datetime) -> dict[str, int]:
    """Make all of it, as far as it is not there; counts. Every eighth car takes six, every fourth is a comfortable one."""
    row = StoreRow(
        external_ref="linli-rides", name="邻里出行", name_en="Linli Rides", point=city.centre, kind="ride", accepts=True, openings=_ALWAYS
    )
    store_id = merchants.bulk_put(city_id=city.id, rows=[row], at=at)[0]
    catalog.put_ride_classes(store_id=store_id, rows=_CLASSES, actor=Actor("operator"), at=at)
    marks = _marks(city.id)
    places.put_landmarks(city_id=city.id, rows=marks, at=at)
    for number, person in enumerate(drivers):
        drives = "six" if number % 8 == 7 else "comfort" if number % 4 == 1 else "economy"
        plate = f"京{rng.choice('ABCEFGHJKLMNPQ')}{rng.randrange(100_000):05d}"
        fulfilment.add_courier(
            person_id=person.id, city_id=city.id, vehicle="car", capacity=6 if drives == "six" else 4, drives=drives, plate=plate, at=at
        )
        accounts.grant_role(person_id=person.id, role="courier", by=SYSTEM, at=at)
    return {"drivers": len(drivers), "stations and airports": len(marks)}


def _marks(city_id: int) -> list[LandmarkRow]:
    stops = {mark.name: mark for mark in cities.landmarks(city_id=city_id, kinds=("metro",), limit=1_000)}
    found = [("station", stops[stop], names) for stop, names in _STATIONS.items() if stop in stops]
    found += [("airport", stops[stop], names) for stop, names in _AIRPORTS.items() if stop in stops]
    return [LandmarkRow(kind=kind, name=names[0], name_en=names[1], pinyin=mark.pinyin, point=mark.point) for kind, mark, names in found]
