"""A stay that is paid at the hotel: nothing is charged, the desk takes the money once, the hotel owes the commission, nothing is kept."""

import pytest
from django.db import IntegrityError, transaction

from linli.apps.catalog import operations as catalog
from linli.apps.catalog.models import RatePlan
from linli.apps.orders import operations as orders
from linli.apps.orders import queries
from linli.apps.orders.queries import CheckoutWant, OrderView
from linli.apps.payments import queries as paying
from linli.kernel.actors import Actor
from linli.platform import invariants
from tests.inn import Inn, open_inn
from tests.town import World, refused

TOTAL, COMMISSION = 2 * 45_000, 6  # two nights to Saturday and Sunday at 450; percent
NIGHTS = 3 * 24 * 60


@pytest.fixture
def inn(world: World) -> Inn:
    found = open_inn(world)
    catalog.set_pay(plan_id=found.plans[found.double, "flex"], pay="at_hotel", actor=found.clerk, at=world.at)
    return found


def booked(inn: Inn, confirm: bool = True) -> OrderView:
    town = inn.town
    inn.put(town.lin)
    want = CheckoutWant(store_id=inn.store_id, mode="stay", coupon_id=None)
    quote = town.quote(want)
    assert quote.pay == "at_hotel"
    order = orders.place(
        person_id=town.lin, want=want, quote_token=quote.token, method="desk", idempotency_key=town.key(), at=town.at
    )  # fmt: skip
    if confirm:
        orders.accept(order_id=order.id, actor=inn.clerk, at=town.at)
        town.pass_()
    return town.order(order)


def arrived(inn: Inn) -> OrderView:
    order = booked(inn)
    inn.town.pass_(NIGHTS)
    orders.advance(order_id=order.id, event="check_in", actor=inn.clerk, data={"room": "305", "id_seen": True}, at=inn.town.at)
    return inn.town.order(order)


def owed(order: OrderView) -> int:
    return paying.owed(refs=[order.ref]).get(order.ref, 0)


def balanced(world: World) -> None:
    lines = paying.trial_balance()
    assert sum(line.debits for line in lines) == sum(line.credits for line in lines)
    assert {name: found for name, found in invariants.check_all(world.at).items() if found} == {}


def test_the_desk_takes_the_money_once_and_the_hotel_owes_the_commission(world: World, inn: Inn) -> None:
    before = paying.balance(person_id=world.lin)
    order = booked(inn)
    assert (order.state, order.method, order.total, owed(order)) == ("confirmed", "desk", TOTAL, TOTAL)
    with refused("desk.not_here"):
        orders.take_at_desk(order_id=order.id, actor=inn.clerk, at=world.at)
    world.pass_(NIGHTS)
    orders.advance(order_id=order.id, event="check_in", actor=inn.clerk, data={"room": "305", "id_seen": True}, at=world.at)
    with refused("order.unknown"):
        orders.take_at_desk(order_id=order.id, actor=Actor("merchant", 5, world.noodles), at=world.at)
    assert [orders.take_at_desk(order_id=order.id, actor=inn.clerk, at=world.at) for _ in range(3)] == [TOTAL, 0, 0]
    assert owed(order) == 0
    assert paying.payable(kind="store", owner=inn.store_id) == -TOTAL
    world.pass_(NIGHTS)
    orders.advance(order_id=order.id, event="check_out", actor=inn.clerk, at=world.at)
    world.pass_(3 * 60)
    assert world.order(order).state == "completed"
    assert paying.payable(kind="store", owner=inn.store_id) == -TOTAL * COMMISSION // 100
    assert paying.balance(person_id=world.lin) == before
    assert orders.take_at_desk(order_id=order.id, actor=inn.clerk, at=world.at) == 0
    balanced(world)


def test_what_the_desk_forgets_to_mark_counts_as_paid(world: World, inn: Inn) -> None:
    order = arrived(inn)
    world.pass_(NIGHTS)
    orders.advance(order_id=order.id, event="check_out", actor=inn.clerk, at=world.at)
    assert owed(order) == TOTAL
    world.pass_(3 * 60)
    assert (world.order(order).state, owed(order)) == ("completed", 0)
    assert paying.payable(kind="store", owner=inn.store_id) == -TOTAL * COMMISSION // 100
    balanced(world)


