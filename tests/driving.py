"""Rides of the cast: a ride company, Qian at the wheel, and Lin who wants to the office."""

from __future__ import annotations

from linli.apps.catalog import operations as catalog
from linli.apps.catalog.operations import RideClassWant
from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.operations import Spot
from linli.apps.fulfilment.queries import JobView, KeptFares
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import StoreRow
from linli.apps.orders.queries import OrderView
from linli.fronts import riding
from linli.kernel.actors import Actor
from linli.kernel.geo import Point
from linli.kernel.time import Opening
from tests.town import HOME, SQUARE, World

STATION = Point(39.8700, 116.4300)
ALWAYS = tuple(Opening(weekday, 0, 24 * 60) for weekday in range(7))
CLASSES = (
    RideClassWant(service="economy", seats=4, name="经济型", name_en="Economy"),
    RideClassWant(service="comfort", seats=4, name="舒适型", name_en="Comfort"),
    RideClassWant(service="six", seats=6, name="六座", name_en="For six"),
    RideClassWant(service="pool", seats=2, name="拼车", name_en="Shared"),
)


def company(world: World) -> int:
    """The city's ride company, with all of its classes."""
    row = StoreRow(
        external_ref="rides", name="小城出行", name_en="Little City Rides", point=SQUARE, kind="ride", accepts=True, openings=ALWAYS
    )
    store_id = merchants.bulk_put(city_id=world.city_id, rows=[row], at=world.at)[0]
    catalog.put_ride_classes(store_id=store_id, rows=CLASSES, actor=Actor("operator", world.ou.person_id), at=world.at)
    return store_id


def at_the_wheel(world: World, person_id: int | None = None, *, point: Point = HOME, drives: str = "economy") -> int:
    """Qian (or somebody else) is a driver and on duty."""
    who = person_id or world.qian
    fulfilment.add_courier(
        person_id=who, city_id=world.city_id, vehicle="car", capacity=4, drives=drives, plate=f"京A{who % 100_000:05d}", at=world.at
    )
    fulfilment.go_online(courier_id=who, point=point, at=world.at)
    return who


def fares(world: World, origin: Point = HOME, target: Point = STATION) -> KeptFares:
    """What it would cost now."""
    places = Spot(name="和平里", point=origin), Spot(name="火车站", point=target)
    return street.fares_for(city_id=world.city_id, origin=places[0], target=places[1], at=world.at)


def call(world: World, service: str = "economy", *, person_id: int | None = None, method: str = "balance", guests: int = 1) -> OrderView:
    """Lin calls a ride to the station; paid from the balance unless it is cash."""
    kept = next(each for each in fares(world).classes if each.found.service == service)
    order = riding.call(
        person_id=person_id or world.lin,
        fare=kept.token,
        sold=riding.sold(kept),
        guests=guests,
        method=method,
        key=world.key(),
        at=world.at,
    )
    return order if method == "cash" else world.pay(order)


def job_of(order: OrderView) -> JobView:
    """The order's job."""
    return street.job(ref=order.ref)


def matched(world: World, order: OrderView) -> int:
    """A round of matching, and the driver says yes; the driver."""
    fulfilment.match_rides(city_id=world.city_id, at=world.pass_(seconds=5))
    job = job_of(order)
    assert job.courier_id is not None
    fulfilment.answer(courier_id=job.courier_id, job_id=job.id, accept=True, at=world.at)
    world.pass_(seconds=1)
    return job.courier_id


def riding_now(world: World, order: OrderView) -> int:
    """From the call to the trip."""
    driver = matched(world, order)
    fulfilment.arrive(courier_id=driver, job_id=job_of(order).id, at=world.pass_(3))
    fulfilment.pick_up(courier_id=driver, job_id=job_of(order).id, code=order.pickup_code, at=world.pass_(2))
    world.pass_(seconds=1)
    return driver


def finished(world: World, order: OrderView) -> int:
    """From the call to the end."""
    driver = riding_now(world, order)
    fulfilment.finish_ride(courier_id=driver, job_id=job_of(order).id, at=world.pass_(15))
    world.pass_(seconds=1)
    return driver
