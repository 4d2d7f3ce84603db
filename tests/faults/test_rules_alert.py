"""Every rule that must hold, broken once: the operator sees it in the console and Prometheus reads it, and both see it mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import F, Model
from django.test import Client

from linli.apps.accounts import operations as accounts
from linli.apps.dining import operations as dining
from linli.apps.dining.models import Pick, Seating, Share, Visit
from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment.models import Courier, PayLine
from linli.apps.fulfilment.models import Job as Delivery
from linli.apps.insight.models import Forgetting
from linli.apps.orders import operations as orders
from linli.apps.orders.models import Order
from linli.apps.payments.models import Account, Attempt, Callback, Intent, Refund
from linli.apps.promotions import operations as promotions
from linli.apps.promotions.models import Campaign, Coupon
from linli.apps.promotions.operations import CampaignWant
from linli.apps.stock.models import Bucket, Hold
from linli.kernel.time import ManualClock
from linli.platform import clock, invariants, jobs, policies
from linli.platform.models import Job
from tests import town
from tests.diningroom import DiningRoom, dining_room
from tests.town import World

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Break = Callable[["City"], AbstractContextManager[None]]


class City:
    """The town with an order in each stage of its life: waiting for money, on its way, brought, and called off."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.limit("牛肉面", 100)
        want = CampaignWant(
            kind="full_reduction", title="减", title_en="Off", rules={"tiers": [[1000, 100]]}, starts_at=world.at - DAY,
            ends_at=world.at + DAY, store_id=world.noodles,
        )  # fmt: skip
        self.campaign = promotions.put_campaign(want=want, at=world.at)
        self.eaten, self.share = self._dined(dining_room(world))
        self.brought = world.delivered()
        self.off = world.paid()
        orders.cancel(order_id=self.off.id, actor=world.ou, reason="test", at=world.at)
        self.taken = world.accepted()
        self.unpaid = world.place()
        fulfilment.go_offline(courier_id=world.zhao, at=world.at)
        world.pass_()

    def _dined(self, room: DiningRoom) -> tuple[int, int]:
        """A visit that was paid by one for all and is over, and the share; then others sit down at a table."""
        visit = room.meal()
        room.serve(visit)
        room.pay(dining.share_rest(visit_id=visit, person_id=self.world.lin, at=self.world.at), self.world.lin)
        room.sit(self.world.he, "B1")
        self.world.pass_(20)
        return visit, Share.objects.get(visit_id=visit).pk

    @property
    def at(self) -> datetime:
        return self.world.at


@contextmanager
def changed(model: type[Model], where: dict[str, Any], **changes: Any) -> Iterator[None]:
    """The rows that `where` finds are changed, and changed back."""
    rows = model._default_manager.filter(**where)
    before = list(rows.values("pk", *changes))
    assert before, "there is nothing to break"
    rows.update(**changes)
    yield
    for row in before:
        model._default_manager.filter(pk=row.pop("pk")).update(**row)


@contextmanager
def added(model: type[Model], **fields: Any) -> Iterator[None]:
    """There is a row that should not be there."""
    row = model._default_manager.create(**fields)
    yield
    row.delete()


@contextmanager
def never_paid(city: City) -> Iterator[None]:
    """The courier's lines are away."""
    rows = list(PayLine.objects.filter(job__ref=city.brought.ref))
    PayLine.objects.filter(pk__in=[row.pk for row in rows]).delete()
    yield
    PayLine.objects.bulk_create(rows)


@contextmanager
def many_late(city: City) -> Iterator[None]:
    """Forty deliveries, each an hour late."""
    kept = Order.objects.get(pk=city.brought.id)
    before, moment = kept.pk, city.at
    late = {"state": "completed", "delivered_at": moment, "promise_to": moment - HOUR, "total": 0, "goods": 0, "discount": 0}
    late |= {"packaging": 0, "delivery_fee": 0, "tip": 0, "paid_at": None, "refunded": 0}
    made = []
    for number in range(40):
        row = Order.objects.get(pk=before)
        row.pk, row.number = before + 1 + number, f"late{number}"
        for name, value in late.items():
            setattr(row, name, value)
        made.append(row)
    Order.objects.bulk_create(made)
    yield
    Order.objects.filter(number__startswith="late").delete()


