"""Several carts ordered and paid together."""

from __future__ import annotations

from datetime import datetime

from ninja import Router
from pydantic import Field

from linli.apps.orders import operations, queries
from linli.apps.orders.queries import CheckoutWant
from linli.apps.payments import queries as payments
from linli.fronts.api.consumer.carts import QuoteOut, WantIn
from linli.fronts.api.consumer.orders import OrderOut, order_out
from linli.fronts.api.consumer.payments import IntentOut
from linli.fronts.api.door import CONSUMER, Request, endpoint
from linli.fronts.api.faults import FaultOut
from linli.fronts.api.forms import CheckoutId, In, Key, Minor, Out

router = Router(tags=["checkout"])


class PartsIn(In):
    """The carts that are wanted together, each in its own way; a store may be in it once for each mode."""

    parts: list[WantIn] = Field(min_length=1, max_length=10)

    def wants(self) -> list[CheckoutWant]:
        """The wishes as orders takes them."""
        return [part.want() for part in self.parts]


class PlacePartsIn(PartsIn):
    """The same wishes as were quoted, the token of the whole quote, and how all of it will be paid."""

    quote_token: str = Field(max_length=2000)
    method: str = Field("", max_length=24, description="One of the quote's `methods`; not needed when nothing is due now.")


class TogetherOut(Out):
    """What it would cost together. With `problems`, of any part, it cannot be placed and `token` is empty; only this token counts."""

    parts: list[QuoteOut]
    currency: str
    total: Minor
    due_now: Minor = Field(description="What the one payment is; the rest is paid at the hotel or afterwards, as each part's `pay` says.")
    savings: Minor
    token: str
    valid_until: datetime
    methods: list[str] = Field(description="The ways to pay that every part allows that is due now.")
    problems: list[FaultOut]


class CheckoutOut(Out):
    """Orders that were placed together, and the one payment for what of them is due now. Afterwards each order is called off and given
    back by itself."""

    id: CheckoutId
    orders: list[OrderOut]
    intent: IntentOut


def _checkout(checkout_id: int, person_id: int) -> CheckoutOut:
    orders = queries.together_of(checkout_id=checkout_id, person_id=person_id)
    intent = payments.intent(ref=f"co:{checkout_id}")
    return CheckoutOut(id=checkout_id, orders=[order_out(view) for view in orders], intent=IntentOut.of(intent))


@endpoint(router, "POST", "/checkouts/quotes", who=CONSUMER, out=TogetherOut, summary="What would they cost together")
def quote(request: Request, body: PartsIn) -> TogetherOut:
    """Several carts quoted as one, part by part and line by line. Changes nothing."""
    return TogetherOut.of(queries.quote_all(person_id=request.actor.person_id, wants=body.wants(), at=request.at))


@endpoint(router, "POST", "/checkouts", who=CONSUMER, out=CheckoutOut, status=201, summary="Order together")
def place(request: Request, body: PlacePartsIn, idempotency_key: Key) -> CheckoutOut:
    """Orders all of the carts as quoted, or none; nothing is held unless all of it is. The same `Idempotency-Key` gives the same orders."""
    orders = operations.place_all(
        person_id=request.actor.person_id, wants=body.wants(), quote_token=body.quote_token, method=body.method,
        idempotency_key=idempotency_key, at=request.at,
    )  # fmt: skip
    return _checkout(orders[0].checkout_id or 0, request.actor.person_id)


@endpoint(router, "GET", "/checkouts/{checkout}", who=CONSUMER, out=CheckoutOut, summary="Orders placed together")
def checkout(request: Request, checkout: CheckoutId) -> CheckoutOut:
    """The orders of one's own checkout as they are now, and how its payment stands."""
    return _checkout(checkout, request.actor.person_id)
