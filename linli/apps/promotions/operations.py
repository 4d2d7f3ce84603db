"""Verbs of promotions. A budget is never overspent and a coupon never used twice: both are compare-and-set, guarded by constraints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from linli.apps.promotions import hot
from linli.apps.promotions import rules as campaign_rules
from linli.apps.promotions.models import Campaign, Coupon, Redemption
from linli.apps.promotions.queries import Discount, of_store
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import N_, Conflict, Gone, Invalid, NotFound
from linli.kernel.ids import new_id, new_ids
from linli.platform import audit, reads
from linli.platform.reads import inner, known

COUPON_DAYS = 7  # how long a coupon lasts when its campaign does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignWant:
    """A campaign as somebody wants it; see `models.Campaign` for the fields and `rules` for the JSON."""

    kind: str
    title: str
    title_en: str
    rules: Mapping[str, Any]
    starts_at: datetime
    ends_at: datetime
    store_id: int | None = None
    city_id: int | None = None
    bearer_merchant_bp: int | None = None  # None: a store's campaign is borne by the store, one of the platform by the platform
    budget: int | None = None
    public: bool = True
    stack: Mapping[str, Any] = field(default_factory=dict)


def _fields(want: CampaignWant) -> dict[str, Any]:
    campaign_rules.verify(want.kind, want.rules)
    if want.starts_at >= want.ends_at:
        raise Invalid("campaign.time", N_("It ends before it starts."), field="ends_at")
    if want.budget is not None and want.budget < 0:
        raise Invalid("campaign.budget", N_("A budget cannot be negative."), field="budget")
    bearer = want.bearer_merchant_bp
    if bearer is None:
        bearer = 10_000 if want.store_id is not None else 0
    if not 0 <= bearer <= 10_000 or (bearer and want.store_id is None):
        raise Invalid("campaign.bearer", N_("Only a store's own campaign can be borne by the store."), field="bearer_merchant_bp")
    return {
        "store_id": want.store_id, "city_id": want.city_id, "kind": want.kind, "title": want.title, "title_en": want.title_en,
        "rules": dict(want.rules), "stack": dict(want.stack), "bearer_merchant_bp": bearer, "starts_at": want.starts_at,
        "ends_at": want.ends_at, "budget": want.budget, "public": want.public,
    }  # fmt: skip


@transaction.atomic
def put_campaign(*, want: CampaignWant, campaign_id: int | None = None, actor: Actor = SYSTEM, at: datetime) -> int:
    """Makes a campaign, or changes the one called `campaign_id`; returns its id. Raises Invalid for rules that make no sense."""
    fields = _fields(want)
    if campaign_id is None:
        campaign_id = new_id(at)
        Campaign.objects.create(id=campaign_id, **fields)
    else:
        if want.budget is not None and Campaign.objects.filter(id=campaign_id, spent__gt=want.budget).exists():
            raise Conflict("campaign.spent", N_("More than that has been spent already."), field="budget")
        if not Campaign.objects.filter(of_store(want.store_id), id=campaign_id).update(**fields):
            raise NotFound("campaign.unknown", N_("There is no such campaign."))
    after = {**fields, "starts_at": want.starts_at.isoformat(), "ends_at": want.ends_at.isoformat()}
    audit.record(actor=actor, action="campaign.put", subject=f"ca:{campaign_id}", at=at, after=after)
    return campaign_id


@transaction.atomic
def bulk_put_campaigns(*, wants: Sequence[CampaignWant], at: datetime) -> list[int]:
    """Makes many campaigns at once (a city being loaded); returns their ids in order."""
    ids = new_ids(at, len(wants))
    Campaign.objects.bulk_create([Campaign(id=key, **_fields(want)) for key, want in zip(ids, wants, strict=True)], batch_size=500)
    return ids


@transaction.atomic
def end_campaign(*, campaign_id: int, store_id: int | None = None, actor: Actor, at: datetime) -> None:
    """Ends a campaign now; coupons already granted stay good."""
    if not Campaign.objects.filter(of_store(store_id), id=campaign_id, starts_at__lt=at, ends_at__gt=at).update(ends_at=at):
        raise Conflict("campaign.over", N_("This campaign is not running."))
    audit.record(actor=actor, action="campaign.end", subject=f"ca:{campaign_id}", at=at)


@transaction.atomic
def grant(*, campaign_id: int, person_id: int, at: datetime, key: str = "") -> int:
    """Gives the person a coupon of the campaign and returns its id; the same `key` (default: one a person) gives the same coupon.

    Raises NotFound for a campaign that grants no coupons, Gone when it is over or its budget is spent.
    """
    return _grant(campaign_id, person_id, at, key, public_only=False)


def _grant(campaign_id: int, person_id: int, at: datetime, key: str, *, public_only: bool) -> int:
    public, starts, ends, budget, spent, rules = reads.one(hot.grants(campaign_id, lambda row: row)) or (False, "", "", 0, 0, None)
    if rules is None or (public_only and not public):
        raise NotFound("campaign.unknown", N_("There is no such campaign."))
    if not known(starts) <= at < known(ends) or (budget is not None and spent >= budget):
        raise Gone("campaign.over", N_("This campaign is not running."))
    days = int(inner(rules).get("days", COUPON_DAYS))
    return hot.grant(new_id(at), campaign_id, person_id, f"{campaign_id}:{person_id}:{key}", at, at + timedelta(days=days))


@transaction.atomic
def claim(*, campaign_id: int, person_id: int, at: datetime) -> int:
    """The person takes a public coupon; once each. Returns the coupon's id."""
    return _grant(campaign_id, person_id, at, "", public_only=True)


