"""Who hears what when something happens to an order: the person by message, open pages by push, and nobody twice."""

from __future__ import annotations

import inspect
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction

from linli.apps.accounts import operations as accounts
from linli.apps.care.events import CaseAnswered, CaseDecided
from linli.apps.community.events import ReviewAnswered, ReviewWritten
from linli.apps.notices import queries, reactions, rides
from linli.apps.notices.reactions import REACTIONS
from linli.apps.notices.texts import TEXTS
from linli.apps.orders import events as orders
from linli.platform import jobs, outbox
from linli.platform.ids import seal
from linli.platform.models import PushMessage
from tests import world
from tests.world import MONDAY_NOON as NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def about():
    """The fields that every event of an order has."""
    city = world.beijing()
    person = accounts.ensure_person(phone="13800138000", name="韩梅梅", at=NOON)
    return {"order_id": 77, "person_id": person.id, "store_id": world.noodles(city), "city_id": city}


def happens(event, at=NOON):
    with transaction.atomic():
        outbox.tell(event, at=at)
    jobs.drain(at)


def told(about):
    return [(message.title_en, message.body_en) for message in queries.inbox(person_id=about["person_id"]).items]


def heard(event="order"):
    return {(row.topic.partition(":")[0], row.data.get("state")) for row in PushMessage.objects.filter(event=event)}


