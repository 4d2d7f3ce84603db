"""A promise with its source: how often promises were kept, counted from what was really delivered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.apps.orders import queries as orders
from linli.apps.orders.queries import promises as counting
from linli.kernel.actors import SYSTEM
from linli.platform import policies
from linli.platform.ids import seal
from linli.policy import promises
from tests.town import World


@pytest.fixture(autouse=True)
def _few(town: World) -> Iterator[None]:
    """Five orders are enough to say so."""
    counting.forget()
    policies.change(number_name=promises.KEPT_LEAST.name, city_id=0, value=5, actor=SYSTEM, at=town.at, reason="a small city")
    yield
    counting.forget()
    policies.forget()


def bring(town: World, in_time: int, late: int) -> None:
    for number in range(in_time + late):
        order = town.picked_up()
        if number >= in_time:
            town.pass_(90)
        town.hand(order)
    counting.forget()


def share(town: World, store_id: int) -> orders.KeptShare | None:
    return orders.kept_share(store_id=store_id, city_id=town.city_id, at=town.at)


def test_the_share_is_of_what_was_delivered(town: World) -> None:
    bring(town, 3, 1)
    assert share(town, town.noodles) is None  # too few to say anything
    bring(town, 1, 1)
    assert share(town, town.noodles) == orders.KeptShare("store", 6, 66, 14)
    assert share(town, town.dumplings) == orders.KeptShare("city", 6, 66, 14)  # that store has brought nothing yet
    town.pass_(60 * 24 * 15)
    assert share(town, town.noodles) is None  # too long ago


def test_it_is_counted_once_in_a_while(town: World) -> None:
    bring(town, 5, 0)
    share(town, town.noodles)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert share(town, town.noodles) == orders.KeptShare("store", 5, 100, 14)
    assert not [query for query in asked.captured_queries if "orders_order" in query["sql"]]
    at = town.at + timedelta(minutes=10)
    with CaptureQueriesContext(connection) as asked:
        orders.kept_share(store_id=town.dumplings, city_id=town.city_id, at=at)
    assert len([query for query in asked.captured_queries if "orders_order" in query["sql"]]) == 2


def test_every_promise_says_it(town: World, lin: Client) -> None:
    store, home = seal("st", town.noodles), "address=" + seal("ad", town.home)
    town.fill(town.lin, {"牛肉面": 2})
    assert "estimated from" in lin.get(f"/checkout/{store}?{home}").content.decode()
    assert "of the time" not in lin.get(f"/stores/{store}").content.decode()
    bring(town, 4, 1)
    order = town.paid()
    town.fill(town.lin, {"牛肉面": 2})
    said = "kept 80 % of the time by this store in the last 14 days"
    for page in (f"/checkout/{store}?{home}", f"/stores/{store}", f"/orders/{seal('or', order.id)}"):
        assert said in lin.get(page).content.decode(), page
    assert said not in lin.get(f"/checkout/{store}", {"mode": "pickup"}).content.decode()
