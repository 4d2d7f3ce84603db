"""Orders of the person signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext
from ninja import Router
from pydantic import Field

from linli.apps.fulfilment import queries as street
from linli.apps.orders import operations, queries
from linli.apps.orders.queries import OrderView
from linli.fronts.api.consumer.carts import CartOut, PickOut, WantIn, bill_line, cart_out
from linli.fronts.api.consumer.payments import IntentOut, intent_document
from linli.fronts.api.door import CONSUMER, Request, answer, endpoint
from linli.fronts.api.forms import In, Key, LineId, Minor, OfferId, OrderId, Out, SpotOut, StoreId, TrackId
from linli.kernel.errors import NotFound
from linli.platform import ids, push

router = Router(tags=["orders"])


class PlaceIn(WantIn):
    """The same wish as was quoted, the quote's token, and how it will be paid."""

    quote_token: str = Field(max_length=2000)
    method: str = Field(max_length=24, description="One of the payment methods offered, such as `sandbox`, `balance` or `cash`.")


class ReasonIn(In):
    """Why."""

    reason: str = Field("", max_length=200)


class OrderLineOut(Out):
    """A line of the bill."""

    id: LineId
    kind: str
    offer_id: OfferId | None
    title: str
    title_en: str
    options: list[PickOut]
    note: str
    qty: int
    unit: int
    amount: int
    by_merchant: int
    by_platform: int
    refunded_qty: int
    starts_at: datetime | None
    ends_at: datetime | None
    guests: int
    details: dict[str, Any]


class StepOut(Out):
    """A step of its life."""

    event: str
    state: str
    role: str
    at: datetime


class DropOut(Out):
    """Where it goes."""

    contact_name: str
    phone: str
    place: str
    detail: str
    lat: float
    lng: float


class OrderRefundOut(Out):
    """Money given back while the order stands."""

    amount: Minor
    reason: str
    at: datetime


class OrderBase(Out):
    """What everybody who has to do with an order sees of it."""

    id: OrderId
    number: str
    store_id: StoreId
    store_name: str
    store_name_en: str
    mode: str
    state: str
    currency: str
    goods: Minor
    packaging: Minor
    delivery_fee: Minor
    discount: Minor
    tip: Minor
    total: Minor
    refunded: Minor
    placed_at: datetime
    pay_by: datetime
    paid_at: datetime | None
    accept_by: datetime | None
    accepted_at: datetime | None
    ready_at: datetime | None
    picked_up_at: datetime | None
    delivered_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None = Field(description="Until when what is owed for it is to be paid; null when nothing is due.")
    scheduled_for: datetime | None
    promise_from: datetime
    promise_to: datetime
    remark: str
    utensils: int
    method: str
    cancel_reason: str = Field(description="Why it ended: a code, or what somebody wrote.")
    why: str = Field(description="The same as a sentence in the language of the request; empty without a reason.")
    cancelled_by: str
    lines: list[OrderLineOut]
    events: list[StepOut]
    refunds: list[OrderRefundOut]
    actions: list[str] = Field(description="What the person asking may do with it now.")
    permits: list[str] = Field(description="What its state permits besides: tip, complain, review, reorder, …")


class OrderOut(OrderBase):
    """An order as the person who placed it sees it."""

    address: DropOut | None
    pickup_code: str = Field(description="Said at the counter, or to the driver.")
    drop_code: str = Field(description="Said to the courier at the door (delivery only).")


class PlacedOut(OrderOut):
    """An order that has just been placed, and what is to be paid for it."""

    payment: IntentOut | None = Field(description="Begin with `POST /payments/{id}/start`, by any of its methods.")


class OrderPage(Out):
    """Some orders, newest first."""

    items: list[OrderOut]
    next_cursor: str | None


class ReorderedOut(Out):
    """The cart that was filled, and the names of what is no longer to be had."""

    cart: CartOut
    missing: list[str]


class EtaOut(Out):
    """When it will be at the door. `source`: delivered, route (a courier's own way), estimate (no courier yet) or none."""

    from_at: datetime
    to_at: datetime
    source: str


class TrackPointOut(Out):
    """Where the courier was; pass `id` as `after` to get what came later."""

    id: TrackId
    point: SpotOut
    at: datetime


class TrackOut(Out):
    """Where an order is. `live` is an address that streams its news (Server-Sent Events)."""

    state: str
    promise_from: datetime
    promise_to: datetime
    eta: EtaOut | None
    pickup: SpotOut | None
    drop: SpotOut | None
    points: list[TrackPointOut]
    live: str


_PLAIN = tuple(name for name in OrderBase.model_fields if name not in {"actions", "permits", "why"})


def fields_of(view: OrderView, role: str) -> dict[str, Any]:
    """The fields that every document about an order has."""
    plain = {name: getattr(view, name) for name in _PLAIN}
    return plain | {"why": gettext(view.why) if view.why else "", "actions": list(view.actions(role)), "permits": sorted(view.permits)}


