"""Vouchers and tickets: paid they are codes, used in the store as often as they say, and what is not used goes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.apps.catalog import operations as catalog
from linli.apps.catalog import queries as menus
from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment.queries import PassView
from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.orders.queries import CheckoutWant
from linli.apps.payments import queries as paying
from linli.apps.stock import queries as shelves
from linli.kernel.actors import Actor
from linli.platform import invariants, jobs
from tests.passes import PRICE, admit, buy, codes, ticket, voucher
from tests.town import World, refused


def slots(world: World, found: int, days: int = 1) -> Sequence[tuple[datetime, datetime]]:
    terms = next(terms for terms in menus.timed_terms(store_id=world.noodles) if terms.id == found)
    return menus.ticket_slots(offer=terms, day=menus.ticket_days(offer=terms, at=world.at)[days], at=world.at)


def use(world: World, code: str, count: int = 1, key: str = "") -> PassView:
    found = fulfilment.redeem(store_id=world.noodles, code=code, count=count, key=key or world.key(), actor=world.chen, at=world.at)
    world.pass_()
    return found


def sound(world: World) -> None:
    assert not {name: broken for name, broken in invariants.check_all(world.at).items() if broken}


def test_paid_it_is_a_code_and_used_it_is_had(world: World) -> None:
    order = buy(world, voucher(world))
    assert (order.state, len(codes(order))) == ("valid", 1)
    assert use(world, codes(order)[0].spaced).left == 0
    assert world.order(order).state == "redeemed"
    world.pass_(3 * 60)
    assert world.order(order).state == "completed"
    sound(world)


def test_used_in_parts_and_never_more_often_than_it_says(world: World) -> None:
    order = buy(world, voucher(world, uses=3))
    code = codes(order)[0].code
    assert use(world, code).left == 2
    assert use(world, code, 1, "the-same-key").left == use(world, code, 1, "the-same-key").left == 1
    with refused("pass.spent"):
        use(world, code, 2)
    assert world.order(order).state == "valid"
    use(world, code)
    with refused("pass.spent"):
        use(world, code)
    assert world.order(order).state == "redeemed"


def test_not_used_in_time_goes_back_by_itself(world: World) -> None:
    before = paying.balance(person_id=world.lin)
    order = buy(world, voucher(world, valid_days=1))
    world.pass_(48 * 60)
    fulfilment.lapse_passes(at=world.at)
    world.pass_()
    assert world.order(order).state == "lapsed"
    assert paying.balance(person_id=world.lin) == before
    with refused("pass.over"):
        use(world, codes(order)[0].code)
    sound(world)


def test_what_is_left_of_a_part_used_one_goes_back(world: World) -> None:
    order = buy(world, voucher(world, uses=4, valid_days=1), qty=2)
    use(world, codes(order)[0].code, 3)
    before = paying.balance(person_id=world.lin)
    world.pass_(48 * 60)
    fulfilment.lapse_passes(at=world.at)
    world.pass_()
    assert paying.balance(person_id=world.lin) - before == 2 * PRICE * 5 // 8
    assert world.order(order).state == "redeemed"
    world.pass_(3 * 60)
    assert world.order(order).state == "completed"
    sound(world)


def test_called_off_before_use_the_code_is_dead(world: World) -> None:
    before = paying.balance(person_id=world.lin)
    order = buy(world, voucher(world))
    orders.cancel(order_id=order.id, actor=Actor("consumer", world.lin), reason="", at=world.at)
    world.pass_()
    assert paying.balance(person_id=world.lin) == before
    with refused("pass.over"):
        use(world, codes(order)[0].code)
    sound(world)


def test_days_and_hours_when_it_cannot_be_used(world: World) -> None:
    rules = [{"weekdays": [2], "start": 11 * 60, "end": 14 * 60}, {"from": "2026-05-22", "to": "2026-05-23"}]
    code = codes(buy(world, voucher(world, blackout=rules)))[0].code
    with refused("pass.blackout"):  # Wednesday, half past eleven
        use(world, code)
    world.at += timedelta(days=2)
    with refused("pass.blackout"):
        use(world, code)
    world.at += timedelta(days=2)
    assert use(world, code).left == 0


def test_codes_of_other_stores_and_guesses(world: World) -> None:
    code = codes(buy(world, voucher(world)))[0].code
    with refused("pass.unknown"):
        fulfilment.redeem(store_id=world.dumplings, code=code, key=world.key(), actor=world.wang, at=world.at)
    with refused("store.forbidden"):
        fulfilment.redeem(store_id=world.noodles, code=code, key=world.key(), actor=world.wang, at=world.at)
    for _ in range(30):
        with refused("pass.unknown"):
            use(world, "000000000000")
    with refused("limit.reached"):
        use(world, "000000000000")
    assert use(world, code).left == 0  # who has a code is let in all the same


def test_a_ticket_holds_a_place_in_its_slot(world: World) -> None:
    found = ticket(world)
    start, end = slots(world, found)[0]
    order = buy(world, found, 3, starts_at=start)
    assert (order.promise_from, order.lines[0].starts_at, order.lines[0].ends_at) == (order.placed_at, start, end)
    with refused("stock.short"):
        buy(world, found, 1, starts_at=start)
    assert buy(world, found, 1, starts_at=slots(world, found)[1][0]).state == "valid"
    with refused("pass.early"):
        use(world, codes(order)[0].code)
    world.pass_((start - world.at).total_seconds() / 60)
    for each in codes(order):
        use(world, each.code)
    assert world.order(order).state == "redeemed"
    sound(world)


def test_the_places_in_a_slot_stay_counted_and_can_be_changed(world: World) -> None:
    found = ticket(world, capacity=3)
    start = slots(world, found)[0][0]
    buy(world, found, 2, starts_at=start)  # and all that the catalogue told meanwhile was heard
    assert shelves.left_at(offer_id=found, moments=[start]) == {start: 1}
    admit(world, found, 1)
    later = slots(world, found)[1][0]
    assert shelves.left_at(offer_id=found, moments=[start, later]) == {start: 0, later: 1}
    admit(world, found, None)
    assert shelves.left_at(offer_id=found, moments=[start]) == {start: None}
    admit(world, found, 3)
    with refused("stock.slots"):
        admit(world, found, 3, slot=60)
    sound(world)


def test_slots_that_nobody_has_a_place_in_can_be_cut_anew(world: World) -> None:
    found = ticket(world, capacity=3)
    admit(world, found, 4, slot=60)
    catalog.set_ticket_terms(offer_id=found, opens=540, closes=1020, slot_minutes=60, actor=world.chen, at=world.at)
    start = slots(world, found)[1][0]
    buy(world, found, 4, starts_at=start)
    with refused("stock.short"):
        buy(world, found, 1, starts_at=start)
    assert shelves.left_at(offer_id=found, moments=[start + timedelta(hours=1)]) == {start + timedelta(hours=1): 4}
    sound(world)


def test_so_many_vouchers_and_no_more(world: World) -> None:
    found = voucher(world, count=2)
    buy(world, found, 2)
    with refused("stock.short"):
        buy(world, found)


@pytest.mark.parametrize(("free_until", "kept"), [(60, 0), (60 * 24 * 10, 3_000)])
def test_a_ticket_called_off_costs_what_its_rules_say(world: World, free_until: int, kept: int) -> None:
    found = ticket(world, free_until=free_until, late_bp=5_000)
    before = paying.balance(person_id=world.lin)
    order = buy(world, found, 1, starts_at=slots(world, found)[0][0])
    orders.cancel(order_id=order.id, actor=Actor("consumer", world.lin), reason="", at=world.at)
    world.pass_()
    assert before - paying.balance(person_id=world.lin) == kept == world.order(order).kept
    assert buy(world, found, 3, starts_at=slots(world, found)[0][0]).state == "valid"  # its place is free again
    sound(world)


def test_a_ticket_that_is_not_used_costs_what_giving_it_back_late_does(world: World) -> None:
    found = ticket(world, free_until=60, late_bp=5_000)
    start, end = slots(world, found)[0]
    before = paying.balance(person_id=world.lin)
    order = buy(world, found, 2, starts_at=start)
    world.pass_((end - world.at).total_seconds() / 60 + 1)
    fulfilment.lapse_passes(at=world.at)
    world.pass_()
    assert (world.order(order).state, world.order(order).kept) == ("lapsed", 6_000)
    assert before - paying.balance(person_id=world.lin) == 6_000
    sound(world)


def test_times_that_there_are_not(world: World) -> None:
    found = ticket(world, closed_days=[3])
    start = slots(world, found)[0][0]
    for when, code in (
        ({}, "line.time"),
        ({"starts_at": start + timedelta(minutes=1)}, "line.slot"),
        ({"starts_at": start + timedelta(days=40)}, "line.slot"),
        ({"starts_at": world.at.replace(hour=1, minute=0)}, "line.past"),
        ({"starts_at": start, "ends_at": start + timedelta(hours=5)}, "line.slot"),
        ({"starts_at": start, "details": {"seat": 1}}, "line.most"),
    ):
        with refused(code):
            buy(world, found, **when)
    assert not ordered.cart(person_id=world.lin, store_id=world.noodles, at=world.at).lines


def test_dishes_and_vouchers_of_one_store_are_checked_out_each_in_their_way(world: World) -> None:
    found = voucher(world)
    world.fill(world.lin, {"牛肉面": 2})
    orders.add_line(person_id=world.lin, store_id=world.noodles, offer_id=found, at=world.at)
    assert [line.kind for line in world.quote().lines if line.kind == "item"] == ["item"]
    wants = [world.want(), CheckoutWant(store_id=world.noodles, mode="voucher", coupon_id=None)]
    shown = ordered.quote_all(person_id=world.lin, wants=wants, at=world.at)
    assert not shown.problems
    made = orders.place_all(
        person_id=world.lin, wants=wants, quote_token=shown.token, method="balance", idempotency_key=world.key(), at=world.at
    )
    assert {order.mode for order in made} == {"delivery", "voucher"}


@pytest.mark.parametrize(
    "terms",
    [{"uses": 0}, {"valid_days": 0}, {"blackout": [{"weekdays": [9]}]}, {"blackout": [{"from": "x", "to": "y"}]}, {"most": 99}],
)
def test_terms_that_make_no_sense(world: World, terms: dict[str, Any]) -> None:
    with refused("voucher.blackout" if "blackout" in terms else "voucher.terms"):
        voucher(world, **terms)
    jobs.drain(world.at)
