"""A stay that is paid afterwards: nothing is charged, it is asked for at check-out, and shared out only when the money has come."""

from datetime import timedelta
from typing import Any

import pytest

from linli.apps.catalog import operations as catalog
from linli.apps.notices import queries as notices
from linli.apps.orders import operations as orders
from linli.apps.orders import queries
from linli.apps.orders.queries import CheckoutWant, OrderView
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.apps.payments.ledger import Spot, held
from linli.kernel.actors import Actor
from linli.platform import audit, invariants, policies
from linli.policy import stays
from tests.inn import Inn, open_inn
from tests.town import World, refused

TOTAL, NIGHT, COMMISSION = 2 * 45_000, 45_000, 6  # two nights to Saturday and Sunday at 450; percent
DAY = 24 * 60
NIGHTS = 3 * DAY


def tune(world: World, name: str, value: str) -> None:
    policies.change(number_name=name, city_id=0, value=value, actor=world.ou, at=world.at, reason="test")


@pytest.fixture
def inn(world: World) -> Inn:
    found = open_inn(world)
    catalog.set_pay(plan_id=found.plans[found.double, "flex"], pay="later", actor=found.clerk, at=world.at)
    tune(world, stays.LATER_ORDERS.name, "0")
    return found


def want(inn: Inn) -> CheckoutWant:
    return CheckoutWant(store_id=inn.store_id, mode="stay", coupon_id=None)


def place(inn: Inn, person_id: int = 0, **how: object) -> OrderView:
    town, who = inn.town, person_id or inn.town.lin
    inn.put(who, **how)  # type: ignore[arg-type]
    token = town.quote(want(inn), person_id=who).token
    return orders.place(
        person_id=who, want=want(inn), quote_token=token, method="later", idempotency_key=town.key(), at=town.at
    )  # fmt: skip


def booked(inn: Inn) -> OrderView:
    order = place(inn)
    orders.accept(order_id=order.id, actor=inn.clerk, at=inn.town.at)
    inn.town.pass_()
    return inn.town.order(order)


def left(inn: Inn) -> OrderView:
    """A stay that is over and not paid."""
    order = booked(inn)
    inn.town.pass_(NIGHTS)
    orders.advance(order_id=order.id, event="check_in", actor=inn.clerk, data={"room": "305", "id_seen": True}, at=inn.town.at)
    inn.town.pass_(DAY)
    orders.advance(order_id=order.id, event="check_out", actor=inn.clerk, at=inn.town.at)
    inn.town.pass_()
    return inn.town.order(order)


def owed(order: OrderView) -> int:
    return paying.owed(refs=[order.ref]).get(order.ref, 0)


def pay(inn: Inn, order: OrderView) -> None:
    intent_id = orders.begin_to_pay(order_id=order.id, actor=Actor("consumer", order.person_id), at=inn.town.at)
    payments.start(intent_id=intent_id, person_id=order.person_id, method="balance", at=inn.town.at)
    inn.town.pass_()


def told(person_id: int) -> list[str]:
    return [one.kind for one in notices.inbox(person_id=person_id).items if one.kind.startswith("owed.")][::-1]


def balanced(world: World) -> None:
    lines = paying.trial_balance()
    assert sum(line.debits for line in lines) == sum(line.credits for line in lines)
    assert {name: found for name, found in invariants.check_all(world.at).items() if found} == {}


def test_nothing_now_all_of_it_afterwards_and_the_hotel_when_the_money_has_come(world: World, inn: Inn) -> None:
    before = paying.balance(person_id=world.lin)
    inn.put(world.lin)
    quote = world.quote(want(inn))
    assert (quote.pay, quote.due_at) == ("later", queries.due_at(city_id=world.city_id, since=quote.promise_to))
    orders.clear_mode(person_id=world.lin, store_id=inn.store_id, mode="stay", at=world.at)
    order = left(inn)
    assert (order.state, order.method, owed(order), order.due_at is not None) == ("checked_out", "later", TOTAL, True)
    world.pass_(4 * DAY)
    assert (world.order(order).state, paying.payable(kind="store", owner=inn.store_id)) == ("checked_out", 0)
    assert paying.balance(person_id=world.lin) == before
    balanced(world)
    pay(inn, order)
    after = world.order(order)
    assert (after.state, after.due_at, owed(order)) == ("completed", None, 0)
    assert paying.balance(person_id=world.lin) == before - TOTAL
    assert paying.payable(kind="store", owner=inn.store_id) == TOTAL - TOTAL * COMMISSION // 100
    with refused("later.not_owed"):
        pay(inn, order)
    balanced(world)


