"""Somebody who buys what is no meal: puts it into the cart, looks at what it costs, orders and pays."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime

from linli.simulator.world import doors
from linli.simulator.world.doors import Consumer, Json
from linli.simulator.world.world import World


@dataclass
class Buyer:
    """A consumer of the crowd; `key` is the same in every city of a seed."""

    world: World
    key: str
    door: Consumer
    _turns: int = 0

    def turn(self) -> random.Random:
        """One more time that they want something; a source of chance for it."""
        self._turns += 1
        return self.world.rng("wish", self.key, self._turns)

    def order(self, store: str, mode: str, line: Json, method: str, rng: random.Random, at: datetime) -> Json | None:
        """Order one line at a store, and pay some moments later where that is to be done now; None when it cannot be had."""
        self.door.clear(store)
        self.door.put(store, line)
        want = {"store_id": store, "mode": mode, "coupon_id": None}
        quote = self.door.quote(want)
        if quote["problems"]:
            self.world.refusals[f"quote: {quote['problems'][0]['code']}"] += 1
            return None
        key = doors.fresh_key("wish", self.key, self._turns, f"{at:%F %T.%f}")
        order = self.door.place(want, quote["token"], method, key)
        if order["state"] == "placed":
            mood = self.world.setting.moods.notice(rng)
            self.world.soon(at, rng.uniform(5, 30), lambda _: self.door.settle(self.door.payment(order["id"])["intent"], mood))
        return order
