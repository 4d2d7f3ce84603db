"""Carts that are changed in place, orders that are ordered again, and when things are promised for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from linli.apps.catalog import operations as catalog
from linli.apps.fulfilment import operations as street
from linli.apps.merchants import operations as merchants
from linli.apps.orders import operations as orders
from linli.apps.orders import promise
from linli.apps.orders import queries as ordered
from linli.kernel.actors import SYSTEM
from linli.kernel.geo import Point
from linli.kernel.time import Opening, WeeklyHours, Window
from linli.platform import jobs, policies
from linli.policy import promises as policy
from tests.town import DAILY, NOODLES, World

RULES = promise.Rules(window_s=600, margin_s=180, handover_s=120, slot_s=900, ahead_days=2)


def titles(world: World) -> list[tuple[str, int, tuple[str, ...], int]]:
    cart = ordered.cart(person_id=world.lin, store_id=world.noodles, at=world.at)
    return [(line.title, line.qty, tuple(option.name for option in line.options), line.amount) for line in cart.lines]


def test_the_same_choice_is_one_line_another_choice_is_another(world: World) -> None:
    large = [(world.options["大份"], 1)]
    world.fill(world.lin, {"牛肉面": 1})
    world.fill(world.lin, {"牛肉面": 2})
    world.fill(world.lin, {"牛肉面": 1}, options=large)
    assert titles(world) == [("牛肉面", 3, (), 8400), ("牛肉面", 1, ("大份",), 3200)]
    (first, second) = ordered.cart(person_id=world.lin, store_id=world.noodles, at=world.at).lines
    orders.set_line(person_id=world.lin, line_id=first.id, options=large, at=world.at)
    assert titles(world) == [("牛肉面", 4, ("大份",), 12800)]
    orders.set_line(person_id=world.lin, line_id=second.id, qty=1, at=world.at)
    assert titles(world) == [("牛肉面", 1, ("大份",), 3200)]
    orders.set_line(person_id=world.lin, line_id=second.id, qty=0, at=world.at)
    assert titles(world) == []


def test_each_store_has_a_cart_of_its_own(world: World) -> None:
    world.fill(world.lin, {"牛肉面": 2})
    world.fill(world.lin, {"猪肉饺子": 1}, store_id=world.dumplings)
    briefs = {(brief.store_name, brief.count) for brief in ordered.carts(person_id=world.lin)}
    assert briefs == {("老陈面馆", 2), ("王记饺子", 1)}
    orders.clear_cart(person_id=world.lin, store_id=world.noodles, at=world.at)
    assert [brief.store_name for brief in ordered.carts(person_id=world.lin)] == ["王记饺子"]


def test_filling_with_nothing_empties_and_makes_no_cart(world: World) -> None:
    world.fill(world.lin, {"牛肉面": 2}, options=())
    assert orders.fill_cart(person_id=world.lin, store_id=world.noodles, picks=[], at=world.at).lines == ()
    assert orders.fill_cart(person_id=world.lin, store_id=world.noodles + 1, picks=[], at=world.at).lines == ()
    assert [cart.store_id for cart in ordered.carts(person_id=world.lin)] == []
    assert not apps.get_model("orders.Cart").objects.filter(store_id=world.noodles + 1).exists()


def test_ordering_empties_the_cart_and_ordering_again_fills_it(world: World) -> None:
    world.fill(world.lin, {"牛肉面": 2, "拍黄瓜": 1}, options=())
    order = world.place({})
    assert titles(world) == []
    catalog.set_on_sale(offer_id=world.dishes["拍黄瓜"], on=False, actor=world.chen, at=world.at)
    again = orders.reorder(person_id=world.lin, order_id=order.id, at=world.at)
    assert (again.store_id, again.missing) == (world.noodles, ("拍黄瓜",))
    assert titles(world) == [("牛肉面", 2, (), 5600)]


def test_the_quote_says_line_by_line_what_it_costs(world: World) -> None:
    world.fill(world.lin, {"牛肉面": 2})
    quote = world.quote(world.want(tip=500))
    assert [(line.kind, line.qty, line.amount) for line in quote.lines] == [
        ("item", 2, 5600), ("packaging", 1, 100), ("delivery", 1, 300), ("tip", 1, 500),
    ]  # fmt: skip
    assert quote.valid_until == world.at + timedelta(minutes=15)
    assert quote.promise_from > world.at + timedelta(minutes=12)
    assert quote.promise_to - quote.promise_from == timedelta(minutes=10)


def test_a_closed_store_takes_orders_for_later(world: World) -> None:
    late = tuple(Opening(day, 17 * 60, 21 * 60) for day in range(7))  # from five in the afternoon
    merchants.set_hours(store_id=world.noodles, openings=late, actor=world.chen, at=world.at)
    world.fill(world.lin, {"牛肉面": 2})
    quote = world.quote()
    assert [problem.code for problem in quote.problems] == ["store.closed"]
    assert not quote.asap
    first = quote.slots[0]
    opens = world.at.replace(hour=9, minute=0)
    assert opens + timedelta(minutes=12) < first.start < opens + timedelta(minutes=45)
    want = world.want(scheduled_for=first.start)
    order = world.paid({}, want=want)
    assert (order.promise_from, order.promise_to) == (first.start, first.end)
    world.pass_(30)
    assert world.order(order).state == "paid"  # the store answers once it is open
    world.at = opens
    orders.accept(order_id=order.id, actor=world.chen, at=world.at)
    assert world.order(order).called_at is not None


def test_an_order_for_tomorrow_calls_the_courier_tomorrow(world: World) -> None:
    world.fill(world.lin, {"牛肉面": 2})
    slot = world.quote().slots[-1]
    order = world.accepted({}, want=world.want(scheduled_for=slot.start))
    assert order.called_at is None
    world.pass_(5)
    assert world.order(order).called_at is None
    world.at = slot.start - timedelta(minutes=40)
    jobs.drain(world.at)
    assert world.order(order).called_at == world.at


@pytest.mark.parametrize("tab", ordered.TABS)
def test_lists(world: World, tab: str) -> None:
    order = world.accepted()
    world.place({"素面": 2})
    found = ordered.for_store(store_id=world.noodles, tab=tab)
    assert [view.id for view in found.items] == ([order.id] if tab == "preparing" else [])
    assert ordered.counts_for_store(store_id=world.noodles)["preparing"] == 1
    assert [view.id for view in ordered.board(city_id=world.city_id, at=world.at)] == [order.id]
    assert len(ordered.orders_of(person_id=world.lin).items) == 2
    assert len(ordered.open_of(person_id=world.lin)) == 2
    assert order.actions("merchant") == ("refuse", "ready")
    assert order.actions("consumer") == ("cancel",)


def test_lists_cost_the_same_however_long_they_are(world: World, django_assert_num_queries: object) -> None:
    for _ in range(3):
        world.place()
    with django_assert_num_queries(3):  # type: ignore[operator]
        ordered.orders_of(person_id=world.lin)
    for _ in range(3):
        world.place()
    with django_assert_num_queries(3):  # type: ignore[operator]
        ordered.orders_of(person_id=world.lin)


MOMENTS = st.integers(0, 20_000).map(lambda minute: datetime(2026, 5, 18, tzinfo=UTC) + timedelta(minutes=minute))


@given(at=MOMENTS, prep_s=st.integers(0, 7200), travel_s=st.integers(0, 3600))
def test_windows_are_whole_minutes_after_the_estimate_begins(at: datetime, prep_s: int, travel_s: int) -> None:
    window = promise.window(at, prep_s, travel_s, RULES)
    assert window.start.second == window.start.microsecond == 0
    assert (window.end - window.start).total_seconds() == RULES.window_s
    assert window.start >= at
    assert window.end >= at + timedelta(seconds=prep_s + travel_s)


@given(at=MOMENTS, prep_s=st.integers(0, 3600), travel_s=st.integers(0, 3600))
def test_every_slot_can_be_kept(at: datetime, prep_s: int, travel_s: int) -> None:
    openings = list(WeeklyHours(DAILY, "Asia/Shanghai").windows(at.date() - timedelta(days=1), 4))
    slots = list(promise.slots(at, [window for window in openings if window.end > at], prep_s, travel_s, RULES))
    assert slots == sorted(set(slots), key=lambda slot: slot.start)
    for slot in slots:
        begin = slot.start - timedelta(seconds=promise.lead_s(prep_s, travel_s, RULES))
        assert begin >= at
        assert slot.start <= at + timedelta(days=RULES.ahead_days)
        assert any(window.start <= begin <= window.end for window in openings)
        assert slot.start.timestamp() % RULES.slot_s == 0


def test_a_scheduled_order_is_ready_in_time() -> None:
    start = datetime(2026, 5, 20, 4, 0, tzinfo=UTC)
    ready = promise.ready_at(Window(start, start + timedelta(minutes=15)), 600, RULES)
    assert ready == start - timedelta(seconds=600 + 240)


def test_a_kitchen_that_is_always_late_is_promised_later(world: World) -> None:
    def ahead() -> timedelta:
        world.fill(world.lin, {"牛肉面": 1})
        return world.quote().promise_from - world.at

    usual = ahead()
    for _ in range(8):
        order = world.accepted({"牛肉面": 1})
        assert order.ready_at is not None
        world.pass_(2 * (order.ready_at - world.at).total_seconds() / 60)
        orders.mark_ready(order_id=order.id, actor=world.chen, at=world.at)
    assert ahead() > usual + timedelta(minutes=3)


def test_where_couriers_are_far_away_or_busy_it_is_promised_later(world: World) -> None:
    def ahead() -> timedelta:
        world.pass_(1)
        return world.quote().promise_from - world.at

    world.fill(world.lin, {"牛肉面": 1})
    nobody = ahead()
    street.go_online(courier_id=world.zhao, point=NOODLES, at=world.at)
    assert ahead() == nobody
    street.go_offline(courier_id=world.zhao, at=world.at)
    street.go_online(courier_id=world.qian, point=Point(NOODLES.lat + 0.1, NOODLES.lng), at=world.at)  # 11 km
    far = ahead()
    assert far > nobody + timedelta(minutes=5)
    policies.change(number_name=policy.APPROACH_SHARE.name, city_id=0, value=0, actor=SYSTEM, at=world.at, reason="test")
    assert ahead() == nobody
    policies.change(number_name=policy.APPROACH_SHARE.name, city_id=0, value=1, actor=SYSTEM, at=world.at, reason="test")
    assert ahead() > far + timedelta(minutes=5)
    street.go_offline(courier_id=world.qian, at=world.at)
    street.go_online(courier_id=world.zhao, point=NOODLES, at=world.at)
    assert ahead() == nobody
    for _ in range(3):
        world.ready()
    world.fill(world.lin, {"牛肉面": 1})
    assert ahead() > nobody + timedelta(minutes=5)  # meals that wait for a courier get theirs first