def test_asked_reminded_and_taken_from_the_balance_when_it_is_due(world: World, inn: Inn) -> None:
    before, order = paying.balance(person_id=world.lin), left(inn)
    assert told(world.lin) == ["owed.asked"]
    world.pass_(5 * DAY)
    assert told(world.lin) == ["owed.asked", "owed.soon"]
    assert owed(order) == TOTAL
    world.pass_(2 * DAY)
    assert told(world.lin) == ["owed.asked", "owed.soon", "owed.taken"]
    assert (owed(order), world.order(order).state, paying.balance(person_id=world.lin)) == (0, "completed", before - TOTAL)
    balanced(world)


def spend_all(world: World) -> None:
    """All of Lin's balance goes elsewhere: to be held for something that is not looked at here."""
    had = paying.balance(person_id=world.lin)
    intent = payments.open_intent(
        ref="elsewhere", person_id=world.lin, amount=had, currency="CNY", methods=["balance"], expires_at=world.at + timedelta(days=1),
        at=world.at,
    )  # fmt: skip
    payments.start(intent_id=intent.id, person_id=world.lin, method="balance", at=world.at)


def test_overdue_it_keeps_from_more_until_it_is_paid(world: World, inn: Inn) -> None:
    order = left(inn)
    spend_all(world)
    with refused("balance.short"):
        pay(inn, order)
    world.pass_(5 * DAY)
    world.pass_(3 * DAY)
    assert told(world.lin) == ["owed.asked", "owed.soon", "owed.overdue"]
    assert (world.order(order).state, owed(order)) == ("checked_out", TOTAL)
    later = world.at.date()
    inn.put(world.lin, first=later.replace(day=later.day + 1), nights=1)
    assert [problem.code for problem in world.quote(want(inn)).problems] == ["later.overdue"]
    with refused("later.overdue"):
        orders.place(
            person_id=world.lin, want=want(inn), quote_token=_forced(world, inn), method="later", idempotency_key=world.key(), at=world.at
        )
    payments.give_balance(person_id=world.lin, amount=TOTAL, key="again", reason="salary", by=world.ou, at=world.at)
    pay(inn, order)
    assert world.quote(want(inn)).problems == ()


def _forced(world: World, inn: Inn) -> str:
    """A price that was shown before anything was overdue."""
    before = world.at
    catalog.set_pay(plan_id=inn.plans[inn.double, "flex"], pay="now", actor=inn.clerk, at=before)
    token = world.quote(want(inn)).token
    catalog.set_pay(plan_id=inn.plans[inn.double, "flex"], pay="later", actor=inn.clerk, at=before)
    return token


def test_who_may_is_policy(world: World, inn: Inn) -> None:
    tune(world, stays.LATER_ORDERS.name, "1")
    inn.put(world.lin)
    assert [problem.code for problem in world.quote(want(inn)).problems] == ["later.record"]
    world.completed()
    assert world.quote(want(inn)).problems == ()
    tune(world, stays.LATER_MOST.name, str(TOTAL - 1))
    assert [problem.code for problem in world.quote(want(inn)).problems] == ["later.limit"]


def test_what_is_owed_altogether_counts(world: World, inn: Inn) -> None:
    tune(world, stays.LATER_MOST.name, str(2 * TOTAL - 1))
    place(inn)
    inn.put(world.lin)
    assert [problem.code for problem in world.quote(want(inn)).problems] == ["later.limit"]


@pytest.mark.parametrize(("hours", "kept"), [(0, 0), (50, NIGHT)])
def test_called_off_too_late_what_is_kept_is_owed_and_goes_to_the_hotel_when_paid(world: World, inn: Inn, hours: int, kept: int) -> None:
    before, order = paying.balance(person_id=world.lin), booked(inn)
    world.pass_(hours * 60)
    assert queries.call_off(order=world.order(order), at=world.at).kept == kept
    orders.cancel(order_id=order.id, actor=Actor("consumer", world.lin), reason="plans", at=world.at)
    world.pass_()
    after = world.order(order)
    assert (after.state, after.kept, owed(order), after.due_at is not None) == ("cancelled", kept, kept, bool(kept))
    assert paying.payable(kind="store", owner=inn.store_id) == 0
    assert told(world.lin) == (["owed.asked"] if kept else [])
    balanced(world)
    if kept:
        pay(inn, order)
        assert paying.payable(kind="store", owner=inn.store_id) == kept - kept * COMMISSION // 100
    assert (world.order(order).due_at, paying.balance(person_id=world.lin)) == (None, before - kept)
    balanced(world)


