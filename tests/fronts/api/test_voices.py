"""After the meal: complaints and reviews, as the person, the store and support see them."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from linli.apps.accounts import operations as accounts
from linli.kernel.actors import SYSTEM
from linli.platform import jobs
from tests.fronts.api.conftest import NOON
from tests.fronts.api.shopping import at_home, fill, open_shop, paid, sealed


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
def had(mei, cook, shop):
    """A pickup order that the person has in hand."""
    fill(mei, shop)
    order = paid(mei, shop, key="pickup-1", mode="pickup", address_id=None)
    at = f"/merchant/stores/{sealed(shop)[0]}/orders/{order['id']}"
    cook.post(f"{at}/accept", {})
    cook.post(f"{at}/ready")
    cook.post(f"{at}/hand-over", {"code": order["pickup_code"]})
    jobs.drain(NOON)
    return mei.get(f"/orders/{order['id']}").json()


def complained(mei, had, **changes):
    line = next(line for line in had["lines"] if line["kind"] == "item")
    body = {"kind": "missing", "text": "少了一份", "lines": [{"line_id": line["id"], "qty": 1}]} | changes
    return mei.post(f"/orders/{had['id']}/complaints", body)


def test_a_complaint_is_opened_answered_and_granted(mei, cook, shop, had, api, people):
    opened = complained(mei, had)
    assert opened.status_code == 201, opened.content
    case = opened.json()
    assert (case["state"], case["wanted"], case["pieces"][0]["qty"]) == ("open", 1800, 1)
    assert complained(mei, had).status_code == 409
    theirs = f"/merchant/stores/{sealed(shop)[0]}/complaints/{case['id']}"
    answered = cook.post(f"{theirs}/messages", {"text": "对不起，马上退"}).json()
    assert answered["state"] == "answered"
    granted = cook.post(f"{theirs}/grant", {"refund": 1800, "text": "退一份"}).json()
    assert (granted["state"], granted["refund_amount"]) == ("resolved", 1800)
    jobs.drain(NOON)
    assert mei.get(f"/orders/{had['id']}").json()["refunded"] == 1800
    assert [message["role"] for message in mei.get(f"/complaints/{case['id']}").json()["messages"]][-2:] == ["merchant", "merchant"]
    assert {message["kind"] for message in mei.get("/messages").json()["items"]} >= {"case.answered", "case.granted"}


def test_support_sees_notes_and_decides_and_the_person_sees_no_notes(mei, had, api, people):
    case = complained(mei, had).json()["id"]
    assert mei.post(f"/complaints/{case}/escalate", {"text": "没人理我"}).json()["state"] == "escalated"
    support = api.as_(people["support"])
    assert [view["id"] for view in support.get("/support/cases?escalated_only=true").json()["cases"]] == [case]
    support.post(f"/support/cases/{case}/messages", {"text": "老客户", "note": True})
    assert "老客户" in str(support.get(f"/support/cases/{case}").json())
    assert "老客户" not in str(mei.get(f"/complaints/{case}").json())
    decided = support.post(f"/support/cases/{case}/decide", {"refund": 0, "text": "照片上是两份"}).json()
    assert (decided["state"], decided["refund_amount"]) == ("declined", 0)


def test_somebody_elses_complaint_does_not_exist(mei, had, api, people):
    case = complained(mei, had).json()["id"]
    stranger = api.as_(people["courier"])
    assert stranger.get(f"/complaints/{case}").status_code == 404
    for step, body in (("messages", {"text": "x"}), ("escalate", {}), ("withdraw", None)):
        assert stranger.post(f"/complaints/{case}/{step}", body).status_code == 404
    assert complained(stranger, had).status_code == 404
    assert mei.post(f"/complaints/{case}/withdraw").json()["state"] == "withdrawn"


def test_a_photo_is_sent_first_and_named_then(mei, had, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(kept, "JPEG")
    sent = mei.client.post("/api/v1/photos", kept.getvalue(), content_type="image/jpeg", headers=mei.headers)
    assert sent.status_code == 201, sent.content
    assert complained(mei, had, photos=["people/0000.jpg"]).json()["code"] == "photo.unknown"
    assert complained(mei, had, photos=[sent.json()["name"]]).json()["photos"] == [sent.json()["name"]]
    bad = mei.client.post("/api/v1/photos", b"<svg/>", content_type="image/jpeg", headers=mei.headers)
    assert (bad.status_code, bad.json()["code"]) == (422, "picture.unreadable")


def test_a_review_is_written_once_and_answered(mei, cook, shop, had, api):
    store = sealed(shop)[0]
    assert mei.get(f"/orders/{had['id']}/review").status_code == 404
    assert list(mei.post(f"/orders/{had['id']}/review", {"stars": 6}).json()["fields"]) == ["stars"]
    written = mei.post(f"/orders/{had['id']}/review", {"stars": 5, "aspects": {"taste": 4}, "text": "好吃"})
    assert written.status_code == 201, written.content
    assert mei.post(f"/orders/{had['id']}/review", {"stars": 1}).status_code == 409
    (waiting,) = cook.get(f"/merchant/stores/{store}/reviews").json()["items"]
    assert cook.send("PUT", f"/merchant/stores/{store}/reviews/{waiting['id']}/reply", {"text": "谢谢"}).status_code == 200
    assert cook.get(f"/merchant/stores/{store}/reviews").json()["items"] == []
    public = api.get(f"/stores/{store}/reviews").json()
    assert (public["items"][0]["reply"], public["items"][0]["aspects"], public["summary"]["count"]) == ("谢谢", {"taste": 4}, 1)
    assert "person_id" not in public["items"][0]
    assert mei.get(f"/orders/{had['id']}/review").json()["stars"] == 5


def test_an_order_that_was_not_had_is_not_reviewed(mei, shop):
    fill(mei, shop)
    order = paid(mei, shop)
    assert mei.post(f"/orders/{order['id']}/review", {"stars": 5}).status_code == 409