CASES = [
    (orders.OrderPaid, {"total": 3850, "method": "sandbox", "accept_by": NOON}, "paid",
     ("Lanzhou Beef Noodles has your order", "Paid: ¥38.50. The store answers within a few minutes.")),
    (orders.OrderPaid, {"total": 3850, "method": "cash", "accept_by": NOON}, "paid",
     ("Lanzhou Beef Noodles has your order", "You pay ¥38.50 at the door. The store answers within a few minutes.")),
    (orders.OrderAccepted, {"ready_at": NOON + timedelta(minutes=12)}, "accepted",
     ("Lanzhou Beef Noodles is making your order", "It should be ready at 12:12.")),
    (orders.OrderReady, {"mode": "pickup"}, "ready",
     ("Ready to collect at Lanzhou Beef Noodles", "Show your collection code at the counter.")),
    (orders.OrderReady, {"mode": "delivery"}, "ready", None),
    (orders.OrderPickedUp, {}, "picked_up", ("Your order is on its way", "A courier has picked it up at Lanzhou Beef Noodles.")),
    (orders.OrderDelivered, {"mode": "delivery", "late_s": 0}, "delivered",
     ("Your order has arrived", "Tell others how Lanzhou Beef Noodles did, or tell us what went wrong.")),
    (orders.OrderDelivered, {"mode": "pickup", "late_s": 0}, "collected",
     ("You have collected your order", "Tell others how Lanzhou Beef Noodles did, or tell us what went wrong.")),
    (orders.OrderRefused, {"reason": "没有面了", "refund": 3850}, "refused",
     ("Lanzhou Beef Noodles could not take your order", "Reason: 没有面了. Going back to you: ¥38.50.")),
    (orders.OrderRefused, {"reason": "没有面了", "refund": 0}, "refused",
     ("Lanzhou Beef Noodles could not take your order", "Reason: 没有面了. Nothing was charged.")),
    (orders.OrderCancelled, {"role": "operator", "reason": "storm", "refund": 100}, "cancelled",
     ("Your order at Lanzhou Beef Noodles is cancelled", "Reason: storm. Going back to you: ¥1.00.")),
    (orders.OrderCancelled, {"role": "consumer", "reason": "", "refund": 100}, "cancelled",
     ("You cancelled your order at Lanzhou Beef Noodles", "Going back to you: ¥1.00.")),
    (orders.OrderCancelled, {"role": "consumer", "reason": "", "refund": 0}, "cancelled", None),
    (orders.OrderExpired, {}, "expired",
     ("Your order at Lanzhou Beef Noodles was closed", "It was not paid in time. Nothing was charged.")),
    (orders.OrderRefunded, {"amount": 500, "reason": "cold"}, "refunded",
     ("¥5.00 is going back to you", "Your order at Lanzhou Beef Noodles. Reason: cold.")),
    (orders.OrderCompleted, {"total": 3850}, "completed", None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fields", "state", "message"), CASES)
def test_what_is_told_and_shown(about, kind, fields, state, message):
    happens(kind(**about, **fields))
    assert told(about) == ([message] if message else [])
    assert heard() == {("order", state), ("store", state), ("city", state)}


def test_a_message_leads_to_its_order_and_uses_the_chinese_name_in_chinese(about):
    happens(orders.OrderPickedUp(**about))
    (message,) = queries.inbox(person_id=about["person_id"]).items
    assert message.url == f"/orders/{seal('or', 77)}"
    assert "兰州牛肉面" in message.body
    assert "Lanzhou" not in message.body


def test_an_order_that_is_not_paid_yet_is_nobodys_news(about):
    happens(orders.OrderPlaced(**about, mode="delivery", total=3850))
    assert told(about) == []
    assert heard() == {("order", "placed")}


def test_a_moved_promise_reaches_open_pages(about):
    later = NOON + timedelta(minutes=40)
    happens(orders.PromiseMoved(order_id=77, person_id=about["person_id"], promise_from=NOON, promise_to=later))
    assert PushMessage.objects.get(event="promise").data["promise_to"] == later.isoformat()


@pytest.mark.parametrize(("minutes", "kinds"), [(4, ["order.picked_up"]), (5, ["order.late", "order.picked_up"])])
def test_whoever_will_wait_longer_than_promised_hears_it_when_the_courier_sets_out(about, monkeypatch, minutes, kinds):
    promise = NOON + timedelta(minutes=30)
    eta = SimpleNamespace(from_at=promise, to_at=promise + timedelta(minutes=minutes))
    monkeypatch.setattr(reactions.street, "job", lambda ref: SimpleNamespace(promise_at=promise))
    monkeypatch.setattr(reactions.street, "eta", lambda ref, at: eta)
    happens(orders.OrderPickedUp(**about))
    assert sorted(message.kind for message in queries.inbox(person_id=about["person_id"]).items) == kinds
    if minutes >= 5:
        assert ("Your order will arrive later", "We now expect it between 12:30 and 12:35. Sorry for the wait.") in told(about)


def test_complaints(about):
    case = {"case_id": 9, "order_id": 77, "person_id": about["person_id"], "store_id": about["store_id"]}
    happens(CaseAnswered(**case, role="consumer"))
    assert told(about) == []
    happens(CaseAnswered(**case, role="merchant"), NOON + timedelta(seconds=1))
    happens(CaseAnswered(**case, role="support"), NOON + timedelta(seconds=2))
    happens(CaseDecided(**case, state="resolved", refund=1200, instant=False), NOON + timedelta(seconds=3))
    happens(CaseDecided(**case, state="declined", refund=0, instant=False), NOON + timedelta(seconds=4))
    happens(CaseDecided(**case, state="withdrawn", refund=0, instant=False), NOON + timedelta(seconds=5))
    assert [title for title, _ in told(about)][::-1] == [
        "Lanzhou Beef Noodles has answered your complaint",
        "We have answered your complaint",
        "Your complaint is settled",
        "Your complaint has been decided",
    ]
    assert {topic for topic, _ in heard("case")} == {"order", "store", "support"}


def test_reviews(about):
    review = {"review_id": 3, "order_id": 77, "person_id": about["person_id"], "store_id": about["store_id"]}
    happens(ReviewWritten(**review, stars=5))
    assert told(about) == []
    happens(ReviewAnswered(**review))
    assert told(about) == [("Lanzhou Beef Noodles has answered your review", "Read what they say.")]


def test_an_event_is_heard_once_although_its_job_runs_again(about):
    happens(orders.OrderPickedUp(**about))
    jobs.drain(NOON + timedelta(hours=1))
    assert len(told(about)) == 1


def test_every_kind_of_message_is_used_and_every_reaction_is_for_an_event():
    source = (inspect.getsource(reactions) + inspect.getsource(rides)).replace('f"order.{done}"', '"order.delivered" "order.collected"')
    assert {kind for kind in TEXTS if f'"{kind}"' not in source} == set()
    assert all(len(functions) == 1 for functions in REACTIONS.values())
