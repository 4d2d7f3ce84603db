"""Reads of promotions: labels for cards, a person's coupons, the best discounts for a basket."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, Literal

from django.db.models import F, Q, QuerySet, Sum

from linli.apps.promotions import hot, rules
from linli.apps.promotions.models import Campaign, Coupon, Redemption
from linli.engines.pricing.problem import TURN, Problem
from linli.engines.pricing.solve import Taken, solve
from linli.kernel.errors import N_, Conflict
from linli.kernel.money import Money, split
from linli.platform import reads
from linli.platform.reads import Read, Sql, inner, known

COUPONS_MOST = 50  # of a person's coupons the ones that end first; keeps the search for the best exact and small


@dataclass(frozen=True, slots=True)
class Label:
    """A campaign in few words, Chinese and English, for a store's card."""

    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign; amounts in minor units."""

    id: int
    store_id: int | None
    city_id: int | None
    kind: str
    title: str
    title_en: str
    rules: dict[str, Any]
    stack: dict[str, Any]
    bearer_merchant_bp: int
    starts_at: datetime
    ends_at: datetime
    budget: int | None
    spent: int
    public: bool


@dataclass(frozen=True, slots=True)
class CouponView:
    """A person's coupon with what it says; `store_id` None is good in every store (of `city_id`, if that is given)."""

    id: int
    campaign_id: int
    store_id: int | None
    city_id: int | None
    title: str
    title_en: str
    rules: dict[str, Any]
    state: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Basket:
    """What a person is about to order: goods and delivery fee in minor units before any discount."""

    store_id: int
    city_id: int
    person_id: int
    goods: int
    delivery_fee: int
    mode: str
    first_order: bool


@dataclass(frozen=True, slots=True)
class Discount:
    """What one campaign takes off, a positive amount, and who bears it; `by_merchant + by_platform == amount`."""

    campaign_id: int
    coupon_id: int | None
    title: str
    title_en: str
    amount: int
    target: Literal["goods", "delivery"]
    by_merchant: int
    by_platform: int
    once: bool = False  # a person may have it only once ever


def of_store(store_id: int | None) -> Q:
    """Campaigns of that store, or of the platform."""
    return Q(store__isnull=True) if store_id is None else Q(store_id=store_id)


def _running(at: datetime) -> QuerySet[Campaign]:
    return Campaign.objects.filter(starts_at__lte=at, ends_at__gt=at)


def _view(row: Campaign) -> CampaignView:
    return CampaignView(
        row.id, row.store_id, row.city_id, row.kind, row.title, row.title_en, row.rules, row.stack, row.bearer_merchant_bp,
        row.starts_at, row.ends_at, row.budget, row.spent, row.public,
    )  # fmt: skip


def campaigns(*, store_id: int | None = None, at: datetime | None = None) -> list[CampaignView]:
    """The campaigns of a store, or of the platform when `store_id` is None; only those running at `at`, if given. Newest first."""
    rows = Campaign.objects.filter(of_store(store_id)) if at is None else _running(at).filter(of_store(store_id))
    return [_view(row) for row in rows.order_by("-id")[:200]]


def _tenths(percent_bp: int) -> str:
    """`10% off` as the Chinese count it: nine tenths."""
    return f"{(Decimal(10_000 - percent_bp) / 1000).normalize():f}折"


@lru_cache(maxsize=4096)
def _words(kind: str, terms: str, title: str, title_en: str) -> tuple[Label, ...]:
    """What a campaign with the rules `terms` (JSON) says on a card; many stores say the same."""
    rules = json.loads(terms)
    found = [
        Label(f"{Money(least).number.removesuffix('.00')}减{Money(off).number.removesuffix('.00')}",
              f"¥{Money(off).number.removesuffix('.00')} off ¥{Money(least).number.removesuffix('.00')}")
        for least, off in rules.get("tiers", ())
        if kind == "full_reduction"
    ]  # fmt: skip
    if kind == "percent":
        found.append(Label(_tenths(rules["percent_bp"]), f"{rules['percent_bp'] / 100:g}% off"))
    return tuple(found) or (Label(title, title_en),)


def labels(*, store_ids: Sequence[int], at: datetime) -> dict[int, list[Label]]:
    """For each store what its public campaigns promise, coupons to be had included; one statement. Stores without any are left out."""
    shown: dict[int, list[Label]] = {}
    for store_id, _, kind, terms, title, title_en in sorted(hot.labels(store_ids, at), key=lambda row: (TURN[row[2]], row[1])):
        shown.setdefault(store_id, []).extend(_words(kind, terms, title, title_en))
    return shown


def coupons(*, person_id: int, at: datetime, usable_only: bool = True) -> list[CouponView]:
    """The person's coupons, those that end first on top; used and expired ones too unless `usable_only`."""
    return reads.one(hot.mine(person_id, at, usable_only, COUPONS_MOST, partial(_coupons, at)))


def _coupons(at: datetime, rows: Any) -> list[CouponView]:
    return [_coupon(at, *row) for row in rows or ()]


def _coupon(at: datetime, key: int, campaign_id: int, store_id: int | None, city_id: int | None, title: str, title_en: str, rules: Any,
            state: str, ends: str) -> CouponView:  # fmt: skip
    ends_at = known(ends)
    over = state == "granted" and ends_at <= at
    return CouponView(key, campaign_id, store_id, city_id, title, title_en, inner(rules), "expired" if over else state, ends_at)