def test_paid_before_the_stay_and_called_off_it_goes_back(world: World, inn: Inn) -> None:
    before, order = paying.balance(person_id=world.lin), booked(inn)
    pay(inn, order)
    assert paying.balance(person_id=world.lin) == before - TOTAL
    orders.cancel(order_id=order.id, actor=Actor("consumer", world.lin), reason="plans", at=world.at)
    assert (paying.balance(person_id=world.lin), owed(order)) == (before, 0)
    balanced(world)


def test_a_refund_lowers_what_is_owed_and_afterwards_goes_to_the_balance(world: World, inn: Inn) -> None:
    before, order = paying.balance(person_id=world.lin), left(inn)
    first = orders.begin_to_pay(order_id=order.id, actor=Actor("consumer", world.lin), at=world.at)
    orders.refund_part(order_id=order.id, amount=10_000, reason="noise", by=inn.clerk, key=world.key(), at=world.at)
    second = orders.begin_to_pay(order_id=order.id, actor=Actor("consumer", world.lin), at=world.at)
    assert (owed(order), first == second) == (TOTAL - 10_000, False)
    with refused("intent.closed"):
        payments.start(intent_id=first, person_id=world.lin, method="balance", at=world.at)
    pay(inn, order)
    world.pass_(4 * 60)
    orders.refund_part(order_id=order.id, amount=5_000, reason="noise", by=inn.clerk, key=world.key(), at=world.at)
    assert paying.balance(person_id=world.lin) == before - TOTAL + 15_000
    balanced(world)


def test_all_of_it_given_back_nothing_is_due(world: World, inn: Inn) -> None:
    order = left(inn)
    orders.refund_part(order_id=order.id, amount=TOTAL, reason="mould", by=inn.clerk, key=world.key(), at=world.at)
    assert (owed(order), world.order(order).due_at) == (0, None)
    world.pass_(3 * 60)
    assert world.order(order).state == "completed"
    balanced(world)


def test_others_cannot_pay_and_the_desk_takes_nothing(world: World, inn: Inn) -> None:
    order = left(inn)
    with refused("order.unknown"):
        orders.begin_to_pay(order_id=order.id, actor=Actor("consumer", world.he), at=world.at)
    with refused("desk.not_owed"):
        orders.take_at_desk(order_id=order.id, actor=inn.clerk, at=world.at)


@pytest.mark.parametrize(("how", "account", "step"), [("paid", "bank", "pay"), ("written_off", "goodwill", "write_off")])
def test_an_operator_says_what_became_of_a_debt_once(world: World, inn: Inn, how: Any, account: str, step: str) -> None:
    order = left(inn)
    spend_all(world)
    world.pass_(8 * DAY)
    (debt,) = queries.debts(city_id=world.city_id)
    assert (debt.order_id, debt.person_id, debt.amount, debt.late_d(world.at)) == (order.id, world.lin, TOTAL, 1)
    assert [one.step for one in debt.reminders] == ["asked", "overdue"]
    assert debt.since == debt.reminders[0].at
    begun = orders.begin_to_pay(order_id=order.id, actor=Actor("consumer", world.lin), at=world.at)
    with refused("reason.missing"):
        orders.close_debt(order_id=order.id, how=how, reason=" ", actor=world.ou, at=world.at)
    before = held(Spot(account))
    assert orders.close_debt(order_id=order.id, how=how, reason="by transfer", actor=world.ou, at=world.at) == TOTAL
    with refused("later.not_owed"):
        orders.close_debt(order_id=order.id, how=how, reason="again", actor=world.ou, at=world.at)
    with refused("intent.closed"):
        payments.start(intent_id=begun, person_id=world.lin, method="balance", at=world.at)
    world.pass_()
    after = world.order(order)
    assert told(world.lin)[-1] == ("owed.paid" if how == "paid" else "owed.given_up")
    assert (after.state, after.due_at, owed(order), held(Spot(account)) - before) == ("completed", None, 0, TOTAL)
    assert paying.payable(kind="store", owner=inn.store_id) == TOTAL - TOTAL * COMMISSION // 100
    assert queries.debts() == []
    assert [event.data["reason"] for event in after.events if event.event == step] == ["by transfer"]
    (entry,) = [one for one in audit.entries(subject=order.ref).items if one.action == f"debt.{how}"]
    assert (entry.reason, entry.after) == ("by transfer", {"amount": TOTAL})
    orders.refund_part(order_id=order.id, amount=5_000, reason="noise", by=inn.clerk, key=world.key(), at=world.at)
    assert paying.balance(person_id=world.lin) == (5_000 if how == "paid" else 0)
    balanced(world)
