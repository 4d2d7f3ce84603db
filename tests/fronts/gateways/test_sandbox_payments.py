"""Paying through the sandbox provider over HTTP in one process: its page, its notices, and every way in which they can go wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from django.conf import settings

from linli.apps.payments import operations as payments
from linli.apps.payments import queries
from linli.apps.payments.models import Callback, Refund
from linli.kernel.actors import SYSTEM
from linli.platform import http, invariants, jobs
from linli.platform.models import Event
from linli.simulator.provider.models import Notice, Trade
from tests.apps.payments.cast import AT, OPERATOR, opened
from tests.fronts.gateways.conftest import URL, City, outcomes, said

pytestmark = pytest.mark.django_db


def test_paid_on_the_page_and_told_by_notice(city: City) -> None:
    page = city.begin(opened())
    assert "¥42.00" in city.browser.get(page).text
    back = city.pay(page)
    assert back.headers["location"].startswith(f"{settings.BASE_URL}/pay/in-")
    assert queries.intent(ref="or:1").state == "open"  # coming back proves nothing; the notice does
    city.later(seconds=1)
    after = queries.intent(ref="or:1")
    assert (after.state, after.captured_amount, after.method) == ("captured", 4200, "sandbox")
    assert outcomes() == ["captured"]
    assert Notice.objects.get().state == "delivered"
    assert Event.objects.filter(name="payments.captured").count() == 1
    assert 'class="done"' in city.browser.get(page).text


@pytest.mark.parametrize(
    ("mood", "expected"),
    [("twice", ["captured", "already"]), ("shuffled", ["captured", "noted"]), ("late", ["captured"])],
)
def test_notices_late_twice_and_out_of_order_count_once(city: City, mood: str, expected: list[str]) -> None:
    city.pay(city.begin(opened()), mood)
    if mood == "late":
        city.later(seconds=20)
        assert outcomes() == []
    city.later(seconds=61)
    assert sorted(outcomes()) == sorted(expected)
    assert queries.intent(ref="or:1").captured_amount == 4200
    assert Event.objects.filter(name="payments.captured").count() == 1


def test_a_provider_that_never_tells_is_asked(city: City) -> None:
    jobs.start_periodic(city.at)
    city.pay(city.begin(opened()), "never")
    city.later(seconds=25)
    assert queries.intent(ref="or:1").state == "open"
    city.later(seconds=20)
    assert queries.intent(ref="or:1").state == "captured"
    assert outcomes() == []


def test_declined_and_left_charges_nothing(city: City) -> None:
    page = city.begin(opened())
    assert city.browser.post(page, data={"action": "fail"}).status_code == 200
    assert city.browser.post(page, data={"action": "leave"}).status_code == 302
    city.later(seconds=1)
    assert queries.intent(ref="or:1").state == "open"
    assert outcomes() == []


def test_pressed_twice_is_one_trade(city: City) -> None:
    intent = opened()
    pages = {city.begin(intent), city.begin(intent)}
    assert len(pages) == 1
    page = pages.pop()
    city.pay(page)
    city.pay(page)
    city.later(seconds=1)
    assert outcomes() == ["captured"]
    assert Trade.objects.count() == 1


def test_by_qr_code(city: City) -> None:
    intent = opened()
    step = payments.start(intent_id=intent.id, person_id=intent.person_id, method="sandbox_qr", at=city.at)
    assert step.kind == "qr"
    assert len(step.url) < 80
    page = city.begin(intent, "sandbox_qr")
    assert city.browser.get(f"{page}/qr.svg").headers["content-type"] == "image/svg+xml"
    city.pay(page)
    city.later(seconds=1)
    assert queries.intent(ref="or:1").method == "sandbox_qr"


def test_time_runs_out_at_the_provider_first(city: City) -> None:
    jobs.start_periodic(city.at)
    page = city.begin(opened())
    city.later(minutes=16)
    assert queries.intent(ref="or:1").state == "expired"
    assert Trade.objects.get().state == "CLOSED"
    assert Event.objects.filter(name="payments.expired").count() == 1
    assert city.pay(page).status_code == 410


def test_paid_in_the_last_second_and_never_told_is_found_when_time_runs_out(city: City) -> None:
    page = city.begin(opened())
    city.hand.move_to(AT + timedelta(minutes=14, seconds=59))
    city.pay(page, "never")
    city.hand.move_to(AT + timedelta(minutes=15))
    jobs.start_periodic(city.at)
    city.later(seconds=1)
    assert queries.intent(ref="or:1").state == "captured"
    assert Event.objects.filter(name="payments.expired").count() == 0


def test_money_for_something_cancelled_goes_back_by_itself(city: City) -> None:
    page = city.begin(opened())
    city.pay(page, "late")
    assert payments.cancel(ref="or:1", at=city.at)
    assert not payments.cancel(ref="or:1", at=city.at)
    city.later(seconds=1)  # closing asks, and finds it paid
    after = queries.intent(ref="or:1")
    assert (after.state, after.captured_amount, after.refunded) == ("cancelled", 4200, 4200)
    assert Trade.objects.get().refunded == 4200
    assert queries.refunds(ref="or:1")[0].state == "settled"
    assert Event.objects.filter(name="payments.captured").count() == 0
    city.later(seconds=61)
    assert "already" in outcomes()
    assert queries.intent(ref="or:1").refunded == 4200


def test_paid_by_two_methods_keeps_one(city: City) -> None:
    intent = opened()
    pages = [city.begin(intent), city.begin(intent, "sandbox_qr")]
    for page in pages:
        city.pay(page)
    city.later(seconds=1)
    city.later(seconds=1)
    after = queries.intent(ref="or:1")
    assert (after.captured_amount, after.refunded, after.refundable) == (8400, 4200, 4200)
    assert sorted(outcomes()) == ["already", "captured", "returned"]  # the refund's notice comes after its answer
    assert sorted(Trade.objects.values_list("refunded", flat=True)) == [0, 4200]


def test_paid_by_balance_while_the_provider_page_is_open(city: City) -> None:
    intent = opened()
    page = city.begin(intent)
    payments.give_balance(person_id=intent.person_id, amount=4200, key="k", reason="test", by=OPERATOR, at=city.at)
    payments.start(intent_id=intent.id, person_id=intent.person_id, method="balance", at=city.at)
    city.pay(page)
    city.later(seconds=1)
    assert queries.intent(ref="or:1").method == "balance"
    assert Trade.objects.get().refunded == 4200


def test_a_wrong_signature_is_not_believed_and_leaves_the_number_free(city: City) -> None:
    city.begin(opened())
    true = said()
    assert city.notify({**true, "sign": "AAAA"}) == 400
    assert city.notify({**true, "amount": "1"}) == 400
    assert city.notify({name: value for name, value in true.items() if name != "sign"}) == 400
    assert outcomes() == ["forged"] * 3
    assert queries.intent(ref="or:1").state == "open"
    assert city.notify(true) == 200
    assert queries.intent(ref="or:1").state == "captured"


def test_a_replay_changes_nothing(city: City) -> None:
    city.begin(opened())
    assert [city.notify(said()), city.notify(said())] == [200, 200]
    assert outcomes() == ["captured"]
    city.later(minutes=6)
    assert city.notify(said()) == 400
    assert outcomes() == ["captured", "stale"]
    assert queries.intent(ref="or:1").captured_amount == 4200


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"amount": "4199"}, "amount"), ({"amount": "4201"}, "amount"), ({"currency": "USD"}, "currency"),
        ({"app_id": "other"}, "merchant"), ({"out_trade_no": "at-nowhere"}, "unknown"),
    ],
)  # fmt: skip
def test_signed_but_wrong_is_refused_and_somebody_is_told(city: City, changes: dict[str, str], outcome: str) -> None:
    city.broken = {"callbacks.wrong"}
    city.begin(opened())
    assert city.notify(said(**changes)) == 400
    assert city.notify(said(**changes)) == 400  # told again, refused again
    assert outcomes() == [outcome]
    assert queries.intent(ref="or:1").state == "open"
    assert queries.transfers(ref="or:1") == []
    assert [row.data["reason"] for row in Event.objects.filter(name="payments.alert")] == [outcome]
    assert len(invariants.check_all(city.at)["callbacks.wrong"]) == 1


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a" * 100, b"a=1&a=2", b"x=1&" * 200, b"sign=\x00"])
def test_rubbish_is_refused(city: City, body: bytes) -> None:
    reply = city.browser.post(f"{settings.BASE_URL}{URL}", content=body)
    assert reply.status_code == 400
    assert outcomes()[0] in {"forged", "unreadable"}


def test_no_such_provider_too_large_and_not_by_get(city: City) -> None:
    assert city.browser.post(f"{settings.BASE_URL}/gateways/nobody/notify", content=b"x").status_code == 404
    assert city.browser.post(f"{settings.BASE_URL}{URL}", content=b"x" * 70_000).status_code == 413
    assert city.browser.get(f"{settings.BASE_URL}{URL}").status_code == 405
    assert outcomes() == []


def test_a_flood_of_forgeries_fills_nothing(city: City) -> None:
    city.begin(opened())
    for _ in range(70):
        assert city.notify({"sign": "x"}) == 400
    assert Callback.objects.count() == 60
    assert city.notify(said()) == 200


def test_refunds_in_parts_arrive_at_the_provider(city: City) -> None:
    city.pay(city.begin(opened()))
    city.later(seconds=1)
    for part, key in ((1000, "a"), (1000, "a"), (700, "b")):
        payments.refund(ref="or:1", amount=part, reason="test", key=key, by=SYSTEM, at=city.at)
    assert {view.state for view in queries.refunds(ref="or:1")} == {"pending"}
    city.later(seconds=1)
    assert sorted(view.amount for view in queries.refunds(ref="or:1") if view.state == "settled") == [700, 1000]
    assert Trade.objects.get().refunded == 1700
    assert Event.objects.filter(name="payments.refund_settled").count() == 2


def test_a_refund_that_the_provider_refuses_becomes_balance(city: City) -> None:
    intent = opened()
    city.pay(city.begin(intent))
    city.later(seconds=1)
    Trade.objects.update(refunded=4200)  # the provider has given it all away already
    payments.refund(ref="or:1", amount=1000, reason="test", key="a", by=SYSTEM, at=city.at)
    city.later(seconds=1)
    assert (Refund.objects.get().state, Refund.objects.get().via) == ("settled", "balance")
    assert queries.balance(person_id=intent.person_id) == 1000


def test_a_refund_notice_for_another_amount_is_refused(city: City) -> None:
    city.broken = {"callbacks.wrong"}
    city.pay(city.begin(opened()))
    city.later(seconds=1)
    payments.refund(ref="or:1", amount=1000, reason="test", key="a", by=SYSTEM, at=city.at)
    told = said(kind="refund", out_refund_no=Refund.objects.get().number, amount="999", notify_id="r", notify_time=city.at.isoformat())
    assert city.notify(told) == 400
    assert Refund.objects.get().state == "pending"


def test_a_provider_that_does_not_answer_is_asked_again(city: City) -> None:
    city.pay(city.begin(opened()))
    city.later(seconds=1)
    with http.use(httpx.MockTransport(lambda request: httpx.Response(502))):
        payments.refund(ref="or:1", amount=1000, reason="test", key="a", by=SYSTEM, at=city.at)
        city.later(seconds=1)
        assert Refund.objects.get().state == "pending"
    city.later(seconds=10)
    assert Refund.objects.get().state == "settled"
    assert Trade.objects.get().refunded == 1000


def test_an_answer_that_the_provider_did_not_sign_counts_for_nothing(city: City) -> None:
    intent = opened()
    city.begin(intent)
    lie: dict[str, Any] = {name: value for name, value in said().items() if name != "sign"} | {"code": "OK", "sign": "AAAA"}
    with (
        http.use(httpx.MockTransport(lambda request: httpx.Response(200, json=lie))),
        pytest.raises(Exception, match=r"provider\.|does not"),
    ):
        payments.ask(intent_id=intent.id, at=city.at)
    assert queries.intent(ref="or:1").state == "open"


def test_a_top_up_fills_the_balance(city: City) -> None:
    person = opened().person_id
    intent = payments.top_up(person_id=person, amount=10_000, key="k", at=city.at)
    assert payments.top_up(person_id=person, amount=10_000, key="k", at=city.at).id == intent.id
    assert queries.balance(person_id=person) == 0
    city.pay(city.begin(intent))
    city.later(seconds=1)
    assert queries.balance(person_id=person) == 10_000


def test_an_address_that_the_merchant_did_not_sign_opens_nothing(city: City) -> None:
    intent = opened()
    step = payments.start(intent_id=intent.id, person_id=intent.person_id, method="sandbox", at=city.at)
    assert city.browser.get(step.url.replace("amount=4200", "amount=1")).status_code == 422
    assert Trade.objects.count() == 0
    assert city.browser.get(f"{settings.BASE_URL}/sandbox/t/tr-0000000000000").status_code == 404
    params = dict(parse_qsl(urlsplit(step.url).query))
    assert city.browser.post(f"{settings.BASE_URL}/sandbox/api/refund", data=params).status_code in {400, 401}


def test_the_provider_tries_again_until_it_is_heard(city: City) -> None:
    city.pay(city.begin(opened()))
    with http.use(httpx.MockTransport(lambda request: httpx.Response(500))):
        city.later(seconds=1)
    assert (Notice.objects.get().state, Notice.objects.get().tries) == ("waiting", 1)
    city.later(seconds=16)
    assert Notice.objects.get().state == "delivered"
    assert queries.intent(ref="or:1").state == "captured"
