"""Vouchers and tickets of the store: their terms, how many there are, and codes that are used at the till."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Router
from pydantic import Field

from linli.apps.catalog import operations as catalog
from linli.apps.fulfilment import operations, queries
from linli.apps.insight import operations as insight
from linli.fronts.api.door import MERCHANT, Request, endpoint
from linli.fronts.api.forms import Done, In, Key, OfferId, Out, PassId, StoreId

router = Router(tags=["merchant: vouchers"])


class RedeemIn(In):
    """A code as it was typed or scanned, and how often it is used now."""

    code: str = Field(min_length=1, max_length=40)
    count: int = Field(1, ge=1, le=100)


class PurchaseIn(In):
    """What a member bought: the code of their phone's square, or their number; for how much, in minor units."""

    member: str = Field(min_length=5, max_length=400)
    amount: int = Field(ge=1, le=1_000_000_000)


class RedeemedOut(Out):
    """What was used; `left`: how often it can still be."""

    id: PassId
    title: str
    title_en: str
    uses: int
    used: int
    left: int
    valid_until: datetime
    state: str


class UseOut(Out):
    """That a code was used."""

    title: str
    title_en: str
    count: int
    by: str
    at: datetime


class VoucherTermsIn(In):
    """How often a voucher can be used, how long, and when not: `{"from": day, "to": day}` or
    `{"weekdays": [4], "start": 1020, "end": 1320}` (0 is Monday; minutes of the day)."""

    uses: int = Field(1, ge=1, le=100)
    valid_days: int = Field(90, ge=1, le=730)
    valid_until: date | None = None
    blackout: list[dict[str, Any]] = Field(default=[], max_length=20)
    most: int = Field(10, ge=1, le=50)


class TicketTermsIn(In):
    """When there is entry, in minutes of the day; `slot_minutes` 0: the whole day."""

    opens: int = Field(ge=0, le=1439)
    closes: int = Field(ge=1, le=1440)
    slot_minutes: int = Field(0, ge=0, le=720)
    closed_days: list[int] = Field(default=[], max_length=6)
    ahead_days: int = Field(14, ge=0, le=366)
    free_until: int = Field(120, ge=0, le=43_200)
    late_bp: int = Field(10_000, ge=0, le=10_000)
    most: int = Field(10, ge=1, le=50)


@endpoint(router, "POST", "/{store}/redemptions", who=MERCHANT, out=RedeemedOut, status=201, summary="Use a code")
def redeem(request: Request, store: StoreId, body: RedeemIn, idempotency_key: Key) -> RedeemedOut:
    """Uses a code of the store, never more often than it has; the same `Idempotency-Key` is the same use. A 409 says why not now, a 410
    that it is over."""
    view = operations.redeem(store_id=store, code=body.code, count=body.count, key=idempotency_key, actor=request.actor, at=request.at)
    return RedeemedOut.of(view)


@endpoint(router, "POST", "/{store}/purchases", who=MERCHANT, out=Done, status=201, summary="A member bought in the store")
def purchase(request: Request, store: StoreId, body: PurchaseIn, idempotency_key: Key) -> Done:
    """Notes it; the same `Idempotency-Key` is the same purchase. It is kept of the person only if they agreed to be known, and whether
    they did is not told."""
    insight.note_purchase(
        store_id=store, member=body.member, amount=body.amount, key=idempotency_key, actor=request.actor, at=request.at
    )  # fmt: skip
    return Done()


@endpoint(router, "GET", "/{store}/redemptions", who=MERCHANT, out=list[UseOut], summary="Codes used lately")
def lately(request: Request, store: StoreId) -> list[UseOut]:
    """What was used in the store lately, newest first."""
    return [UseOut.of(view) for view in queries.pass_uses(store_id=store)]


@endpoint(router, "PUT", "/{store}/vouchers/{offer}/terms", who=MERCHANT, out=Done, summary="Terms of a voucher")
def voucher_terms(request: Request, store: StoreId, offer: OfferId, body: VoucherTermsIn) -> Done:
    """Sets them; vouchers that were sold keep their own."""
    catalog.set_voucher_terms(offer_id=offer, actor=request.actor, at=request.at, **body.given())
    return Done()


@endpoint(router, "PUT", "/{store}/tickets/{offer}/terms", who=MERCHANT, out=Done, summary="Terms of a ticket")
def ticket_terms(request: Request, store: StoreId, offer: OfferId, body: TicketTermsIn) -> Done:
    """Sets them; tickets that were sold keep their time."""
    catalog.set_ticket_terms(offer_id=offer, actor=request.actor, at=request.at, **body.given())
    return Done()
