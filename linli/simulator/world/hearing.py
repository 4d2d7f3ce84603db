"""Passing on what was heard to whom it concerns."""

from __future__ import annotations

from datetime import datetime

from linli.apps.care.events import CaseEscalated, CaseOpened
from linli.apps.fulfilment.events import JobDeclined, JobGivenUp, JobOffered, WaitAdvised
from linli.apps.orders.events import OrderAccepted, OrderCancelled, OrderDelivered, OrderExpired, OrderPaid, OrderReady, OrderRefused
from linli.kernel.events import Event
from linli.kernel.geo import Point
from linli.simulator.world.world import World

KITCHEN = ("delivery", "pickup", "dine_in")  # modes of what a kitchen makes


def pass_on(world: World, event: Event, at: datetime) -> None:
    """Let the people concerned hear `event` at `at`."""
    match event:
        case OrderPaid():
            _paid(world, event, at)
        case OrderAccepted():
            house = world.houses.get(event.store_id)
            if house:
                house.cooks(event.order_id, event.ready_at, at)
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
        house.bell(event.order_id, at)
    diner = world.diners.get(event.person_id)
    if diner:
        diner.paid(event.order_id, at)


def _ready(world: World, event: OrderReady, at: datetime) -> None:
    diner = world.diners.get(event.person_id)
    if diner and event.mode == "pickup":
        diner.can_collect(event.order_id, at)
    for rider in world.couriers.values():
        rider.called(event.order_id, at)


def _delivered(world: World, event: OrderDelivered, at: datetime) -> None:
    passenger = world.passengers.get(event.person_id)
    if passenger:
        passenger.there(event.order_id, at)
    diner = world.diners.get(event.person_id)
    if diner:
        diner.fed(event.order_id, event.late_s, at)
