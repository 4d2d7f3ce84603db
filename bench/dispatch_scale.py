"""One tick of a big city: 1,000 waiting orders and 2,000 couriers, of whom some are busy, with the building of all costs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import Courier, Order, Problem, Stop
from linli.engines.dispatch.solve import solve

MADE = True
NOON = 43_200.0
STORES = 300


def made(seed: int, busy: float, orders: int = 1_000, couriers: int = 2_000) -> Problem:
    """A city of about 10 km; a share `busy` of the couriers bring one or two orders already."""
    rng = np.random.default_rng(seed)
    stores = np.stack([39.9 + rng.normal(0, 0.05, STORES), 116.4 + rng.normal(0, 0.06, STORES)], axis=1)

    def pair(place: np.ndarray[Any, Any]) -> tuple[float, float]:
        return float(place[0]), float(place[1])

    def door(store: int) -> tuple[float, float]:
        return pair(stores[store] + rng.normal(0, 0.015, 2))

    def order(number: int) -> Order:
        store = int(rng.integers(STORES))
        ready, promised = NOON + rng.uniform(-300, 900), NOON + rng.uniform(1_200, 3_000)
        return Order(number, store, pair(stores[store]), door(store), float(ready), float(promised))

    def stops(number: int) -> tuple[Stop, ...]:
        found: list[Stop] = []
        for k in range(int(rng.integers(1, 3)) if rng.random() < busy else 0):
            name, store = orders + 2 * number + k, int(rng.integers(STORES))
            if rng.random() < 0.5:
                found.append(Stop(name, "pickup", pair(stores[store]), float(NOON + rng.uniform(-300, 600))))
            found.append(Stop(name, "drop", door(store), float(NOON + rng.uniform(300, 2_400))))
        return tuple(found)

    crew = [Courier(c, pair(stores[rng.integers(STORES)] + rng.normal(0, 0.01, 2)), 0.25, 6, stops(c)) for c in range(couriers)]
    return Problem(NOON, tuple(order(o) for o in range(orders)), tuple(crew))


def run(data: Path | None, *, seed: int, limit: float | None, **_: Any) -> dict[str, Any]:
    """`tick_s`, the slowest of the rows; each row is the best of three ticks on the same made city."""
    rows = []
    for busy in (0.0, 0.3, 0.7):
        problem, took, cpu = made(seed, busy), [], []
        for _again in range(3):
            began, used = time.perf_counter(), time.process_time()
            result = solve(problem, Params(), seed=seed)
            took.append(time.perf_counter() - began)
            cpu.append(time.process_time() - used)
        assigned = sum(len(a.orders) for a in result.assignments)
        rows.append({"instance": f"{busy:.0%} busy", "tick_s": min(took), "cpu_s": min(cpu), "assigned": assigned})
    return {"figures": {"tick_s": max(row["tick_s"] for row in rows)}, "rows": rows, "reference": {"tick_s": 10.0}}
