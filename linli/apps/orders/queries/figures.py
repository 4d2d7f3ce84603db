"""A store's day in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from linli.apps.orders import states
from linli.apps.orders.models import Order


@dataclass(frozen=True, slots=True)
class StoreDay:
    """What came in between two moments: `orders` paid for, `goods` of those that stand (minor units, less what was given back),
    `lost` refused or cancelled after payment, `late` handed over after the promise, `prep_minutes` mean from accepting to ready
    (None: no order was ready), `hours` the paid orders by hour of the store's day.
    """

    orders: int
    goods: int
    lost: int
    late: int
    prep_minutes: int | None
    hours: tuple[int, ...]


def store_day(*, store_id: int, start: datetime, end: datetime, zone: str) -> StoreDay:
    """The orders that were paid for in [start, end). One statement."""
    rows = list(
        Order.objects.filter(store_id=store_id, paid_at__gte=start, paid_at__lt=end).values_list(
            "state", "goods", "refunded", "paid_at", "accepted_at", "ready_at", "delivered_at", "promise_to"
        )
    )
    stand = [row for row in rows if row[0] not in states.CLOSED]
    cooked = [(row[5] - row[4]).total_seconds() for row in stand if row[4] and row[5] and row[0] not in {"paid", "accepted"}]
    by_hour = Counter(row[3].astimezone(ZoneInfo(zone)).hour for row in rows if row[3])
    return StoreDay(
        orders=len(rows),
        goods=sum(max(0, row[1] - row[2]) for row in stand),
        lost=len(rows) - len(stand),
        late=sum(1 for row in stand if row[6] and row[6] > row[7]),
        prep_minutes=round(sum(cooked) / len(cooked) / 60) if cooked else None,
        hours=tuple(by_hour[hour] for hour in range(24)),
    )
