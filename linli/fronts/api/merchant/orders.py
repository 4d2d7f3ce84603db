"""Orders as the store sees them."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Router
from pydantic import Field

from linli.apps.accounts import queries as accounts
from linli.apps.orders import operations, queries
from linli.apps.orders.queries import OrderView
from linli.fronts.api.consumer.orders import OrderBase, fields_of
from linli.fronts.api.door import MERCHANT, Request, endpoint
from linli.fronts.api.forms import Amount, In, Key, LineId, OrderId, Out, StoreId

router = Router(tags=["merchant: orders"])


class AcceptIn(In):
    """How long it will take; null for the usual time."""

    minutes: int | None = Field(None, ge=0, le=240)


class RefuseIn(In):
    """Why the store cannot make it."""

    reason: str = Field(min_length=1, max_length=200)


class CounterIn(In):
    """What the person says at the counter."""

    code: str = Field(max_length=12)


class RefundedIn(In):
    """So many pieces of a line."""

    line_id: LineId
    qty: int = Field(ge=1, le=99)


class RefundIn(In):
    """How much goes back and why."""

    amount: Amount
    reason: str = Field(min_length=1, max_length=200)
    lines: list[RefundedIn] = Field(default=[], max_length=60)


class StoreOrderOut(OrderBase):
    """An order as its store sees it: whom it is for only as far as a bag needs it."""

    contact_name: str
    contact_phone: str = Field(description="With the middle hidden.")
    bag_code: str = Field(description="The code on the bag that the courier reads out (delivery only).")


class StoreOrderPage(Out):
    """Some orders, newest first."""

    items: list[StoreOrderOut]
    next_cursor: str | None


def store_order(view: OrderView) -> StoreOrderOut:
    """An order for its store. The code of a pickup is the person's to say, so the store does not see it."""
    return StoreOrderOut(
        **fields_of(view, "merchant"),
        contact_name=view.address.contact_name if view.address else "",
        contact_phone=accounts.mask_phone(view.address.phone) if view.address else "",
        bag_code=view.pickup_code if view.rules.courier else "",
    )


def _theirs(request: Request, order_id: int) -> StoreOrderOut:
    return store_order(queries.order(order_id=order_id, store_id=request.actor.scope_id))


@endpoint(router, "GET", "/{store}/orders", who=MERCHANT, out=StoreOrderPage, summary="Orders of the store")
def orders(
    request: Request, store: StoreId, tab: Literal["new", "preparing", "ready", "away", "booked", "here", "done", "closed"] | None = None,
    cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=100)] = 50,
) -> StoreOrderPage:  # fmt: skip
    """The orders of a tab (all that were paid when none is named), newest first; steps are left out."""
    page = queries.for_store(store_id=store, tab=tab, cursor=cursor, limit=limit)
    return StoreOrderPage(items=[store_order(view) for view in page.items], next_cursor=page.next_cursor)


@endpoint(router, "GET", "/{store}/orders/{order}", who=MERCHANT, out=StoreOrderOut, summary="An order of the store")
def order(request: Request, store: StoreId, order: OrderId) -> StoreOrderOut:
    """An order with its lines, steps and refunds."""
    return _theirs(request, order)


@endpoint(router, "POST", "/{store}/orders/{order}/accept", who=MERCHANT, out=StoreOrderOut, summary="Accept")
def accept(request: Request, store: StoreId, order: OrderId, body: AcceptIn) -> StoreOrderOut:
    """Takes the order on; a courier is asked for."""
    operations.accept(order_id=order, actor=request.actor, minutes=body.minutes, at=request.at)
    return _theirs(request, order)


@endpoint(router, "POST", "/{store}/orders/{order}/refuse", who=MERCHANT, out=StoreOrderOut, summary="Refuse")
def refuse(request: Request, store: StoreId, order: OrderId, body: RefuseIn) -> StoreOrderOut:
    """Says that it cannot be made; what was paid goes back whole."""
    operations.refuse(order_id=order, actor=request.actor, reason=body.reason, at=request.at)
    return _theirs(request, order)


@endpoint(router, "POST", "/{store}/orders/{order}/ready", who=MERCHANT, out=StoreOrderOut, summary="Ready")
def ready(request: Request, store: StoreId, order: OrderId) -> StoreOrderOut:
    """Packed and waiting."""
    operations.mark_ready(order_id=order, actor=request.actor, at=request.at)
    return _theirs(request, order)


@endpoint(router, "POST", "/{store}/orders/{order}/hand-over", who=MERCHANT, out=StoreOrderOut, summary="Hand over")
def hand_over(request: Request, store: StoreId, order: OrderId, body: CounterIn) -> StoreOrderOut:
    """Gives it to whoever says its code (pickup)."""
    operations.hand_over(order_id=order, code=body.code, actor=request.actor, at=request.at)
    return _theirs(request, order)


@endpoint(router, "POST", "/{store}/orders/{order}/served", who=MERCHANT, out=StoreOrderOut, summary="Brought to the table")
def served(request: Request, store: StoreId, order: OrderId) -> StoreOrderOut:
    """What a table has ordered stands before its guests (eating in)."""
    operations.advance(order_id=order, event="serve", actor=request.actor, at=request.at)
    return _theirs(request, order)


@endpoint(router, "POST", "/{store}/orders/{order}/cancel", who=MERCHANT, out=StoreOrderOut, summary="Cancel")
def cancel(request: Request, store: StoreId, order: OrderId, body: RefuseIn) -> StoreOrderOut:
    """Calls off an order that was taken on already; what was paid goes back whole."""
    operations.cancel(order_id=order, actor=request.actor, reason=body.reason, at=request.at)
    return _theirs(request, order)


@endpoint(router, "POST", "/{store}/orders/{order}/refunds", who=MERCHANT, out=StoreOrderOut, status=201, summary="Give money back")
def refund(request: Request, store: StoreId, order: OrderId, body: RefundIn, idempotency_key: Key) -> StoreOrderOut:
    """Gives a part back at the store's cost while the order stands; the same `Idempotency-Key` counts once."""
    operations.refund_part(
        order_id=order, amount=body.amount, reason=body.reason, by=request.actor, key=idempotency_key, at=request.at,
        line_qtys={piece.line_id: piece.qty for piece in body.lines},
    )  # fmt: skip
    return _theirs(request, order)
