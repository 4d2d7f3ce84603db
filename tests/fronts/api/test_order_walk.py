"""From an empty cart to a placed order and its end, by API, as a program would."""

from __future__ import annotations

import json

import pytest
from django.utils import translation

from linli.apps.orders import queries
from linli.apps.stock import operations as stock
from linli.fronts.api.consumer.carts import QuoteOut, WantIn
from linli.fronts.api.consumer.orders import order_out
from linli.fronts.api.consumer.payments import IntentOut
from linli.platform import ids, jobs
from tests.fronts.api.conftest import NOON
from tests.fronts.api.shopping import KEY, at_home, fill, open_shop, paid, placed, quoted, sealed, want


@pytest.fixture
def shop(api, people):
    return open_shop(people["consumer"])


@pytest.fixture
def mei(api, people, shop):
    return at_home(api.as_(people["consumer"]))


def test_a_cart_is_filled_changed_and_emptied(mei, shop):
    store, offers = sealed(shop)
    cart = fill(mei, shop)
    assert (cart["goods"], cart["count"], cart["lines"][0]["note"]) == (3600, 2, "少辣")
    changed = mei.send("PATCH", f"/carts/{store}/lines/{cart['lines'][0]['id']}", {"qty": 3}).json()
    assert changed["goods"] == 5400
    menu = mei.get(f"/stores/{store}/menu").json()
    beef = next(offer for section in menu["sections"] for offer in section["offers"] if offer["id"] == offers["beef"])
    large = beef["groups"][0]["options"][1]
    added = mei.post(f"/carts/{store}/lines", {"offer_id": beef["id"], "options": [{"option_id": large["id"]}]}).json()
    assert added["lines"][1]["unit"] == 2600 + 400
    assert [brief["count"] for brief in mei.get("/carts").json()] == [4]
    assert mei.send("DELETE", f"/carts/{store}").json() == {"ok": True}
    assert mei.get(f"/carts/{store}").json()["lines"] == []


def test_a_cart_is_filled_at_once_as_it_would_be_line_by_line(mei, shop):
    store, offers = sealed(shop)
    fill(mei, shop, qty=5)
    tofu = {"offer_id": offers["tofu"], "note": " 少辣 "}
    said = mei.send("PUT", f"/carts/{store}", {"lines": [tofu, {"offer_id": offers["tea"], "qty": 2}, tofu | {"qty": 3}]})
    assert said.status_code == 200, said.content
    cart = said.json()
    assert [(line["title"], line["qty"], line["note"]) for line in cart["lines"]] == [("宫保豆腐", 4, "少辣"), ("酸梅汤", 2, "")]
    assert mei.get(f"/carts/{store}").json() == cart
    assert mei.send("PUT", f"/carts/{store}", {"lines": [tofu | {"qty": 6}]}).json()["count"] == 6
    for wrong in ({"qty": 97, "note": "少辣"}, {"offer_id": ids.seal("of", 987_654_321)}, {"options": [{"option_id": ids.seal("op", 1)}]}):
        refused = mei.send("PUT", f"/carts/{store}", {"lines": [tofu, tofu | {"qty": 3}, tofu | wrong]})
        assert refused.status_code in (404, 409, 422), refused.content
        assert mei.get(f"/carts/{store}").json()["count"] == 6
    assert mei.send("PUT", f"/carts/{store}", {"lines": []}).json()["lines"] == mei.get(f"/carts/{store}").json()["lines"] == []


def test_documents_made_by_hand_are_what_the_description_promises(mei, shop):
    """The same fields, written in the same way."""
    store, offers = sealed(shop)
    menu = mei.get(f"/stores/{store}/menu").json()
    beef = next(offer for section in menu["sections"] for offer in section["offers"] if offer["id"] == offers["beef"])
    large = beef["groups"][0]["options"][1]["id"]
    filled = mei.send("PUT", f"/carts/{store}", {"lines": [{"offer_id": beef["id"], "options": [{"option_id": large}]}]})
    assert filled.status_code == 200, filled.content
    person = ids.unseal("pe", mei.get("/me").json()["id"])
    wish = want(mei, shop, scheduled_for="2020-01-01T00:00:00Z")
    quote = mei.post("/quotes", wish).json()
    assert all((quote["problems"], quote["slots"], quote["lines"][0]["options"]))
    with translation.override("en"):
        assert quote == as_promised(QuoteOut, queries.quote(person_id=person, want=WantIn(**wish).want(), at=NOON))
    order = placed(mei, shop).json()
    view = queries.placed(order_id=ids.unseal("or", order["id"]))
    promised = json.loads(order_out(view).model_dump_json())
    assert promised == mei.get(f"/orders/{order['id']}").json()
    assert promised | {"payment": as_promised(IntentOut, view.intent)} == order


def as_promised(kind, view):
    return json.loads(kind.of(view).model_dump_json())


