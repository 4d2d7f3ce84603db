"""An order on its page: private, alive, and what can be done with it."""

from __future__ import annotations

import pytest
from django.test import Client

from linli.apps.accounts import queries as accounts
from linli.apps.care import queries as care
from linli.apps.community import queries as community
from linli.apps.orders import queries as orders
from linli.platform.ids import seal
from tests.fronts.consumer.conftest import HTMX, browser
from tests.town import World


@pytest.mark.parametrize("what", ["", "/map.json", "/review", "/complain"])
def test_somebody_elses_order_is_not_there(town: World, what: str) -> None:
    order = town.paid()
    assert browser(town, town.he).get(f"/orders/{seal('or', order.id)}{what}").status_code == 404


@pytest.mark.parametrize("what", ["cancel", "reorder", "review", "complain"])
def test_nobody_does_anything_to_somebody_elses_order(town: World, what: str) -> None:
    order = town.paid()
    answer = browser(town, town.he).post(f"/orders/{seal('or', order.id)}/{what}", {"stars": "5", "reason": "x"})
    assert answer.status_code == 404
    assert town.order(order).state == "paid"


def test_the_page_follows_the_order(town: World, lin: Client) -> None:
    order = town.picked_up()
    address = f"/orders/{seal('or', order.id)}"
    html = lin.get(address).content.decode()
    assert "On the way" in html
    assert order.drop_code in html
    assert "data-live=" in html
    kinds = {mark["kind"] for mark in lin.get(f"{address}/map.json").json()["marks"]}
    assert kinds == {"store", "home", "courier"}
    part = lin.get(address, **HTMX).content.decode()
    assert "<html" not in part
    assert 'id="order"' in part
    town.hand(order)
    html = lin.get(address).content.decode()
    assert "Delivered" in html
    assert "data-live=" not in html
    assert {mark["kind"] for mark in lin.get(f"{address}/map.json").json()["marks"]} == {"store", "home"}


def test_cancel_gives_the_money_back(town: World, lin: Client) -> None:
    order = town.paid()
    answer = lin.post(f"/orders/{seal('or', order.id)}/cancel", {"reason": "Ordered by mistake"})
    assert answer.status_code == 302
    assert town.order(order).state == "cancelled"
    html = lin.get(f"/orders/{seal('or', order.id)}").content.decode()
    assert "Ordered by mistake" in html
    assert "Cancel the order" not in html


def test_too_late_to_cancel_is_said(town: World, lin: Client) -> None:
    order = town.ready()
    answer = lin.post(f"/orders/{seal('or', order.id)}/cancel", {"reason": "It takes too long"})
    assert answer.status_code == 403
    assert "too late" in answer.content.decode()
    assert town.order(order).state == "ready"


def test_one_tap_orders_again(town: World, lin: Client) -> None:
    order = town.completed()
    answer = lin.post(f"/orders/{seal('or', order.id)}/reorder")
    assert answer.headers["Location"] == f"/checkout/{seal('st', town.noodles)}"
    assert orders.cart(person_id=town.lin, store_id=town.noodles, at=town.at).count == 2


def test_ordering_again_says_what_is_gone(town: World, lin: Client) -> None:
    from linli.apps.catalog import operations as catalog

    order = town.completed({"牛肉面": 1, "拍黄瓜": 2})
    catalog.set_on_sale(offer_id=town.dishes["拍黄瓜"], on=False, actor=town.chen, at=town.at)
    answer = lin.post(f"/orders/{seal('or', order.id)}/reorder", follow=True)
    assert "拍黄瓜" in answer.content.decode()
    assert "Not to be had any more" in answer.content.decode()


def test_review_once(town: World, lin: Client) -> None:
    order = town.delivered()
    address = f"/orders/{seal('or', order.id)}/review"
    assert lin.post(address, {"stars": "9"}).status_code == 422
    assert lin.post(address, {"stars": "5", "taste": "4", "text": "Good broth"}).status_code == 302
    written = community.review_of(order_id=order.id)
    assert written is not None
    assert written.stars == 5
    assert written.aspects["taste"] == 4
    assert lin.post(address, {"stars": "1"}).status_code == 409
    assert "Good broth" in lin.get(f"/stores/{seal('st', town.noodles)}/reviews").content.decode()


def test_complain_talk_and_take_back(town: World, lin: Client) -> None:
    order = town.delivered()
    address = f"/orders/{seal('or', order.id)}/complain"
    assert lin.post(address, {"kind": "missing", "text": " "}).status_code == 422
    answer = lin.post(address, {"kind": "late", "text": "Half an hour late", f"line-{order.items[0].id}": "0"})
    (case,) = care.cases_for_order(order_id=order.id)
    assert answer.headers["Location"] == f"/cases/{seal('cs', case.id)}"
    page = answer.headers["Location"]
    assert browser(town, town.he).get(page).status_code == 404
    lin.post(f"{page}/say", {"text": "Still waiting", "what": "say"})
    assert "Still waiting" in lin.get(page).content.decode()
    lin.post(f"{page}/say", {"what": "withdraw"})
    assert care.case(case_id=case.id).state == "withdrawn"


def test_orders_messages_and_me(town: World, lin: Client) -> None:
    order = town.paid()
    assert order.store_name_en.split("'")[0] in lin.get("/orders").content.decode()
    marks = lin.get("/marks?going=1").content.decode()
    assert f"/orders/{seal('or', order.id)}" in marks
    assert lin.get("/messages").status_code == 200
    assert lin.post("/me/profile", {"name": "林小雨", "locale": "en", "care": "1"}).cookies["care"].value == "1"
    person = accounts.person(person_id=town.lin)
    assert (person.name, person.locale, person.care_mode) == ("林小雨", "en", True)
    assert "data-care" in lin.get("/me").content.decode()
    assert lin.post("/me/profile", {"name": "x" * 200, "locale": "en"}).status_code == 422


def test_the_address_book(town: World, lin: Client) -> None:
    good = {
        "place": "新家",
        "detail": "1",
        "contact_name": "林",
        "phone": "13800000001",
        "lat": "39.905",
        "lng": "116.401",
        "next": "/checkout/st-x",
    }
    answer = lin.post("/me/addresses/new", good)
    assert answer.headers["Location"].startswith("/checkout/st-x?address=ad-")
    for change in ({"phone": "12"}, {"lat": ""}, {"lat": "31.2", "lng": "121.4"}, {"contact_name": ""}):
        answer = lin.post("/me/addresses/new", good | change)
        assert answer.status_code == 422
        assert "新家" in answer.content.decode()
    assert lin.get(f"/me/addresses/{seal('ad', town.he_home)}").status_code == 404
    assert lin.post(f"/me/addresses/{seal('ad', town.he_home)}/delete").status_code == 404
    lin.post(f"/me/addresses/{seal('ad', town.abroad)}/delete")
    assert town.abroad not in [entry.id for entry in accounts.addresses(person_id=town.lin)]
