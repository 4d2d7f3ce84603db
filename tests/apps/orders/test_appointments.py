"""An appointment from the cart to the chair: booked and paid like a meal, moved, called off by its own rules, and everything given back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.orders.queries import CheckoutWant, OrderView
from linli.apps.payments import queries as paying
from linli.apps.stock import queries as calendar
from linli.kernel.actors import Actor
from tests.salon import Salon, salon
from tests.town import World, refused


@pytest.fixture
def shop(world: World) -> Salon:
    return salon(world)


def book(
    shop: Salon, offer_id: int, *starts: object, mode: str = "appointment", person_id: int = 0, guests: int = 0, **details: object
) -> OrderView:
    world, who = shop.world, person_id or shop.world.lin
    for starts_at in starts:
        orders.add_line(
            person_id=who, store_id=shop.store, offer_id=offer_id, starts_at=starts_at, guests=guests, details=details, at=world.at  # type: ignore[arg-type]
        )  # fmt: skip
    want = CheckoutWant(store_id=shop.store, mode=mode, address_id=None, coupon_id=None)
    quote = ordered.quote(person_id=who, want=want, at=world.at)
    for problem in quote.problems:
        raise problem
    token = quote.token
    return orders.place(person_id=who, want=want, quote_token=token, method="balance", idempotency_key=world.key(), at=world.at)


def free(shop: Salon, hour: int) -> bool:
    slots = calendar.free_slots(offer_id=shop.cut, first=shop.at(hour), last=shop.at(hour, 5), at=shop.world.at, staff=shop.mei)
    return bool(slots)


def actor(world: World) -> Actor:
    return Actor("consumer", world.lin)


def test_booked_and_paid_the_time_is_taken_and_the_store_knows(shop: Salon) -> None:
    order = book(shop, shop.cut, shop.at(9), staff=shop.mei)
    assert not free(shop, 9)
    paid = shop.world.pay(order)
    assert paid.state == "confirmed"
    assert (paid.promise_from, paid.promise_to) == (shop.at(9), shop.at(9, 45))
    (row,) = calendar.bookings(store_id=shop.store, first=shop.at(0), last=shop.at(23))
    assert (row.ref, row.lead_id, row.starts_at) == (order.ref, shop.mei, shop.at(9))


def test_unpaid_it_is_free_again(shop: Salon) -> None:
    order = book(shop, shop.cut, shop.at(9), staff=shop.mei)
    assert orders.expire(order_id=order.id, at=shop.at(0))
    assert free(shop, 9)


def test_a_series_is_one_order_and_all_or_nothing(shop: Salon) -> None:
    book(shop, shop.cut, shop.at(9, days=8), staff=shop.mei, person_id=shop.world.he)
    weekly = [shop.at(9, days=1), shop.at(9, days=8), shop.at(9, days=15)]
    with refused("slot.taken"):
        book(shop, shop.cut, *weekly, staff=shop.mei)
    assert free(shop, 9)
    orders.clear_cart(person_id=shop.world.lin, store_id=shop.store, at=shop.world.at)
    order = book(shop, shop.cut, *(time + timedelta(hours=1) for time in weekly), staff=shop.mei)
    assert order.total == 3 * 8800
    assert len(calendar.bookings_of(refs=[order.ref])[order.ref]) == 3


def test_moved_by_the_person_in_time_and_by_the_store_at_any_time(shop: Salon) -> None:
    world = shop.world
    order = world.pay(book(shop, shop.cut, shop.at(9, days=3), staff=shop.mei))
    (row,) = calendar.bookings_of(refs=[order.ref])[order.ref]
    orders.reschedule(order_id=order.id, booking_id=row.id, starts_at=shop.at(10, days=3), staff=shop.mei, actor=actor(world), at=world.at)
    moved = world.order(order)
    assert (moved.state, moved.promise_from) == ("confirmed", shop.at(10, days=3))
    with refused("booking.past"):
        orders.reschedule(order_id=order.id, booking_id=row.id, starts_at=world.at - timedelta(days=1), actor=actor(world), at=world.at)
    late = shop.at(9, days=3)
    with refused("move.late"):
        orders.reschedule(order_id=order.id, booking_id=row.id, starts_at=shop.at(15, days=3), actor=actor(world), at=late)
    store = Actor("merchant", 1, shop.store)
    orders.reschedule(order_id=order.id, booking_id=row.id, starts_at=shop.at(15, days=3), actor=store, at=late)
    with refused("order.unknown"):
        orders.reschedule(order_id=order.id, booking_id=row.id, starts_at=shop.at(15), actor=Actor("consumer", world.he), at=late)


def test_called_off_by_notice_and_the_chair_is_free_again(shop: Salon) -> None:
    world = shop.world
    for hours_before, back in ((48, 8800), (12, 8800 * 7 // 10), (1, 0)):
        order = world.pay(book(shop, shop.cut, shop.at(9, days=5), staff=shop.mei))
        when = shop.at(9, days=5) - timedelta(hours=hours_before)
        orders.cancel(order_id=order.id, actor=actor(world), reason="没时间", at=when)
        assert world.order(order).state == "cancelled"
        assert paying.intent(ref=order.ref).refunded == back
        assert calendar.bookings(store_id=shop.store, first=shop.at(0), last=shop.at(0, days=9)) == []


def test_a_visit_needs_a_place_and_a_table_takes_a_deposit_from_many(shop: Salon) -> None:
    with refused("booking.place"):
        book(shop, shop.clean, shop.at(9))
    assert book(shop, shop.clean, shop.at(9), place=[39.9, 116.4]).total == 12000
    small = book(shop, shop.table, shop.at(12), mode="table", guests=2)
    assert (small.total, shop.world.order(small).state) == (0, "confirmed")
    large = book(shop, shop.table, shop.at(18), mode="table", guests=4, person_id=shop.world.he)
    assert calendar.bookings_of(refs=[large.ref])[large.ref][0].lead_id == shop.fours
    with refused("slot.taken"):
        book(shop, shop.table, shop.at(18), mode="table", guests=8)


def test_a_quote_says_what_is_wrong_before_anybody_pays(shop: Salon) -> None:
    world = shop.world
    orders.add_line(
        person_id=world.lin, store_id=shop.store, offer_id=shop.cut, starts_at=shop.at(9), details={"staff": shop.mei}, at=world.at
    )
    book(shop, shop.cut, shop.at(9), staff=shop.mei, person_id=world.he)
    want = CheckoutWant(store_id=shop.store, mode="appointment", address_id=None, coupon_id=None)
    quote = ordered.quote(person_id=world.lin, want=want, at=world.at)
    assert [problem.code for problem in quote.problems] == ["slot.taken"]
    assert ordered.quote(person_id=world.lin, want=replace(want, mode="pickup"), at=world.at).problems[0].code
