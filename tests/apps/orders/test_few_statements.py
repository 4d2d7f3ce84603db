"""From a full cart to a paid order with few statements: a statement more is a journey to the database more, for every order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.apps.orders.operations import placing
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.apps.payments.adapters.sandbox.signing import PROVIDER_KEY, canonical
from linli.apps.promotions import operations as promotions
from linli.apps.promotions.operations import CampaignWant
from linli.platform import jobs, keys
from tests.town import World, refused

CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
DISHES = {"牛肉面": 2, "素面": 1, "拍黄瓜": 1}


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements of the block, without those that begin and end transactions."""
    found: list[str] = []
    with CaptureQueriesContext(
        connection,
    ) as captured:
        yield found
    found += [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(CONTROL)]


@pytest.fixture
def rich(world: World) -> World:
    """A city in which goods are counted, a store gives a reduction and Lin has a coupon."""
    times = {"starts_at": world.at - timedelta(days=1), "ends_at": world.at + timedelta(days=9)}
    reduction = CampaignWant(
        kind="full_reduction", title="减", title_en="Off", rules={"tiers": [[3000, 300]]}, store_id=world.noodles, **times
    )  # fmt: skip
    coupon = CampaignWant(kind="coupon", title="券", title_en="Coupon", rules={"tiers": [[1000, 200]]}, **times)
    promotions.put_campaign(want=reduction, at=world.at)
    campaign_id = promotions.put_campaign(want=coupon, at=world.at)
    for key in ("one", "two", "three"):
        promotions.grant(campaign_id=campaign_id, person_id=world.lin, key=key, at=world.at)
    for dish in DISHES:
        world.limit(dish, 100)
    return world


def walk(world: World) -> dict[str, list[str]]:
    """One order from its cart to paid, and the statements of each step."""
    want = world.want(coupon_id="best")
    world.fill(world.lin, DISHES)
    token = world.quote(want).token
    steps: dict[str, list[str]] = {}
    with counted() as steps["place"]:
        order = world.place({}, want=want, method="sandbox_qr", token=token)
    assert (order.state, order.discount) == ("placed", 500)
    intent_id = paying.intent(ref=order.ref).id
    with counted() as steps["start"]:
        step = payments.start(intent_id=intent_id, person_id=world.lin, method="sandbox_qr", at=world.at)
    body = notice(step.url.rsplit("/", 1)[1], order.total, world)
    with counted() as steps["callback"]:
        assert payments.record_callback(provider="sandbox", headers={}, body=body, at=world.at) == "captured"
    with counted() as steps["confirm"]:
        jobs.run_due(at=world.at, limit=2)  # that it was placed is told to open pages, that it is paid to the order
    assert world.order(order).state == "paid"
    jobs.drain(world.at)
    return steps


def notice(number: str, amount: int, world: World) -> bytes:
    params = {
        "app_id": "linli", "out_trade_no": number, "trade_no": "t1", "status": "SUCCESS", "amount": str(amount), "currency": "CNY",
        "happened_at": world.at.isoformat(), "notify_time": world.at.isoformat(), "notify_id": uuid4().hex,
    }  # fmt: skip
    return urlencode({**params, "sign": keys.sign(PROVIDER_KEY, canonical(params))}).encode()


def test_from_cart_to_paid_in_at_most_fourteen(rich: World) -> None:
    for _ in range(
        2
    ):  # the first payment makes the account of its provider; SQLite makes a temporary view for what comes for the first time
        walk(rich)
    steps = walk(rich)
    counts = {name: len(statements) for name, statements in steps.items()}
    assert counts["place"] <= 3, steps["place"]
    assert counts["start"] <= 2, steps["start"]
    assert counts["callback"] <= 2, steps["callback"]
    assert sum(counts.values()) <= 14, counts


def test_a_quote_reads_twice(rich: World) -> None:
    rich.fill(rich.lin, DISHES)
    rich.quote()
    with counted() as statements:
        rich.quote(rich.want(coupon_id="best"))
    assert len(statements) == 2, statements


def test_goods_that_are_gone_between_reading_and_writing_are_refused_and_nothing_is_kept(rich: World, monkeypatch) -> None:
    """The fast way believes what it has just read; when that is no longer so, the careful one says what is wrong."""
    rich.fill(rich.lin, {"牛肉面": 2})
    token = rich.quote().token
    agreed, looked = placing._agreed, []

    def agrees(*args: object) -> object:
        made = agreed(*args)
        looked.append(made)
        with connection.cursor() as cursor:  # somebody else buys all but one, after we have looked
            cursor.execute("UPDATE stock_bucket SET sold = capacity - held - 1")
        return made

    monkeypatch.setattr(placing, "_agreed", agrees)
    with refused("stock.short"):
        rich.place({}, token=token)
    assert len(looked) == 2
    assert len(rich.quote().lines) == 4  # the cart is as it was: noodles, packed, brought, and reduced
