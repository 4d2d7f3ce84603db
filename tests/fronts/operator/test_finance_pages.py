"""The operator's finance pages: what they show of a payment, a refund, a callback and a difference; a difference is cleared once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from linli.apps.accounts import operations as accounts
from linli.apps.catalog import operations as catalog
from linli.apps.orders import operations as orders
from linli.apps.payments import operations as payments
from linli.apps.payments import queries
from linli.kernel.actors import Actor
from linli.kernel.time import ManualClock
from linli.platform import audit, clock, policies
from linli.platform.ids import seal
from linli.policy import stays
from linli.simulator.provider.models import Trade
from tests.inn import open_inn
from tests.town import World


@pytest.fixture
def desk(world: World):
    """The world after one order was completed and partly refunded."""
    order = world.completed()
    payments.refund(ref=order.ref, amount=300, reason="面凉了", key="k", by=world.ou, at=world.at)
    with clock.use(ManualClock(world.at)):
        yield world


def client(world: World, language: str = "en", person_id: int = 0) -> Client:
    browser = Client(headers={"Accept-Language": language})
    browser.cookies["linli"] = accounts.issue_token(person_id=person_id or world.ou.person_id, at=world.at)
    return browser


def text(world: World, address: str, language: str = "en") -> str:
    response = client(world, language).get(f"/operator/finance{address}")
    assert response.status_code == 200, response.content
    return response.content.decode()


def test_the_ledger_balances_and_says_to_whom_what_is_owed(desk: World) -> None:
    page = text(desk, "")
    assert "balances" in page
    assert "老陈面馆" in page
    assert "Owed to couriers" in page
    assert "试算平衡" in text(desk, "", "zh-hans")


def test_a_payment_is_found_by_its_order_and_shows_every_movement(desk: World) -> None:
    intent = queries.search_intents().items[0]
    outside = seal("or", int(intent.ref[3:]))
    assert outside in text(desk, f"/payments?q={outside}")
    assert outside not in text(desk, "/payments?state=open")
    page = text(desk, f"/payments/{seal('in', intent.id)}")
    for words in ("Held for orders", "Owed to stores", "Taken back for a refund", "面凉了"):
        assert words in page


def test_refunds_and_callbacks_are_listed(desk: World) -> None:
    assert "面凉了" in text(desk, "/refunds")
    assert "面凉了" not in text(desk, "/refunds?state=pending")
    payments.record_callback(provider="sandbox", headers={}, body=b"<script>alert(1)</script>=1&sign=x", at=desk.at)
    page = text(desk, "/callbacks?state=forged")
    assert "not signed by them" in page
    assert "<script>alert" not in page
    assert "没有对方的签名" in text(desk, "/callbacks", "zh-hans")


def test_a_difference_is_cleared_with_a_word_and_leaves_a_trace(desk: World, monkeypatch) -> None:
    from linli.apps.payments.adapters import PROVIDERS
    from linli.apps.payments.adapters.base import StatementLine

    monkeypatch.setattr(type(PROVIDERS["sandbox"]), "statement", lambda self, day, *, at: [StatementLine("at-theirs", 700, "9")])
    day = PROVIDERS["sandbox"].day_of(desk.at - timedelta(days=1))
    payments.reconcile(provider="sandbox", day=day, at=desk.at)
    (difference,) = queries.differences()
    assert "Only they have it" in text(desk, "/statements")
    address = f"/operator/finance/differences/{seal('di', difference.id)}/clear"
    assert client(desk).post(address, {"note": " "}).status_code == 422
    assert client(desk, person_id=desk.lin).post(address, {"note": "x"}).status_code == 403
    assert client(desk).get(address).status_code == 405
    assert queries.differences() != []
    assert client(desk).post(address, {"note": "paid by hand"}).status_code == 303
    assert client(desk).post(address, {"note": "again"}).status_code == 409
    assert queries.differences() == []
    assert [line.reason for line in audit.entries(action="difference.clear").items] == ["paid by hand"]
    assert Trade.objects.count() == 0


def owed(world: World, kind: str) -> tuple[int, int]:
    return queries.payables(kind=kind)[0]


@pytest.mark.parametrize(("kind", "prefix"), [("store", "st"), ("courier", "co")])
def test_what_is_owed_is_paid_out_once_and_never_more(desk: World, kind: str, prefix: str) -> None:
    owner, amount = owed(desk, kind)
    address, ou = f"/operator/finance/accounts/{kind}/{seal(prefix, owner)}", client(desk)
    for _ in range(2):  # pressed twice
        assert ou.post(address, {"amount": f"{(amount - 100) / 100:.2f}", "key": "k1"}).status_code == 303
    assert owed(desk, kind) == (owner, 100)
    answer = ou.post(address, {"amount": "1.01", "key": "k2"})
    assert (answer.status_code, "not that much" in answer.content.decode()) == (409, True)
    assert owed(desk, kind) == (owner, 100)
    assert ou.post(address, {"amount": "a lot", "key": "k3"}).status_code == 422


def test_cash_is_handed_in_as_far_as_it_is_carried(desk: World) -> None:
    courier = seal("co", owed(desk, "courier")[0])
    assert client(desk).post(f"/operator/finance/accounts/cash/{courier}", {"amount": "5", "key": "k1"}).status_code == 409
    assert client(desk).post(f"/operator/finance/accounts/bank/{courier}", {"amount": "5", "key": "k1"}).status_code == 404


def test_the_api_notes_a_payout_once(desk: World) -> None:
    owner, amount = owed(desk, "store")
    token = accounts.issue_token(person_id=desk.ou.person_id or 0, at=desk.at)
    for _ in range(2):
        answer = Client().post(
            f"/api/v1/operator/stores/{seal('st', owner)}/payouts", {"amount": amount - 1}, "application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "payout-0001"},
        )  # fmt: skip
        assert answer.status_code == 201, answer.content
    assert owed(desk, "store") == (owner, 1)


def test_a_debt_is_listed_and_closed_with_a_reason_by_operators_alone(desk: World) -> None:
    policies.change(number_name=stays.LATER_ORDERS.name, city_id=0, value="0", actor=desk.ou, at=desk.at, reason="test")
    inn = open_inn(desk)
    catalog.set_pay(plan_id=inn.plans[inn.double, "flex"], pay="later", actor=inn.clerk, at=desk.at)
    order = orders.place_alone(
        person_id=desk.lin, store_id=inn.store_id, mode="stay", line=inn.line(), shown=None, method="later", idempotency_key="a-stay-later",
        at=desk.at,
    )  # fmt: skip
    orders.accept(order_id=order.id, actor=inn.clerk, at=desk.at)
    assert "Nobody owes anything" in text(desk, "/debts")
    desk.pass_(50 * 60)
    orders.cancel(order_id=order.id, actor=Actor("consumer", desk.lin), reason="plans", at=desk.at)
    desk.pass_()
    outside = seal("or", order.id)
    page = text(desk, "/debts")
    for words in (order.number, "¥450", "asked to pay", outside):
        assert words in page
    assert "已请求付款" in text(desk, "/debts", "zh-hans")
    address = f"/operator/finance/debts/{outside}/close"
    for person in (desk.lin, desk.su.person_id, desk.chen.person_id):
        assert client(desk, person_id=person).post(address, {"how": "paid", "reason": "x"}).status_code == 403
    assert client(desk).post(address, {"how": "forgotten", "reason": "x"}).status_code == 422
    assert client(desk).post(address, {"how": "written_off", "reason": "x"}).status_code == 303
    assert client(desk).post(address, {"how": "written_off", "reason": "x"}).status_code == 409
    assert "Nobody owes anything" in text(desk, "/debts")


def test_programs_of_operators_see_and_close_debts(desk: World) -> None:
    def ask(person_id: int) -> int:
        token = accounts.issue_token(person_id=person_id, at=desk.at)
        return Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/operator/debts").status_code

    assert [ask(person) for person in (desk.ou.person_id, desk.su.person_id, desk.lin)] == [200, 403, 403]
