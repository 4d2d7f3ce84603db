"""Places in the demo city where people have an appointment, and restaurants that take bookings for tables. Made up, near real exits."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.apps.accounts import operations as accounts
from linli.apps.catalog import operations as catalog
from linli.apps.catalog.operations import OfferRow
from linli.apps.city import queries as cities
from linli.apps.city.queries import CityView, LandmarkView
from linli.apps.dining import operations as floors
from linli.apps.dining import queries as dining
from linli.apps.merchants import operations as merchants
from linli.apps.merchants import queries as merchant_queries
from linli.apps.merchants.operations import StoreRow
from linli.apps.merchants.queries import StoreView
from linli.apps.stock import operations as stock
from linli.apps.stock import queries as calendar
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.geo import metres
from linli.kernel.week import every_day
from linli.simulator.demo import cast, people
from linli.simulator.demo.cast import DOOR_OF_PERSONA, HOUSE_OF_PERSONA

REACH_M = 6_000
OF_EACH, WITH_TABLES, DESKS = 4, 24, 80
CANCEL = ((1440, 3000), (120, 10_000))  # minutes before it begins, hundredths of a percent kept
SITTINGS, TURNS = ((660, 810), (1020, 1200)), ((2, 75), (4, 90), (6, 105), (8, 120), (12, 150))
TABLES = (("两人桌", "Tables for two", 2, 6, 2, ""), ("四人桌", "Tables for four", 4, 6, 2, ""), ("六人桌", "Tables for six", 6, 2, 1, ""),
          ("八人圆桌", "Round tables for eight", 8, 2, 1, ""), ("包间", "Private room", 12, 1, 1, "room"))  # fmt: skip
FLOOR = ((0, "small", 2, 6, "靠窗"), (10, "medium", 4, 6, "大厅"), (20, "large", 8, 4, "大厅"), (30, "room", 12, 1, "包间"))


@dataclass(frozen=True, slots=True)
class Service:
    """What can be had: name, English, yuan, minutes, minutes to clean up, and which skills it takes."""

    name: str
    english: str
    price: int
    minutes: int
    after: int
    skills: tuple[str, ...]
    equipment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trade:
    """A kind of place: what it is called, when it is open, its rooms, and what it does."""

    cuisine: str
    english: str
    names: tuple[str, ...]
    opens: int
    closes: int
    room: str
    at_home: bool
    services: tuple[Service, ...]


TRADES = (
    Trade("美发", "Hair", ("青丝理发", "剪艺沙龙", "发间小筑", "朝夕造型"), 600, 1320, "剪发椅", False, (
        Service("精剪", "Haircut", 8800, 45, 15, ("剪发",)),
        Service("儿童剪发", "Children's haircut", 4800, 30, 0, ("剪发",)),
        Service("染发", "Colouring", 38800, 120, 15, ("剪发", "染烫")),
        Service("烫发", "Perm", 45800, 150, 15, ("剪发", "染烫"), ("烫发机",)),
    )),
    Trade("美容", "Beauty", ("花间美容", "素颜护肤", "云朵美甲", "清和养生"), 600, 1320, "护理间", False, (
        Service("补水护理", "Facial", 19800, 60, 15, ("护肤",)),
        Service("美甲", "Manicure", 12800, 60, 0, ("美甲",)),
        Service("肩颈按摩", "Neck and shoulders", 16800, 45, 15, ("按摩",)),
    )),
    Trade("家政", "Home service", ("邻家保洁", "到家家政", "安心月嫂", "快修到家"), 480, 1200, "", True, (
        Service("日常保洁", "Cleaning", 12000, 120, 0, ("保洁",)),
        Service("空调清洗", "Air conditioner cleaning", 9800, 60, 0, ("维修",)),
        Service("管道疏通", "Drain cleaning", 15000, 60, 0, ("维修",)),
    )),
    Trade("健身", "Fitness", ("动力健身", "晨光瑜伽", "铁馆", "水立健身"), 420, 1320, "训练区", False, (
        Service("私教一小时", "Personal training", 29800, 60, 0, ("私教",)),
        Service("瑜伽一对一", "Yoga, one to one", 26800, 60, 0, ("瑜伽",)),
        Service("体测", "Body check", 5800, 30, 0, ("私教",), ("体测仪",)),
    )),
)  # fmt: skip


def open_all(*, city: CityView, houses: Sequence[StoreView], rng: random.Random, at: datetime) -> dict[str, int]:
    """Open the places and put the tables; does nothing where they are. How many of each there are."""
    door = next((mark for mark in cities.landmarks(city_id=city.id, near=city.centre, reach_m=9_000, limit=5_000)
                 if mark.name.startswith(DOOR_OF_PERSONA)), None)  # fmt: skip
    near = door.point if door else city.centre
    exits = [mark for mark in cities.landmarks(city_id=city.id, near=near, reach_m=REACH_M, limit=2_000) if mark.kind in ("exit", "metro")]
    if not exits:
        return {}
    exits.sort(key=lambda mark: metres(mark.point, near))
    shops = 0
    for place, trade in enumerate(TRADES):
        for number, name in enumerate(trade.names[:OF_EACH]):
            _shop(city, trade, name, exits[(place * 3 + number * 7) % len(exits)], rng, at)
            shops += 1
    eating = sorted(houses, key=lambda house: (house.name != HOUSE_OF_PERSONA, metres(house.point, near)))[:WITH_TABLES]
    for house in eating:
        _tables(house, at)
        _floor(house, at)
    return {"service stores": shops, "restaurants with tables": len(eating), "hotels with a desk": _desks(city, at)}


def _desks(city: CityView, at: datetime) -> int:
    """Somebody at the desk of the hotels where the crowd stays: the best of those in the middle of the city."""
    hotels = [
        store
        for store in merchant_queries.all_stores(city_id=city.id, kinds=("hotel",))
        if metres(store.point, city.centre) < people.CENTRE_M
    ]
    hotels.sort(key=lambda store: (-store.rating, store.id))
    (clerk,) = people.crowd("desk", 1, random.Random(0), at)
    for hotel in hotels[:DESKS]:
        accounts.grant_role(person_id=clerk.id, role="merchant", scope_id=hotel.id, by=SYSTEM, at=at)
    return len(hotels[:DESKS])


def _shop(city: CityView, trade: Trade, name: str, mark: LandmarkView, rng: random.Random, at: datetime) -> None:
    title, near = f"{name}({mark.name.split()[0]}店)", f"near {mark.name_en or mark.name}"
    row = StoreRow(
        external_ref=f"made-{trade.english}-{name}", kind="service", name=title, name_en=f"{trade.english} {near}",
        point=mark.point, cuisine=trade.cuisine, address=f"{mark.name}附近", rating=rng.choice((43, 45, 46, 47, 48)),
        per_head=trade.services[0].price, openings=every_day([(trade.opens, trade.closes)]), accepts=True, approximate=True,
        facts={"cuisine_en": trade.english, "position": near, "made_up": ["everything"]}, origin="made up for the demo",
    )  # fmt: skip
    store_id = merchants.bulk_put(city_id=city.id, rows=[row], at=at)[0]
    if calendar.resources(store_id=store_id):
        return
    _services(store_id, trade, at)
    _team(store_id, trade, rng, at)


def _services(store_id: int, trade: Trade, at: datetime) -> None:
    rows = [
        OfferRow(store_id=store_id, external_ref=service.english, section="预约", section_en="Bookings", name=service.name,
                 name_en=service.english, price=service.price, kind="service", made_up_price=True)
        for service in trade.services
    ]  # fmt: skip
    for offer_id, service in zip(catalog.bulk_put_menu(rows=rows, at=at), trade.services, strict=True):
        catalog.save_service(
            offer_id=offer_id, minutes=service.minutes, after=service.after, skills=service.skills, room=trade.room,
            equipment=service.equipment, at_home=trade.at_home, step=30, ahead_days=30, notice=60, cancel=CANCEL, actor=SYSTEM, at=at,
        )  # fmt: skip


def _team(store_id: int, trade: Trade, rng: random.Random, at: datetime) -> None:
    say: dict[str, Any] = {"store_id": store_id, "actor": SYSTEM, "at": at}
    skills = sorted({skill for service in trade.services for skill in service.skills})
    for number, name in enumerate(cast.names(4, rng)):
        known = skills if number == 0 else skills[number % len(skills) :][:2] or skills
        who = stock.save_resource(kind="staff", name=name, skills=known, **say)
        begins = trade.opens + 120 * (number % 2)
        days = [day for day in range(7) if day != number + 1]
        stock.set_shifts(
            resource_id=who, work=[(day, begins, min(begins + 540, trade.closes)) for day in days],
            rest=[(day, begins + 240, begins + 300) for day in days], **say,
        )  # fmt: skip
    if trade.room:
        stock.save_resource(kind="room", name=trade.room, label=trade.room, capacity=3, **say)
    for label in sorted({label for service in trade.services for label in service.equipment}):
        stock.save_resource(kind="equipment", name=label, label=label, **say)


def _floor(house: StoreView, at: datetime) -> None:
    """The tables of a house as they stand, each with a code to scan."""
    if dining.has_tables(store_id=house.id):
        return
    for y, (before, size, seats, count, area) in enumerate(FLOOR):
        for x in range(count):
            floors.save_table(
                store_id=house.id, name=str(before + x + 1), seats=seats, size=size, area=area, x=x, y=y, actor=Actor("operator"), at=at
            )


def _tables(house: StoreView, at: datetime) -> None:
    if any(one.kind == "table" for one in calendar.resources(store_id=house.id)):
        return
    row = OfferRow(store_id=house.id, external_ref="made-table", section="订座", section_en="Tables", name="订座", name_en="Book a table",
                   price=2000, kind="table", made_up_price=True)  # fmt: skip
    offer_id = catalog.bulk_put_menu(rows=[row], at=at)[0]
    catalog.save_tables(
        offer_id=offer_id, sittings=SITTINGS, turns=TURNS, step=30, ahead_days=14, notice=30, deposit_from=5, cancel=CANCEL,
        actor=SYSTEM, at=at,
    )  # fmt: skip
    for name, english, seats, count, joins, label in TABLES:
        stock.save_resource(
            store_id=house.id, kind="table", name=name, name_en=english, seats=seats, capacity=count, joins=joins, label=label,
            actor=SYSTEM, at=at,
        )  # fmt: skip
