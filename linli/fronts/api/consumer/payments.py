"""Paying: what is to be paid, how it can be, and the balance."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Router
from pydantic import Field

from linli.apps.orders import operations as orders_operations
from linli.apps.orders import queries as orders
from linli.apps.payments import operations, queries
from linli.apps.payments.queries import IntentView
from linli.fronts.api.door import CONSUMER, Request, endpoint
from linli.fronts.api.forms import Amount, In, IntentId, Key, Minor, OrderId, Out
from linli.kernel.errors import N_, NotFound
from linli.platform import ids, reads

router = Router(tags=["payments"])


class IntentOut(Out):
    """Something to be paid; `state` is open, captured, cancelled or expired."""

    id: IntentId
    amount: Minor
    currency: str
    methods: list[str]
    state: str
    method: str
    expires_at: datetime
    captured_at: datetime | None
    captured_amount: Minor
    refunded: Minor


def intent_document(view: IntentView) -> dict[str, Any]:
    """What `IntentOut` gives, as it is written."""
    return {name: getattr(view, name) for name in IntentOut.model_fields} | {"id": ids.seal("in", view.id)}


class MethodOut(Out):
    """A way to pay; `enough` false: there is not enough on the balance."""

    code: str
    enough: bool
    balance: int | None


class PaymentOut(Out):
    """What is to be paid for an order (null when it is paid at the door), and the ways to."""

    intent: IntentOut | None
    methods: list[MethodOut]


class StartIn(In):
    """How."""

    method: str = Field(max_length=24)


class NextOut(Out):
    """What the payer does next: `redirect` to `url`, show `url` as a QR code (`qr`), or nothing (`done`)."""

    kind: str
    url: str


class BalanceOut(Out):
    """What is on the balance."""

    balance: Minor
    currency: str


class TipIn(In):
    """How much the courier gets."""

    amount: Amount


class TopUpIn(In):
    """How much to put on the balance."""

    amount: Amount


def _mine(request: Request, intent_id: int) -> IntentView:
    view = queries.intent(intent_id=intent_id)
    if view.person_id != request.actor.person_id:
        raise NotFound("intent.unknown", N_("There is no such payment."))
    return view


@endpoint(router, "GET", "/orders/{order}/payment", who=CONSUMER, out=PaymentOut, summary="What is to be paid")
def payment(request: Request, order: OrderId) -> PaymentOut:
    """The payment of one's own order and the ways to make it."""
    person_id = request.actor.person_id
    due, (intent, has) = reads.together([
        orders.due(order_id=order, person_id=person_id), queries.cashier(ref=f"or:{order}", person_id=person_id)
    ])  # fmt: skip
    if due is None:
        raise orders.unknown()
    methods = queries.methods(city_id=due.city_id, amount=due.total, mode=due.mode, person_id=person_id, has=has)
    offered = [method for method in methods if intent is None or method.code in intent.methods]
    return PaymentOut(intent=IntentOut.of(intent) if intent else None, methods=[MethodOut.of(method) for method in offered])


@endpoint(router, "POST", "/orders/{order}/tips", who=CONSUMER, out=IntentOut, status=201, summary="Tip the courier")
def tip(request: Request, order: OrderId, body: TipIn, idempotency_key: Key) -> IntentOut:
    """A payment that tips whoever brought one's order, all of it; the same `Idempotency-Key` is the same tip."""
    intent_id = orders_operations.add_tip(
        order_id=order, person_id=request.actor.person_id, amount=body.amount, key=idempotency_key, at=request.at
    )
    return IntentOut.of(queries.intent(intent_id=intent_id))


@endpoint(router, "POST", "/orders/{order}/owed", who=CONSUMER, out=IntentOut, status=201, summary="Pay for a stay afterwards")
def owed(request: Request, order: OrderId) -> IntentOut:
    """A payment of what is owed for one's own stay; the same one as long as it is open and as much is owed. Nothing owed: 409."""
    intent_id = orders_operations.begin_to_pay(order_id=order, actor=request.actor, at=request.at)
    return IntentOut.of(queries.intent(intent_id=intent_id))


@endpoint(router, "GET", "/payments/{intent}", who=CONSUMER, out=IntentOut, summary="A payment")
def intent(request: Request, intent: IntentId) -> IntentOut:
    """How one's own payment stands."""
    return IntentOut.of(_mine(request, intent))


@endpoint(router, "POST", "/payments/{intent}/start", who=CONSUMER, out=NextOut, summary="Begin to pay")
def start(request: Request, intent: IntentId, body: StartIn) -> NextOut:
    """Begins to pay by a method and says what comes next; asked twice it goes on with the first try."""
    return NextOut.of(operations.start(intent_id=intent, person_id=request.actor.person_id, method=body.method, at=request.at))


@endpoint(router, "GET", "/me/balance", who=CONSUMER, out=BalanceOut, summary="My balance")
def balance(request: Request) -> BalanceOut:
    """What is on the balance."""
    return BalanceOut(balance=queries.balance(person_id=request.actor.person_id), currency="CNY")


@endpoint(router, "POST", "/me/balance/top-ups", who=CONSUMER, out=IntentOut, status=201, summary="Top up")
def top_up(request: Request, body: TopUpIn, idempotency_key: Key) -> IntentOut:
    """A payment that puts an amount on the balance once it is made; the same `Idempotency-Key` gives the same one."""
    made = operations.top_up(person_id=request.actor.person_id, amount=body.amount, key=idempotency_key, at=request.at)
    return IntentOut.of(made)
