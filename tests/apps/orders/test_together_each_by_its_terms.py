"""A dinner, a ride and a room in one checkout when the room is paid at the hotel or after the stay: one payment for the rest."""

from __future__ import annotations

from typing import Any

import pytest

from linli.apps.catalog import operations as catalog
from linli.apps.orders import operations as orders
from linli.apps.orders import queries
from linli.apps.orders.queries import CheckoutWant, OrderView, TogetherQuote
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.apps.stock import operations as stock
from linli.fronts import riding
from linli.kernel.actors import Actor
from linli.platform import invariants, policies
from linli.policy import stays
from tests.apps.orders.test_booked_rides import fare, tomorrow
from tests.driving import company
from tests.inn import Inn, open_inn
from tests.town import World, refused

TOTAL, NIGHT = 2 * 45_000, 45_000  # two nights to Saturday and Sunday at 450
METHODS = {"at_hotel": "desk", "later": "later"}


@pytest.fixture(params=sorted(METHODS))
def pay(request: pytest.FixtureRequest) -> str:
    """When the room is paid."""
    return str(request.param)


@pytest.fixture
def inn(world: World, pay: str) -> Inn:
    found = open_inn(world)
    catalog.set_pay(plan_id=found.plans[found.double, "flex"], pay=pay, actor=found.clerk, at=world.at)
    policies.change(number_name=stays.LATER_ORDERS.name, city_id=0, value="0", actor=world.ou, at=world.at, reason="test")
    company(world)
    return found


def fill(inn: Inn, *, others: bool = True) -> list[CheckoutWant]:
    """A room and, with the `others`, noodles and the ride to the station tomorrow."""
    town, stay = inn.town, CheckoutWant(store_id=inn.store_id, mode="stay", coupon_id=None)
    inn.put(town.lin)
    if not others:
        return [stay]
    town.fill(town.lin, {"牛肉面": 1})
    kept = fare(town, tomorrow(town))
    store, offer = riding.sold(kept)
    orders.add_line(person_id=town.lin, store_id=store, offer_id=offer, guests=1, details={"fare": kept.token}, at=town.at)
    return [town.want(), stay, CheckoutWant(store_id=store, mode="ride", coupon_id=None)]


def quoted(inn: Inn, wants: list[CheckoutWant]) -> TogetherQuote:
    return queries.quote_all(person_id=inn.town.lin, wants=wants, at=inn.town.at)


def place(inn: Inn, wants: list[CheckoutWant], **how: Any) -> dict[str, OrderView]:
    """What was ordered, by mode."""
    how = {"quote_token": "", "method": "balance", "idempotency_key": inn.town.key(), **how}
    how["quote_token"] = how["quote_token"] or quoted(inn, wants).token
    return {each.mode: each for each in orders.place_all(person_id=inn.town.lin, wants=wants, at=inn.town.at, **how)}


def paid(inn: Inn, made: dict[str, OrderView]) -> dict[str, OrderView]:
    intent = paying.intent(ref=f"co:{made['stay'].checkout_id}")
    payments.start(intent_id=intent.id, person_id=inn.town.lin, method="balance", at=inn.town.at)
    inn.town.pass_()
    return now(inn, made)


def now(inn: Inn, made: dict[str, OrderView]) -> dict[str, OrderView]:
    return {mode: inn.town.order(each) for mode, each in made.items()}


def states(made: dict[str, OrderView]) -> dict[str, str]:
    return {mode: each.state for mode, each in made.items()}


def owed(order: OrderView) -> int:
    return paying.owed(refs=[order.ref]).get(order.ref, 0)


def sound(world: World) -> None:
    lines = paying.trial_balance()
    assert sum(line.debits for line in lines) == sum(line.credits for line in lines)
    assert {name: said for name, said in invariants.check_all(world.at).items() if said} == {}


def test_one_price_of_which_only_what_is_due_now_is_paid(world: World, inn: Inn, pay: str) -> None:
    before, wants = paying.balance(person_id=world.lin), fill(inn)
    whole = quoted(inn, wants)
    assert (whole.problems, whole.total - whole.due_now) == ((), TOTAL)
    assert "balance" in whole.methods
    made = place(inn, wants)
    assert states(made) == {"delivery": "placed", "stay": "placed", "ride": "placed"}
    assert (owed(made["stay"]), inn.left()[0], paying.intent(ref=f"co:{made['stay'].checkout_id}").amount) == (0, 1, whole.due_now)
    with refused("method.unknown"):
        payments.start(intent_id=paying.intent(ref=made["stay"].ref).id, person_id=world.lin, method=METHODS[pay], at=world.at)
    made = paid(inn, made)
    assert states(made) == {"delivery": "paid", "stay": "paid", "ride": "confirmed"}
    assert {mode: each.method for mode, each in made.items()} == {"delivery": "balance", "stay": METHODS[pay], "ride": "balance"}
    assert (owed(made["stay"]), paying.balance(person_id=world.lin)) == (TOTAL, before - whole.due_now)
    sound(world)