def _spend(discount: Discount) -> None:
    """Takes the amount from the campaign's budget, or raises Conflict; the condition and the change are one statement."""
    enough = Q(budget__isnull=True) | Q(budget__gte=F("spent") + discount.amount)
    if not Campaign.objects.filter(enough, id=discount.campaign_id).update(spent=F("spent") + discount.amount):
        raise Conflict("campaign.exhausted", N_("“%(title)s” has just run out."), title=discount.title)


def _use(coupon_id: int, campaign_id: int, person_id: int, ref: str, at: datetime) -> None:
    mine = Coupon.objects.filter(id=coupon_id, campaign_id=campaign_id, person_id=person_id, state="granted", expires_at__gt=at)
    if not mine.update(state="redeemed", ref=ref):
        raise Conflict("coupon.used", N_("This coupon has been used or has expired."))


def redeem(*, ref: str, person_id: int, discounts: Sequence[Discount], at: datetime, just_read: bool = False) -> None:
    """Uses `discounts` (as `queries.best` gave them) for `ref`: all of them or none.

    Raises Conflict `campaign.exhausted`, `coupon.used` or `campaign.once`. Campaigns are locked in order of their ids. What was
    `just_read` in the caller's unit is not looked at again: it is written with the rest of the unit, which ends with Raced (or an
    IntegrityError) should it no longer be so.
    """
    if not just_read:
        _redeem(ref, person_id, discounts, at)
        return
    for discount in sorted(discounts, key=lambda discount: discount.campaign_id):
        hot.spend(discount.campaign_id, discount.amount, at)
        if discount.coupon_id is not None:
            hot.use(discount.coupon_id, discount.campaign_id, person_id, ref, at)
    hot.redeem([_given(discount, person_id, ref) for discount in discounts], at)


def lock(*, discounts: Sequence[Discount]) -> None:
    """Have the campaigns of all `discounts` wait for us, in the order of their ids: for somebody who redeems for several things at once."""
    list(Campaign.objects.select_for_update().filter(id__in={discount.campaign_id for discount in discounts}).order_by("id").values("id"))


def _given(discount: Discount, person_id: int, ref: str) -> tuple[int, int | None, int, str, int, int, str | None]:
    once_key = f"{discount.campaign_id}:{person_id}" if discount.once else None
    return discount.campaign_id, discount.coupon_id, person_id, ref, discount.by_merchant, discount.by_platform, once_key


@transaction.atomic
def _redeem(ref: str, person_id: int, discounts: Sequence[Discount], at: datetime) -> None:
    running = {row.id: row for row in Campaign.objects.filter(id__in=[discount.campaign_id for discount in discounts])}
    rows = []
    for discount in sorted(discounts, key=lambda discount: discount.campaign_id):
        campaign = running.get(discount.campaign_id)
        if campaign is None or (discount.coupon_id is None and not campaign.starts_at <= at < campaign.ends_at):
            raise Conflict("campaign.over", N_("This campaign is not running."))
        _spend(discount)
        if discount.coupon_id is not None:
            _use(discount.coupon_id, discount.campaign_id, person_id, ref, at)
        only_once = campaign_rules.once(campaign.kind, campaign.rules) and discount.coupon_id is None
        rows.append(
            Redemption(
                campaign_id=discount.campaign_id, coupon_id=discount.coupon_id, person_id=person_id, ref=ref,
                amount_merchant=discount.by_merchant, amount_platform=discount.by_platform, at=at,
                once_key=f"{campaign.id}:{person_id}" if only_once else None,
            )
        )  # fmt: skip
    try:
        with transaction.atomic():
            Redemption.objects.bulk_create(rows)
    except IntegrityError:
        raise Conflict("campaign.once", N_("This offer has been used already.")) from None


@transaction.atomic
def give_back(*, ref: str, at: datetime) -> int:
    """Undoes what `redeem` did for `ref`: budgets and coupons return (a coupon past its time stays useless). Returns how many; again: 0."""
    given = 0
    for row in Redemption.objects.filter(ref=ref, state="redeemed").order_by("campaign_id"):
        if not Redemption.objects.filter(id=row.id, state="redeemed").update(state="returned", once_key=None):
            continue
        Campaign.objects.filter(id=row.campaign_id).update(spent=F("spent") - row.amount_merchant - row.amount_platform)
        if row.coupon_id is not None:
            Coupon.objects.filter(id=row.coupon_id, state="redeemed", ref=ref).update(state="granted", ref="")
        given += 1
    return given
