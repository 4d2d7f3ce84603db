"""What a day came to, in the measures of the literature."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np

from linli.engines.mealday.problem import Day, Result


@dataclass(frozen=True, slots=True)
class Figures:
    """Times in minutes over the orders that were delivered; cost in money an order delivered."""

    undelivered_pct: float
    click_to_door_mean: float
    click_to_door_p90: float
    overage_mean: float
    ready_to_pickup_mean: float
    cost_per_order: float
    orders_per_bundle: float


def figures(day: Day, result: Result) -> Figures:
    """The figures of `day`; with nothing delivered the times are 0."""
    orders = {order.id: order for order in day.orders}
    done = list(chain.from_iterable(zip(a.orders, a.dropped, [a.pickup] * len(a.orders), strict=True) for a in result.assignments))
    door = np.array([drop - orders[name].placed for name, drop, _ in done] or [0], float)
    rest = np.array([pickup - orders[name].ready for name, _, pickup in done] or [0], float)
    return Figures(
        100.0 * (1 - len(done) / len(orders)) if orders else 0.0,
        float(door.mean()),
        float(np.percentile(door, 90)),
        float(np.maximum(door - day.rules.target_min, 0).mean()),
        float(rest.mean()),
        pay(day, result) / max(1, len(done)),
        len(done) / max(1, len(result.assignments)),
    )


def pay(day: Day, result: Result) -> float:
    """What all couriers earn: by the order, and no less than what their hours guarantee."""
    brought = {courier.id: 0 for courier in day.couriers}
    for assignment in result.assignments:
        brought[assignment.courier] += len(assignment.orders)
    rules = day.rules
    return sum(max(rules.pay_order * brought[c.id], rules.pay_hour * (c.off - c.on) / 60) for c in day.couriers)