def due(city: City, task: str = "test.late", state: str = "due", **payload: Any) -> AbstractContextManager[None]:
    error = "Traceback\nValueError: no rice" if state == "poison" else ""
    return added(
        Job, task=task, payload=payload, state=state, run_at=city.at - HOUR, created_at=city.at - HOUR, error=error, failed_at=city.at
    )


BREAKS: dict[str, Break] = {
    "campaigns.spent": lambda city: changed(Campaign, {"pk": city.campaign}, spent=F("spent") + 1),
    "callbacks.wrong": lambda city: added(
        Callback, provider="sandbox", notice_id="x", number="at-1", body="", verified=True, outcome="amount", received_at=city.at
    ),
    "coupons.once": lambda city: added(
        Coupon, id=1, campaign_id=city.campaign, person_id=city.world.lin, state="redeemed", granted_at=city.at, expires_at=city.at + DAY,
        ref="or:1", key="x",
    ),
    "dining.closed_has_no_table": lambda city: changed(Seating, {"visit_id": city.eaten}, until=None),
    "dining.closed_owes_nothing": lambda city: changed(
        Account, {"kind": "receivable", "owner": f"or:{Pick.objects.filter(visit_id=city.eaten)[0].order_id}"}, debits=F("debits") + 1
    ),
    "dining.no_table_is_forgotten": lambda city: changed(Visit, {"closed_at": None}, opened_at=city.at - 2 * DAY),
    "dining.paid_shares_are_noted": lambda city: changed(Share, {"pk": city.share}, state="open", made_at=city.at - HOUR),
    "dining.shares_add_up": lambda city: changed(Share, {"pk": city.share}, amount=F("amount") + 1),
    "fulfilment.delivered_is_paid": never_paid,
    "fulfilment.offers_end": lambda city: changed(
        Delivery, {"ref": city.taken.ref}, state="offered", answer_by=city.at - HOUR, courier_id=city.world.zhao
    ),
    "fulfilment.on_duty_is_a_shift": lambda city: changed(Courier, {"pk": city.world.zhao}, state="on"),
    "insight.forgotten_in_time": lambda city: added(Forgetting, person_id=city.world.he, asked_at=city.at - 30 * DAY),
    "intents.overdue": lambda city: changed(Intent, {"ref": city.unpaid.ref}, expires_at=city.at - HOUR),
    "intents.shared": lambda city: changed(Intent, {"ref": city.unpaid.ref}, whole_id=Intent.objects.get(ref=city.taken.ref).pk),
    "intents.refunds": lambda city: changed(Intent, {"ref": city.taken.ref}, captured_amount=F("captured_amount") + 1),
    "jobs.none_set_aside": lambda city: due(city, state="poison"),
    "jobs.on_time": due,
    "ledger.balances": lambda city: changed(Account, {"kind": "balance", "owner": str(city.world.lin)}, credits=F("credits") + 1),
    "ledger.currency": lambda city: changed(Account, {"kind": "balance", "owner": str(city.world.lin)}, currency="USD"),
    "ledger.escrow": lambda city: changed(Account, {"kind": "escrow", "owner": city.taken.ref}, credits=F("credits") + 1),
    "orders.goods_agree": lambda city: changed(Hold, {"ref": city.taken.ref}, state="released"),
    "orders.holds_have_an_order": lambda city: changed(Hold, {"ref": city.unpaid.ref}, ref="or:17"),
    "orders.money_agrees": lambda city: changed(Order, {"pk": city.taken.id}, refunded=1),
    "orders.nobody_is_forgotten": lambda city: changed(Order, {"pk": city.unpaid.id}, pay_by=city.at - HOUR),
    "orders.nobody_waits_an_hour": lambda city: changed(Order, {"pk": city.taken.id}, promise_to=city.at - 2 * HOUR),
    "orders.paid_is_confirmed": lambda city: changed(
        Intent, {"ref": city.unpaid.ref}, state="captured", captured_at=city.at - HOUR, method="balance"
    ),
    "orders.promises_kept": many_late,
    "orders.refunds_add_up": lambda city: changed(Order, {"pk": city.brought.id}, refunded=1),
    "orders.total_is_sum_of_lines": lambda city: changed(Order, {"pk": city.taken.id}, goods=F("goods") + 1, total=F("total") + 1),
    "outbox.heard": lambda city: due(city, "outbox.react", reaction="orders.confirm", event="payments.captured", data={}),
    "refunds.late": lambda city: changed(Refund, {"intent__ref": city.off.ref}, state="pending", asked_at=city.at - 2 * DAY),
    "statements.compared": lambda city: changed(
        Attempt, {"intent__ref": city.brought.ref}, provider="sandbox", paid_at=city.at - 3 * DAY
    ),
    "stock.book_adds_up": lambda city: changed(Bucket, {"supply__store_id": city.world.noodles}, capacity=F("capacity") + 1),
    "stock.holds_add_up": lambda city: changed(Bucket, {"supply__store_id": city.world.noodles}, held=F("held") + 1),
    "stock.holds_end": lambda city: changed(Hold, {"ref": city.unpaid.ref}, expires_at=city.at - HOUR),
}  # fmt: skip


