"""Whatever is ordered with whatever options, coupons, tips and refunds: lines, total, payment and refunds agree to the fen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import Ring
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import OrderView
from linli.apps.payments import queries as paying
from linli.apps.promotions import operations as promotions
from linli.apps.promotions.operations import CampaignWant
from linli.platform import invariants
from tests.town import World, build

DISHES = ("牛肉面", "素面", "拍黄瓜")
RICH = 100_000_000


def campaigns(world: World) -> None:
    """The store takes something off, half of it paid by the platform for one; the platform gives delivery away and a coupon to Lin."""
    day = timedelta(days=1)
    plain = {"starts_at": world.at - day, "ends_at": world.at + 30 * day}
    own = {"store_id": world.noodles, **plain}
    for want in (
        CampaignWant(kind="full_reduction", title="满减", title_en="Reduction", rules={"tiers": [[3000, 333], [6000, 1111]]},
                     bearer_merchant_bp=5_001, **own),
        CampaignWant(kind="percent", title="折扣", title_en="Percent", rules={"percent_bp": 777, "cap": 999}, **own),
        CampaignWant(kind="delivery", title="免配送费", title_en="Free delivery", rules={"tiers": [[0, 299]]}, **plain),
    ):  # fmt: skip
        promotions.put_campaign(want=want, at=world.at)
    coupon = CampaignWant(kind="coupon", title="券", title_en="Coupon", rules={"tiers": [[2000, 777]]}, **plain)
    campaign = promotions.put_campaign(want=coupon, at=world.at)
    promotions.grant(campaign_id=campaign, person_id=world.lin, at=world.at)


def agree(world: World, order: OrderView) -> None:
    """The four sums are one."""
    assert sum(line.amount for line in order.lines) == order.total
    assert all(line.amount == line.unit * line.qty for line in order.lines)
    assert all(-line.amount == line.by_merchant + line.by_platform for line in order.lines if line.kind == "discount")
    intent = paying.intent(ref=order.ref)
    if order.paid_at is not None:
        assert intent.captured_amount == order.total
        assert intent.refundable + order.refunded == order.total


baskets = st.lists(
    st.tuples(st.sampled_from(DISHES), st.integers(1, 9), st.booleans(), st.integers(0, 3)), min_size=1, max_size=4
)  # fmt: skip


ANY = {
    "basket": baskets, "tip": st.integers(0, 20_000), "coupon": st.sampled_from([None, "best"]), "fee": st.integers(0, 999),
    "backs": st.lists(st.tuples(st.integers(1, 9_999), st.booleans()), max_size=4),
    "ending": st.sampled_from(["complete", "cancel", "refuse"]),
}  # fmt: skip
CALM = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@pytest.mark.django_db
@settings(max_examples=8, **CALM)
@given(**ANY)
def test_the_sums_are_one(**any_: Any) -> None:
    the_sums_are_one(**any_)


@pytest.mark.slow
@pytest.mark.django_db
@settings(**CALM)
@given(**ANY)
def test_the_sums_are_one_in_many_ways(**any_: Any) -> None:
    the_sums_are_one(**any_)


def the_sums_are_one(
    basket: list[tuple[str, int, bool, int]], tip: int, coupon: str | None, fee: int, backs: list[tuple[int, bool]], ending: str
) -> None:
    with transaction.atomic():  # every example starts in a fresh town
        world = build()
        campaigns(world)
        merchants.set_rings(store_id=world.noodles, rings=[Ring(5000, fee, 0)], actor=world.chen, at=world.at)
        order = ordered(world, basket, world.want(tip=tip, coupon_id=coupon))
        agree(world, order)
        refund(world, order, backs)
        agree(world, world.order(order))
        finish(world, order, ending)
        agree(world, world.order(order))
        assert {name: found for name, found in invariants.check_all(world.at).items() if found} == {}
        assert sum(line.balance for line in paying.trial_balance()) == 0
        transaction.set_rollback(True)


def ordered(world: World, basket: list[tuple[str, int, bool, int]], want: object) -> OrderView:
    for dish, qty, large, eggs in basket:
        picked = [(world.options["大份"], 1)] if large and dish != "拍黄瓜" else []
        picked += [(world.options["加蛋"], eggs)] if eggs and dish == "牛肉面" else []
        world.fill(world.lin, {dish: qty}, options=picked)
    quote = world.quote(want)  # type: ignore[arg-type]
    assert sum(line.amount for line in quote.lines) == quote.total
    order = world.pay(world.place({}, want=want, token=quote.token))  # type: ignore[arg-type]
    assert order.total == quote.total
    return order


def refund(world: World, order: OrderView, backs: list[tuple[int, bool]]) -> None:
    """Give parts back, as far as there is anything left."""
    for number, (amount, merchant_bears) in enumerate(backs):
        left = order.total - world.order(order).refunded
        if left:
            orders.refund_part(
                order_id=order.id, amount=min(amount, left), reason="test", by=world.su, key=f"part-{number}", at=world.at,
                merchant_bears=merchant_bears,
            )  # fmt: skip


def finish(world: World, order: OrderView, ending: str) -> None:
    """Let it end well, or not."""
    if ending == "complete":
        orders.accept(order_id=order.id, actor=world.chen, at=world.at)
        orders.mark_ready(order_id=order.id, actor=world.chen, at=world.at)
        world.ride(world.order(order))
        world.hand(world.order(order))
        world.pass_(3 * 60)
        assert world.order(order).state == "completed"
        return
    end = orders.cancel if ending == "cancel" else orders.refuse
    end(order_id=order.id, actor=world.ou, reason="test", at=world.at)
    world.pass_()
    assert world.order(order).refunded == order.total
    assert paying.balance(person_id=world.lin) == 1_000_000
