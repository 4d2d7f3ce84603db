"""A stay from the search to the key: found, priced to the fen, all nights or none, wishes with consent, checked in and out, called off."""

from datetime import timedelta

import pytest

from linli.apps.catalog import operations as catalog
from linli.apps.discovery.queries import stays
from linli.apps.discovery.queries.stays import StayWant
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import CheckoutWant
from linli.apps.payments import queries as paying
from linli.kernel.actors import Actor
from linli.platform import invariants
from tests.inn import FRIDAY, Inn, open_inn
from tests.town import World, refused

DAY = timedelta(days=1)


@pytest.fixture
def inn(world: World) -> Inn:
    return open_inn(world)


def all_well(world: World) -> None:
    assert {name: found for name, found in invariants.check_all(world.at).items() if found} == {}


def test_from_the_search_to_the_key(world: World, inn: Inn) -> None:
    found = stays.hotels(city_id=world.city_id, want=StayWant(first=FRIDAY, nights=3, sort="price"), at=world.at)
    (card,) = found.cards
    assert (card.store.id, card.plan.name_en, card.total, card.left) == (inn.store_id, "Saver", 3 * 36_000, 2)

    order = inn.confirmed(nights=3, name="林")
    (line,) = order.items
    assert (order.total, order.state, line.qty, line.guests) == (2 * 45_000 + 40_000, "confirmed", 1, 2)
    assert [price for _, price in line.details["nights"]] == [45_000, 45_000, 40_000]
    assert inn.left() == [1, 1, 1]

    world.pass_(3 * 24 * 60)
    orders.advance(order_id=order.id, event="check_in", actor=inn.clerk, data={"room": "305", "id_seen": True}, at=world.at)
    assert world.order(order).events[-1].data == {"room": "305", "id_seen": True}
    world.pass_(3 * 24 * 60)
    orders.advance(order_id=order.id, event="check_out", actor=inn.clerk, at=world.at)
    world.pass_(3 * 60)
    assert world.order(order).state == "completed"
    assert paying.payable(kind="store", owner=inn.store_id) == 130_000 * 94 // 100
    all_well(world)


def test_what_cannot_be_is_said_kindly_and_holds_nothing(world: World, inn: Inn) -> None:
    with refused("stay.past"):
        inn.put(world.lin, first=FRIDAY - 10 * DAY)
    with refused("stay.reversed"):
        inn.put(world.lin, nights=0)
    with refused("stay.reversed"):
        inn.put(world.lin, nights=-3)
    with refused("stay.long"):
        inn.put(world.lin, nights=40)
    with refused("stay.ahead"):
        inn.put(world.lin, first=FRIDAY + 500 * DAY)
    with refused("stay.guests"):
        inn.put(world.lin, guests=3)
    with refused("stay.nights"):
        inn.put(world.lin, nights=1, plan="saver")
    with refused("stay.party"):
        inn.put(world.lin, qty=2, guests=1)
    with refused("stock.short"):
        inn.put(world.lin, qty=3, guests=4)
    inn.plans[inn.double, "flex"] = 1
    with refused("plan.gone"):
        inn.put(world.lin)
    assert inn.left() == [2, 2, 2]


def test_wishes_are_passed_on_only_with_consent(world: World, inn: Inn) -> None:
    with refused("stay.consent"):
        inn.put(world.lin, wishes=["quiet"])
    with refused("stay.child_bed"):
        inn.put(world.lin, wishes=["child_bed"], consent=True)
    with refused("stay.wish"):
        inn.put(world.lin, wishes=["sea view"], consent=True)
    order = inn.book(wishes=["quiet"], note="晚到", consent=True)
    assert {key: order.items[0].details[key] for key in ("wishes", "note", "consent")} == {
        "wishes": ["quiet"],
        "note": "晚到",
        "consent": True,
    }


def test_calling_off_costs_what_the_plan_says(world: World, inn: Inn) -> None:
    free = inn.confirmed()
    orders.cancel(order_id=free.id, actor=Actor("consumer", world.lin), reason="plans changed", at=world.pass_(1))
    assert (world.order(free).refunded, inn.left()) == (90_000, [2, 2, 2])

    fixed = inn.confirmed(plan="saver")
    orders.cancel(order_id=fixed.id, actor=Actor("consumer", world.lin), reason="plans changed", at=world.pass_(1))
    assert (world.order(fixed).refunded, inn.left()) == (0, [2, 2, 2])

    late = inn.confirmed()
    world.pass_(2 * 24 * 60)  # half past eleven on Friday: after the last free moment
    orders.cancel(order_id=late.id, actor=Actor("consumer", world.lin), reason="plans changed", at=world.at)
    assert world.order(late).refunded == 45_000
    all_well(world)


def test_a_price_that_changes_is_shown_again_before_anything_is_booked(world: World, inn: Inn) -> None:
    inn.put(world.lin)
    want = CheckoutWant(store_id=inn.store_id, mode="stay", coupon_id=None)
    token = world.quote(want).token
    catalog.set_nights(plan_id=inn.plans[inn.double, "flex"], first=FRIDAY, last=FRIDAY, price=60_000, actor=inn.clerk, at=world.at)
    with refused("quote.changed"):
        orders.place(person_id=world.lin, want=want, quote_token=token, method="balance", idempotency_key=world.key(), at=world.at)
    assert (world.quote(want).total, inn.left()) == (105_000, [2, 2, 2])
    catalog.set_nights(plan_id=inn.plans[inn.double, "flex"], first=FRIDAY, last=FRIDAY, closed=True, actor=inn.clerk, at=world.at)
    assert [problem.code for problem in world.quote(want).problems] == ["room.closed"]


def test_sold_out_hotels_are_not_found_but_counted(world: World, inn: Inn) -> None:
    inn.book(qty=2, guests=2)
    want = StayWant(first=FRIDAY, nights=1, guests=2)
    assert [card.room.name_en for card in stays.hotels(city_id=world.city_id, want=want, at=world.at).cards] == ["Family"]
    inn.town.pass_()
    none = stays.hotels(city_id=world.city_id, want=StayWant(first=FRIDAY, nights=1, guests=4, rooms=2), at=world.at)
    assert (none.total, none.full) == (0, 1)
