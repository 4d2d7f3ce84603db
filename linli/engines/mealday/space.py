"""Travel times of a day, and the best sequence of doors for orders that are collected together."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

from linli.engines.mealday.problem import Day

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trip:
    """Orders of one store in their best sequence; times in minutes after the goods are in hand."""

    store: int
    sequence: tuple[int, ...]
    drops: tuple[int, ...]
    ends: int
    total: int  # sum of `drops`


class Space:
    """The day's places as arrays; times in whole minutes, rounded up."""

    def __init__(self, day: Day) -> None:
        index = {store.id: i for i, store in enumerate(day.stores)}
        self.rules = day.rules
        self.stores = _places([(store.x, store.y) for store in day.stores])
        self.doors = _places([(order.x, order.y) for order in day.orders])
        self.starts = _places([(courier.x, courier.y) for courier in day.couriers])
        self.store_of: Ints = np.array([index[order.store] for order in day.orders], np.int64)
        self.door_to_store = self._minutes(self.doors, self.stores)
        self.start_to_store = self._minutes(self.starts, self.stores)
        self.store_to_store = self._minutes(self.stores, self.stores)
        self._trips: dict[tuple[int, ...], Trip] = {}

    def _minutes(self, a: Floats, b: Floats) -> Ints:
        away = np.sqrt((a[:, None, 0] - b[None, :, 0]) ** 2 + (a[:, None, 1] - b[None, :, 1]) ** 2)
        return np.ceil(away / self.rules.metres_per_minute).astype(np.int64)

    def trip(self, orders: tuple[int, ...]) -> Trip:
        """The sequence with the least sum of click-to-door, then the earliest end. `orders` are sorted and of one store."""
        known = self._trips.get(orders)
        if known is None:
            known = self._trips[orders] = self._best(orders)
        return known

    def _best(self, orders: tuple[int, ...]) -> Trip:
        store, half = int(self.store_of[orders[0]]), self.rules.drop_min // 2
        from_store = [int(self.door_to_store[order, store]) for order in orders]
        between = [[self._walk(a, b) for b in orders] for a in orders]
        best: tuple[int, int, tuple[int, ...], tuple[int, ...]] | None = None
        for way in permutations(range(len(orders))):
            now, drops, last = self.rules.pickup_min // 2, [], -1
            for i in way:
                now += (from_store[i] if last < 0 else between[last][i]) + half
                drops.append(now)
                now, last = now + half, i
            found = (sum(drops), now, way, tuple(drops))
            if best is None or found[:2] < best[:2]:
                best = found
        assert best is not None
        return Trip(store, tuple(orders[i] for i in best[2]), best[3], best[1], best[0])

    def _walk(self, a: int, b: int) -> int:
        (x, y), (u, v) = self.doors[a], self.doors[b]
        return ceil(sqrt((x - u) ** 2 + (y - v) ** 2) / self.rules.metres_per_minute)


def _places(rows: list[tuple[float, float]]) -> Floats:
    return np.array(rows, float).reshape(-1, 2)
