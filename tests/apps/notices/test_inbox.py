"""The inbox: in both languages, one's own only, and louder only where that is wanted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linli.apps.accounts import operations as accounts
from linli.apps.notices import operations, queries
from linli.kernel.actors import Actor
from linli.kernel.errors import Invalid
from linli.platform import channels, jobs, policies
from linli.platform.models import PushMessage

NOON = datetime(2026, 5, 4, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def li():
    return accounts.ensure_person(phone="13800138000", name="李雷", at=NOON)


@pytest.fixture
def mei():
    return accounts.ensure_person(phone="13900139000", name="韩梅梅", at=NOON, locale="en")


def tell(person, kind="order.refused", at=NOON):
    words = {"store": "老张面馆", "reason": "no noodles", "amount": "¥38.50"}
    return operations.notify(person_id=person.id, kind=kind, ref="or:1", url="/orders/or-1", words=words, at=at)


def test_a_message_is_there_in_both_languages(li):
    tell(li)
    (message,) = queries.inbox(person_id=li.id).items
    assert message.title_en == "老张面馆 could not take your order"
    assert message.body_en == "Reason: no noodles. Going back to you: ¥38.50."
    assert message.title != message.title_en
    assert "老张面馆" in message.title


def test_the_inbox_is_paged_newest_first_and_ones_own(li, mei):
    sent = [tell(li, at=NOON + timedelta(seconds=turn)) for turn in range(5)]
    tell(mei)
    first = queries.inbox(person_id=li.id, limit=3)
    rest = queries.inbox(person_id=li.id, limit=3, cursor=first.next_cursor)
    assert [message.id for message in (*first.items, *rest.items)] == sent[::-1]
    assert rest.next_cursor is None


def test_reading_counts_down_and_leaves_others_alone(li, mei):
    mine, theirs = tell(li), tell(mei)
    assert queries.unread(person_id=li.id) == 1
    assert operations.read(person_id=li.id, message_ids=[theirs], at=NOON) == 0
    assert operations.read(person_id=li.id, message_ids=[mine], at=NOON) == 1
    assert operations.read(person_id=li.id, at=NOON) == 0
    assert (queries.unread(person_id=li.id), queries.unread(person_id=mei.id)) == (0, 1)


def test_open_pages_hear_of_it(li):
    tell(li)
    news = PushMessage.objects.get()
    assert (news.topic, news.event) == (f"person:{li.id}", "message")


def test_sms_goes_out_where_it_is_urgent_and_wanted_in_the_persons_language(mei):
    tell(mei)
    operations.set_preferences(person_id=mei.id, sms=True, at=NOON)
    tell(mei, kind="order.paid")
    jobs.drain(NOON)
    assert channels.sent(mei.phone) == []
    tell(mei)
    jobs.drain(NOON)
    (message,) = channels.sent(mei.phone)
    assert message.body.startswith("老张面馆 could not take your order")


def test_no_sms_where_policy_says_none(mei):
    policies.change(number_name="notices.sms_on", city_id=0, value=False, actor=Actor("operator", 1), at=NOON, reason="quiet")
    operations.set_preferences(person_id=mei.id, sms=True, at=NOON)
    tell(mei)
    jobs.drain(NOON)
    assert channels.sent(mei.phone) == []


def test_a_kind_without_words_is_refused(li):
    with pytest.raises(Invalid):
        tell(li, kind="order.flew_away")
    assert queries.unread(person_id=li.id) == 0


def test_old_messages_are_forgotten(li):
    tell(li)
    kept = tell(li, at=NOON + timedelta(days=1))
    assert operations.prune(at=NOON + timedelta(days=180, seconds=1)) == 1
    assert [message.id for message in queries.inbox(person_id=li.id).items] == [kept]
