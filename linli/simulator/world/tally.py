"""Figures of a simulated time, from what was told while it ran."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linli.apps.fulfilment.events import JobDeclined, JobDelivered, JobGivenUp, JobOffered
from linli.apps.orders.events import (
    OrderAccepted,
    OrderCancelled,
    OrderCompleted,
    OrderDelivered,
    OrderExpired,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
    OrderRefused,
)
from linli.kernel.events import Event


@dataclass
class Record:
    """An order's life."""

    placed_at: datetime
    mode: str
    total: int
    paid_at: datetime | None = None
    delivered_at: datetime | None = None
    late_s: int = 0
    end: str = ""
    cause: str = ""

    @property
    def minutes(self) -> float:
        """From payment to the hand; 0 while either is not known."""
        return (self.delivered_at - self.paid_at).total_seconds() / 60 if self.delivered_at and self.paid_at else 0.0


@dataclass
class Tally:
    """Counts, and a record for each order."""

    orders: dict[int, Record] = field(default_factory=dict)
    couriers: Counter[str] = field(default_factory=Counter)
    pay: int = 0
    refunded_parts: int = 0

    def note(self, event: Event, at: datetime) -> None:
        """Take down `event`."""
        match event:
            case OrderPlaced():
                self.orders[event.order_id] = Record(at, event.mode, event.total)
            case JobOffered() | JobDeclined() | JobGivenUp() | JobDelivered():
                self._street(event)
            case OrderRefunded():
                self.refunded_parts += 1
            case _:
                record = self.orders.get(getattr(event, "order_id", 0))
                if record:
                    _note(record, event, at)

    def _street(self, event: Event) -> None:
        self.couriers[event.NAME.partition(".")[2]] += 1
        if isinstance(event, JobDelivered):
            self.pay += event.pay
        if isinstance(event, JobDeclined) and event.reason == "no_answer":
            self.couriers["no_answer"] += 1

    @property
    def unfinished(self) -> list[int]:
        """Orders that are not at their end."""
        return [order_id for order_id, record in self.orders.items() if not record.end]

    def figures(self, promised: Mapping[int, datetime]) -> dict[str, Any]:
        """Orders, how they ended, how long they took (minutes from payment to the hand) and what the delivery of one cost (fen).

        `promised` is until when each order was to come.
        """
        records = list(self.orders.values())
        brought = [record for record in records if record.delivered_at and record.paid_at and record.mode == "delivery"]
        minutes = sorted(record.minutes for record in brought)
        latest = sorted(
            (promised[key] - record.paid_at).total_seconds() / 60
            for key, record in self.orders.items()
            if record.delivered_at and record.paid_at and record.mode == "delivery" and key in promised
        )
        ends = Counter(record.end or "unfinished" for record in records)
        causes = Counter(f"{record.end}: {record.cause}" for record in records if record.end and record.end != "completed")
        return {
            "orders": len(records),
            "orders_by_mode": dict(Counter(record.mode for record in records).most_common()),
            "completed_by_mode": dict(Counter(record.mode for record in records if record.end == "completed").most_common()),
            "ends": dict(ends.most_common()),
            "causes": dict(causes.most_common()),
            "delivered": len(brought),
            "collected": sum(1 for record in records if record.delivered_at and record.mode == "pickup"),
            "on_time_rate": _share(sum(record.late_s == 0 for record in brought), len(brought)),
            "minutes_median": _quantile(minutes, 0.5),
            "minutes_p90": _quantile(minutes, 0.9),
            "promised_median": _quantile(latest, 0.5),
            "courier_pay_per_delivery": round(self.pay / len(brought)) if brought else None,
            "turnover": sum(record.total for record in records if record.end == "completed"),
            "partial_refunds": self.refunded_parts,
            "offers": dict(self.couriers),
        }


def _note(record: Record, event: Event, at: datetime) -> None:
    match event:
        case OrderPaid():
            record.paid_at = at
        case OrderDelivered():
            record.delivered_at, record.late_s = at, event.late_s
        case OrderCompleted():
            record.end = "completed"
        case OrderCancelled():
            reason = event.reason or ("within the free minute" if event.role == "consumer" else "")
            record.end, record.cause = "cancelled", f"{event.role}: {reason}" if reason else ""
        case OrderRefused():
            record.end, record.cause = "refused", event.reason
        case OrderExpired():
            record.end, record.cause = "expired", "not paid in time"
        case OrderAccepted() | _:
            pass


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value that `share` of `ordered` do not exceed (nearest rank)."""
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else None
