"""Coupons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Router

from linli.apps.promotions import operations, queries
from linli.fronts.api.door import CONSUMER, Request, endpoint
from linli.fronts.api.forms import CampaignId, CouponId, Out, StoreId

router = Router(tags=["coupons"])


class CouponOut(Out):
    """A coupon of mine; `store_id` null is good in every store."""

    id: CouponId
    store_id: StoreId | None
    title: str
    title_en: str
    rules: dict[str, Any]
    state: str
    expires_at: datetime


class ClaimableOut(Out):
    """A coupon to be had."""

    id: CampaignId
    store_id: StoreId | None
    title: str
    title_en: str
    rules: dict[str, Any]
    ends_at: datetime


@endpoint(router, "GET", "/coupons", who=CONSUMER, out=list[CouponOut], summary="My coupons")
def coupons(request: Request, usable_only: bool = True) -> list[CouponOut]:
    """The ones that end first on top; used and expired ones too unless `usable_only`."""
    found = queries.coupons(person_id=request.actor.person_id, at=request.at, usable_only=usable_only)
    return [CouponOut.of(view) for view in found]


@endpoint(router, "GET", "/coupons/claimable", who=CONSUMER, out=list[ClaimableOut], summary="Coupons to be had")
def claimable(request: Request, store: StoreId | None = None) -> list[ClaimableOut]:
    """Public coupons that one has not taken yet: of a store, or of the platform."""
    found = queries.claimable(person_id=request.actor.person_id, store_id=store, at=request.at)
    return [ClaimableOut.of(view) for view in found]


@endpoint(router, "POST", "/coupons/claimable/{campaign}", who=CONSUMER, out=list[CouponOut], status=201, summary="Take a coupon")
def claim(request: Request, campaign: CampaignId) -> list[CouponOut]:
    """Takes a public coupon, once each. Returns one's coupons."""
    operations.claim(campaign_id=campaign, person_id=request.actor.person_id, at=request.at)
    return [CouponOut.of(view) for view in queries.coupons(person_id=request.actor.person_id, at=request.at)]
