"""Vouchers and tickets: what a store sells of them, when there is entry, and one's own codes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Router
from pydantic import Field

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import OfferTerms, TicketView, VoucherView
from linli.apps.fulfilment import queries as street
from linli.apps.orders import queries as orders
from linli.apps.stock import queries as stock
from linli.fronts.api.door import ANYBODY, CONSUMER, Request, endpoint
from linli.fronts.api.forms import Minor, OfferId, OrderId, Out, PassId, StoreId
from linli.kernel.errors import N_, NotFound

router = Router(tags=["vouchers and tickets"])


class VoucherTermsOut(Out):
    """What a voucher is worth: used `uses` times within `valid_days` (and until `valid_until`), but not in the blackout times."""

    uses: int
    valid_days: int
    valid_until: date | None
    blackout: list[dict[str, Any]]
    most: int


class TicketTermsOut(Out):
    """When there is entry, in minutes of the day there; `slot_minutes` 0: the whole day. Later than `free_until` minutes before its entry
    the share `late_bp` (hundredths of a percent) is kept of a ticket that is called off."""

    opens: int
    closes: int
    slot_minutes: int
    closed_days: list[int]
    ahead_days: int
    free_until: int
    late_bp: int
    most: int


class PassOfferOut(Out):
    """A voucher or a ticket that is sold; exactly one of the two terms is there."""

    id: OfferId
    kind: str
    name: str
    name_en: str
    price: Minor
    on_sale: bool
    voucher: VoucherTermsOut | None
    ticket: TicketTermsOut | None


class AdmissionOut(Out):
    """An entry slot; `left` is null where nobody counts."""

    starts_at: datetime
    ends_at: datetime
    left: int | None


class AdmissionsOut(Out):
    """The days for which a ticket is sold, and the entry slots of one of them."""

    days: list[date]
    day: date | None
    entries: list[AdmissionOut]


class PassOut(Out):
    """A code of one's own, `used` of `uses` times used; `state` is valid, used, void or lapsed."""

    id: PassId
    store_id: StoreId
    offer_id: OfferId
    title: str
    title_en: str
    uses: int
    used: int
    left: int
    valid_from: datetime | None
    valid_until: datetime
    blackout: list[dict[str, Any]]
    state: str
    code: str = Field(description="Said or shown in the store; twelve digits, also as a QR code.")


class PassPage(Out):
    """Some passes, newest first."""

    items: list[PassOut]
    next_cursor: str | None


def pass_offer(view: OfferTerms) -> PassOfferOut:
    """The offer with the terms of its kind."""
    voucher = VoucherTermsOut.of(view.own) if isinstance(view.own, VoucherView) else None
    ticket = TicketTermsOut.of(view.own) if isinstance(view.own, TicketView) else None
    return PassOfferOut(
        id=view.id, kind=view.kind, name=view.name, name_en=view.name_en, price=view.price, on_sale=view.on_sale, voucher=voucher,
        ticket=ticket,
    )  # fmt: skip


def _sold(store_id: int, offer_id: int) -> OfferTerms:
    for view in catalog.timed_terms(store_id=store_id):
        if view.id == offer_id:
            return view
    raise NotFound("offer.unknown", N_("There is no such offer."))


@endpoint(router, "GET", "/stores/{store}/passes", who=ANYBODY, out=list[PassOfferOut], summary="Vouchers and tickets of a store")
def sold(request: Request, store: StoreId) -> list[PassOfferOut]:
    """What the store sells to be used there later, or for a day."""
    return [pass_offer(view) for view in catalog.timed_terms(store_id=store) if view.own is not None]


@endpoint(router, "GET", "/stores/{store}/passes/{offer}/entries", who=ANYBODY, out=AdmissionsOut, summary="When there is entry")
def entries(request: Request, store: StoreId, offer: OfferId, day: date | None = None) -> AdmissionsOut:
    """The days for which a ticket is sold, and what is left of each entry slot of `day` (the first of them if none is named)."""
    view = _sold(store, offer)
    days = catalog.ticket_days(offer=view, at=request.at)
    chosen = day or (days[0] if days else None)
    slots = catalog.ticket_slots(offer=view, day=chosen, at=request.at) if chosen else []
    left = stock.left_at(offer_id=offer, moments=[start for start, _ in slots])
    return AdmissionsOut(
        days=days, day=chosen, entries=[AdmissionOut(starts_at=start, ends_at=end, left=left[start]) for start, end in slots]
    )  # fmt: skip


@endpoint(router, "GET", "/passes", who=CONSUMER, out=PassPage, summary="My codes")
def mine(request: Request, cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=50)] = 20) -> PassPage:
    """One's own vouchers and tickets with their codes, newest first."""
    page = street.passes_of(person_id=request.actor.person_id, cursor=cursor, limit=limit)
    return PassPage(items=[PassOut.of(view) for view in page.items], next_cursor=page.next_cursor)


@endpoint(router, "GET", "/orders/{order}/passes", who=CONSUMER, out=list[PassOut], summary="Codes of an order")
def of_order(request: Request, order: OrderId) -> list[PassOut]:
    """The codes of one's own order; none before it is paid."""
    found = orders.order(order_id=order, person_id=request.actor.person_id)
    return [PassOut.of(view) for view in street.passes(refs=[found.ref])]
