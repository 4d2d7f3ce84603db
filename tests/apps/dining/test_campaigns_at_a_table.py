"""Campaigns count for a meal, however many rounds and people it has: an amount once, a percentage of every round up to one cap."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.apps.orders import operations as orders
from linli.apps.orders.queries import OrderView
from linli.apps.promotions import operations as promotions
from linli.apps.promotions.operations import CampaignWant
from tests.diningroom import DiningRoom, dining_room
from tests.town import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(world: World) -> DiningRoom:
    return dining_room(world)


def campaign(room: DiningRoom, kind: str, rules: dict[str, Any]) -> None:
    at = room.world.at
    want = CampaignWant(
        kind=kind, title="满减", title_en="Off", rules=rules, store_id=room.store, starts_at=at - timedelta(days=1),
        ends_at=at + timedelta(days=1),
    )  # fmt: skip
    promotions.put_campaign(want=want, at=at)


def rounds(room: DiningRoom, visit: int, count: int = 3) -> list[OrderView]:
    """Lin and He each send a portion of pork dumplings (32.00), some times over."""
    room.sit(room.world.he)
    for _ in range(count):
        for person in (room.world.lin, room.world.he):
            room.pick(visit, person)
        room.send(visit)
    return list(room.look(visit).orders)


def test_an_amount_off_counts_once_a_meal(room: DiningRoom) -> None:
    campaign(room, "full_reduction", {"tiers": [[3000, 500]]})
    made = rounds(room, room.sit())
    assert sorted(order.discount for order in made) == [0, 0, 0, 0, 0, 500]
    other = room.sit(room.world.zhao, "B1")
    room.pick(other, room.world.zhao)
    room.send(other, room.world.zhao)
    assert [order.discount for order in room.look(other).orders] == [500]  # another table is another meal
    room.sound()


def test_a_percentage_is_of_every_round(room: DiningRoom) -> None:
    campaign(room, "percent", {"percent_bp": 1000})
    assert {order.discount for order in rounds(room, room.sit())} == {320}


def test_a_cap_is_of_the_meal(room: DiningRoom) -> None:
    campaign(room, "percent", {"percent_bp": 1000, "cap": 700})
    assert sorted(order.discount for order in rounds(room, room.sit())) == [0, 0, 0, 60, 320, 320]
    room.sound()


def test_a_minimum_is_of_the_meal(room: DiningRoom) -> None:
    campaign(room, "percent", {"percent_bp": 1000, "min": 9_000})
    assert sorted(order.discount for order in rounds(room, room.sit())) == [0, 0, 320, 320, 320, 320]


def test_an_amount_for_which_nobody_alone_has_ordered_enough(room: DiningRoom) -> None:
    campaign(room, "full_reduction", {"tiers": [[9_000, 500], [12_000, 1_500]]})
    made = rounds(room, room.sit())
    assert sorted(order.discount for order in made) == [0, 0, 0, 0, 500, 1_000]
    room.sound()


def test_what_was_refused_gives_it_back(room: DiningRoom) -> None:
    campaign(room, "full_reduction", {"tiers": [[3000, 500]]})
    visit = room.sit()
    room.pick(visit, room.world.lin)
    (first,) = room.send(visit)
    orders.refuse(order_id=first, actor=room.world.wang, reason="sold out", at=room.world.at)
    room.pick(visit, room.world.lin)
    (second,) = room.send(visit)
    assert {order.id: order.discount for order in room.look(visit).orders}[second] == 500