@pytest.fixture
def city(world: World) -> Iterator[City]:
    hand = ManualClock(world.at)
    world.clock = hand
    with clock.use(hand):
        yield City(world)


@pytest.fixture
def desk(city: City) -> Client:
    """The operator's browser."""
    browser = Client(headers={"Accept-Language": "en"})
    browser.cookies["linli"] = accounts.issue_token(person_id=city.world.ou.person_id, at=city.at)
    return browser


def gauge(desk: Client, name: str) -> float:
    """What Prometheus reads for a rule."""
    wanted = f'linli_invariant_violations{{rule="{name}"}}'
    lines = desk.get("/metrics").content.decode().splitlines()
    return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(wanted))


def test_every_rule_that_there_is_is_broken_here() -> None:
    assert set(invariants.check_all(town.NOON, promises=True)) == set(BREAKS)


def test_each_rule_alerts_when_it_is_broken_and_is_quiet_when_it_is_mended(city: City, desk: Client) -> None:
    assert invariants.watch(at=city.at) == []
    for name, breaking in BREAKS.items():
        with breaking(city):
            assert name in invariants.watch(at=city.at), name
            state = next(state for state in invariants.states() if state.name == name)
            assert (state.broken_since, bool(state.violations)) == (city.at, True)
            assert gauge(desk, name) == len(state.violations)
            assert str(state.violations[0].split()[0]) in desk.get("/operator/health").content.decode()
            if name == next(iter(BREAKS)):  # the bar above every room is the same for all of them
                assert "must always hold do" in desk.get("/operator/people").content.decode()
        assert invariants.watch(at=city.at) == [], name
        assert gauge(desk, name) == 0
    assert "must always hold do" not in desk.get("/operator/people").content.decode()


def test_the_worker_looks_by_itself_and_prometheus_sees_when_nobody_does(city: City, desk: Client) -> None:
    jobs.start_periodic(city.at)
    with changed(Intent, {"ref": city.taken.ref}, captured_amount=F("captured_amount") + 1):
        city.world.pass_()
        assert gauge(desk, "intents.refunds") == 1
    city.world.pass_(5)
    assert gauge(desk, "intents.refunds") == 0
    assert city.world.clock is not None
    city.world.clock.move_to(city.at + HOUR)
    assert "linli_invariants_age_seconds 3600.0" in desk.get("/metrics").content.decode()


def test_promises_are_only_counted_where_there_are_enough_of_them(city: City) -> None:
    with many_late(city):
        assert invariants.check_all(city.at, promises=True)["orders.promises_kept"]
        policies.change(number_name="promises.kept_least", city_id=0, value=42, actor=city.world.ou, at=city.at, reason="test")
        assert invariants.check_all(city.at, promises=True)["orders.promises_kept"] == []
        assert "orders.promises_kept" not in invariants.check_all(city.at)
