"""The operator's console and the support desk: who gets in, what the pages show, and that the buttons do what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from linli.apps.accounts import operations as accounts
from linli.apps.accounts import queries as people
from linli.apps.accounts import signed_out
from linli.apps.care import operations as care
from linli.apps.care import queries as cases
from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as street
from linli.apps.orders import queries as orders
from linli.fronts.web.operator import urls as operator_urls
from linli.fronts.web.support import urls as support_urls
from linli.kernel.time import ManualClock
from linli.platform import audit, channels, clock, invariants, jobs, policies
from linli.platform.ids import seal
from linli.platform.models import Job
from linli.policy import promises
from tests.town import NOODLES, SQUARE, World


@dataclass
class Desk:
    """The world as seen from a browser."""

    world: World

    def client(self, person_id: int | None, language: str = "en") -> Client:
        client = Client(headers={"Accept-Language": language})
        if person_id is not None:
            client.cookies["linli"] = accounts.issue_token(person_id=person_id, at=self.world.at)
        return client

    @property
    def operator(self) -> Client:
        return self.client(self.world.ou.person_id)

    @property
    def support(self) -> Client:
        return self.client(self.world.su.person_id)


@pytest.fixture
def desk(world: World) -> Iterator[Desk]:
    now = ManualClock(world.at)
    moved = world.pass_

    def pass_(*args: float, **kwargs: float):
        at = moved(*args, **kwargs)
        now.move_to(at)
        return at

    world.pass_ = pass_
    with clock.use(now):
        yield Desk(world)


def complaint(world: World) -> cases.CaseView:
    """Lin got cold noodles."""
    order = world.delivered()
    return care.complain(order_id=order.id, person_id=world.lin, kind="quality", text="面凉了", wanted=1000, at=world.at)


def pages(desk: Desk) -> list[str]:
    """Every page of the console, with something on it."""
    case = complaint(desk.world)
    order = orders.order(order_id=case.order_id)
    fulfilment.go_online(courier_id=desk.world.qian, point=NOODLES, at=desk.world.at)
    fulfilment.tick(city_id=desk.world.city_id, at=desk.world.at)
    waiting = desk.world.accepted()
    desk.world.pass_(5)
    fulfilment.tick(city_id=desk.world.city_id, at=desk.world.at)
    batch = street.ticks(city_id=desk.world.city_id).items[0]
    channels.send(channel="sms", to="13800000001", body="code 123456", at=desk.world.at)
    jobs.drain(desk.world.at)
    return [
        "", "part", "live.json", "orders", "orders?tab=done", f"orders?q={order.number[:4]}", f"orders/{seal('or', order.id)}",
        f"orders/{seal('or', waiting.id)}/assign", "cases", "cases?only=escalated", f"cases/{seal('cs', case.id)}", "dispatch",
        "siting", "siting?kind=locker", "streets", "shifts", "shifts?day=2026-06-01", "shifts?day=nonsense",
        "dispatch/part", "dispatch/live.json", "dispatch/ticks", f"dispatch/ticks/{seal('tk', batch.id)}",
        f"dispatch/ticks/{seal('tk', batch.id)}?late=9&slack_s=0", "policies",
        "policies?scope=city&q=minute", "policies/promises.deliver_min",
        "policies/money.cash_on?scope=city", "people", "people?phone=13800000001", f"people/{seal('pe', desk.world.chen.person_id)}",
        "audit", "audit?action=job&subject=x", "health", "sent", "sent?to=13800000001", "metrics",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_for_an_operator(desk, language: str) -> None:
    addresses = pages(desk)
    client = desk.client(desk.world.ou.person_id, language)
    for address in addresses:
        response = client.get(f"/operator/{address}")
        assert response.status_code == 200, address
        assert "{{" not in response.content.decode(), address


def test_nobody_else_gets_in(desk) -> None:
    outsiders = [desk.client(desk.world.lin), desk.client(desk.world.chen.person_id), desk.client(desk.world.zhao), desk.support]
    for pattern in operator_urls.urlpatterns:
        address = "/" + str(pattern.pattern).replace("<order>", "or-x").replace("<", "").replace(">", "")
        for client in outsiders:
            assert {client.get(address).status_code, client.post(address).status_code} <= {403, 405}, address
        assert desk.client(None).get(address).status_code in {302, 405}


def test_the_support_desk_is_for_support(desk) -> None:
    case = complaint(desk.world)
    for address in ("", "cases", f"cases/{seal('cs', case.id)}", "orders", f"orders/{seal('or', case.order_id)}"):
        assert desk.support.get(f"/support/{address}").status_code == 200, address
        assert desk.operator.get(f"/support/{address}").status_code == 403, address
        assert desk.client(desk.world.lin).get(f"/support/{address}").status_code == 403, address
    assert {str(pattern.pattern) for pattern in support_urls.urlpatterns} >= {"support/cases/<case>/decide"}


def test_acts_are_posts_and_need_the_token_of_the_page(desk) -> None:
    order = desk.world.paid()
    address = f"/operator/orders/{seal('or', order.id)}/cancel"
    assert desk.operator.get(address).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.operator.cookies
    assert strict.post(address, {"reason": "fire"}).status_code == 403
    assert desk.world.order(order).state == "paid"


def test_the_operators_addresses_are_all_there(desk) -> None:
    assert "operator/orders/<order>/assign" in {str(p.pattern) for p in operator_urls.urlpatterns}
    assert get_resolver().resolve("/operator/health").route == "operator/health"


def test_the_map_shows_couriers_stores_and_doors(desk) -> None:
    order = desk.world.accepted()
    fulfilment.go_online(courier_id=desk.world.qian, point=SQUARE, at=desk.world.at)
    marks = {mark["kind"]: mark for mark in desk.operator.get("/operator/live.json").json()["marks"]}
    assert marks["courier"]["idle"] is True
    assert marks["courier"]["lat"] == SQUARE.lat
    assert marks["store"]["label"] == "老陈面馆"
    assert marks["home"]["href"] == f"/operator/orders/{seal('or', order.id)}"
    desk.world.pass_(120)
    late = desk.operator.get("/operator/live.json").json()["marks"]
    assert "late" in {mark["kind"] for mark in late}


def test_a_delivery_nobody_takes_stands_out_and_the_figures_are_measured_by_the_policy(desk) -> None:
    desk.world.delivered()
    desk.world.accepted()
    part = desk.operator.get("/operator/part").content.decode()
    assert "20</b>" in part.replace(" ", "")
    seeking = part[part.rindex("No courier yet") :]
    assert "badge bad" not in seeking
    desk.world.pass_(25)
    part = desk.operator.get("/operator/part").content.decode()
    assert "badge bad" in part[part.rindex("No courier yet") :]
    form = {"scope": "city", "value": "15", "reason": "bolder"}
    assert desk.operator.post("/operator/policies/promises.deliver_min/change", form).status_code == 303
    part = desk.operator.get("/operator/part").content.decode()
    assert 'class="bad">20</b>' in part


def test_late_orders_come_first(desk) -> None:
    first = desk.world.accepted()
    desk.world.pass_(90)
    second = desk.world.accepted(want=desk.world.want(address_id=desk.world.office))
    text = desk.operator.get("/operator/orders").content.decode()
    assert text.index(first.number) < text.index(second.number)
    assert "badge bad" in text[text.index(first.number) : text.index(second.number)]
    assert "badge bad" not in text[text.index(second.number) :]


def test_an_order_in_full_is_read_in_few_statements(desk, django_assert_max_num_queries) -> None:
    order = desk.world.delivered()
    with django_assert_max_num_queries(30):
        desk.operator.get(f"/operator/orders/{seal('or', order.id)}")


def test_the_board_takes_as_many_statements_for_many_orders_as_for_one(desk, monkeypatch) -> None:
    monkeypatch.setattr(signed_out, "FRESH_S", float("inf"))  # who has signed out is read once and not again

    def statements(address: str) -> int:
        policies.value(promises.DELIVER_MIN)
        with CaptureQueriesContext(connection) as seen:
            assert desk.operator.get(address).status_code == 200
        return len(seen)

    addresses = ("/operator/orders", "/operator/", "/operator/cases", "/operator/part")
    desk.world.accepted()
    desk.operator.get("/operator/")
    few = [statements(address) for address in addresses]
    for _ in range(4):
        desk.world.accepted(want=desk.world.want(address_id=desk.world.office))
    assert [statements(address) for address in addresses] == few
    assert max(few) <= 20


def test_cancelling_gives_the_money_back_and_is_audited(desk) -> None:
    order = desk.world.accepted()
    address = f"/operator/orders/{seal('or', order.id)}"
    assert desk.operator.post(f"{address}/cancel", {"reason": ""}).status_code == 422
    assert desk.world.order(order).state == "accepted"
    assert desk.operator.post(f"{address}/cancel", {"reason": "the kitchen burns"}).headers["Location"] == f"{address}?done=cancel"
    desk.world.pass_()
    after = desk.world.order(order)
    assert (after.state, after.cancelled_by, after.cancel_reason) == ("cancelled", "operator", "the kitchen burns")
    line = audit.entries(subject=order.ref, action="order.cancel").items[0]
    assert (line.role, line.person_id, line.reason) == ("operator", desk.world.ou.person_id, "the kitchen burns")
    assert "the kitchen burns" in desk.operator.get(address).content.decode()


def test_a_part_is_given_back_once_however_often_the_button_is_pressed(desk) -> None:
    order = desk.world.delivered()
    address = f"/operator/orders/{seal('or', order.id)}/refund"
    form = {"amount": "8.50", "reason": "cold", "bears": "platform", "key": "k1"}
    for _ in range(2):
        assert desk.operator.post(address, form).status_code == 303
    assert desk.world.order(order).refunded == 850
    assert desk.operator.post(address, {**form, "amount": "9999", "key": "k2"}).status_code == 409
    assert desk.operator.post(address, {**form, "amount": "much", "key": "k3"}).status_code == 422
    assert desk.world.order(order).refunded == 850


def test_an_operator_can_do_what_the_store_does_not(desk) -> None:
    order = desk.world.paid()
    address = f"/operator/orders/{seal('or', order.id)}/act"
    assert desk.operator.post(address, {"act": "accept"}).status_code == 303
    assert desk.world.order(order).state == "accepted"
    assert desk.operator.post(address, {"act": "explode"}).status_code == 403
    desk.world.pass_()
    assert desk.operator.post(address, {"act": "ready"}).status_code == 303
    assert desk.world.order(order).state == "ready"


def test_assigning_by_hand_shows_the_way_and_gives_the_job(desk) -> None:
    order = desk.world.accepted()
    fulfilment.go_online(courier_id=desk.world.qian, point=NOODLES, at=desk.world.at)
    address = f"/operator/orders/{seal('or', order.id)}"
    assert "钱" in desk.operator.get(f"{address}/assign").content.decode()
    form = {"courier": seal("co", desk.world.qian), "reason": "nearest"}
    assert desk.operator.post(f"{address}/give", form).headers["Location"] == f"{address}?done=assign"
    job = street.job(ref=order.ref)
    assert (job.courier_id, job.state) == (desk.world.qian, "accepted")
    assert audit.entries(subject=f"jb:{job.id}").items[0].reason == "nearest"
    assert desk.operator.post(f"{address}/give", form).status_code == 409
    form["courier"] = seal("co", desk.world.zhao)
    assert desk.operator.post(f"{address}/give", form).status_code == 409
    assert street.job(ref=order.ref).courier_id == desk.world.qian


def test_a_policy_is_changed_for_one_city_with_a_reason_and_put_back(desk) -> None:
    address = "/operator/policies/promises.deliver_min"
    form = {"scope": "city", "value": "40", "reason": "snow"}
    assert desk.operator.post(f"{address}/change", form).status_code == 303
    assert policies.value(promises.DELIVER_MIN, desk.world.city_id) == 40
    assert policies.value(promises.DELIVER_MIN, 0) == 30
    page = desk.operator.get(f"{address}?scope=city").content.decode()
    assert "snow" in page
    assert "欧" in page
    for wrong in ({"value": "999"}, {"value": "soon"}, {"reason": " "}):
        assert desk.operator.post(f"{address}/change", form | wrong).status_code == 422
    assert desk.operator.post(f"{address}/change", {"scope": "city", "reset": "1", "reason": "thaw"}).status_code == 303
    assert policies.value(promises.DELIVER_MIN, desk.world.city_id) == 30


def test_roles_are_given_and_taken_with_a_trace(desk) -> None:
    he = f"/operator/people/{seal('pe', desk.world.he)}"
    assert desk.operator.post(f"{he}/grant", {"role": "support"}).status_code == 303
    assert people.may(person_id=desk.world.he, role="support")
    assert desk.client(desk.world.he).get("/support/").status_code == 200
    assert desk.operator.post(f"{he}/grant", {"role": "emperor"}).status_code == 422
    assert desk.operator.post(f"{he}/grant", {"role": "merchant", "store": ""}).status_code == 422
    store = f"/stores/{seal('st', desk.world.noodles)}"
    assert desk.operator.post(f"{he}/grant", {"role": "merchant", "store": store}).status_code == 303
    assert people.may(person_id=desk.world.he, role="merchant", scope_id=desk.world.noodles)
    assert desk.operator.post(f"{he}/revoke", {"role": "support", "store": "", "reason": "left"}).status_code == 303
    assert desk.client(desk.world.he).get("/support/").status_code == 403
    assert audit.entries(subject=f"pe:{desk.world.he}", action="role.revoked").items[0].reason == "left"


def test_nobody_takes_the_operators_role_from_themselves(desk) -> None:
    me = f"/operator/people/{seal('pe', desk.world.ou.person_id)}"
    assert desk.operator.post(f"{me}/revoke", {"role": "operator", "store": ""}).status_code == 409
    assert desk.operator.get("/operator/people").status_code == 200


def poison() -> int:
    row = Job.objects.create(task="test.x", payload={"a": 1}, state="poison", error="Boom\nValueError: no rice", run_at="2026-01-01T00:00Z",
                             failed_at="2026-01-01T00:00Z", created_at="2026-01-01T00:00Z")  # fmt: skip
    return row.pk


def test_a_job_set_aside_is_seen_retried_and_thrown_away(desk) -> None:
    first, second = poison(), poison()
    text = desk.operator.get("/operator/health").content.decode()
    assert "ValueError: no rice" in text
    assert desk.operator.post(f"/operator/health/jobs/{seal('jq', first)}", {"act": "retry"}).status_code == 303
    assert Job.objects.get(pk=first).state == "due"
    assert desk.operator.post(f"/operator/health/jobs/{seal('jq', second)}", {"act": "discard"}).status_code == 303
    assert not Job.objects.filter(pk=second).exists()
    assert audit.entries(subject=f"jq:{second}").items[0].before["error"] == "ValueError: no rice"
    assert desk.operator.post(f"/operator/health/jobs/{seal('jq', second)}", {"act": "discard"}).status_code == 404


def test_the_rules_are_checked_when_asked(desk) -> None:
    assert desk.operator.post("/operator/health/check").status_code == 303
    names = [state.name for state in invariants.states()]
    assert names
    page = desk.operator.get("/operator/health").content.decode()
    assert all(name in page for name in names)


def test_a_complaint_is_answered_and_decided_by_support(desk) -> None:
    case = complaint(desk.world)
    address = f"/support/cases/{seal('cs', case.id)}"
    assert desk.support.post(f"{address}/answer", {"text": "抱歉"}).status_code == 303
    assert cases.case(case_id=case.id).replied_at == desk.world.at
    assert desk.support.post(f"{address}/answer", {"text": "老客户", "note": "1"}).status_code == 303
    assert [message.note for message in cases.case(case_id=case.id, notes=True).messages] == [False, True]
    assert desk.support.post(f"{address}/decide", {"refund": "0", "text": "x"}).status_code == 422
    form = {"refund": "10", "text": "退您十元", "bears": "platform"}
    assert desk.support.post(f"{address}/decide", form).headers["Location"] == f"{address}?done=decide"
    after = cases.case(case_id=case.id)
    assert (after.state, after.refund_amount) == ("resolved", 1000)
    assert orders.order(order_id=case.order_id).refunds[0].by_merchant == 0
    assert desk.support.post(f"{address}/decide", form).status_code == 409


def test_a_complaint_is_declined_with_words(desk) -> None:
    case = complaint(desk.world)
    address = f"/operator/cases/{seal('cs', case.id)}"
    assert desk.operator.post(f"{address}/decide", {"decline": "1", "text": ""}).status_code == 422
    assert desk.operator.post(f"{address}/decide", {"decline": "1", "text": "很遗憾"}).status_code == 303
    assert cases.case(case_id=case.id).state == "declined"
    assert orders.order(order_id=case.order_id).refunded == 0


def test_what_the_sandbox_sent_is_shown(desk) -> None:
    channels.send(channel="sms", to="13800000009", body="验证码 246810", at=desk.world.at)
    jobs.drain(desk.world.at)
    assert "246810" in desk.operator.get("/operator/sent").content.decode()
    assert "246810" not in desk.operator.get("/operator/sent?to=1").content.decode()


@pytest.mark.django_db
def test_without_a_city_the_console_says_what_to_do(client) -> None:
    at = clock.now()
    person = accounts.ensure_person(phone="13900000000", name="欧", at=at)
    from linli.kernel.actors import SYSTEM

    accounts.grant_role(person_id=person.id, role="operator", by=SYSTEM, at=at)
    client.cookies["linli"] = accounts.issue_token(person_id=person.id, at=at)
    response = client.get("/operator/", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert "linli city load" in response.content.decode()
