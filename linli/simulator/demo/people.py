"""The people of the demo city: where they live, what they run, what they ride. Made up, from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, pi, radians, sin

from linli.apps.accounts import operations as accounts
from linli.apps.accounts import queries as account_queries
from linli.apps.accounts.operations import PersonWant
from linli.apps.accounts.queries import PersonView
from linli.apps.city import queries as cities
from linli.apps.city.queries import CityView, LandmarkView
from linli.apps.fulfilment import operations as fulfilment
from linli.apps.merchants.queries import StoreView
from linli.kernel.actors import SYSTEM
from linli.kernel.geo import EARTH_M, Point
from linli.simulator.demo import cast
from linli.simulator.demo.cast import DOOR_OF_PERSONA, HOUSE_OF_PERSONA, PERSONAS

CONSUMERS = 360
COURIERS = 120
CENTRE_M = 9_000  # the crowd lives this near to the centre, where most kitchens and all couriers are
_HOME_M = 700  # homes lie around a metro exit or a hotel
_GROUPS = {"consumer": 0, "merchant": 1, "courier": 2, "support": 3, "driver": 4, "gate": 5, "desk": 6}
_BUILDINGS = ("小区", "家园", "胡同", "大厦", "花园", "公寓")


@dataclass(frozen=True, slots=True)
class Home:
    """An address of the crowd."""

    place: str
    detail: str
    point: Point


def settle(
    *, city: CityView, houses: Sequence[StoreView], consumers: int, couriers: int, rng: random.Random, at: datetime
) -> dict[str, int]:
    """Make everybody who is not there yet; counts by role."""
    personas = _personas(at)
    anchors = [mark for mark in cities.landmarks(city_id=city.id, near=city.centre, reach_m=CENTRE_M, limit=5_000) if mark.kind != "sight"]
    hungry = crowd("consumer", consumers, rng, at)
    downtown = [mark for mark in anchors if mark.name.startswith(DOOR_OF_PERSONA)] or anchors
    _house(personas["consumer"], downtown, rng, at)
    for person in hungry:
        _house(person, anchors, rng, at)
    _owners(houses, personas["merchant"], rng, at)
    riders = [personas["courier"], *crowd("courier", couriers - 1, rng, at)]
    for rider in riders:
        fulfilment.add_courier(person_id=rider.id, city_id=city.id, vehicle="ebike", capacity=rng.choice((4, 5, 6)), at=at)
        accounts.grant_role(person_id=rider.id, role="courier", by=SYSTEM, at=at)
    for clerk in crowd("support", 1, rng, at):
        accounts.grant_role(person_id=clerk.id, role="support", by=SYSTEM, at=at)
    return {"consumers": 1 + len(hungry), "couriers": len(riders), "store owners": len({house.merchant_id for house in houses})}


def _personas(at: datetime) -> dict[str, PersonView]:
    found = {}
    for persona in PERSONAS:
        found[persona.key] = accounts.ensure_person(phone=persona.phone, name=persona.name, at=at)
        if persona.role in {"operator", "support"}:
            accounts.grant_role(person_id=found[persona.key].id, role=persona.role, by=SYSTEM, at=at)
    return found


def persona(key: str, at: datetime) -> PersonView:
    """The named person that visitors may be."""
    named = next(each for each in PERSONAS if each.key == key)
    return accounts.ensure_person(phone=named.phone, name=named.name, at=at)


def crowd(role: str, count: int, rng: random.Random, at: datetime) -> list[PersonView]:
    """The first `count` of the crowd in this role, made as far as they are not there; always the same numbers and, per seed, names."""
    wants = [
        PersonWant(phone=cast.phone(_GROUPS[role], number), name=name, locale="en" if rng.random() < 0.06 else "zh-hans")
        for number, name in enumerate(cast.names(count, rng))
    ]
    return accounts.ensure_people(people=wants, at=at)


def _house(person: PersonView, anchors: Sequence[LandmarkView], rng: random.Random, at: datetime) -> None:
    """One or two addresses, the first of them the default; people who have any keep theirs."""
    homes = [_home(rng.choice(anchors), rng) for _ in range(rng.choice((1, 1, 2)))]
    if account_queries.addresses(person_id=person.id):
        return
    for i, home in enumerate(homes):
        accounts.save_address(
            person_id=person.id, label=("家", "公司")[i], contact_name=person.name, phone=person.phone or "", place=home.place,
            detail=home.detail, lat=home.point.lat, lng=home.point.lng, is_default=i == 0, at=at,
        )  # fmt: skip


def _home(anchor: LandmarkView, rng: random.Random) -> Home:
    angle, away = 2 * pi * rng.random(), _HOME_M * rng.random() ** 0.5
    lat = anchor.point.lat + away * cos(angle) / EARTH_M * 180 / pi
    lng = anchor.point.lng + away * sin(angle) / (EARTH_M * cos(radians(anchor.point.lat))) * 180 / pi
    detail = f"{rng.randint(1, 28)}号楼{rng.randint(1, 6)}单元{rng.randint(1, 24):02}{rng.randint(1, 4):02}"
    return Home(f"{anchor.name.split()[0]}{rng.choice(_BUILDINGS)}", detail, Point(round(lat, 6), round(lng, 6)))


def _owners(houses: Sequence[StoreView], persona: PersonView, rng: random.Random, at: datetime) -> None:
    """One owner for each merchant, who runs all of its branches; the persona shares a well-known house."""
    order = {merchant_id: i for i, merchant_id in enumerate(dict.fromkeys(house.merchant_id for house in houses))}
    owners = crowd("merchant", len(order), rng, at)
    for house in houses:
        accounts.grant_role(person_id=owners[order[house.merchant_id]].id, role="merchant", scope_id=house.id, by=SYSTEM, at=at)
        if house.name == HOUSE_OF_PERSONA:
            accounts.grant_role(person_id=persona.id, role="merchant", scope_id=house.id, by=SYSTEM, at=at)
