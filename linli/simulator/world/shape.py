"""The shape of a day: when people order, and how many couriers are on the street then."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

# Weight of each local hour. Made up after what is known of meal delivery: a lunch peak around noon, a wider one at dinner, a small supper.
ORDERS_BY_HOUR = (6, 3, 1, 0, 0, 1, 8, 22, 26, 18, 42, 150, 138, 52, 28, 26, 40, 118, 140, 92, 52, 38, 26, 13)
# Share of the fleet on duty in each local hour: the same shape, flatter, because shifts last.
DUTY_BY_HOUR = (
    0.10, 0.06, 0.04, 0.04, 0.04, 0.06, 0.14, 0.25, 0.30, 0.38, 0.75, 1.0,
    1.0, 0.80, 0.45, 0.40, 0.55, 0.95, 1.0, 0.95, 0.65, 0.45, 0.30, 0.18,
)  # fmt: skip


def moments(count: int, start: datetime, hours: float, zone: str, rng: random.Random) -> list[datetime]:
    """`count` moments within `hours` from `start`, as dense as the day's shape, in order."""
    minutes = [start + timedelta(minutes=minute) for minute in range(int(hours * 60))]
    weights = list(accumulate(rate(minute, zone) for minute in minutes))
    if not minutes or weights[-1] <= 0:
        return []
    picked = (minutes[bisect(weights, rng.random() * weights[-1])] for _ in range(count))
    return sorted(moment + timedelta(seconds=rng.random() * 60) for moment in picked)


def rate(at: datetime, zone: str) -> float:
    """How dense orders are at `at`, between the weights of its hour and its neighbours."""
    return _between(ORDERS_BY_HOUR, at, zone)


def _between(by_hour: Sequence[float], at: datetime, zone: str) -> float:
    local = at.astimezone(ZoneInfo(zone))
    middle = local.hour + local.minute / 60 - 0.5
    low = int(middle // 1)
    share = middle - low
    return by_hour[low % 24] * (1 - share) + by_hour[(low + 1) % 24] * share


def shifts(rank: float, start: datetime, hours: float, zone: str) -> list[tuple[datetime, datetime]]:
    """When a courier works who is on duty whenever at least `rank` (0 to 1) of the fleet is; quarter-hour steps."""
    steps = [start + timedelta(minutes=15 * step) for step in range(int(hours * 4) + 1)]
    on = [DUTY_BY_HOUR[step.astimezone(ZoneInfo(zone)).hour] > rank for step in steps]
    edges = [i for i, (before, after) in enumerate(pairwise([False, *on, False])) if before != after]
    return [(steps[first], steps[min(last, len(steps) - 1)]) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def density(at: datetime, zone: str, per_day: float) -> float:
    """Orders a second at `at` in a city with `per_day` orders a day."""
    return per_day * rate(at, zone) / sum(ORDERS_BY_HOUR) / 3600
