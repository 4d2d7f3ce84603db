"""Several carts in one checkout, and vouchers and tickets from the shelf to the till, by API."""

from __future__ import annotations

from typing import Any

import pytest

from linli.apps.catalog import operations as catalog
from linli.apps.catalog import queries as menus
from linli.apps.stock import operations as stock
from linli.platform import ids, jobs
from tests.fronts.api.conftest import Api, signed_in
from tests.town import World

DINNER = {"idempotency-key": "dinner-0001"}


@pytest.fixture
def lin(town: World) -> Api:
    return signed_in(town.lin)


@pytest.fixture
def till(town: World) -> Api:
    return signed_in(town.chen.person_id)


def store(number: int) -> str:
    return ids.seal("st", number)


def parts(town: World) -> list[dict[str, Any]]:
    """Noodles brought home, and dumplings to be collected, put into the carts."""
    town.fill(town.lin, {"素面": 2})
    town.fill(town.lin, {"猪肉饺子": 3}, store_id=town.dumplings)
    home = {"store_id": store(town.noodles), "mode": "delivery", "address_id": ids.seal("ad", town.home), "coupon_id": None}
    return [home, {"store_id": store(town.dumplings), "mode": "pickup", "coupon_id": None}]


def pay(client: Api, town: World, intent: dict[str, Any]) -> None:
    assert client.post(f"/payments/{intent['id']}/start", {"method": "balance"}).json()["kind"] == "done"
    jobs.drain(town.at)


def order(client: Api, wants: list[dict[str, Any]]) -> tuple[dict[str, Any], Any]:
    """What was quoted, and the answer to ordering it."""
    quote = client.post("/checkouts/quotes", {"parts": wants}).json()
    assert quote["problems"] == []
    return quote, client.post("/checkouts", {"parts": wants, "quote_token": quote["token"], "method": "balance"}, **DINNER)


def test_two_carts_are_quoted_placed_and_paid_as_one(town: World, lin: Api) -> None:
    quote, response = order(lin, parts(town))
    made, before = response.json(), lin.get("/me/balance").json()["balance"]
    assert response.status_code == 201
    assert "cash" not in quote["methods"]
    assert made["intent"]["amount"] == quote["total"] == sum(one["total"] for one in made["orders"])
    pay(lin, town, made["intent"])
    after = lin.get(f"/checkouts/{made['id']}").json()
    assert after["intent"]["state"] == "captured"
    assert [one["state"] for one in after["orders"]] == ["paid", "accepted"]
    assert before - lin.get("/me/balance").json()["balance"] == quote["total"]


def test_sent_twice_it_is_one_checkout_and_a_forged_price_is_none(town: World, lin: Api) -> None:
    wants = parts(town)
    forged = lin.post("/checkouts", {"parts": wants, "quote_token": "cheaper", "method": "balance"}, **DINNER)
    assert forged.status_code in {409, 422}
    assert lin.get("/orders").json()["items"] == []
    quote, first = order(lin, wants)
    again = lin.post("/checkouts", {"parts": wants, "quote_token": quote["token"], "method": "balance"}, **DINNER)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert len(lin.get("/orders").json()["items"]) == 2


def test_a_part_is_called_off_by_itself(town: World, lin: Api) -> None:
    _, response = order(lin, parts(town))
    pay(lin, town, response.json()["intent"])
    before = lin.get("/me/balance").json()["balance"]
    noodles, dumplings = response.json()["orders"]
    assert lin.post(f"/orders/{noodles['id']}/cancel", {}).status_code == 200
    jobs.drain(town.at)
    assert lin.get("/me/balance").json()["balance"] == before + noodles["total"]
    assert lin.get(f"/orders/{dumplings['id']}").json()["state"] == "accepted"


@pytest.mark.parametrize("wants", [[], [{"store_id": "x"}], [{"mode": "by balloon"}]])
def test_senseless_parts_are_refused(wants: list[Any], lin: Api) -> None:
    assert lin.post("/checkouts/quotes", {"parts": wants}).status_code in {404, 422}


def test_the_same_cart_twice_is_refused(town: World, lin: Api) -> None:
    noodles, _ = parts(town)
    response = lin.post("/checkouts/quotes", {"parts": [noodles, noodles]})
    assert (response.status_code, response.json()["code"]) == (422, "checkout.twice")


def test_somebody_elses_checkout_is_not_there(town: World, lin: Api) -> None:
    _, response = order(lin, parts(town))
    where = f"/checkouts/{response.json()['id']}"
    assert (lin.get(where).status_code, signed_in(town.he).get(where).status_code) == (200, 404)


def sold(town: World, till: Api, kind: str, terms: dict[str, Any]) -> str:
    """A voucher or a ticket that the noodle shop sells from now on."""
    section = menus.menu(store_id=town.noodles).sections[0].id
    number = catalog.save_offer(
        store_id=town.noodles, section_id=section, name="套票", price=6_000, kind=kind, actor=town.chen, at=town.at
    )  # fmt: skip
    offer = ids.seal("of", number)
    where = f"/merchant/stores/{store(town.noodles)}/{kind}s/{offer}/terms"
    assert till.send("PUT", where, terms).json() == {"ok": True}
    return offer


