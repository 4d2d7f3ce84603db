"""Any order: find it, see it, end it, give money back."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import Field

from linli.apps.orders import operations, queries
from linli.fronts.api.door import OPERATOR, Request, endpoint
from linli.fronts.api.forms import Amount, CityId, In, Key, OrderId
from linli.fronts.api.operator.street import WaitingOut, waiting_out

router = Router(tags=["operator: orders"])


class WhyIn(In):
    """Why."""

    reason: str = Field(min_length=1, max_length=200)


class GiveBackIn(WhyIn):
    """How much, why, and who pays."""

    amount: Amount
    merchant_bears: bool = Field(True, description="The store pays as far as its part goes; otherwise the platform.")


@endpoint(router, "GET", "/orders", who=OPERATOR, out=list[WaitingOut], summary="Find orders")
def orders(
    request: Request, text: Annotated[str, Field(max_length=40)] = "", city_id: CityId | None = None,
    limit: Annotated[int, Field(ge=1, le=100)] = 50,
) -> list[WaitingOut]:  # fmt: skip
    """Orders whose number begins like that, newest first."""
    return [waiting_out(view, request.at) for view in queries.search(text=text, city_id=city_id, limit=limit)]


@endpoint(router, "GET", "/orders/{order}", who=OPERATOR, out=WaitingOut, summary="Any order")
def order(request: Request, order: OrderId) -> WaitingOut:
    """An order with its lines, steps and refunds."""
    return waiting_out(queries.order(order_id=order), request.at)


@endpoint(router, "POST", "/orders/{order}/cancel", who=OPERATOR, out=WaitingOut, summary="Cancel any order")
def cancel(request: Request, order: OrderId, body: WhyIn) -> WaitingOut:
    """Calls it off; what was paid goes back whole."""
    operations.cancel(order_id=order, actor=request.actor, reason=body.reason, at=request.at)
    return waiting_out(queries.order(order_id=order), request.at)


@endpoint(router, "POST", "/orders/{order}/refunds", who=OPERATOR, out=WaitingOut, status=201, summary="Give money back")
def refund(request: Request, order: OrderId, body: GiveBackIn, idempotency_key: Key) -> WaitingOut:
    """Gives a part back while the order stands; the same `Idempotency-Key` counts once."""
    operations.refund_part(
        order_id=order, amount=body.amount, reason=body.reason, by=request.actor, key=idempotency_key, at=request.at,
        merchant_bears=body.merchant_bears,
    )  # fmt: skip
    return waiting_out(queries.order(order_id=order), request.at)
