"""Whole walks, from the cart to the end whatever it is, with payment at the provider and the jobs that run by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.apps.care import operations as care
from linli.apps.community import operations as community
from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as jobs_of
from linli.apps.fulfilment.operations import Proof
from linli.apps.merchants import queries as merchants
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import OrderView
from linli.apps.payments import queries as paying
from linli.apps.stock import queries as stock
from linli.kernel.actors import Actor
from tests.journeys.conftest import Walk
from tests.town import HOME, refused

TOTAL = 2 * 2800 + 100 + 300


def lin(walk: Walk) -> Actor:
    return Actor("consumer", walk.town.lin)


def paid(walk: Walk, **how: object) -> OrderView:
    """Two bowls of noodles, ordered and paid at the provider, and the store has heard of it."""
    walk.town.limit("牛肉面", 20)
    order = walk.town.place(method="sandbox", **how)  # type: ignore[arg-type]
    walk.pay(order)
    walk.go(0.5)
    return walk.town.order(order)


def noodles_left(walk: Walk) -> int | None:
    dish = walk.town.dishes["牛肉面"]
    return stock.left(offer_ids=[dish], at=walk.town.at)[dish]


@pytest.mark.parametrize("mood", ["normal", "late", "twice", "shuffled", "never"])
def test_a_meal_is_brought_however_the_provider_tells_of_the_payment(walk: Walk, mood: str) -> None:
    town = walk.town
    walk.on_duty()
    order = town.place(method="sandbox")
    walk.pay(order, mood)
    walk.go(2)
    assert town.order(order).state == "paid"
    orders.accept(order_id=order.id, actor=town.chen, minutes=8, at=town.at)
    courier = walk.taken(order)
    job = jobs_of.job(ref=order.ref)
    fulfilment.arrive(courier_id=courier, job_id=job.id, at=town.at)
    orders.mark_ready(order_id=order.id, actor=town.chen, at=town.pass_(1))
    fulfilment.pick_up(courier_id=courier, job_id=job.id, code=order.pickup_code, at=town.pass_(1))
    fulfilment.report(courier_id=courier, points=[(HOME, town.pass_(2))], at=town.at)
    fulfilment.deliver(courier_id=courier, job_id=job.id, proof=Proof("code", order.drop_code), at=town.pass_(1))
    walk.go(1)
    had = town.order(order)
    assert had.state == "delivered"
    assert had.late_s(town.at) == 0
    assert had.courier_id == courier
    community.review(order_id=order.id, person_id=town.lin, stars=5, text="hot", at=town.at)
    town.pass_(150)
    assert town.order(order).state == "completed"
    assert merchants.store(store_id=town.noodles).rating == 50
    assert walk.money() == TOTAL
    assert [step.event for step in town.order(order).events] == [
        "place", "confirm", "accept", "courier", "arrived", "ready", "pick_up", "deliver", "complete",
    ]  # fmt: skip
    walk.all_well()


def test_a_meal_is_collected(walk: Walk) -> None:
    town = walk.town
    order = paid(walk, want=town.want(mode="pickup", address_id=None))
    orders.accept(order_id=order.id, actor=town.chen, at=town.at)
    orders.mark_ready(order_id=order.id, actor=town.chen, at=town.pass_(10))
    orders.hand_over(order_id=order.id, code=order.pickup_code, actor=town.chen, at=town.pass_(5))
    town.pass_(150)
    assert town.order(order).state == "completed"
    assert walk.money() == TOTAL - 300
    walk.all_well()


def test_a_meal_is_paid_at_the_door(walk: Walk) -> None:
    town = walk.town
    walk.on_duty()
    order = town.place(method="cash")
    orders.accept(order_id=order.id, actor=town.chen, minutes=5, at=town.at)
    courier = walk.taken(order)
    job = jobs_of.job(ref=order.ref)
    assert job.cash_due == TOTAL
    fulfilment.pick_up(courier_id=courier, job_id=job.id, code=order.pickup_code, at=town.pass_(2))
    fulfilment.deliver(courier_id=courier, job_id=job.id, proof=Proof("code", order.drop_code), at=town.pass_(6))
    town.pass_()
    assert paying.cash_held(courier_id=courier) == TOTAL
    town.pass_(150)
    assert town.order(order).state == "completed"
    walk.all_well()


@pytest.mark.parametrize("state", ["paid", "accepted", "courier on the way"])
def test_called_off_the_money_arrives_where_it_came_from(walk: Walk, state: str) -> None:
    town = walk.town
    walk.on_duty()
    order = paid(walk)
    if state != "paid":
        orders.accept(order_id=order.id, actor=town.chen, minutes=10, at=town.at)
    courier = walk.taken(order) if state == "courier on the way" else 0
    orders.cancel(order_id=order.id, actor=lin(walk), reason="cannot wait", at=town.at)
    walk.go(1)
    assert (town.order(order).state, town.order(order).refunded) == ("cancelled", TOTAL)
    assert walk.money() == 0
    assert noodles_left(walk) == 20
    if courier:
        assert jobs_of.open_jobs(courier_id=courier) == []
    walk.all_well()


def test_on_board_it_cannot_be_called_off(walk: Walk) -> None:
    town = walk.town
    order = paid(walk)
    orders.accept(order_id=order.id, actor=town.chen, at=town.at)
    town.pass_()
    fulfilment.go_online(courier_id=town.zhao, point=HOME, at=town.at)
    job = jobs_of.job(ref=order.ref)
    fulfilment.assign(job_id=job.id, courier_id=town.zhao, actor=town.ou, at=town.at)
    fulfilment.pick_up(courier_id=town.zhao, job_id=job.id, code=order.pickup_code, at=town.at)
    with refused("cancel.on_board"):  # the courier has it, but the order has not heard of it yet
        orders.cancel(order_id=order.id, actor=lin(walk), reason="too slow", at=town.at)
    town.pass_()
    assert town.order(order).state == "picked_up"
    assert town.order(order).refunded == 0


def test_refused_the_money_arrives_where_it_came_from(walk: Walk) -> None:
    town = walk.town
    order = paid(walk)
    orders.refuse(order_id=order.id, actor=town.chen, reason="the stove is broken", at=town.at)
    walk.go(1)
    assert town.order(order).state == "refused"
    assert (walk.money(), noodles_left(walk)) == (0, 20)
    walk.all_well()


def test_not_answered_the_money_arrives_where_it_came_from(walk: Walk) -> None:
    order = paid(walk)
    walk.go(6, step_s=30)
    assert (walk.town.order(order).state, walk.town.order(order).cancel_reason) == ("cancelled", "unanswered")
    assert (walk.money(), noodles_left(walk)) == (0, 20)
    walk.all_well()


def test_paid_at_the_provider_and_called_off_before_the_news_comes(walk: Walk) -> None:
    town = walk.town
    town.limit("牛肉面", 20)
    order = town.place(method="sandbox")
    walk.pay(order, "late")
    orders.cancel(order_id=order.id, actor=lin(walk), reason="", at=town.at)
    assert town.order(order).state == "cancelled"
    assert noodles_left(walk) == 20
    walk.go(5, step_s=30)
    assert town.order(order).state == "cancelled"
    assert walk.money() == 0
    walk.all_well()


def test_never_paid_it_ends_and_lets_go(walk: Walk) -> None:
    town = walk.town
    town.limit("牛肉面", 2)
    order = town.place(method="sandbox")
    assert noodles_left(walk) == 0
    walk.go(16, step_s=60)
    assert town.order(order).state == "expired"
    assert (walk.money(), noodles_left(walk)) == (0, 2)
    walk.all_well()


def test_paid_in_the_last_second_without_a_word_from_the_provider(walk: Walk) -> None:
    town = walk.town
    order = town.place(method="sandbox")
    town.pass_(seconds=(order.pay_by - town.at - timedelta(seconds=2)).total_seconds())
    walk.pay(order, "never")
    walk.go(2)
    assert town.order(order).state == "paid"  # the provider was asked before the order was given up
    assert walk.money() == TOTAL
    walk.all_well()


def test_a_complaint_brings_money_back_through_the_provider(walk: Walk) -> None:
    town = walk.town
    order = paid(walk)
    orders.accept(order_id=order.id, actor=town.chen, at=town.at)
    town.ride(town.order(order))
    town.hand(town.order(order))
    bowl = town.order(order).items[0]
    case = care.complain(order_id=order.id, person_id=town.lin, kind="missing", text="one bowl", lines={bowl.id: 1}, at=town.at)
    care.answer(case_id=case.id, actor=town.chen, text="sorry!", at=town.pass_(1))
    care.decide(case_id=case.id, actor=town.su, refund=2800, text="granted", at=town.pass_(30))
    town.pass_(150)
    done = town.order(order)
    assert (done.state, done.refunded, done.items[0].refunded_qty) == ("completed", 2800, 1)
    assert walk.money() == TOTAL - 2800
    walk.all_well()


def test_lost_on_the_way_everything_comes_back(walk: Walk) -> None:
    town = walk.town
    order = paid(walk)
    orders.accept(order_id=order.id, actor=town.chen, at=town.at)
    town.ride(town.order(order))
    fulfilment.give_up(courier_id=town.zhao, job_id=jobs_of.job(ref=order.ref).id, reason="spilled", at=town.at)
    walk.go(1)
    assert (town.order(order).state, town.order(order).refunded) == ("cancelled", TOTAL)
    assert walk.money() == 0
    walk.all_well()
