"""Where the couriers are and when each is free again."""

from __future__ import annotations

import numpy as np

from linli.engines.mealday.problem import Day
from linli.engines.mealday.space import Ints, Space, Trip

NOWHERE = -1


class Fleet:
    """One row a courier. `store` is where it stands or is going to (`NOWHERE` otherwise), `free` when it is there."""

    def __init__(self, day: Day, space: Space) -> None:
        self.space = space
        self.on: Ints = np.array([courier.on for courier in day.couriers], np.int64)
        self.off: Ints = np.array([courier.off for courier in day.couriers], np.int64)
        self.free = self.on.copy()
        self.store = np.full(len(self.on), NOWHERE, np.int64)
        self.away = space.start_to_store.copy()  # minutes from where it will be free to each store
        self.brought = np.zeros(len(self.on), np.int64)

    def go(self, courier: int, store: int, at: int) -> None:
        """Send a courier who is free at `at` to `store`."""
        self.free[courier] = at + self.away[courier, store]
        self.store[courier] = store
        self.away[courier] = self.space.store_to_store[store]

    def take(self, courier: int, trip: Trip, at: int) -> None:
        """Let a courier who is at the store pick up at `at` and bring everything to its doors."""
        self.free[courier] = at + trip.ends
        self.store[courier] = NOWHERE
        self.away[courier] = self.space.door_to_store[trip.sequence[-1]]
        self.brought[courier] += len(trip.sequence)

    def earned_beyond(self, at: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Money earned by the order, less what the shift so far guarantees."""
        rules = self.space.rules
        return np.asarray(rules.pay_order * self.brought - rules.pay_hour * (np.minimum(at, self.off) - self.on) / 60.0)
