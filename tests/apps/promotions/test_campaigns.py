"""Campaigns, coupons, budgets: what a basket gets and who bears it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from linli.apps.accounts import operations as accounts
from linli.apps.promotions import operations as promotions
from linli.apps.promotions import queries
from linli.apps.promotions.models import Campaign
from linli.apps.promotions.operations import CampaignWant
from linli.apps.promotions.queries import Basket
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict, Gone, Invalid, NotFound
from linli.platform import invariants
from tests import world

pytestmark = pytest.mark.django_db
AT = world.MONDAY_NOON
DAY = timedelta(days=1)


@pytest.fixture
def basket() -> Basket:
    """李雷 is about to order for 42.00 with a fee of 5.00."""
    city = world.beijing()
    person = accounts.ensure_person(phone="13800000001", name="李雷", at=AT).id
    return Basket(world.noodles(city), city, person, 4200, 500, "delivery", False)


def campaign(kind: str, rules: dict[str, Any], **more: Any) -> int:
    want = CampaignWant(kind=kind, title="标题", title_en="Title", rules=rules, starts_at=AT - DAY, ends_at=AT + DAY, **more)
    return promotions.put_campaign(want=want, at=AT)


def full_reduction(basket: Basket, **more: Any) -> int:
    return campaign("full_reduction", {"tiers": [[3000, 500], [6000, 1200]]}, store_id=basket.store_id, **more)


def coupon(basket: Basket, off: int = 300, least: int = 0, **more: Any) -> int:
    key = campaign("coupon", {"tiers": [[least, off]]}, **more)
    return promotions.grant(campaign_id=key, person_id=basket.person_id, at=AT)


def amounts(basket: Basket, coupon_id: Any = "best") -> list[int]:
    return [discount.amount for discount in queries.best(basket=basket, coupon_id=coupon_id, at=AT)]


def holds() -> bool:
    return not any(invariants.check_all(AT).values())


def test_a_store_reduction_and_a_platform_coupon_add_up_and_say_who_bears_them(basket: Basket) -> None:
    full_reduction(basket, bearer_merchant_bp=7000)
    coupon(basket)
    first, second = queries.best(basket=basket, coupon_id="best", at=AT)
    assert (first.amount, first.by_merchant, first.by_platform) == (500, 350, 150)
    assert (second.amount, second.by_merchant, second.by_platform) == (300, 0, 300)
    assert amounts(basket, None) == [500]


def test_two_reductions_of_a_store_do_not_add_up(basket: Basket) -> None:
    full_reduction(basket)
    campaign("percent", {"percent_bp": 2000, "cap": 700}, store_id=basket.store_id)
    assert amounts(basket) == [700]


def test_the_coupon_that_one_names_is_used_or_refused(basket: Basket) -> None:
    small, large = coupon(basket, 300), coupon(basket, 900)
    assert amounts(basket) == [900]
    assert amounts(basket, small) == [300]
    out_of_reach = coupon(basket, 2000, least=9000)
    for unusable in (out_of_reach, 12345):
        with pytest.raises(Conflict) as refused:
            amounts(basket, unusable)
        assert refused.value.code == "coupon.unusable"
    assert large != small


def test_newcomers_get_theirs_once(basket: Basket) -> None:
    campaign("newcomer", {"tiers": [[0, 1000]]})
    assert amounts(basket) == []
    newcomer = replace(basket, first_order=True)
    found = queries.best(basket=newcomer, coupon_id="best", at=AT)
    assert [discount.amount for discount in found] == [1000]
    promotions.redeem(ref="or:1", person_id=basket.person_id, discounts=found, at=AT)
    assert amounts(newcomer) == []
    with pytest.raises(Conflict) as refused:
        promotions.redeem(ref="or:2", person_id=basket.person_id, discounts=found, at=AT)
    assert refused.value.code == "campaign.once"
    promotions.give_back(ref="or:1", at=AT)
    assert amounts(newcomer) == [1000]
    assert holds()


def test_a_fee_off_never_exceeds_the_fee_and_not_for_pickup(basket: Basket) -> None:
    campaign("delivery", {"tiers": [[2000, 900]]})
    (discount,) = queries.best(basket=basket, coupon_id="best", at=AT)
    assert (discount.amount, discount.target) == (500, "delivery")
    assert amounts(replace(basket, mode="pickup", delivery_fee=0)) == []
    assert amounts(replace(basket, goods=1999)) == []


def test_elsewhere_later_and_unpublished_do_not_count(basket: Basket) -> None:
    campaign("percent", {"percent_bp": 1000}, store_id=world.duck(basket.city_id))
    full_reduction(basket, public=False)
    assert amounts(basket) == []
    full_reduction(basket)
    assert queries.best(basket=basket, coupon_id="best", at=AT + 2 * DAY) == []


def test_a_coupon_is_used_once_and_comes_back(basket: Basket) -> None:
    mine = coupon(basket)
    found = queries.best(basket=basket, coupon_id=mine, at=AT)
    promotions.redeem(ref="or:1", person_id=basket.person_id, discounts=found, at=AT)
    with pytest.raises(Conflict) as refused:
        promotions.redeem(ref="or:2", person_id=basket.person_id, discounts=found, at=AT)
    assert refused.value.code == "coupon.used"
    assert Campaign.objects.get().spent == 300
    assert queries.coupons(person_id=basket.person_id, at=AT) == []
    assert promotions.give_back(ref="or:1", at=AT) == 1
    assert promotions.give_back(ref="or:1", at=AT) == 0
    assert Campaign.objects.get().spent == 0
    assert [view.id for view in queries.coupons(person_id=basket.person_id, at=AT)] == [mine]
    assert holds()


def test_somebody_elses_coupon_is_refused(basket: Basket) -> None:
    mine = coupon(basket)
    found = queries.best(basket=basket, coupon_id=mine, at=AT)
    other = accounts.ensure_person(phone="13800000002", name="韩梅梅", at=AT).id
    with pytest.raises(Conflict):
        promotions.redeem(ref="or:1", person_id=other, discounts=found, at=AT)


def test_a_budget_is_not_overspent(basket: Basket) -> None:
    full_reduction(basket, budget=999)
    found = queries.best(basket=basket, coupon_id="best", at=AT)
    promotions.redeem(ref="or:1", person_id=basket.person_id, discounts=found, at=AT)
    with pytest.raises(Conflict) as refused:
        promotions.redeem(ref="or:2", person_id=basket.person_id, discounts=found, at=AT)
    assert refused.value.code == "campaign.exhausted"
    with pytest.raises(DatabaseError), transaction.atomic():
        Campaign.objects.update(spent=1000)


def test_one_that_fails_undoes_the_others(basket: Basket) -> None:
    full_reduction(basket)
    mine = coupon(basket)
    found = queries.best(basket=basket, coupon_id=mine, at=AT)
    promotions.redeem(ref="or:1", person_id=basket.person_id, discounts=[found[1]], at=AT)
    with pytest.raises(Conflict):
        promotions.redeem(ref="or:2", person_id=basket.person_id, discounts=found, at=AT)
    assert sorted(Campaign.objects.values_list("spent", flat=True)) == [0, 300]
    assert holds()


def test_public_coupons_are_claimed_once(basket: Basket) -> None:
    key = campaign("coupon", {"tiers": [[0, 100]], "days": 2})
    assert [view.id for view in queries.claimable(person_id=basket.person_id, at=AT)] == [key]
    first = promotions.claim(campaign_id=key, person_id=basket.person_id, at=AT)
    assert promotions.claim(campaign_id=key, person_id=basket.person_id, at=AT) == first
    assert queries.claimable(person_id=basket.person_id, at=AT) == []
    assert queries.coupons(person_id=basket.person_id, at=AT + 2 * DAY) == []
    with pytest.raises(Gone):
        promotions.claim(campaign_id=key, person_id=basket.person_id, at=AT + 2 * DAY)
    with pytest.raises(NotFound):
        promotions.claim(campaign_id=1, person_id=basket.person_id, at=AT)


@pytest.mark.parametrize("rules", [{}, {"tiers": [[500, 600]]}, {"percent_bp": 10_001}, {"tiers": [[0, 0]]}, {"magic": 1}])
def test_rules_that_make_no_sense(basket: Basket, rules: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        campaign("full_reduction", rules, store_id=basket.store_id)


def test_labels_for_cards(basket: Basket) -> None:
    full_reduction(basket)
    campaign("percent", {"percent_bp": 1500}, store_id=basket.store_id)
    found = queries.labels(store_ids=[basket.store_id, 5], at=AT)
    texts = [(label.text, label.text_en) for label in found[basket.store_id]]
    assert texts == [("30减5", "¥5 off ¥30"), ("60减12", "¥12 off ¥60"), ("8.5折", "15% off")]
    assert 5 not in found


def test_ended_and_changed_with_a_trace(basket: Basket) -> None:
    key = full_reduction(basket)
    promotions.end_campaign(campaign_id=key, store_id=basket.store_id, actor=Actor("merchant", 5, basket.store_id), at=AT)
    assert amounts(basket) == []
    with pytest.raises(Conflict):
        promotions.end_campaign(campaign_id=key, store_id=basket.store_id, actor=Actor("merchant", 5, basket.store_id), at=AT)