def test_each_part_is_called_off_by_its_own_rule(world: World, inn: Inn, pay: str) -> None:
    made = paid(inn, place(inn, fill(inn)))
    me, before = Actor("consumer", world.lin), paying.balance(person_id=world.lin)
    orders.accept(order_id=made["stay"].id, actor=inn.clerk, at=world.at)
    orders.cancel(order_id=made["delivery"].id, actor=me, reason="", at=world.at)
    world.pass_()
    assert (paying.balance(person_id=world.lin), owed(made["stay"])) == (before + made["delivery"].total, TOTAL)
    world.pass_(50 * 60)  # later than the hotel calls off for nothing
    orders.cancel(order_id=made["stay"].id, actor=me, reason="plans", at=world.at)
    world.pass_()
    stay, kept = world.order(made["stay"]), NIGHT if pay == "later" else 0
    assert (stay.state, stay.kept, owed(stay), inn.left()) == ("cancelled", kept, kept, [2, 2, 2])
    assert paying.balance(person_id=world.lin) == before + made["delivery"].total
    sound(world)


def test_nobody_pays_and_nothing_of_it_is_owed_or_held(world: World, inn: Inn) -> None:
    made = place(inn, fill(inn))
    world.pass_(16)
    payments.wind_up(intent_id=paying.intent(ref=f"co:{made['stay'].checkout_id}").id, at=world.at)
    world.pass_()
    assert set(states(now(inn, made)).values()) == {"expired"}
    assert (owed(made["stay"]), inn.left()) == (0, [2, 2, 2])
    sound(world)


def test_called_off_before_it_is_paid_all_of_it_ends(world: World, inn: Inn) -> None:
    made = place(inn, fill(inn))
    orders.cancel(order_id=made["stay"].id, actor=Actor("consumer", world.lin), reason="", at=world.at)
    assert set(states(now(inn, made)).values()) == {"cancelled"}
    assert (owed(made["stay"]), inn.left()) == (0, [2, 2, 2])
    sound(world)


@pytest.mark.parametrize("lost", ["delivery", "stay"])
def test_what_was_kept_for_one_part_is_gone_and_none_is_confirmed(world: World, inn: Inn, lost: str) -> None:
    world.limit("牛肉面", 5)
    before, made = paying.balance(person_id=world.lin), place(inn, fill(inn))
    stock.release(ref=made[lost].ref, at=world.at)
    assert set(states(paid(inn, made)).values()) == {"cancelled"}
    assert (owed(made["stay"]), paying.balance(person_id=world.lin)) == (0, before)
    sound(world)


def test_with_nothing_due_now_it_is_confirmed_at_once(world: World, inn: Inn, pay: str) -> None:
    wants = fill(inn, others=False)
    whole = quoted(inn, wants)
    assert (whole.total, whole.due_now, whole.methods) == (TOTAL, 0, ())
    stay = place(inn, wants, method="")["stay"]
    world.pass_()
    assert (stay.state, stay.method, owed(stay)) == ("paid", METHODS[pay], TOTAL)
    sound(world)


def test_more_than_may_be_owed_holds_nothing(world: World, inn: Inn, pay: str) -> None:
    wants = fill(inn)
    token = quoted(inn, wants).token
    policies.change(number_name=stays.LATER_MOST.name, city_id=0, value=str(TOTAL - 1), actor=world.ou, at=world.at, reason="test")
    if pay == "at_hotel":
        assert quoted(inn, wants).problems == ()
        return
    assert [problem.code for problem in quoted(inn, wants).problems] == ["later.limit"]
    with refused("later.limit"):
        place(inn, wants, quote_token=token)
    assert (len(queries.carts(person_id=world.lin)), inn.left(), queries.orders_of(person_id=world.lin).items) == (3, [2, 2, 2], ())


@pytest.mark.parametrize("pay", ["later"], indirect=True)
def test_two_rooms_that_are_too_much_together_are_refused_together(world: World, inn: Inn) -> None:
    second = open_inn(world, ref="second")
    catalog.set_pay(plan_id=second.plans[second.double, "flex"], pay="later", actor=second.clerk, at=world.at)
    second.put(world.lin)
    wants = [*fill(inn, others=False), CheckoutWant(store_id=second.store_id, mode="stay", coupon_id=None)]
    token = quoted(inn, wants).token
    policies.change(number_name=stays.LATER_MOST.name, city_id=0, value=str(2 * TOTAL - 1), actor=world.ou, at=world.at, reason="test")
    assert [problem.code for problem in quoted(inn, wants).problems] == ["later.limit"]
    with refused("later.limit"):
        place(inn, wants, quote_token=token)
    assert (inn.left(), second.left()) == ([2, 2, 2], [2, 2, 2])
