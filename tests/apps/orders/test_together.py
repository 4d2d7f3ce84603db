"""Several carts in one checkout: one price, one payment, all of it or nothing; afterwards each order lives by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.orders.queries import CheckoutWant, OrderView, TogetherQuote
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.apps.payments.ledger import escrow, held
from linli.apps.stock import operations as stock
from linli.kernel.actors import Actor
from linli.platform import invariants
from tests.town import World, refused

PLENTY = {"牛肉面": 2}
ALSO = {"猪肉饺子": 3}


def wants(world: World) -> list[CheckoutWant]:
    """Noodles brought home, and dumplings to be collected."""
    return [world.want(), CheckoutWant(store_id=world.dumplings, mode="pickup", coupon_id=None)]


@pytest.fixture
def filled(world: World) -> World:
    """Lin's carts hold noodles and dumplings, of which there are five portions."""
    world.fill(world.lin, PLENTY)
    world.fill(world.lin, ALSO, store_id=world.dumplings)
    world.limit("牛肉面", 50)
    stock.put_supply(
        store_id=world.dumplings, offer_id=world.dishes["猪肉饺子"], name="饺子", grain_minutes=0, capacity=5, at=world.at
    )  # fmt: skip
    return world


def quote(world: World) -> TogetherQuote:
    return ordered.quote_all(person_id=world.lin, wants=wants(world), at=world.at)


def place(world: World, **changes: Any) -> list[OrderView]:
    how: dict[str, Any] = {"wants": wants(world), "method": "balance", "idempotency_key": world.key(), **changes}
    token = how.pop("token", "") or quote(world).token
    return orders.place_all(person_id=world.lin, quote_token=token, at=world.at, **how)


def pay(world: World, made: list[OrderView]) -> list[OrderView]:
    intent = paying.intent(ref=f"co:{made[0].checkout_id}")
    payments.start(intent_id=intent.id, person_id=world.lin, method="balance", at=world.at)
    world.pass_()
    return ordered.together_of(checkout_id=made[0].checkout_id or 0)


def sound(world: World) -> None:
    """No rule is broken."""
    assert not {name: broken for name, broken in invariants.check_all(world.at).items() if broken}


def test_the_price_is_the_sum_of_its_parts_and_each_part_is_an_order(filled: World) -> None:
    shown = quote(filled)
    assert shown.total == sum(part.total for part in shown.parts) == sum(line.amount for part in shown.parts for line in part.lines)
    made = place(filled)
    assert [order.state for order in made] == ["placed", "placed"]
    assert sum(order.total for order in made) == shown.total == paying.intent(ref=f"co:{made[0].id}").amount
    assert not ordered.carts(person_id=filled.lin)


def test_paid_once_and_every_part_has_its_own_escrow(filled: World) -> None:
    before = paying.balance(person_id=filled.lin)
    made = pay(filled, place(filled))
    assert [order.state for order in made] == ["paid", "accepted"]  # one store answers by hand, the other by itself
    assert before - paying.balance(person_id=filled.lin) == sum(order.total for order in made)
    assert [held(escrow(order.ref)) for order in made] == [order.total for order in made]
    assert held(escrow(f"co:{made[0].checkout_id}")) == 0
    sound(filled)


def test_a_part_cannot_be_paid_by_itself(filled: World) -> None:
    made = place(filled)
    with refused("method.unknown"):
        payments.start(intent_id=paying.intent(ref=made[0].ref).id, person_id=filled.lin, method="balance", at=filled.at)


def test_a_part_is_called_off_later_and_only_its_money_goes_back(filled: World) -> None:
    noodles, dumplings = pay(filled, place(filled))
    before = paying.balance(person_id=filled.lin)
    orders.cancel(order_id=noodles.id, actor=Actor("consumer", filled.lin), reason="", at=filled.at)
    filled.pass_()
    assert paying.balance(person_id=filled.lin) - before == noodles.total
    assert filled.order(dumplings).state == "accepted"
    assert [refund.amount for refund in paying.refunds(ref=noodles.ref)] == [noodles.total]
    assert held(escrow(noodles.ref)) == 0
    orders.hand_over(order_id=dumplings.id, code=dumplings.pickup_code, actor=filled.wang, at=filled.at)
    filled.pass_(3 * 60)
    assert filled.order(dumplings).state == "completed"
    sound(filled)


def test_before_it_is_paid_all_of_it_is_called_off(filled: World) -> None:
    made = place(filled)
    orders.cancel(order_id=made[1].id, actor=Actor("consumer", filled.lin), reason="", at=filled.at)
    assert {order.state for order in ordered.together_of(checkout_id=made[0].id)} == {"cancelled"}
    assert {paying.intent(ref=order.ref).state for order in made} == {"cancelled"}
    sound(filled)


def test_one_part_that_cannot_be_had_leaves_everything_as_it_was(filled: World) -> None:
    token = quote(filled).token
    stock.set_count(offer_id=filled.dishes["猪肉饺子"], count=2, actor=filled.wang, at=filled.at)
    with refused("stock.short"):
        place(filled, token=token)
    assert len(ordered.carts(person_id=filled.lin)) == 2
    assert not ordered.orders_of(person_id=filled.lin).items
    assert quote(filled).problems
    assert quote(filled).token == ""
    sound(filled)


def test_the_same_key_gives_the_same_orders(filled: World) -> None:
    token, key = quote(filled).token, filled.key()
    first = place(filled, token=token, idempotency_key=key)
    again = place(filled, token=token, idempotency_key=key)
    assert [order.id for order in first] == [order.id for order in again]
    with refused("idempotency.mismatch"):
        place(filled, token=token, idempotency_key=key, wants=wants(filled)[:1])


def test_nobody_pays_and_all_of_it_ends(filled: World) -> None:
    made = place(filled)
    intent = paying.intent(ref=f"co:{made[0].id}")
    filled.pass_(16)
    payments.wind_up(intent_id=intent.id, at=filled.at)
    filled.pass_()
    assert {order.state for order in ordered.together_of(checkout_id=made[0].id)} == {"expired"}
    with refused("intent.closed"):
        payments.start(intent_id=intent.id, person_id=filled.lin, method="balance", at=filled.at)
    sound(filled)


def test_something_kept_for_one_part_is_gone_and_no_part_is_confirmed(filled: World) -> None:
    made = place(filled)
    before = paying.balance(person_id=filled.lin)
    stock.release(ref=made[1].ref, at=filled.at)
    assert {order.state for order in pay(filled, made)} == {"cancelled"}
    assert paying.balance(person_id=filled.lin) == before
    sound(filled)


def test_paid_twice_counts_once(filled: World) -> None:
    made = place(filled)
    pay(filled, made)
    orders.paid_together(checkout_id=made[0].id, method="balance", at=filled.at)
    pay(filled, made)
    assert [event.event for event in filled.order(made[0]).events].count("confirm") == 1
    sound(filled)


@pytest.mark.parametrize(("bad", "code"), [([], "checkout.parts"), ([0, 0], "checkout.twice"), ([0] * 11, "checkout.parts")])
def test_lists_of_parts_that_make_no_sense(filled: World, bad: list[int], code: str) -> None:
    with refused(code):
        ordered.quote_all(person_id=filled.lin, wants=[wants(filled)[index] for index in bad], at=filled.at)


def test_a_price_of_another_checkout_does_not_count(filled: World) -> None:
    single = filled.quote().token
    with refused("quote.changed"):
        place(filled, token=single)
    with refused("quote.expired"):
        token = quote(filled).token
        filled.at += timedelta(hours=1)
        place(filled, token=token)
