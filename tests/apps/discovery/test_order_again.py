"""What somebody ordered before stands on their home page, ready to be ordered again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.apps.discovery import operations, queries
from linli.apps.orders import operations as orders
from linli.kernel.actors import Actor
from tests import town
from tests.town import HOME, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    built = town.build()
    operations.rebuild(city_id=built.city_id, at=built.at)
    return built


def home(world: World, person_id: int | None) -> queries.Home:
    return queries.home(city_id=world.city_id, point=HOME, person_id=person_id, at=world.at)


def test_the_latest_order_of_each_store_the_latest_first(world: World) -> None:
    world.paid({"素面": 1})
    world.pass_(1)
    second = world.paid({"牛肉面": 1, "拍黄瓜": 2})
    world.pass_(1)
    third = world.paid({"猪肉饺子": 1}, want=world.want(store_id=world.dumplings))
    again = home(world, world.lin).again
    assert [(item.order_id, item.card.store.id) for item in again] == [(third.id, world.dumplings), (second.id, world.noodles)]
    assert (again[1].titles, again[1].titles_en, again[1].total) == (("牛肉面", "拍黄瓜"), ("Beef noodles", "Cucumber salad"), second.total)
    assert home(world, world.he).again == ()
    assert home(world, None).again == ()


def test_what_came_to_nothing_is_not_offered_again(world: World) -> None:
    world.place()
    refused = world.paid()
    orders.refuse(order_id=refused.id, actor=Actor("merchant", world.chen.person_id, world.noodles), reason="busy", at=world.at)
    assert home(world, world.lin).again == ()


def test_home_with_orders_takes_at_most_twelve_statements(world: World) -> None:
    for dish, store_id in (("牛肉面", world.noodles), ("猪肉饺子", world.dumplings)):
        world.paid({dish: 1}, want=world.want(store_id=store_id))
    with CaptureQueriesContext(connection) as seen:
        assert len(home(world, world.lin).again) == 2
    assert len(seen) <= 12
