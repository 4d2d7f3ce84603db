"""What people owe for stays that are paid afterwards, as the operator sees it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from linli.apps.orders.models import Order, OrderEvent
from linli.apps.payments import queries as paying


@dataclass(frozen=True, slots=True)
class Reminder:
    """That the person was told: "asked", "soon", "taken" (from the balance) or "overdue"."""

    step: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DebtView:
    """What is owed for one order, minor units, since when, until when it was to be paid, and how often that was said."""

    order_id: int
    number: str
    person_id: int
    city_id: int
    store_id: int
    store_name: str
    store_name_en: str
    state: str
    currency: str
    amount: int
    since: datetime
    due_at: datetime
    reminders: tuple[Reminder, ...]

    def late_d(self, at: datetime) -> int:
        """For how many whole days it has been overdue; 0 while it is not."""
        return max(0, (at - self.due_at).days)


def debts(*, city_id: int | None = None, limit: int = 200) -> list[DebtView]:
    """What is asked for and not paid, the longest due first. Two statements and one for each currency."""
    rows = Order.objects.filter(due_at__isnull=False)
    rows = rows if city_id is None else rows.filter(city_id=city_id)
    orders = list(rows.order_by("due_at", "id")[:limit])
    left: dict[str, int] = {}
    for currency in {order.currency for order in orders}:
        left |= paying.owed(refs=[f"or:{order.id}" for order in orders if order.currency == currency], currency=currency)
    told = _reminders([order.id for order in orders])
    return [
        DebtView(
            order.id, order.number, order.person_id, order.city_id, order.store_id, order.store_name, order.store_name_en, order.state,
            order.currency, amount, next((one.at for one in told[order.id]), order.closed_at or order.delivered_at or order.placed_at),
            order.due_at, tuple(told[order.id]),
        )
        for order in orders if order.due_at is not None and (amount := left.get(f"or:{order.id}", 0))
    ]  # fmt: skip


def _reminders(ids: list[int]) -> dict[int, list[Reminder]]:
    found: dict[int, list[Reminder]] = defaultdict(list)
    for event in OrderEvent.objects.filter(order_id__in=ids, event="owed").order_by("id"):
        found[event.order_id].append(Reminder(str(event.data["step"]), event.at))
    return found
