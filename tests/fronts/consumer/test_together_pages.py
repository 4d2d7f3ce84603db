"""An evening in one checkout: dinner, two nights and a ride, one price and one payment; and what becomes of each part afterwards."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from linli.apps.catalog import operations as catalog
from linli.apps.orders import queries as orders
from linli.apps.payments import queries as payments
from linli.apps.promotions import operations as promotions
from linli.apps.promotions.operations import CampaignWant
from linli.apps.stock import operations as stock
from linli.platform import invariants, policies
from linli.platform.ids import seal
from linli.policy import stays
from tests.driving import at_the_wheel, company
from tests.fronts.consumer.conftest import HTMX, browser, fields
from tests.fronts.consumer.test_rides import ends
from tests.inn import Inn, open_inn
from tests.passes import voucher
from tests.town import World


@pytest.fixture
def inn(town: World) -> Inn:
    company(town)
    at_the_wheel(town)
    return open_inn(town)


def evening(town: World, inn: Inn, lin: Client) -> None:
    """Noodles, two nights and a ride to the station, each put into its cart from its own page."""
    town.fill(town.lin, {"牛肉面": 2})
    stay = {"first": "2026-05-22", "last": "2026-05-24", "guests": "2", "rooms": "1", "room": seal("of", inn.double),
            "plan": seal("rp", inn.plans[inn.double, "flex"]), "name": "Lin", "total": "90000", "then": "cart"}  # fmt: skip
    assert lin.post("/stays/book", stay)["Location"] == "/checkout"
    page = lin.get(f"/ride?{urlencode(ends())}").content.decode()
    fare = unescape(re.findall(r'name="fare" value="(economy\.[^"]+)"', page)[0])
    assert lin.post("/ride/call", {"fare": fare, "people": "2", "with": "cart", **ends()})["Location"] == "/checkout"


def form(town: World, lin: Client, **changes: Any) -> dict[str, Any]:
    """What the page would send as it stands, with changes; lists for what is there several times."""
    html = lin.get("/checkout", {"address": seal("ad", town.home)}).content.decode()
    keys = re.findall(r'name="seen" value="([^"]+)"', html)
    return {**fields(html, "together"), "seen": keys, "part": keys, **changes}


def pay(town: World, lin: Client, data: dict[str, Any]) -> list[orders.OrderView]:
    went = lin.post("/checkout", data)
    assert went.status_code == 302, went.content.decode()[:3000]
    lin.get(went["Location"])
    town.pass_(seconds=1)
    latest = orders.orders_of(person_id=town.lin).items[0]
    return orders.together_of(checkout_id=latest.checkout_id or 0)


def test_a_dinner_two_nights_and_a_ride_are_one_payment(town: World, inn: Inn, lin: Client) -> None:
    evening(town, inn, lin)
    html = lin.get("/checkout").content.decode()
    assert all(word in html for word in ("Beef noodles", "Qianmen Inn", "火车站"))
    before = payments.balance(person_id=town.lin)
    made = pay(town, lin, form(town, lin, method="balance"))
    assert sorted(order.mode for order in made) == ["delivery", "ride", "stay"]
    assert {order.state for order in made} <= {"paid", "accepted", "calling", "matched"}
    assert before - payments.balance(person_id=town.lin) == sum(order.total for order in made)
    page = lin.get(f"/checkouts/{seal('ck', made[0].checkout_id or 0)}").content.decode()
    assert page.count("/orders/or-") >= 3
    stay = next(order for order in made if order.mode == "stay")
    before = payments.balance(person_id=town.lin)
    lin.post(f"/orders/{seal('or', stay.id)}/cancel", {"reason": "x"})
    town.pass_(seconds=1)
    assert payments.balance(person_id=town.lin) - before == stay.total
    assert [order.state for order in orders.together_of(checkout_id=stay.checkout_id or 0)].count("cancelled") == 1
    assert browser(town, town.he).get(f"/checkouts/{seal('ck', made[0].checkout_id or 0)}").status_code == 404
    assert not {name: broken for name, broken in invariants.check_all(town.at).items() if broken}


@pytest.mark.parametrize(
    ("when", "method", "words"), [("at_hotel", "desk", "paid at the hotel"), ("later", "later", "paid after the stay")]
)
def test_a_room_that_is_paid_elsewhere_goes_with_them_and_only_the_rest_is_paid(
    town: World, inn: Inn, lin: Client, when: str, method: str, words: str
) -> None:
    policies.change(number_name=stays.LATER_ORDERS.name, city_id=0, value="0", actor=town.ou, at=town.at, reason="test")
    catalog.set_pay(plan_id=inn.plans[inn.double, "flex"], pay=when, actor=inn.clerk, at=town.at)
    evening(town, inn, lin)
    html = lin.get("/checkout").content.decode()
    assert words in html
    assert "To pay now" in html
    before = payments.balance(person_id=town.lin)
    made = pay(town, lin, form(town, lin, method="balance"))
    stay = next(order for order in made if order.mode == "stay")
    assert (stay.state, stay.method) == ("paid", method)
    assert before - payments.balance(person_id=town.lin) == sum(order.total for order in made if order is not stay)
    page = lin.get(f"/checkouts/{seal('ck', made[0].checkout_id or 0)}").content.decode()
    assert "Of it paid at the hotel or after the stay" in page


def test_a_part_can_be_left_out_and_had_in_another_way(town: World, inn: Inn, lin: Client) -> None:
    evening(town, inn, lin)
    keys = form(town, lin)["seen"]
    noodles = next(key for key in keys if key.endswith(":delivery"))
    data = form(town, lin, part=[key for key in keys if not key.endswith(":ride")], **{f"mode-{noodles}": "pickup"})
    html = lin.post("/checkout", data | {"again": "1"}, **HTMX).content.decode()
    assert "Left out for now" in html
    assert "<html" not in html
    made = pay(town, lin, {**data, **fields(html, "together"), "part": data["part"], "seen": keys, "method": "balance"})
    assert sorted(order.mode for order in made) == ["pickup", "stay"]
    assert [line.kind for cart in orders.carts(person_id=town.lin)
            for line in orders.cart(person_id=town.lin, store_id=cart.store_id, at=town.at).lines] == ["ride"]  # fmt: skip


def test_one_part_that_is_gone_is_said_and_nothing_is_ordered(town: World, inn: Inn, lin: Client) -> None:
    town.limit("牛肉面", 50)
    evening(town, inn, lin)
    data = form(town, lin, method="balance")
    stock.set_count(offer_id=town.dishes["牛肉面"], count=1, actor=town.chen, at=town.at)
    answer = lin.post("/checkout", data)
    assert answer.status_code == 409
    assert "Nothing has been ordered or charged." in answer.content.decode()
    assert not orders.orders_of(person_id=town.lin).items
    assert len(orders.parts(person_id=town.lin)) == 3
    assert lin.post("/checkout", {**data, "part": []}).status_code == 422


def test_dishes_and_vouchers_of_one_cart_and_a_coupon_that_is_for_one_of_them(town: World, lin: Client) -> None:
    campaign = promotions.put_campaign(
        want=CampaignWant(
            kind="coupon", title="十元券", title_en="Ten off", rules={"tiers": [[0, 1_000]]}, city_id=town.city_id,
            starts_at=town.at - timedelta(days=1), ends_at=town.at + timedelta(days=9),
        ), at=town.at,
    )  # fmt: skip
    promotions.claim(campaign_id=campaign, person_id=town.lin, at=town.at)
    town.fill(town.lin, {"牛肉面": 2})
    found = voucher(town)
    lin.post(f"/stores/{seal('st', town.noodles)}/passes/{seal('of', found)}", {"then": "cart"})
    assert 'href="/checkout"' in lin.get(f"/cart/{seal('st', town.noodles)}").content.decode()
    assert "Check out together" in lin.get(f"/checkout/{seal('st', town.noodles)}").content.decode()
    made = pay(town, lin, form(town, lin, method="balance"))
    assert sum(sum(line.amount == -1_000 for line in order.lines) for order in made) == 1
    assert {order.state for order in made} == {"paid", "valid"}


def test_not_paid_yet_every_part_leads_to_the_one_payment(town: World, inn: Inn, lin: Client) -> None:
    evening(town, inn, lin)
    went = lin.post("/checkout", form(town, lin, method="sandbox"))
    intent = payments.intent(ref=f"co:{orders.orders_of(person_id=town.lin).items[0].checkout_id}")
    assert went.status_code == 302
    for order in orders.orders_of(person_id=town.lin).items:
        page = lin.get(f"/orders/{seal('or', order.id)}", follow=True).content.decode()
        assert f"/pay/{seal('in', intent.id)}" in page
    assert "Qianmen Inn" in lin.get(f"/pay/{seal('in', intent.id)}").content.decode()
    assert lin.get("/checkout")["Location"] == "/cart"