def test_who_orders_is_told_what_to_pay(mei, shop):
    fill(mei, shop)
    body = want(mei, shop) | {"quote_token": quoted(mei, shop)["token"], "method": "balance"}
    first, again = (mei.post("/orders", body, **{"idempotency-key": KEY}).json() for _ in range(2))
    assert first["payment"] == again["payment"] == mei.get(f"/orders/{first['id']}/payment").json()["intent"]
    assert (first["payment"]["amount"], first["payment"]["state"]) == (first["total"], "open")


def test_a_quote_adds_up_and_changes_nothing(mei, shop):
    fill(mei, shop)
    quote = quoted(mei, shop, tip=300)
    assert sum(line["amount"] for line in quote["lines"]) == quote["total"]
    assert {line["kind"] for line in quote["lines"]} >= {"item", "delivery", "tip"}
    assert quote["token"]
    assert mei.get("/orders").json() == {"items": [], "next_cursor": None}


def test_an_order_is_placed_once_however_often_it_is_sent(mei, shop):
    fill(mei, shop)
    quote = quoted(mei, shop)
    body = want(mei, shop) | {"quote_token": quote["token"], "method": "balance"}
    first, again = (mei.post("/orders", body, **{"idempotency-key": KEY}) for _ in range(2))
    assert first.status_code == again.status_code == 201, first.content
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["total"] == quote["total"] == sum(line["amount"] for line in first.json()["lines"])
    assert len(mei.get("/orders").json()["items"]) == 1
    other = mei.post("/orders", body | {"remark": "other"}, **{"idempotency-key": KEY})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.mismatch")
    missing = mei.post("/orders", body)
    assert (missing.status_code, list(missing.json()["fields"])) == (422, ["Idempotency-Key"])


def test_a_paid_order_is_there_with_what_may_be_done(mei, shop):
    fill(mei, shop)
    order = paid(mei, shop)
    assert order["state"] == "paid"
    assert "cancel" in order["actions"]
    assert order["events"][0]["event"] == "place"
    assert order["drop_code"] == "8000"
    assert order["pickup_code"] == ""
    track = mei.get(f"/orders/{order['id']}/track").json()
    assert (track["state"], track["eta"], track["points"]) == ("paid", None, [])
    assert track["live"].startswith("/live?t=")


def test_cancelling_gives_the_money_back(mei, shop):
    fill(mei, shop)
    before = mei.get("/me/balance").json()["balance"]
    order = paid(mei, shop)
    assert mei.get("/me/balance").json()["balance"] == before - order["total"]
    assert mei.post(f"/orders/{order['id']}/cancel", {"reason": ""}).json()["state"] == "cancelled"
    jobs.drain(NOON)
    assert mei.get("/me/balance").json()["balance"] == before
    assert mei.post(f"/orders/{order['id']}/cancel", {"reason": "again"}).status_code in {403, 409}


def test_reordering_fills_the_cart(mei, shop):
    fill(mei, shop)
    order = placed(mei, shop).json()
    store = sealed(shop)[0]
    assert mei.get(f"/carts/{store}").json()["lines"] == []
    made = mei.post(f"/orders/{order['id']}/reorder").json()
    assert (made["missing"], made["cart"]["goods"]) == ([], 3600)


def test_somebody_elses_order_does_not_exist(mei, shop, api, people):
    fill(mei, shop)
    order = paid(mei, shop)
    payment = mei.get(f"/orders/{order['id']}/payment").json()["intent"]["id"]
    stranger = api.as_(people["courier"])
    for method, path, body in (
        ("GET", f"/orders/{order['id']}", None), ("GET", f"/orders/{order['id']}/track", None),
        ("POST", f"/orders/{order['id']}/cancel", {"reason": "mine"}), ("POST", f"/orders/{order['id']}/reorder", None),
        ("GET", f"/orders/{order['id']}/payment", None), ("GET", f"/payments/{payment}", None),
        ("POST", f"/payments/{payment}/start", {"method": "balance"}),
    ):  # fmt: skip
        assert stranger.send(method, path, body).status_code == 404, path
    assert mei.get(f"/orders/{order['id']}").json()["state"] == "paid"


def test_sold_out_between_quote_and_order_says_what_and_places_nothing(mei, shop, people):
    fill(mei, shop)
    quote = quoted(mei, shop)
    stock.put_supply(store_id=shop[1], offer_id=shop[2]["tofu"], name="宫保豆腐", grain_minutes=0, capacity=1, at=NOON)
    response = mei.post("/orders", want(mei, shop) | {"quote_token": quote["token"], "method": "balance"}, **{"idempotency-key": KEY})
    assert response.status_code == 409
    assert "宫保豆腐" in response.content.decode()
    assert mei.get("/orders").json()["items"] == []


def test_orders_come_in_pages(mei, shop, now):
    for turn in range(3):
        fill(mei, shop)
        assert placed(mei, shop, key=f"order-page-{turn}").status_code == 201
    first = mei.get("/orders?limit=2").json()
    rest = mei.get(f"/orders?limit=2&cursor={first['next_cursor']}").json()
    assert len({order["id"] for order in (*first["items"], *rest["items"])}) == 3
    assert rest["next_cursor"] is None
    assert mei.get("/orders?cursor=cu-0000000000000").status_code in {200, 404}
    assert mei.get("/orders?cursor=17").status_code == 404
