"""Money that leaves and comes in at the office: payouts, cash that couriers bring, and what people owe for stays."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Router
from pydantic import Field

from linli.apps.orders import operations as ordering
from linli.apps.orders import queries as orders
from linli.apps.payments import operations
from linli.fronts.api.door import OPERATOR, Request, endpoint
from linli.fronts.api.forms import CityId, CourierId, Done, In, Key, Minor, OrderId, Out, PersonId, StoreId

router = Router(tags=["operator: money"])


class PaidIn(In):
    """How much, in minor units."""

    amount: Annotated[int, Field(gt=0, le=100_000_000)]


@endpoint(router, "POST", "/stores/{store_id}/payouts", who=OPERATOR, out=Done, status=201, summary="A store was paid")
def pay_store(request: Request, store_id: StoreId, body: PaidIn, key: Key) -> Done:
    """Notes a payment to a store; not more than it is owed. The same `Idempotency-Key` counts once."""
    return _pay(request, "store", store_id, body.amount, key)


@endpoint(router, "POST", "/couriers/{courier_id}/payouts", who=OPERATOR, out=Done, status=201, summary="A courier was paid")
def pay_courier(request: Request, courier_id: CourierId, body: PaidIn, key: Key) -> Done:
    """Notes a payment to a courier; not more than they are owed. The same `Idempotency-Key` counts once."""
    return _pay(request, "courier", courier_id, body.amount, key)


def _pay(request: Request, kind: Literal["store", "courier"], owner: int, amount: int, key: str) -> Done:
    operations.pay_out(kind=kind, owner=owner, amount=amount, key=f"api:{key}:{owner}", by=request.actor, at=request.at)
    return Done()


@endpoint(router, "POST", "/couriers/{courier_id}/cash", who=OPERATOR, out=Done, status=201, summary="A courier brought cash")
def hand_in(request: Request, courier_id: CourierId, body: PaidIn, key: Key) -> Done:
    """Notes cash that a courier handed in; not more than they carry. The same `Idempotency-Key` counts once."""
    operations.hand_in_cash(courier_id=courier_id, amount=body.amount, key=f"api:{key}:{courier_id}", by=request.actor, at=request.at)
    return Done()


class ReminderOut(Out):
    """That the person was told."""

    step: str = Field(description="`asked`, `soon`, `taken` (from the balance) or `overdue`.")
    at: datetime


class DebtOut(Out):
    """What is owed for one stay: since when, until when it was to be paid, and what was said about it."""

    order_id: OrderId
    number: str
    person_id: PersonId
    store_id: StoreId
    store_name: str
    state: str
    currency: str
    amount: Minor
    since: datetime
    due_at: datetime
    reminders: list[ReminderOut]


class CloseIn(In):
    """What became of a debt, and how that is known."""

    how: Literal["paid", "written_off"] = Field(description="`paid` to the platform in some other way, or given up at its cost.")
    reason: str = Field(min_length=1, max_length=200)


class ClosedOut(Out):
    """How much was owed, in minor units."""

    amount: Minor


@endpoint(router, "GET", "/debts", who=OPERATOR, out=list[DebtOut], summary="What people owe")
def debts(request: Request, city_id: CityId | None = None, limit: Annotated[int, Field(ge=1, le=500)] = 200) -> list[DebtOut]:
    """What is asked for after stays and not paid, the longest due first."""
    return [DebtOut.of(debt) for debt in orders.debts(city_id=city_id, limit=limit)]


@endpoint(router, "POST", "/debts/{order}/close", who=OPERATOR, out=ClosedOut, summary="A debt was paid or is given up")
def close_debt(request: Request, order: OrderId, body: CloseIn) -> ClosedOut:
    """Notes it in the ledger, with its reason in the audit; then the hotel gets its part. Again: 409 `later.not_owed`."""
    return ClosedOut(
        amount=ordering.close_debt(order_id=order, how=body.how, reason=body.reason, actor=request.actor, at=request.at)
    )  # fmt: skip