@pytest.mark.parametrize("late", [False, True])
def test_called_off_nothing_is_kept_and_nothing_owed(world: World, inn: Inn, late: bool) -> None:
    before, order = paying.balance(person_id=world.lin), booked(inn)
    world.pass_(47 * 60 if late else 0)
    said = queries.call_off(order=world.order(order), at=world.at)
    assert (said.back, said.kept) == (0, 0)
    orders.cancel(order_id=order.id, actor=Actor("consumer", world.lin), reason="plans", at=world.at)
    after = world.order(order)
    assert (after.state, after.kept, owed(order), paying.balance(person_id=world.lin)) == ("cancelled", 0, 0, before)
    assert inn.left() == [2, 2, 2]
    balanced(world)


def test_who_does_not_come_is_not_charged(world: World, inn: Inn) -> None:
    order = booked(inn)
    world.pass_(NIGHTS)
    orders.no_show(order_id=order.id, actor=inn.clerk, at=world.at)
    assert (world.order(order).state, world.order(order).kept, owed(order)) == ("no_show", 0, 0)
    assert paying.payable(kind="store", owner=inn.store_id) == 0
    with refused("desk.not_here"):
        orders.take_at_desk(order_id=order.id, actor=inn.clerk, at=world.at)
    balanced(world)


def test_a_refund_lowers_what_is_asked_for_and_later_goes_to_the_balance(world: World, inn: Inn) -> None:
    before, order = paying.balance(person_id=world.lin), arrived(inn)
    orders.refund_part(order_id=order.id, amount=10_000, reason="noise", by=inn.clerk, key=world.key(), at=world.at)
    assert owed(order) == TOTAL - 10_000
    assert orders.take_at_desk(order_id=order.id, actor=inn.clerk, at=world.at) == TOTAL - 10_000
    orders.refund_part(order_id=order.id, amount=5_000, reason="noise", by=inn.clerk, key=world.key(), at=world.at)
    assert paying.balance(person_id=world.lin) == before + 5_000
    balanced(world)


def test_the_terms_decide_how_it_is_paid(world: World, inn: Inn) -> None:
    inn.put(world.lin)
    want = CheckoutWant(store_id=inn.store_id, mode="stay", coupon_id=None)
    with refused("method.unavailable"):
        orders.place(
            person_id=world.lin, want=want, quote_token=world.quote(want).token, method="balance", idempotency_key=world.key(), at=world.at
        )
    inn.put(world.lin, plan="saver")
    assert [problem.code for problem in world.quote(want).problems] == ["cart.pay_mixed"]
    orders.clear_mode(person_id=world.lin, store_id=inn.store_id, mode="stay", at=world.at)
    inn.put(world.lin, plan="saver")
    with refused("method.unavailable"):
        orders.place(
            person_id=world.lin, want=want, quote_token=world.quote(want).token, method="desk", idempotency_key=world.key(), at=world.at
        )
    assert inn.left() == [2, 2, 2]


def test_a_plan_changed_meanwhile_is_shown_again(world: World, inn: Inn) -> None:
    inn.put(world.lin)
    want = CheckoutWant(store_id=inn.store_id, mode="stay", coupon_id=None)
    token = world.quote(want).token
    catalog.set_pay(plan_id=inn.plans[inn.double, "flex"], pay="now", actor=inn.clerk, at=world.at)
    with refused("quote.changed"):
        orders.place(person_id=world.lin, want=want, quote_token=token, method="desk", idempotency_key=world.key(), at=world.at)


def test_only_the_hotel_says_when_and_never_without_refund(world: World, inn: Inn) -> None:
    saver = inn.plans[inn.double, "saver"]
    with refused("plan.pay_refundable"):
        catalog.set_pay(plan_id=saver, pay="at_hotel", actor=inn.clerk, at=world.at)
    with refused("plan.pay"):
        catalog.set_pay(plan_id=saver, pay="never", actor=inn.clerk, at=world.at)
    with pytest.raises(IntegrityError), transaction.atomic():
        RatePlan.objects.filter(id=saver).update(pay="at_hotel")
    with refused("store.forbidden"):
        catalog.set_pay(plan_id=saver, pay="now", actor=Actor("merchant", 5, world.noodles), at=world.at)
