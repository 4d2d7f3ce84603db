"""Reaching people outside: by which adapter, what goes over the wire, and what the sandbox keeps."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from django.core import mail
from django.db import transaction

from linli.kernel.errors import Invalid
from linli.platform import channels, http, jobs
from linli.platform.channels.message import Message
from linli.platform.channels.webpush import vapid
from linli.platform.models import Job
from linli.platform.tasks import prune

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_the_sandbox_keeps_what_it_should_send() -> None:
    channels.send(channel="sms", to="13800000001", body="您的验证码是 123456", at=NOON)
    assert channels.sent("13800000001") == []
    jobs.drain(NOON)
    kept = channels.sent("13800000001")
    assert [(sent.channel, sent.body, sent.at) for sent in kept] == [("sms", "您的验证码是 123456", NOON)]
    assert channels.recent_sent(5) == kept
    assert channels.sent("13800000002") == []


def test_what_is_rolled_back_is_not_sent() -> None:
    with transaction.atomic():
        channels.send(channel="sms", to="1", body="never", at=NOON)
        transaction.set_rollback(True)
    jobs.drain(NOON)
    assert channels.recent_sent() == []


def test_a_channel_that_does_not_exist_is_refused_at_once() -> None:
    with pytest.raises(Invalid):
        channels.send(channel="pigeon", to="1", body="coo", at=NOON)
    assert not Job.objects.exists()


@pytest.fixture
def gateway(settings):
    """An SMS gateway that answers what `answers` says, and remembers the requests."""
    settings.CHANNELS = {**settings.CHANNELS, "sms": {"adapter": "webhook", "url": "http://sms.test/send", "secret": "s3cret"}}
    answers, seen = [], []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(answers.pop(0) if answers else 202)

    with http.use(httpx.MockTransport(answer)):
        yield answers, seen


def test_an_sms_goes_to_the_gateway_signed(gateway) -> None:
    channels.send(channel="sms", to="13800000001", body="到了", url="http://x/1", at=NOON)
    jobs.drain(NOON)
    (request,) = gateway[1]
    assert json.loads(request.content) == {"to": "13800000001", "text": "到了 http://x/1", "sent_at": NOON.isoformat()}
    expected = hmac.new(b"s3cret", request.content, hashlib.sha256).hexdigest()
    assert request.headers["X-Signature"] == f"sha256={expected}"


def test_a_gateway_that_fails_is_asked_again(gateway) -> None:
    gateway[0].extend([503, 200])
    channels.send(channel="sms", to="1", body="到了", at=NOON)
    jobs.drain(NOON)
    jobs.drain(NOON + timedelta(seconds=2))
    assert len(gateway[1]) == 2
    assert not Job.objects.exists()


def test_mail_goes_out_by_smtp(settings) -> None:
    settings.CHANNELS = {**settings.CHANNELS, "mail": {"adapter": "smtp", "url": "smtp://x", "sender": "a@linli.test"}}
    channels.send(channel="mail", to="li@example.com", subject="Receipt", body="¥38.50", url="http://x/o", at=NOON)
    jobs.drain(NOON)
    (sent,) = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["li@example.com"], "Receipt", "¥38.50\n\nhttp://x/o")


def test_a_push_subscription_that_is_gone_is_no_error_and_others_are(monkeypatch, settings) -> None:
    import pywebpush

    settings.CHANNELS = {**settings.CHANNELS, "webpush": {"adapter": "vapid", "private_key": "k", "contact": "mailto:a@b"}}
    status = {"code": 410}
    given = {}

    def fail(**kwargs: object) -> None:
        given.update(kwargs)
        raise pywebpush.WebPushException("refused", response=httpx.Response(status["code"]))

    monkeypatch.setattr(pywebpush, "webpush", fail)
    message = Message(json.dumps({"endpoint": "https://push.test/1"}), "Order", "On its way", "/orders/1", NOON)
    vapid.send(message)
    assert given["subscription_info"] == {"endpoint": "https://push.test/1"}
    status["code"] = 500
    with pytest.raises(pywebpush.WebPushException):
        vapid.send(message)


def test_the_sandbox_forgets_after_its_time() -> None:
    for at in (NOON, NOON + timedelta(days=20)):
        channels.send(channel="mail", to="a", body="b", at=at)
        jobs.drain(at)
    prune.run(at=NOON + timedelta(days=31))
    assert [sent.at for sent in channels.recent_sent()] == [NOON + timedelta(days=20)]
