"""The same order as its store and its courier see it, from the sound of a new order to the door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.fulfilment import operations as street
from linli.kernel.actors import SYSTEM
from linli.platform import ids, jobs
from tests import world
from tests.fronts.api.conftest import NOON
from tests.fronts.api.shopping import HERE, at_home, fill, open_shop, paid, sealed


@pytest.fixture
def shop(api, people):
    return open_shop(people["consumer"])


@pytest.fixture
def mei(api, people, shop):
    return at_home(api.as_(people["consumer"]))


@pytest.fixture
def cook(api, people, shop):
    accounts.grant_role(person_id=people["merchant"].id, role="merchant", scope_id=shop[1], by=SYSTEM, at=NOON)
    return api.as_(people["merchant"])


@pytest.fixture
def rider(api, people, shop):
    street.add_courier(person_id=people["courier"].id, city_id=shop[0], vehicle="ebike", capacity=8, at=NOON)
    return api.as_(people["courier"])


@pytest.fixture
def order(mei, shop):
    fill(mei, shop)
    return paid(mei, shop)


def desk(shop):
    return f"/merchant/stores/{sealed(shop)[0]}"


def test_the_store_sees_what_it_needs_and_no_more(cook, shop, order):
    at = desk(shop)
    assert cook.get(at).json()["waiting"]["new"] == 1
    (seen,) = cook.get(f"{at}/orders?tab=new").json()["items"]
    assert seen["id"] == order["id"]
    assert {"accept", "refuse"} <= set(seen["actions"])
    assert (seen["contact_name"], seen["contact_phone"]) == ("韩梅梅", "138****8000")
    assert "address" not in seen
    assert "drop_code" not in seen
    assert seen["bag_code"]


def test_one_knows_where_one_works(cook, rider, shop):
    assert [(store["id"], store["name_en"]) for store in cook.get("/me/stores").json()] == [(sealed(shop)[0], "Lanzhou Beef Noodles")]
    assert rider.get("/me/stores").json() == []


def test_accept_ready_and_the_tabs_follow(cook, shop, order):
    at = desk(shop)
    accepted = cook.post(f"{at}/orders/{order['id']}/accept", {"minutes": 10}).json()
    assert accepted["state"] == "accepted"
    assert cook.post(f"{at}/orders/{order['id']}/accept", {}).status_code == 409
    assert cook.post(f"{at}/orders/{order['id']}/ready").json()["state"] == "ready"
    assert cook.get(at).json()["waiting"] == {"new": 0, "preparing": 0, "ready": 1, "away": 0, "booked": 0, "here": 0}


def test_refusing_needs_a_reason_and_gives_the_money_back(cook, mei, shop, order):
    path = f"{desk(shop)}/orders/{order['id']}/refuse"
    assert list(cook.post(path, {"reason": ""}).json()["fields"]) == ["reason"]
    before = mei.get("/me/balance").json()["balance"]
    assert cook.post(path, {"reason": "没有豆腐了"}).json()["state"] == "refused"
    jobs.drain(NOON)
    assert mei.get("/me/balance").json()["balance"] == before + order["total"]


def test_another_stores_order_does_not_exist(api, people, shop, order):
    accounts.grant_role(person_id=people["other merchant"].id, role="merchant", scope_id=6, by=SYSTEM, at=NOON)
    other = api.as_(people["other merchant"])
    theirs = f"/merchant/stores/{ids.seal('st', 6)}/orders/{order['id']}"
    assert other.get(theirs).status_code == 404
    for step, body in (("accept", {}), ("refuse", {"reason": "x"}), ("ready", None), ("cancel", {"reason": "x"})):
        assert other.post(f"{theirs}/{step}", body).status_code == 404
    offer = sealed(shop)[1]["tofu"]
    for path, body in ((f"offers/{offer}/on-sale", {"on": False}), (f"offers/{offer}/stock", {"count": 0})):
        assert other.send("PUT", f"/merchant/stores/{ids.seal('st', 6)}/{path}", body).status_code in {403, 404}


def test_sold_out_shows_at_once_and_comes_back(cook, mei, shop):
    store, offers = sealed(shop)
    path = f"{desk(shop)}/offers/{offers['tofu']}/on-sale"
    assert offer_of(cook.send("PUT", path, {"on": False}).json(), offers["tofu"])["on_sale"] is False
    refused = mei.post(f"/carts/{store}/lines", {"offer_id": offers["tofu"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "offer.gone")
    assert offer_of(cook.send("PUT", path, {"on": True}).json(), offers["tofu"])["on_sale"] is True
    assert mei.post(f"/carts/{store}/lines", {"offer_id": offers["tofu"]}).status_code == 201


def offer_of(menu, offer_id):
    return next(offer for section in menu["sections"] for offer in section["offers"] if offer["id"] == offer_id)


def test_the_menu_is_edited(cook, shop):
    at = desk(shop)
    menu = cook.post(f"{at}/sections", {"name": "新品", "name_en": "New", "sort": 9}).json()
    section = menu["sections"][-1]["id"]
    menu = cook.post(f"{at}/groups", {"name": "温度", "least": 1, "most": 1, "options": [{"name": "热"}, {"name": "冰", "price": 100}]})
    assert menu.status_code == 201, menu.content
    made = cook.post(f"{at}/offers", {"section_id": section, "name": "豆浆", "price": 500, "allergens": ["soy"]}).json()
    offer = made["sections"][-1]["offers"][0]
    assert (offer["name"], offer["price"], offer["allergens"]) == ("豆浆", 500, ["soy"])
    changed = cook.send("PUT", f"{at}/offers/{offer['id']}", {"section_id": section, "name": "豆浆", "price": 600}).json()
    assert offer_of(changed, offer["id"])["price"] == 600
    assert cook.send("DELETE", f"{at}/sections/{section}").status_code == 409


def test_hours_and_pauses(cook, shop, now):
    at = desk(shop)
    until = (NOON + timedelta(hours=1)).isoformat()
    assert cook.send("PUT", f"{at}/pause", {"until": until}).json()["open"]["reason"] == "paused"
    assert cook.send("DELETE", f"{at}/pause").json()["open"]["open"] is True
    closed = cook.send("PUT", f"{at}/hours", {"openings": [{"weekday": 3, "opens": 600, "closes": 720}]}).json()
    assert (closed["open"]["open"], len(closed["openings"])) == (False, 1)
    bad = cook.send("PUT", f"{at}/hours", {"openings": [{"weekday": 3, "opens": 700, "closes": 600}]})
    assert (bad.status_code, bad.json()["code"]) == (422, "hours.order")
    assert cook.send("PATCH", at, {"prep_minutes": 20, "accepts": True}).json()["store"]["prep_minutes"] == 20
    assert cook.get(f"{at}/statement").json() == {"items": [], "next_cursor": None}


def test_from_the_offer_to_the_door(cook, rider, mei, shop, order, now, people):
    at = desk(shop)
    assert rider.post("/courier/online", HERE).json()["courier"]["state"] == "on"
    cook.post(f"{at}/orders/{order['id']}/accept", {"minutes": 5})
    bag = cook.post(f"{at}/orders/{order['id']}/ready").json()["bag_code"]
    jobs.drain(NOON)
    street.tick(city_id=shop[0], at=NOON)
    fix = {"lat": 39.9170, "lng": 116.4181, "at": NOON.isoformat()}
    (offer,) = rider.get("/courier/offers").json()
    assert offer["drop_phone"].endswith("****")
    assert order["drop_code"] not in str(offer)
    assert bag not in str({name: value for name, value in offer.items() if name != "id"})
    now.move_to(NOON + timedelta(seconds=10))
    reported = rider.post("/courier/positions", {"points": [fix | {"at": (NOON + timedelta(seconds=9)).isoformat()}]}).json()
    assert (reported["taken"], [job["id"] for job in reported["offers"]]) == (1, [offer["id"]])
    job = f"/courier/jobs/{offer['id']}"
    assert rider.post(f"{job}/answer", {"accept": True}).json() == {"ok": True}
    assert [stop["kind"] for stop in rider.get("/courier/plan").json()] == ["pickup", "drop"]
    assert rider.post(f"{job}/arrive").status_code == 200
    wrong = rider.post(f"{job}/pick-up", {"code": "no"})
    assert wrong.status_code == 422
    assert rider.post(f"{job}/pick-up", {"code": bag}).json()["picked_up_at"]
    jobs.drain(now.now())
    assert mei.get(f"/orders/{order['id']}").json()["state"] == "picked_up"
    assert mei.get(f"/orders/{order['id']}/track").json()["eta"]["source"] in {"route", "estimate"}
    assert rider.post(f"{job}/deliver", {"kind": "code", "value": "0000"}).status_code == 422
    earned = rider.post(f"{job}/deliver", {"kind": "code", "value": order["drop_code"]}).json()["earned"]
    assert earned > 0
    jobs.drain(now.now())
    assert mei.get(f"/orders/{order['id']}").json()["state"] == "delivered"
    tip = mei.post(f"/orders/{order['id']}/tips", {"amount": 300}, **{"idempotency-key": "tip-00001"}).json()
    assert mei.post(f"/payments/{tip['id']}/start", {"method": "balance"}).json()["kind"] == "done"
    jobs.drain(now.now())
    span = f"start={NOON.isoformat().replace('+00:00', 'Z')}&end={(NOON + timedelta(hours=1)).isoformat().replace('+00:00', 'Z')}"
    made = rider.get(f"/courier/earnings?{span}").json()
    assert (made["total"], made["jobs"]) == (earned + 300, 1)
    early = mei.post(f"/orders/{order['id']}/tips", {"amount": 10**8}, **{"idempotency-key": "tip-00002"})
    assert (early.status_code, list(early.json()["fields"])) == (422, ["amount"])
    assert [job["id"] for job in rider.get("/courier/history").json()] == [offer["id"]]
    assert rider.post("/courier/offline").json()["courier"]["state"] == "off"


def test_somebody_elses_job_does_not_exist(api, people, cook, rider, shop, order):
    rider.post("/courier/online", HERE)
    cook.post(f"{desk(shop)}/orders/{order['id']}/accept", {})
    cook.post(f"{desk(shop)}/orders/{order['id']}/ready")
    street.tick(city_id=shop[0], at=NOON)
    (offer,) = rider.get("/courier/offers").json()
    stranger = people["operator"]
    accounts.grant_role(person_id=stranger.id, role="courier", by=SYSTEM, at=NOON)
    street.add_courier(person_id=stranger.id, city_id=shop[0], vehicle="ebike", capacity=8, at=NOON)
    other = api.as_(stranger)
    job = f"/courier/jobs/{offer['id']}"
    assert other.get(job).status_code == 404
    for step, body in (("answer", {"accept": True}), ("arrive", None), ("pick-up", {"code": "x"}), ("give-up", {"reason": "other"})):
        assert other.post(f"{job}/{step}", body).status_code in {404, 410}, step
    assert rider.get(job).json()["state"] == "offered"


def test_a_pickup_is_handed_over_by_code(mei, cook, shop):
    fill(mei, shop)
    order = paid(mei, shop, key="pickup-1", mode="pickup", address_id=None)
    at = f"{desk(shop)}/orders/{order['id']}"
    assert order["pickup_code"]
    assert order["drop_code"] == ""
    seen = cook.post(f"{at}/accept", {}).json()
    assert seen["bag_code"] == ""
    cook.post(f"{at}/ready")
    assert cook.post(f"{at}/hand-over", {"code": "nope"}).status_code == 422
    assert cook.post(f"{at}/hand-over", {"code": order["pickup_code"]}).json()["state"] == "collected"


def test_home_and_search(api, shop, order, mei):
    here = f"lat={world.DENGSHIKOU.lat}&lng={world.DENGSHIKOU.lng}"
    home = api.get(f"/home?{here}").json()
    assert isinstance(home["stores"], list)
    found = api.get(f"/search?{here}&text=mian").json()
    assert found["total"] == len(found["stores"])
    assert api.get(f"/search?{here}&sort=luck").status_code == 422
    assert api.get("/home?lat=39.9").json()["fields"].keys() == {"lng"}
