"""When food will be ready, as far as it can be known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from linli.engines.mealday.params import Params
from linli.engines.mealday.problem import Day
from linli.engines.mealday.space import Floats, Ints, Space


class Kitchens:
    """Ready times as they are seen: the true ones, or what a store's earlier orders of the day let one expect."""

    def __init__(self, day: Day, space: Space, params: Params, *, known: bool) -> None:
        self.known, self.params, self.store_of = known, params, space.store_of
        self.placed: Ints = np.array([order.placed for order in day.orders], np.int64)
        self.ready: Ints = np.array([order.ready for order in day.orders], np.int64)
        self.minutes: Floats = np.zeros(len(day.stores))
        self.orders: Floats = np.zeros(len(day.stores))
        self._coming = sorted(range(len(self.ready)), key=lambda order: int(self.ready[order]), reverse=True)

    def seen(self, at: int, waiting: Sequence[int]) -> Ints:
        """For each order of the day when it is thought to be ready; right only for `waiting` ones, true once it is."""
        if self.known:
            return self.ready
        while self._coming and self.ready[self._coming[-1]] <= at:
            order = self._coming.pop()
            self.minutes[self.store_of[order]] += self.ready[order] - self.placed[order]
            self.orders[self.store_of[order]] += 1
        rows = np.array(waiting, np.int64)
        guess = self.placed[rows] + np.rint(self._mean()[self.store_of[rows]]).astype(np.int64)
        seen = self.ready.copy()
        seen[rows] = np.where(self.ready[rows] <= at, self.ready[rows], np.maximum(guess, at + 1))
        return seen

    def _mean(self) -> Floats:
        """Minutes of preparation a store: its own mean, drawn to the mean of all, and that to the prior, while little is known."""
        weigh, prior = self.params.prior_orders, self.params.prior_min
        overall = (self.minutes.sum() + weigh * prior) / (self.orders.sum() + weigh) if weigh + self.orders.sum() else prior
        return np.asarray((self.minutes + weigh * overall) / np.maximum(self.orders + weigh, 1e-9))