def claimable(*, person_id: int | None, store_id: int | None = None, city_id: int | None = None, at: datetime) -> list[CampaignView]:
    """Public coupon campaigns that the person has not taken yet: of the store, or of the platform when `store_id` is None."""
    rows = _running(at).filter(of_store(store_id), kind="coupon", public=True)
    if city_id is not None:
        rows = rows.filter(Q(city__isnull=True) | Q(city_id=city_id))
    if person_id is not None:
        rows = rows.exclude(id__in=Coupon.objects.filter(person_id=person_id).values("campaign_id"))
    return [_view(row) for row in rows.order_by("id")[:50]]


@dataclass(frozen=True, slots=True)
class Running:
    """A campaign that a basket may use, with the person's coupon where one is needed."""

    id: int
    kind: str
    title: str
    title_en: str
    rules: Mapping[str, Any]
    stack: Mapping[str, Any]
    bearer_merchant_bp: int
    budget: int | None
    spent: int
    coupon_id: int | None = None


def running(*, store_id: int, city_id: int | Sql, person_id: int, at: datetime) -> Read[list[Running]]:
    """What an order of the person in the store may use at `at`, to be read together with other things and chosen from with `choose`."""
    return hot.running(store_id, city_id, person_id, at, COUPONS_MOST, _running_of)


def _running_of(found: Any) -> list[Running]:
    rows = [row for part in found for row in inner(part) or ()]
    for row in rows:
        row[4:6] = inner(row[4]), inner(row[5])
    return [Running(*row) for row in rows]


def _fits(row: Running, basket: Basket) -> bool:
    wanted = rules.modes(row.rules)
    return (
        (not wanted or basket.mode in wanted)
        and (row.kind != "newcomer" or basket.first_order)
        and (row.budget is None or row.spent < row.budget)
    )  # fmt: skip


def _discount(taken: Taken, row: Running) -> Discount:
    by_merchant, by_platform = split(taken.amount, [row.bearer_merchant_bp, 10_000 - row.bearer_merchant_bp])
    return Discount(
        row.id, taken.deal.coupon_id, row.title, row.title_en, taken.amount, taken.deal.target, by_merchant, by_platform,
        taken.deal.coupon_id is None and rules.once(row.kind, row.rules),
    )  # fmt: skip


def best(*, basket: Basket, coupon_id: int | Literal["best"] | None, at: datetime) -> list[Discount]:
    """`choose` from what there is at `at`. One statement."""
    found = reads.one(running(store_id=basket.store_id, city_id=basket.city_id, person_id=basket.person_id, at=at))
    return choose(running=found, basket=basket, coupon_id=coupon_id)


def redeemed(*, refs: Collection[str]) -> dict[int, int]:
    """What each campaign has taken off `refs` (minor units) that was not given back. One statement, none without refs."""
    if not refs:
        return {}
    rows = Redemption.objects.filter(ref__in=list(refs), state="redeemed").order_by().values("campaign_id")
    return dict(rows.annotate(off=Sum(F("amount_merchant") + F("amount_platform"))).values_list("campaign_id", "off"))


def one_more_round(*, running: Sequence[Running], goods: int, off: Mapping[int, int]) -> list[Running]:
    """What of `running` is left for one more round of a meal whose earlier rounds came to `goods` and had `off` (of each campaign, minor
    units). Minimums are those of the meal; an amount is taken off once, and the larger one's rest once that is reached; a percentage is
    taken off every round, up to one cap. Pure."""
    left = []
    for row in running:
        rules, had = dict(row.rules), off.get(row.id, 0)
        if rules.get("cap") is not None:
            rules["cap"] = max(0, rules["cap"] - had)
        rules["min"] = max(0, rules.get("min", 0) - goods)
        rules["tiers"] = [[max(0, least - goods), amount - had] for least, amount in rules.get("tiers", ()) if amount > had]
        if rules.get("cap") != 0 and (rules["tiers"] or rules.get("percent_bp")):
            left.append(replace(row, rules=rules))
    return left


def without(*, running: Sequence[Running], taken: Sequence[Discount]) -> list[Running]:
    """What of `running` the person still has when all of `taken` are used: no coupon twice, and nothing that is had only once. Pure."""
    coupons = {discount.coupon_id for discount in taken if discount.coupon_id is not None}
    once = {discount.campaign_id for discount in taken if discount.once}
    return [row for row in running if row.coupon_id not in coupons and (row.coupon_id is not None or row.id not in once)]


def choose(*, running: Sequence[Running], basket: Basket, coupon_id: int | Literal["best"] | None) -> list[Discount]:
    """The legal combination that takes most off `basket`: with the coupon named, with whichever is best, or with none (None).

    Raises Conflict `coupon.unusable` when the coupon named takes nothing off here. Pure.
    """
    fitting = [row for row in running if _fits(row, basket) and (row.coupon_id is None or coupon_id in ("best", row.coupon_id))]
    deals = tuple(
        rules.deal_of(campaign_id=row.id, kind=row.kind, rules=row.rules, stack=row.stack, coupon_id=row.coupon_id) for row in fitting
    )
    must = coupon_id if isinstance(coupon_id, int) else None
    result = solve(Problem(basket.goods, basket.delivery_fee, deals, must))
    if must is not None and must not in {taken.deal.coupon_id for taken in result.taken}:
        raise Conflict("coupon.unusable", N_("This coupon cannot be used for this order."))
    of = {row.id: row for row in fitting}
    return [_discount(taken, of[taken.deal.id]) for taken in result.taken]
