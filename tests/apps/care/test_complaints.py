"""A complaint is heard at once, decided within a day, and the money goes back with the decision."""

from __future__ import annotations

import pytest

from linli.apps.care import operations as care
from linli.apps.care import queries as cases
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import OrderView
from linli.apps.payments import queries as paying
from linli.kernel.actors import SYSTEM, Actor
from linli.platform import invariants, policies
from tests.town import NOON, World, refused


def complain(world: World, order: OrderView, **changes: object) -> cases.CaseView:
    said = {"kind": "quality", "text": "cold soup", "lines": {order.items[0].id: 1}, **changes}
    return care.complain(order_id=order.id, person_id=world.lin, at=world.at, **said)  # type: ignore[arg-type]


def trust(number: int) -> None:
    """Everybody with `number` completed orders is trusted."""
    policies.change(number_name="money.trust_orders", city_id=0, value=number, actor=SYSTEM, at=NOON, reason="test")


def test_support_decides_and_the_money_goes_back(world: World) -> None:
    order = world.delivered()
    case = complain(world, order)
    assert (case.state, case.wanted, case.instant) == ("open", 2800, False)
    assert (case.reply_due_at - case.opened_at).total_seconds() == 180
    assert (case.solve_due_at - case.opened_at).total_seconds() == 86_400
    care.answer(case_id=case.id, actor=world.chen, text="we are sorry", at=world.at)
    care.decide(case_id=case.id, actor=world.su, refund=2800, text="the photo shows it", at=world.at)
    world.pass_(3 * 60)
    done = cases.case(case_id=case.id, person_id=world.lin)
    assert (done.state, done.refund_amount, [said.role for said in done.messages]) == ("resolved", 2800, ["merchant", "support"])
    assert not done.breached(world.at)
    after = world.order(order)
    assert (after.refunded, after.items[0].refunded_qty, after.state) == (2800, 1, "completed")
    assert paying.balance(person_id=world.lin) == 1_000_000 - order.total + 2800
    assert paying.payable(kind="store", owner=world.noodles) == 2900 - 168
    assert {name: found for name, found in invariants.check_all(world.at).items() if found} == {}


def test_an_order_in_dispute_waits_for_the_decision(world: World) -> None:
    order = world.delivered()
    case = complain(world, order)
    world.pass_(4 * 60)
    assert world.order(order).state == "delivered"
    care.withdraw(case_id=case.id, person_id=world.lin, at=world.at)
    world.pass_(1)
    assert world.order(order).state == "completed"


def test_late_delivery_is_paid_by_the_platform(world: World) -> None:
    order = world.delivered()
    case = complain(world, order, kind="late", wanted=500)
    care.decide(case_id=case.id, actor=world.su, refund=500, text="ten minutes late", at=world.at)
    assert [(back.amount, back.by_merchant) for back in world.order(order).refunds] == [(500, 0)]


def test_a_small_wish_of_a_trusted_person_is_granted_at_once(world: World) -> None:
    trust(1)
    world.completed()
    order = world.delivered()
    case = complain(world, order)
    assert (case.state, case.instant, case.refund_amount) == ("resolved", True, 2800)
    assert world.order(order).refunded == 2800


@pytest.mark.parametrize("why", ["newcomer", "too much", "too often", "used up"])
def test_everything_else_is_looked_at_first(world: World, why: str) -> None:
    if why != "newcomer":
        trust(1)
        world.completed({"牛肉面": 1, "素面": 2})
    wanted = 3100 if why == "too much" else 2800
    if why == "too often":
        complain(world, world.delivered())
    if why == "used up":
        policies.change(number_name="money.instant_refund_30d", city_id=0, value=2000, actor=SYSTEM, at=NOON, reason="test")
    case = complain(world, world.delivered(), wanted=wanted)
    assert (case.state, case.instant) == ("open", False)


def test_no_answer_in_three_minutes_brings_it_to_support(world: World) -> None:
    case = complain(world, world.delivered())
    world.pass_(2)
    assert cases.case(case_id=case.id).state == "open"
    world.pass_(2)
    assert cases.case(case_id=case.id).state == "escalated"
    assert [view.id for view in cases.queue(city_id=world.city_id)] == [case.id]
    assert cases.attainment(since=case.opened_at) == cases.Attainment(1, 10_000, 10_000)
    care.answer(case_id=case.id, actor=world.su, text="we are on it", at=world.at)
    assert cases.case(case_id=case.id).breached(world.at)
    assert cases.attainment(since=case.opened_at).replied_bp == 0


def test_declined_may_be_taken_further(world: World) -> None:
    case = complain(world, world.delivered())
    care.decide(case_id=case.id, actor=world.su, refund=0, text="no", at=world.at)
    assert cases.case(case_id=case.id).state == "declined"
    care.escalate(case_id=case.id, actor=Actor("consumer", world.lin), text="but it was cold!", at=world.at)
    assert cases.case(case_id=case.id).state == "escalated"


def test_notes_are_for_staff(world: World) -> None:
    case = complain(world, world.delivered())
    care.answer(case_id=case.id, actor=world.su, text="third time this month", note=True, at=world.at)
    assert cases.case(case_id=case.id, person_id=world.lin).messages == ()
    assert len(cases.case(case_id=case.id, notes=True).messages) == 1
    assert cases.case(case_id=case.id).replied_at is None


def test_bad_complaints(world: World) -> None:
    order = world.delivered()
    line = order.items[0].id
    for code, changes in {
        "complain.kind": {"kind": "noise"}, "complain.text": {"text": "  "}, "complain.lines": {"lines": {line: 3}},
        "complain.wanted": {"wanted": order.total + 1}, "complain.photos": {"photos": ["p"] * 7},
    }.items():  # fmt: skip
        with refused(code):
            complain(world, order, **changes)
    with refused("order.unknown"):
        care.complain(order_id=order.id, person_id=world.he, kind="late", text="not mine", at=world.at)
    assert cases.cases_for_order(order_id=order.id) == []
    assert not world.order(order).disputed
    complain(world, order)
    with refused("complain.open"):
        complain(world, order)


def test_too_early_and_too_late(world: World) -> None:
    order = world.paid()
    with refused("complain.state"):
        complain(world, order)
    orders.cancel(order_id=order.id, actor=Actor("consumer", world.lin), reason="", at=world.at)
    done = world.completed()
    world.pass_(8 * 24 * 60)
    with refused("complain.late"):
        complain(world, done)


def test_nobody_decides_for_others(world: World) -> None:
    case = complain(world, world.delivered())
    for actor in (Actor("consumer", world.he), world.wang):
        with refused("case.unknown"):
            care.answer(case_id=case.id, actor=actor, text="hello", at=world.at)
    with refused("state.forbidden"):
        care.decide(case_id=case.id, actor=Actor("consumer", world.lin), refund=100, text="for me", at=world.at)
    with refused("state.forbidden"):
        care.decide(case_id=case.id, actor=world.chen, refund=0, text="no", at=world.at)
    with refused("refund.too_much"):
        care.decide(case_id=case.id, actor=world.su, refund=100_000, text="generous", at=world.at)
    assert cases.case(case_id=case.id).state == "open"
