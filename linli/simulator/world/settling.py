"""Filling a world with the people that live in the database."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime

from linli.apps.accounts import operations as accounts
from linli.apps.accounts import queries as account_queries
from linli.apps.accounts.queries import PersonView
from linli.apps.catalog import queries as catalog
from linli.apps.city import queries as cities
from linli.apps.dining import queries as dining
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.kernel.geo import metres
from linli.platform import clock
from linli.simulator.demo import people
from linli.simulator.demo.cast import PERSONAS
from linli.simulator.world import doors
from linli.simulator.world.booker import Booker
from linli.simulator.world.counters import Desk, Kitchen, Reception, Rider, Till
from linli.simulator.world.courier import Courier
from linli.simulator.world.diner import Diner
from linli.simulator.world.doors import Consumer
from linli.simulator.world.driver import Driver
from linli.simulator.world.guest import Guest
from linli.simulator.world.host import Host
from linli.simulator.world.house import House
from linli.simulator.world.passenger import Passenger
from linli.simulator.world.patron import Patron
from linli.simulator.world.support import Support
from linli.simulator.world.world import World

_GOALS, _FAR_M = ("metro", "station", "airport", "sight"), 16_000  # what people ride to, and how far it is from the centre
_BASE_M = 7_000  # couriers begin their shifts at restaurants this near to the centre


def fill(world: World, *, consumers: int, couriers: int, drivers: int = 0, at: datetime) -> None:
    """Bring in `consumers`, everybody who runs a restaurant, `couriers` but the persona and `drivers`, in an order that depends on the
    seed only."""
    houses = merchants.all_stores(city_id=world.setting.city_id, kinds=("restaurant",))
    for number, person in enumerate(people.crowd("consumer", consumers, random.Random(0), at)):
        door = Consumer(world.client, signing_in(person.id))
        world.diners[person.id] = Diner(world, f"consumer {number}", door)
        world.guests.append(Guest(world, f"guest {number}", door))
        world.bookers[person.id] = Booker(world, f"booker {number}", door)
        world.patrons[person.id] = Patron(world, f"patron {number}", door)
        world.passengers[person.id] = Passenger(world, f"passenger {number}", door)
    _open_kitchens(world, houses)
    world.support = Support(world, Desk(world.client, signing_in(people.crowd("support", 1, random.Random(0), at)[0].id)))
    _hire(world, people.crowd("courier", couriers - 1, random.Random(0), at), houses)
    _at_the_wheel(world, people.crowd("driver", drivers, random.Random(0), at) if drivers else [], houses)
    marks = cities.landmarks(city_id=world.setting.city_id, kinds=_GOALS, near=world.setting.centre, reach_m=_FAR_M, limit=2_000)
    world.places = sorted(((mark.name[:40], mark.point) for mark in marks), key=lambda spot: spot[0]) if drivers else []


def signing_in(person_id: int) -> Callable[[], str]:
    """How this person of the crowd gets a token: from the operator of the simulation, not by SMS."""
    return lambda: accounts.issue_token(person_id=person_id, at=clock.now())


def _open_kitchens(world: World, houses: Sequence[StoreView]) -> None:
    visitors = {account_queries.person_by_phone(phone=persona.phone) for persona in PERSONAS}
    reserved = {person.id for person in visitors if person}
    for house in houses:
        staff = [person_id for person_id in account_queries.staff(role="merchant", scope_id=house.id) if person_id not in reserved]
        if staff:
            door = Kitchen(world.client, signing_in(min(staff)), doors.sealed("st", house.id))
            world.houses[house.id] = House(world, f"{house.name} {house.external_ref}", house.id, door, house.accepts)


def open_counters(world: World, at: datetime) -> None:
    """Somebody receives people who have booked, wherever something can be booked and people work; and stands at the till, wherever codes
    are sold."""
    _open_tills(world)
    world.dining_rooms = [store_id for store_id in dining.stores_with_tables() if store_id in world.houses]
    for kind in ("table", "service"):
        world.bookable[kind] = [key for key in catalog.stores_selling(kinds=(kind,)) if _receive(world, key, _staff_of(key))]
    desk = people.crowd("desk", 1, random.Random(0), at)[0].id
    staffed = {role.scope_id for role in account_queries.roles(person_id=desk)}
    hotels = sorted(staffed & set(catalog.stores_selling(kinds=("room",))))
    world.inns = {store.id: store.point for store in merchants.stores(ids=hotels).values() if _receive(world, store.id, desk)}


def _staff_of(store_id: int) -> int:
    """Who works there; 0 where nobody does. Not the persona, whose door is a visitor's."""
    reserved = {person.id for persona in PERSONAS if (person := account_queries.person_by_phone(phone=persona.phone))}
    return min((key for key in account_queries.staff(role="merchant", scope_id=store_id) if key not in reserved), default=0)


def _receive(world: World, store_id: int, person_id: int) -> bool:
    if person_id:
        store = merchants.store(store_id=store_id)
        door = Reception(world.client, signing_in(person_id), doors.sealed("st", store_id))
        world.hosts[store_id] = Host(world, f"{store.name} {store.external_ref}", store_id, door, store.accepts)
    return bool(person_id)


def _open_tills(world: World) -> None:
    for store_id in catalog.stores_selling():
        staff = account_queries.staff(role="merchant", scope_id=store_id)
        if staff:
            world.tills[store_id] = Till(world.client, signing_in(max(staff)), doors.sealed("st", store_id))


def _hire(world: World, riders: Sequence[PersonView], houses: Sequence[StoreView]) -> None:
    central = sorted(
        (house for house in houses if metres(house.point, world.setting.centre) <= _BASE_M), key=lambda house: house.external_ref
    )
    for number, person in enumerate(riders):
        base = world.rng("base", number).choice(central or list(houses)).point
        world.couriers[person.id] = Courier(world, f"courier {number}", person.id, Rider(world.client, signing_in(person.id)), base)


def _at_the_wheel(world: World, drivers: Sequence[PersonView], houses: Sequence[StoreView]) -> None:
    central = sorted(house.external_ref for house in houses if metres(house.point, world.setting.centre) <= _BASE_M)
    by_ref = {house.external_ref: house.point for house in houses}
    for number, person in enumerate(drivers):
        base = by_ref[world.rng("kerb", number).choice(central)] if central else world.setting.centre
        world.couriers[person.id] = Driver(world, f"driver {number}", person.id, Rider(world.client, signing_in(person.id)), base)
