"""The floor plan and the API show who has reserved, and lead them to a table; others are told kindly why not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.apps.accounts import operations as accounts
from linli.apps.dining import operations as dining
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import CheckoutWant, OrderView
from linli.fronts.api import pace
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.time import ManualClock
from linli.platform import clock, ids
from tests.salon import Salon, salon
from tests.town import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(world: World) -> Iterator[Salon]:
    pace.forget()
    world.clock = ManualClock(world.at)
    made = salon(world)
    accounts.grant_role(person_id=world.wang.person_id, role="merchant", scope_id=made.store, by=SYSTEM, at=world.at)
    for x, (name, seats, size) in enumerate((("A1", 2, "small"), ("B1", 4, "medium"))):
        dining.save_table(store_id=made.store, name=name, seats=seats, size=size, x=x, actor=Actor("operator"), at=world.at)
    with clock.use(world.clock):
        yield made


@pytest.fixture
def order(shop: Salon) -> OrderView:
    """Three people at a quarter past twelve; it is twenty to."""
    world, starts_at = shop.world, shop.at(12, 15, days=0)
    orders.add_line(person_id=world.lin, store_id=shop.store, offer_id=shop.table, starts_at=starts_at, guests=3, at=world.at)
    want = CheckoutWant(store_id=shop.store, mode="table", coupon_id=None)
    token = world.quote(want, person_id=world.lin).token
    placed = orders.place(person_id=world.lin, want=want, quote_token=token, method="balance", idempotency_key=world.key(), at=world.at)
    world.pass_(10)
    return world.order(placed)


def token(shop: Salon, person_id: int) -> str:
    return accounts.issue_token(person_id=person_id, at=shop.world.at - timedelta(seconds=1))


def ask(shop: Salon, person_id: int, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    head = {"Authorization": f"Bearer {token(shop, person_id)}", "Accept-Language": "en"}
    data = json.dumps(body) if body is not None else None
    answer = Client(headers=head).generic(
        method, f"/api/v1/merchant/stores/{ids.seal('st', shop.store)}{path}", data or "", "application/json"
    )
    return answer.status_code, answer.json()


def test_the_floor_shows_who_comes_and_keeps_the_table(shop: Salon, order: OrderView) -> None:
    browser = Client(headers={"Accept-Language": "en"})
    browser.cookies["linli"] = token(shop, shop.world.wang.person_id)
    base = f"/merchant/{ids.seal('st', shop.store)}"
    seen = browser.get(f"{base}/floor").content.decode()
    assert "Who has reserved" in seen
    assert "12:15" in seen
    (b1,) = [row["table"]["id"] for row in ask(shop, shop.world.wang.person_id, "GET", "/floor")[1] if row["table"]["name"] == "B1"]
    told = browser.post(f"{base}/floor/tables/{b1}/seat")
    assert told.status_code == 409
    assert "Table B1 is needed for 3 people who have reserved for 12:15" in told.content.decode()
    led = browser.post(f"{base}/floor/reservations/{ids.seal('or', order.id)}/seat", {"table": ""})
    assert led.status_code == 302
    assert "/visits/" in led["Location"]
    assert shop.world.order(order).state == "arrived"
    assert "Who has reserved" not in browser.get(f"{base}/floor").content.decode()


def test_the_same_by_the_api_and_for_nobody_else(shop: Salon, order: OrderView) -> None:
    wang, key = shop.world.wang.person_id, ids.seal("or", order.id)
    status, rows = ask(shop, wang, "GET", "/reservations")
    assert (status, [(row["guests"], row["due"], [table["name"] for table in row["tables"]]) for row in rows]) == (200, [(3, True, ["B1"])])
    assert ask(shop, shop.world.chen.person_id, "GET", "/reservations")[0] == 403
    assert ask(shop, shop.world.chen.person_id, "POST", f"/reservations/{key}/seat", {})[0] == 403
    (a1,) = [row["table"]["id"] for row in ask(shop, wang, "GET", "/floor")[1] if row["table"]["name"] == "A1"]
    assert ask(shop, wang, "POST", f"/reservations/{key}/seat", {"table_ids": [a1]})[1]["code"] == "reservation.small"
    status, visit = ask(shop, wang, "POST", f"/reservations/{key}/seat", {})
    assert (status, [table["name"] for table in visit["tables"]]) == (201, ["B1"])
    assert ask(shop, wang, "POST", f"/reservations/{key}/seat", {})[1]["code"] == "reservation.unknown"


def test_here_in_the_calendar_leads_to_the_table(shop: Salon, order: OrderView) -> None:
    browser = Client(headers={"Accept-Language": "en"})
    browser.cookies["linli"] = token(shop, shop.world.wang.person_id)
    base = f"/merchant/{ids.seal('st', shop.store)}"
    row = ask(shop, shop.world.wang.person_id, "GET", "/bookings")[1][0]["booking"]["id"]
    assert "/visits/" in browser.post(f"{base}/bookings/{row}/arrive")["Location"]
    assert shop.world.order(order).state == "arrived"