def bought(town: World, lin: Api, line: dict[str, Any]) -> dict[str, Any]:
    """The order of what was put into the cart and paid."""
    added = lin.post(f"/carts/{store(town.noodles)}/lines", line)
    assert added.status_code == 201, added.content
    _, response = order(lin, [{"store_id": store(town.noodles), "mode": "voucher", "coupon_id": None}])
    assert response.status_code == 201, response.content
    pay(lin, town, response.json()["intent"])
    (only,) = response.json()["orders"]
    return dict(only)


def test_a_voucher_is_bought_shown_and_used_up_at_the_till(town: World, lin: Api, till: Api) -> None:
    offer = sold(town, till, "voucher", {"uses": 2})
    (shown,) = lin.get(f"/stores/{store(town.noodles)}/passes").json()
    assert (shown["id"], shown["voucher"]["uses"], shown["ticket"]) == (offer, 2, None)
    made = bought(town, lin, {"offer_id": offer})
    (mine,) = lin.get(f"/orders/{made['id']}/passes").json()
    assert lin.get("/passes").json()["items"] == [mine]
    where, body = f"/merchant/stores/{store(town.noodles)}/redemptions", {"code": mine["code"]}
    first, again = (till.post(where, body, **{"idempotency-key": "till-00001"}) for _ in range(2))
    assert (first.status_code, first.json()["left"], again.json()["left"]) == (201, 1, 1)
    assert "code" not in first.json()
    assert till.post(where, body, **{"idempotency-key": "till-00002"}).json()["left"] == 0
    spent = till.post(where, body, **{"idempotency-key": "till-00003"})
    assert (spent.status_code, spent.json()["code"]) == (409, "pass.spent")
    jobs.drain(town.at)
    assert lin.get(f"/orders/{made['id']}").json()["state"] == "redeemed"
    assert [use["count"] for use in till.get(where).json()] == [1, 1]


def test_a_code_is_worth_nothing_in_another_store_or_to_another_person(town: World, lin: Api, till: Api) -> None:
    made = bought(town, lin, {"offer_id": sold(town, till, "voucher", {})})
    (mine,) = lin.get(f"/orders/{made['id']}/passes").json()
    other, body = signed_in(town.wang.person_id), {"code": mine["code"]}
    there = f"/merchant/stores/{store(town.dumplings)}/redemptions"
    assert other.post(there, body, **{"idempotency-key": "till-00001"}).status_code == 404
    assert other.post(f"/merchant/stores/{store(town.noodles)}/redemptions", body, **{"idempotency-key": "till-00002"}).status_code == 403
    he = signed_in(town.he)
    assert he.get(f"/orders/{made['id']}/passes").status_code == 404
    assert he.get("/passes").json()["items"] == []


def test_codes_cannot_be_tried_one_after_the_other(town: World, till: Api) -> None:
    where = f"/merchant/stores/{store(town.noodles)}/redemptions"
    tried = [till.post(where, {"code": f"{number:012d}"}, **{"idempotency-key": f"till-{number:05d}"}).status_code for number in range(40)]
    assert set(tried) == {404, 429}
    assert tried[-1] == 429


def test_a_ticket_is_for_an_entry_slot_and_the_slot_fills_up(town: World, lin: Api, till: Api) -> None:
    offer = sold(town, till, "ticket", {"opens": 540, "closes": 1020, "slot_minutes": 120})
    number = ids.unseal("of", offer)
    stock.put_supply(
        store_id=town.noodles, offer_id=number, name="门票", grain_minutes=120, offset_minutes=60, capacity=3, at=town.at
    )  # fmt: skip
    where = f"/stores/{store(town.noodles)}/passes/{offer}/entries"
    day = lin.get(where).json()["days"][1]
    slot = lin.get(f"{where}?day={day}").json()["entries"][0]
    assert slot["left"] == 3
    made = bought(town, lin, {"offer_id": offer, "qty": 2, "starts_at": slot["starts_at"]})
    assert len(lin.get(f"/orders/{made['id']}/passes").json()) == 2
    assert lin.get(f"{where}?day={day}").json()["entries"][0]["left"] == 1
    assert lin.get(f"{where}?day=2001-01-01").json()["entries"] == []
    early = lin.get(f"/orders/{made['id']}/passes").json()[0]["code"]
    refused = till.post(f"/merchant/stores/{store(town.noodles)}/redemptions", {"code": early}, **{"idempotency-key": "till-00001"})
    assert (refused.status_code, refused.json()["code"]) == (409, "pass.early")


@pytest.mark.parametrize("terms", [{"uses": 0}, {"valid_days": 10_000}, {"colour": "red"}, {"blackout": [{"weekdays": ["x"]}]}])
def test_senseless_terms_are_refused(terms: dict[str, Any], town: World, till: Api) -> None:
    offer = sold(town, till, "voucher", {})
    assert till.send("PUT", f"/merchant/stores/{store(town.noodles)}/vouchers/{offer}/terms", terms).status_code == 422
