"""Many people at the same moment, in real processes: what is scarce is sold as often as there is, and a repeated order is one order.

Each guard has a control that shows what happens without it.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.orders import operations as orders
from linli.apps.orders.operations import placing
from linli.apps.orders.queries import CheckoutWant
from linli.apps.promotions import operations as promotions
from linli.apps.promotions.operations import CampaignWant
from linli.apps.stock import operations as stock
from linli.apps.stock import queries as left_of
from linli.apps.stock.models import Bucket, Supply
from linli.apps.stock.operations import Want
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict
from linli.platform import invariants
from tests.parallel import together
from tests.town import World, build

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS = 12
LAST = 3


@pytest.fixture
def town() -> World:
    return build()


def outcomes(results: list[tuple[str, object]]) -> Counter[tuple[str, object]]:
    """How often each outcome came up; a crash is shown in full."""
    assert [trace for kind, trace in results if kind == "failed"] == []
    return Counter((kind, detail if kind == "refused" else None) for kind, detail in results)


def buyers(town: World) -> list[tuple[int, CheckoutWant, str]]:
    """Twelve people with one bowl of the same noodles in the cart, and what they were quoted."""
    ready = []
    for number in range(BUYERS):
        person = accounts.ensure_person(phone=f"1390000{number:04d}", name=f"买家{number}", at=town.at)
        want = CheckoutWant(store_id=town.noodles, mode="pickup", coupon_id=None)
        town.fill(person.id, {"牛肉面": 1})
        ready.append((person.id, want, town.quote(want, person_id=person.id).token))
    return ready


def buy(town: World, person_id: int, want: CheckoutWant, token: str, key: str) -> int:
    placed = orders.place(person_id=person_id, want=want, quote_token=token, method="sandbox", idempotency_key=key, at=town.at)
    return placed.id


def test_the_last_bowls_are_sold_exactly_once_each(town: World) -> None:
    town.limit("牛肉面", LAST)
    results = together(buy, [(town, *buyer, f"buyer-{number:04d}") for number, buyer in enumerate(buyers(town))])
    assert outcomes(results) == {("done", None): LAST, ("refused", "stock.short"): BUYERS - LAST}
    assert left_of.left(offer_ids=[town.dishes["牛肉面"]], at=town.at) == {town.dishes["牛肉面"]: 0}
    assert {name: found for name, found in invariants.check_all(town.at).items() if found} == {}


def look_then_take(offer_id: int, at: object) -> None:
    """What buying would be without lock and constraint: look, think, write down what was seen plus one."""
    bucket = Bucket.objects.get(supply__offer_id=offer_id)
    time.sleep(0.05)
    if bucket.capacity - bucket.held >= 1:
        Bucket.objects.filter(pk=bucket.pk).update(held=bucket.held + 1)
    else:
        raise Conflict("stock.short", "short")


def test_control_without_the_lock_more_is_sold_than_there_is(town: World) -> None:
    town.limit("牛肉面", LAST)
    results = together(look_then_take, [(town.dishes["牛肉面"], town.at)] * BUYERS)
    assert outcomes(results)["done", None] > LAST


def test_the_same_key_many_times_is_one_order(town: World) -> None:
    town.limit("牛肉面", 1)
    (buyer, *_) = buyers(town)
    results = together(buy, [(town, *buyer, "pressed-many-times")] * 20)
    assert outcomes(results) == {("done", None): 20}
    assert len({order_id for _, order_id in results}) == 1
    assert Supply.objects.count() == 1
    assert left_of.left(offer_ids=[town.dishes["牛肉面"]], at=town.at) == {town.dishes["牛肉面"]: 0}
    assert buy(town, *buyer, "pressed-many-times") == results[0][1]  # sold out by now, and still the same answer


def buy_unclaimed(town: World, person_id: int, want: CheckoutWant, token: str, key: str) -> int:
    """Ordering without the claim: every press of the button is taken for a new wish."""

    def unclaimed(person_id: int, key: str, digest: str, at: object) -> tuple[int, bool]:
        return placing.new_id(town.at), True

    with patch.object(placing, "claimed", unclaimed):
        return buy(town, person_id, want, token, key)


def test_control_without_the_claim_a_double_press_is_answered_differently(town: World) -> None:
    town.limit("牛肉面", 1)
    (buyer, *_) = buyers(town)
    results = together(buy_unclaimed, [(town, *buyer, "pressed-many-times")] * 6)
    assert len(outcomes(results)) > 1 or outcomes(results)["done", None] > 1


def call_off(town: World, order_id: int, person_id: int) -> str:
    orders.cancel(order_id=order_id, actor=Actor("consumer", person_id), reason="", at=town.at)
    return "cancelled"


def place_or_call_off(town: World, what: str, *args: Any) -> object:
    return call_off(town, *args) if what == "call off" else buy(town, *args)


def test_ordering_and_calling_off_at_once_never_block_each_other(town: World) -> None:
    day = timedelta(days=1)
    campaign = CampaignWant(
        kind="full_reduction", title="满减", title_en="Off", rules={"tiers": [[1000, 100]]}, store_id=town.noodles, budget=100_000,
        starts_at=town.at - day, ends_at=town.at + day,
    )  # fmt: skip
    promotions.put_campaign(want=campaign, at=town.at)
    town.limit("牛肉面", 50)
    people = buyers(town)
    placed = [buy(town, *buyer, f"first-{number:04d}") for number, buyer in enumerate(people[:6])]
    tasks = [(town, "call off", order_id, buyer[0]) for order_id, buyer in zip(placed, people[:6], strict=True)]
    tasks += [(town, "buy", *buyer, f"second-{number:04d}") for number, buyer in enumerate(people[6:])]
    results = together(place_or_call_off, [task for pair in zip(tasks[:6], tasks[6:], strict=True) for task in pair])
    assert outcomes(results) == {("done", None): 12}
    assert left_of.left(offer_ids=[town.dishes["牛肉面"]], at=town.at) == {town.dishes["牛肉面"]: 44}
    assert {name: found for name, found in invariants.check_all(town.at).items() if found} == {}


def reserve(offer_ids: tuple[int, int], ref: str, at: object) -> None:
    stock.hold(ref=ref, wants=[Want(offer_id, 1) for offer_id in offer_ids], expires_at=at, at=at)  # type: ignore[arg-type]


def test_holds_in_opposite_orders_do_not_wait_for_each_other_in_a_ring(town: World) -> None:
    town.limit("牛肉面", 100)
    town.limit("素面", 100)
    one, two = town.dishes["牛肉面"], town.dishes["素面"]
    results = together(reserve, [((one, two) if number % 2 else (two, one), f"or:{number}", town.at) for number in range(BUYERS)])
    assert outcomes(results) == {("done", None): BUYERS}
    assert left_of.left(offer_ids=[one, two], at=town.at) == {one: 100 - BUYERS, two: 100 - BUYERS}
