"""A ride is an order like any other: quoted part by part, called, driven, paid, settled, and called off by its own rules."""

from __future__ import annotations

import pytest

from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as street
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import OrderView
from linli.apps.payments import queries as paying
from linli.fronts import riding
from linli.kernel.actors import Actor
from linli.platform import invariants, jobs
from tests.driving import at_the_wheel, call, company, fares, finished, job_of, matched, riding_now
from tests.town import World, refused

RICH = 1_000_000


@pytest.fixture
def town(world: World) -> World:
    company(world)
    at_the_wheel(world)
    return world


def all_well(world: World) -> None:
    assert jobs.health(world.at).errors == ()
    assert {name: found for name, found in invariants.check_all(world.at).items() if found} == {}


def states(world: World, order: OrderView) -> list[str]:
    return [step.state for step in world.order(order).events]


def me(world: World) -> Actor:
    return Actor("consumer", world.lin)


def test_from_the_call_to_the_last_fen(town: World) -> None:
    kept = fares(town)
    order = call(town)
    fare = kept.classes[0].found.fare
    assert (order.state, order.total) == ("calling", fare.total)
    line = order.items[0]
    assert [tuple(part) for part in line.details["parts"]] == [(part.kind, part.amount) for part in fare.parts]
    assert sum(part.amount for part in fare.parts) == order.total
    driver = finished(town, order)
    assert states(town, order) == ["placed", "calling", "matched", "arrived", "riding", "finished"]
    town.pass_(3 * 60)
    assert town.order(order).state == "completed"
    earned = round(fare.total * 0.79)
    assert paying.payable(kind="courier", owner=driver) == earned
    assert paying.payable(kind="store", owner=order.store_id) == fare.total - round(fare.total * 0.06) - earned
    assert paying.balance(person_id=town.lin) == RICH - fare.total
    all_well(town)


def test_cash_at_the_end(town: World) -> None:
    order = call(town, method="cash")
    assert order.state == "calling"
    driver = finished(town, order)
    assert paying.cash_held(courier_id=driver) == order.total
    town.pass_(3 * 60)
    assert town.order(order).state == "completed"
    all_well(town)


def test_nobody_in_five_minutes_costs_nothing_and_says_so(world: World) -> None:
    company(world)
    order = call(world)
    for _ in range(6):
        fulfilment.match_rides(city_id=world.city_id, at=world.pass_(1))
    world.pass_()
    over = world.order(order)
    assert (over.state, over.cancel_reason, over.refunded) == ("cancelled", "no_driver", order.total)
    assert paying.balance(person_id=world.lin) == RICH
    all_well(world)


def test_calling_off_is_free_at_first_and_costs_what_was_said_later(town: World) -> None:
    order = call(town)
    orders.cancel(order_id=order.id, actor=me(town), reason="", at=town.pass_(0.5))
    assert paying.balance(person_id=town.lin) == RICH
    second = call(town)
    driver = matched(town, second)
    terms = street.cancel_terms(ref=second.ref, at=town.pass_(4))
    orders.cancel(order_id=second.id, actor=me(town), reason="too slow", at=town.at)
    town.pass_()
    assert terms.fee == 400
    assert paying.balance(person_id=town.lin) == RICH - 400
    assert paying.payable(kind="courier", owner=driver) == 316
    assert job_of(second).state == "cancelled"
    all_well(town)


def test_who_pays_cash_is_not_charged_but_the_driver_is_paid(town: World) -> None:
    order = call(town, method="cash")
    driver = matched(town, order)
    orders.cancel(order_id=order.id, actor=me(town), reason="too slow", at=town.pass_(4))
    town.pass_()
    assert paying.payable(kind="courier", owner=driver) == 316
    all_well(town)


def test_nobody_comes_to_the_car(town: World) -> None:
    order = call(town)
    driver = matched(town, order)
    fulfilment.arrive(courier_id=driver, job_id=job_of(order).id, at=town.pass_(2))
    fulfilment.no_show(courier_id=driver, job_id=job_of(order).id, at=town.pass_(6))
    town.pass_()
    assert town.order(order).state == "no_show"
    assert paying.balance(person_id=town.lin) == RICH - 900  # the fee, and two minutes of waiting
    assert paying.payable(kind="courier", owner=driver) == 632 + 100
    all_well(town)


def test_no_way_out_on_the_trip_but_the_drivers(town: World) -> None:
    order = call(town)
    driver = riding_now(town, order)
    with refused("cancel.too_late"):
        orders.cancel(order_id=order.id, actor=me(town), reason="", at=town.at)
    fulfilment.give_up(courier_id=driver, job_id=job_of(order).id, reason="vehicle", at=town.pass_(1))
    town.pass_()
    assert town.order(order).state == "cancelled"
    assert paying.balance(person_id=town.lin) == RICH
    all_well(town)


def test_a_driver_who_gives_it_back_is_replaced(town: World) -> None:
    order = call(town)
    first = matched(town, order)
    second = at_the_wheel(town, town.zhao)
    fulfilment.give_up(courier_id=first, job_id=job_of(order).id, reason="vehicle", at=town.pass_(1))
    town.pass_()
    assert town.order(order).state == "calling"
    assert matched(town, order) == second
    assert (town.order(order).state, town.order(order).courier_id) == ("matched", second)
    all_well(town)


def test_the_fare_that_was_shown_is_kept_for_its_minutes_and_no_longer(town: World) -> None:
    kept = fares(town).classes[0]
    how = {"person_id": town.lin, "fare": kept.token, "sold": riding.sold(kept), "guests": 1, "method": "balance"}
    town.pass_(4)
    order = riding.call(**how, key=town.key(), at=town.at)
    assert riding.call(**how, key=town.key(), at=town.at).id == order.id  # tapped twice
    other = fares(town).classes[0]
    with refused("ride.fare_expired"):
        riding.call(**how | {"fare": other.token}, key=town.key(), at=town.pass_(6))
    with refused("ride.fare"):
        riding.call(**how | {"fare": other.token[:-3]}, key=town.key(), at=town.at)


def test_a_fare_counts_for_its_class_and_its_seats(town: World) -> None:
    economy, comfort, _, pool = fares(town).classes
    how = {"person_id": town.lin, "fare": pool.token, "method": "balance", "key": town.key(), "at": town.at}
    with refused("ride.fare"):
        riding.call(**how, sold=riding.sold(comfort), guests=1)
    with refused("ride.seats"):
        riding.call(**how, sold=riding.sold(pool), guests=3)
    assert economy.found.fare.total < comfort.found.fare.total
