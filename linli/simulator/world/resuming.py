"""Taking up what was going on when the city last stopped."""

from __future__ import annotations

from datetime import datetime

from linli.apps.care import queries as care
from linli.apps.care.queries import CaseView
from linli.apps.dining import queries as dining
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.queries import JobView
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import OrderView
from linli.simulator.world import doors
from linli.simulator.world.hearing import KITCHEN, tables
from linli.simulator.world.host import BOOKED
from linli.simulator.world.world import Meal, World

_MOST = 2_000


def take_up(world: World, at: datetime) -> None:
    """Let kitchens, receptions, couriers and consumers go on with the orders that are open."""
    for view in orders.board(city_id=world.setting.city_id, at=at, limit=_MOST):
        _go_on(world, view, at)
    for store_id in world.dining_rooms:
        _tables(world, store_id, at)
    for case in care.queue(city_id=world.setting.city_id):
        _case(world, case, at)
    seen = street.live(city_id=world.setting.city_id, at=at)
    for courier in seen.couriers:
        rider = world.couriers.get(courier.id)
        if rider and courier.on:
            rider.resume(courier.point, [job for job in seen.jobs if job.courier_id == courier.id and _held(job)], at)


def take_over(world: World, store_id: int, at: datetime) -> None:
    """A visitor who ran a store has gone: its own people go on with what was left to do."""
    for view in orders.board(city_id=world.setting.city_id, at=at, limit=_MOST):
        if view.store_id == store_id:
            _go_on(world, view, at)


def _go_on(world: World, view: OrderView, at: datetime) -> None:
    if view.mode in BOOKED:
        _booking(world, view, at)
    else:
        _order(world, view, at)


def _held(job: JobView) -> bool:
    return job.state in {"accepted", "arrived", "picked_up"}


def _case(world: World, case: CaseView, at: datetime) -> None:
    """A visitor's complaint that was open when the city stopped."""
    house = world.houses.get(case.store_id)
    if case.person_id in world.diners:
        return
    if case.state == "open" and house:
        house.complained(case.id, at)
    elif world.support:
        world.support.asked(case.id, at)


def _booking(world: World, view: OrderView, at: datetime) -> None:
    """What somebody has booked: they are still to come, or still there."""
    host = world.hosts.get(view.store_id)
    if host and view.state == "paid":
        host.asked(view.id, at)
    elif host and view.state == "confirmed":
        world.try_to(lambda: host.expects(view.id, at))
    elif host and view.state in {"arrived", "checked_in"}:
        world.try_to(lambda: host.lets_go(host.door.order(doors.sealed("or", view.id)), at))


def _tables(world: World, store_id: int, at: datetime) -> None:
    """The parties of the crowd that were eating."""
    for visit_id in {spot.visit_id for spot in dining.floor(store_id=store_id)}:
        guests = dining.visit(visit_id=visit_id, at=at).guests if visit_id else ()
        patron = next((world.patrons[guest.person_id] for guest in guests if guest.person_id in world.patrons), None)
        if patron and visit_id:
            patron.resumes(doors.sealed("vi", visit_id), store_id, at)


def _order(world: World, view: OrderView, at: datetime) -> None:
    if view.person_id in world.diners:
        code = view.pickup_code if view.mode == "pickup" else view.drop_code
        key = doors.sealed("or", view.id)
        world.meals[view.id] = Meal(key, view.store_id, view.mode, code, "normal", world.rng("resumed", view.number))
    house = world.houses.get(view.store_id) if view.mode in KITCHEN else None
    if house and view.state == "paid":
        house.bell(view.id, at, tables(view.mode))
    elif house and view.state == "accepted":
        house.cooks(view.id, view.ready_at or at, at, tables(view.mode))
    elif house and view.state == "ready" and view.mode == "dine_in":
        house.serves(view.id, at)
    elif view.state == "ready" and view.mode == "pickup" and view.person_id in world.diners:
        world.diners[view.person_id].can_collect(view.id, at)
