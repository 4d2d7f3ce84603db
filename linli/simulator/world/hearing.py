"""Passing on what was heard to whom it concerns."""

from __future__ import annotations

from datetime import datetime

from linli.apps.care.events import CaseEscalated, CaseOpened
from linli.apps.dining.events import PartyCalled, VisitClosed
from linli.apps.fulfilment.events import JobDeclined, JobGivenUp, JobOffered, WaitAdvised
from linli.apps.orders.events import (
    OrderAccepted,
    OrderCancelled,
    OrderDelivered,
    OrderExpired,
    OrderMoved,
    OrderOwed,
    OrderPaid,
    OrderReady,
    OrderRefused,
)
from linli.kernel.events import Event
from linli.kernel.geo import Point
from linli.simulator.world.host import BOOKED
from linli.simulator.world.world import World

KITCHEN = ("delivery", "pickup", "dine_in")  # modes of what a kitchen makes


def pass_on(world: World, event: Event, at: datetime) -> None:
    """Let the people concerned hear `event` at `at`."""
    match event:
        case OrderPaid():
            _paid(world, event, at)
        case OrderAccepted():
            _accepted(world, event, at)
        case OrderMoved() if event.event == "reschedule" and event.store_id in world.hosts:
            world.try_to(lambda: world.hosts[event.store_id].expects(event.order_id, at))
        case OrderOwed() if event.step == "asked" and event.person_id in world.bookers:
            world.bookers[event.person_id].owes(event.order_id, at)
        case PartyCalled() if event.person_id in world.patrons:
            world.patrons[event.person_id].called(event.waiting_id, at)
        case VisitClosed() if event.store_id in world.houses:
            world.try_to(lambda: world.houses[event.store_id].table_free(at))
        case OrderReady():
            _ready(world, event, at)
        case JobOffered():
            courier = world.couriers.get(event.courier_id)
            if courier:
                courier.asked(event.job_id, int(event.ref.partition(":")[2]), at)
        case WaitAdvised():
            courier = world.couriers.get(event.courier_id)
            if courier:
                courier.advised(Point(event.lat, event.lng), at)
        case JobDeclined() | JobGivenUp():
            courier = world.couriers.get(event.courier_id)
            if courier:
                courier.lost(event.job_id, at)
        case OrderCancelled() | OrderRefused() | OrderExpired():
            world.meals.pop(event.order_id, None)
            world.trips.pop(event.order_id, None)
            _at_table(world, event.order_id, at, served=False)
            for rider in world.couriers.values():
                rider.called_off(event.order_id, at)
        case OrderDelivered():
            _delivered(world, event, at)
        case CaseOpened() if event.person_id not in world.diners:
            house = world.houses.get(event.store_id)
            if house:
                house.complained(event.case_id, at)
        case CaseEscalated() if event.person_id not in world.diners and world.support:
            world.support.asked(event.case_id, at)
        case _:
            pass


def _paid(world: World, event: OrderPaid, at: datetime) -> None:
    house = world.houses.get(event.store_id)
    if house and event.mode in KITCHEN:
        house.bell(event.order_id, at, tables(event.mode))
    if event.mode in BOOKED and event.store_id in world.hosts:
        world.hosts[event.store_id].asked(event.order_id, at)
    diner = world.diners.get(event.person_id)
    if diner:
        diner.paid(event.order_id, at)


def tables(mode: str) -> str:
    """Whom a kitchen makes it for, as `House.bell` calls it."""
    return "tables" if mode == "dine_in" else ""


def _accepted(world: World, event: OrderAccepted, at: datetime) -> None:
    house = world.houses.get(event.store_id)
    if house and event.mode in KITCHEN:
        house.cooks(event.order_id, event.ready_at, at, tables(event.mode))
    if event.mode in BOOKED and event.store_id in world.hosts:
        world.try_to(lambda: world.hosts[event.store_id].expects(event.order_id, at))


def _at_table(world: World, order_id: int, at: datetime, *, served: bool) -> None:
    patron, sitting = world.sittings.pop(order_id, (None, None))
    if patron and sitting:
        patron.heard(sitting, order_id, at, served=served)


def _ready(world: World, event: OrderReady, at: datetime) -> None:
    diner = world.diners.get(event.person_id)
    if diner and event.mode == "pickup":
        diner.can_collect(event.order_id, at)
    house = world.houses.get(event.store_id)
    if house and event.mode == "dine_in":
        house.serves(event.order_id, at)
        return
    for rider in world.couriers.values():
        rider.called(event.order_id, at)


def _delivered(world: World, event: OrderDelivered, at: datetime) -> None:
    _at_table(world, event.order_id, at, served=True)
    passenger = world.passengers.get(event.person_id)
    if passenger:
        passenger.there(event.order_id, at)
    diner = world.diners.get(event.person_id)
    if diner:
        diner.fed(event.order_id, event.late_s, at)