def order_out(view: OrderView) -> OrderOut:
    """An order for its person: each code only in the mode in which it is theirs to say."""
    return OrderOut(**fields_of(view, "consumer"), address=DropOut.of(view.address) if view.address else None, **_codes(view))


def _codes(view: OrderView) -> dict[str, Any]:
    counter = view.rules.says != "door"
    return {"pickup_code": view.pickup_code if counter else "", "drop_code": "" if counter else view.drop_code}


def _document(view: OrderView) -> dict[str, Any]:
    """What `order_out` gives, as it is written."""
    where = view.address
    return fields_of(view, "consumer") | _codes(view) | {
        "id": ids.seal("or", view.id),
        "store_id": ids.seal("st", view.store_id),
        "lines": [bill_line(line) | {"id": ids.seal("li", line.id), "refunded_qty": line.refunded_qty} for line in view.lines],
        "events": [{"event": step.event, "state": step.state, "role": step.role, "at": step.at} for step in view.events],
        "refunds": [{"amount": refund.amount, "reason": refund.reason, "at": refund.at} for refund in view.refunds],
        "address": None if where is None else {name: getattr(where, name) for name in DropOut.model_fields},
    }  # fmt: skip


def _mine(request: Request, order_id: int) -> OrderView:
    return queries.order(order_id=order_id, person_id=request.actor.person_id)


@endpoint(router, "POST", "", who=CONSUMER, out=PlacedOut, status=201, summary="Place an order")
def place(request: Request, body: PlaceIn, idempotency_key: Key) -> HttpResponse:
    """Orders the cart as quoted, all of it or nothing. Send a new `Idempotency-Key` (8 to 80 characters) for each order you mean, and the
    same one when you try again: the same key with the same request gives the same order, with another request a 409."""
    view = operations.place(
        person_id=request.actor.person_id, want=body.want(), quote_token=body.quote_token, method=body.method,
        idempotency_key=idempotency_key, at=request.at,
    )  # fmt: skip
    return answer(_document(view) | {"payment": intent_document(view.intent) if view.intent else None}, 201)


@endpoint(router, "GET", "", who=CONSUMER, out=OrderPage, summary="My orders")
def orders(request: Request, cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=50)] = 20) -> OrderPage:
    """One's own orders, newest first; steps are left out."""
    page = queries.orders_of(person_id=request.actor.person_id, cursor=cursor, limit=limit)
    return OrderPage(items=[order_out(view) for view in page.items], next_cursor=page.next_cursor)


@endpoint(router, "GET", "/{order}", who=CONSUMER, out=OrderOut, summary="An order")
def order(request: Request, order: OrderId) -> HttpResponse:
    """One's own order with its lines, steps and refunds."""
    return answer(_document(_mine(request, order)))


@endpoint(router, "POST", "/{order}/cancel", who=CONSUMER, out=OrderOut, summary="Cancel an order")
def cancel(request: Request, order: OrderId, body: ReasonIn) -> OrderOut:
    """Calls it off where its state allows; what was paid goes back whole. After the first minute a reason is needed."""
    operations.cancel(order_id=order, actor=request.actor, reason=body.reason, at=request.at)
    return order_out(_mine(request, order))


@endpoint(router, "POST", "/{order}/reorder", who=CONSUMER, out=ReorderedOut, summary="Order again")
def reorder(request: Request, order: OrderId) -> ReorderedOut:
    """Fills the cart of the store with what this order had, as far as it is still offered."""
    made = operations.reorder(person_id=request.actor.person_id, order_id=order, at=request.at)
    return ReorderedOut(cart=cart_out(request.actor.person_id, made.store_id, request.at), missing=list(made.missing))


@endpoint(router, "GET", "/{order}/track", who=CONSUMER, out=TrackOut, summary="Where is my order")
def track(request: Request, order: OrderId, after: TrackId | None = None) -> TrackOut:
    """Its state, when it is expected, and where its courier was since `after`."""
    view = _mine(request, order)
    job = street.jobs(refs=[view.ref]).get(view.ref)
    return TrackOut(
        state=view.state,
        promise_from=view.promise_from,
        promise_to=view.promise_to,
        eta=_eta(view, request.at) if job else None,
        pickup=SpotOut.of(job.pickup) if job else None,
        drop=SpotOut.of(job.drop) if job else None,
        points=[TrackPointOut.of(point) for point in street.track(ref=view.ref, after_id=after or 0)] if job else [],
        live=f"/live?t={push.topic_token(f'order:{view.id}')}",
    )


def _eta(view: OrderView, at: datetime) -> EtaOut | None:
    try:
        return EtaOut.of(street.eta(ref=view.ref, at=at))
    except NotFound:
        return None
