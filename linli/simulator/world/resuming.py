"""Taking up what was going on when the city last stopped."""

from __future__ import annotations

from datetime import datetime

from linli.apps.care import queries as care
from linli.apps.care.queries import CaseView
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.queries import JobView
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import OrderView
from linli.simulator.world import doors
from linli.simulator.world.world import Meal, World

_MOST = 2_000


def take_up(world: World, at: datetime) -> None:
    """Let kitchens, couriers and consumers go on with the orders that are open."""
    for view in orders.board(city_id=world.setting.city_id, at=at, limit=_MOST):
        _order(world, view, at)
    for case in care.queue(city_id=world.setting.city_id):
        _case(world, case, at)
    seen = street.live(city_id=world.setting.city_id, at=at)
    for courier in seen.couriers:
        rider = world.couriers.get(courier.id)
        if rider and courier.on:
            rider.resume(courier.point, [job for job in seen.jobs if job.courier_id == courier.id and _held(job)], at)


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


def _order(world: World, view: OrderView, at: datetime) -> None:
    if view.person_id in world.diners:
        code = view.pickup_code if view.mode == "pickup" else view.drop_code
        key = doors.sealed("or", view.id)
        world.meals[view.id] = Meal(key, view.store_id, view.mode, code, "normal", world.rng("resumed", view.number))
    house = world.houses.get(view.store_id)
    if house and view.state == "paid":
        house.bell(view.id, at)
    elif house and view.state == "accepted":
        house.cooks(view.id, view.ready_at or at, at)
    elif view.state == "ready" and view.mode == "pickup" and view.person_id in world.diners:
        world.diners[view.person_id].can_collect(view.id, at)
