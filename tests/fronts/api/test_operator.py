"""What operators see and do: the board, the street, policy numbers, the trail, the machine."""

from __future__ import annotations

from datetime import timedelta

import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.fulfilment import operations as street
from linli.kernel.actors import SYSTEM
from linli.platform import ids, jobs
from tests.fronts.api.conftest import NOON
from tests.fronts.api.shopping import HERE, at_home, fill, open_shop, paid, sealed


@pytest.fixture
def shop(api, people):
    return open_shop(people["consumer"])


@pytest.fixture
def mei(api, people, shop):
    return at_home(api.as_(people["consumer"]))


@pytest.fixture
def ops(api, people):
    return api.as_(people["operator"])


@jobs.task("test.always_fails", retries=0)
def always_fails(*, at):
    raise RuntimeError("broken on purpose")


def test_the_board_shows_what_is_waited_for_the_latest_first(ops, mei, shop, now):
    fill(mei, shop)
    order = paid(mei, shop)
    now.move_to(NOON + timedelta(hours=2))
    (waiting,) = ops.get("/operator/board").json()["orders"]
    assert (waiting["id"], waiting["state"]) == (order["id"], "paid")
    assert waiting["late_s"] > 3600
    assert ops.get("/operator/board").json()["counts"] == {"paid": 1}
    assert [found["id"] for found in ops.get(f"/operator/orders?text={order['number'][:6]}").json()] == [order["id"]]


def test_assigning_by_hand_is_audited(ops, api, people, mei, shop):
    fill(mei, shop)
    order = paid(mei, shop)
    accounts.grant_role(person_id=people["merchant"].id, role="merchant", scope_id=shop[1], by=SYSTEM, at=NOON)
    api.as_(people["merchant"]).post(f"/merchant/stores/{sealed(shop)[0]}/orders/{order['id']}/accept", {})
    street.add_courier(person_id=people["courier"].id, city_id=shop[0], vehicle="ebike", capacity=8, at=NOON)
    rider = api.as_(people["courier"])
    rider.post("/courier/online", HERE)
    seen = ops.get("/operator/live").json()
    (job,), (courier,) = seen["jobs"], seen["couriers"]
    assert job["ref"] == order["id"]
    assert ops.post(f"/operator/jobs/{job['id']}/assign", {"courier_id": courier["id"], "reason": ""}).status_code == 422
    done = ops.post(f"/operator/jobs/{job['id']}/assign", {"courier_id": courier["id"], "reason": "nearest"})
    assert done.status_code == 200, done.content
    assert [mine["id"] for mine in rider.get("/courier/jobs").json()] == [job["id"]]
    trail = ops.get("/operator/audit?action=job").json()["items"]
    assert any(entry["reason"] == "nearest" and entry["person_id"] == ids.seal("pe", people["operator"].id) for entry in trail)


def test_an_operator_gives_money_back_once(ops, mei, shop):
    fill(mei, shop)
    order = paid(mei, shop)
    body = {"amount": 500, "reason": "sorry", "merchant_bears": False}
    for _ in range(2):
        given = ops.post(f"/operator/orders/{order['id']}/refunds", body, **{"idempotency-key": "refund-0001"})
        assert (given.status_code, given.json()["refunded"]) == (201, 500), given.content
    assert ops.post(f"/operator/orders/{order['id']}/cancel", {"reason": "storm"}).json()["state"] == "cancelled"


def test_a_policy_number_is_changed_within_its_bounds(ops):
    path = "/operator/policies/dispatch.answer_s"
    assert ops.send("PUT", path, {"value": 60, "reason": "rain"}).json()["value"] == "60"
    assert next(one for one in ops.get("/operator/policies").json() if one["name"] == "dispatch.answer_s")["value"] == "60"
    for body, status in (
        ({"value": 100000, "reason": "x"}, 422),
        ({"value": "soon", "reason": "x"}, 422),
        ({"value": 50, "reason": ""}, 422),
    ):
        assert ops.send("PUT", path, body).status_code == status
    assert ops.send("PUT", "/operator/policies/no.such", {"value": 1, "reason": "x"}).status_code == 404
    (entry,) = ops.get("/operator/audit?action=policy").json()["items"]
    assert (entry["after"], entry["reason"], entry["role"]) == ("60", "rain", "operator")
    back = ops.send("PUT", path, {"value": None, "reason": "dry"}).json()
    assert back["value"] == back["default"]


def test_a_job_that_was_set_aside_is_seen_and_thrown_away(ops):
    always_fails.enqueue(run_at=NOON, at=NOON)
    jobs.drain(NOON)
    health = ops.get("/operator/health").json()
    assert health["poison"] == 1
    (failed,) = health["errors"]
    assert "broken on purpose" in failed["error"]
    assert ops.post(f"/operator/health/jobs/{failed['id']}/retry").status_code == 200
    jobs.drain(NOON)
    assert ops.send("DELETE", f"/operator/health/jobs/{failed['id']}").status_code == 200
    assert ops.get("/operator/health").json()["poison"] == 0
    assert ops.send("DELETE", f"/operator/health/jobs/{failed['id']}").status_code == 404
    assert {entry["action"] for entry in ops.get("/operator/audit?action=job.").json()["items"]} == {"job.retry", "job.discard"}


def test_a_road_is_closed_and_freed_again(ops, shop, now):
    there = {"lat": 39.91, "lng": 116.4, "radius_m": 300, "speed_factor": "0.00", "until_at": (NOON + timedelta(hours=1)).isoformat()}
    made = ops.post("/operator/streets/incidents", there | {"note": "水管爆裂"})
    assert made.status_code == 200
    street = ops.get("/operator/streets").json()
    assert (street["chosen"], street["answers"], street["missed"]) == ("straight", "straight", "")
    assert [(one["id"], one["note"]) for one in street["incidents"]] == [(made.json()["id"], "水管爆裂")]
    for wrong in ({"speed_factor": "1"}, {"radius_m": 1}, {"lat": 91}, {"until_at": NOON.isoformat()}, {"until_at": "2026-03-02T12:00:00"}):
        assert ops.post("/operator/streets/incidents", there | wrong).status_code == 422, wrong
    for _ in range(2):
        assert ops.post(f"/operator/streets/incidents/{made.json()['id']}/end", {}).status_code == 200
    now.move_to(NOON + timedelta(minutes=1))
    assert ops.get("/operator/streets").json()["incidents"] == []
