"""A kitchen: hears the bell, takes orders on or refuses them, cooks, packs, hands over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from linli.simulator.world import doors
from linli.simulator.world.doors import Kitchen, Refused
from linli.simulator.world.moods import draw
from linli.simulator.world.world import World

REASONS = ("食材用完了", "厨房太忙，做不过来", "即将打烊", "设备故障")
_SOLD_OUT_H = 3


@dataclass
class House:
    """A store of the crowd. `accepts`: the platform takes its orders on by itself."""

    world: World
    key: str
    store_id: int
    door: Kitchen
    accepts: bool
    _bags: dict[str, str] = field(default_factory=dict)
    _rung: int = 0

    def bell(self, order_id: int, at: datetime) -> None:
        """A paid order has come in."""
        self._rung += 1
        if self.accepts or self.world.stands_back(self.store_id, at):
            return
        rng, moods = self.world.rng("bell", self.key, self._rung), self.world.setting.moods
        plan = draw({"refuses": moods.refuses, "sleeps": moods.sleeps, "sold out": moods.sold_out}, rng, "accepts")
        self.world.decide(at, self.key, plan)
        order, pause = doors.sealed("or", order_id), rng.uniform(8, 80)
        if plan == "accepts":
            self.world.soon(at, pause, lambda _: self._accept(order))
        elif plan == "refuses":
            self.world.soon(at, pause, lambda _: self.door.refuse(order, rng.choice(REASONS)))
        elif plan == "sold out":
            self.world.soon(at, pause, lambda at: self._sold_out(order, at))

    def _accept(self, order: str) -> None:
        self._bags[order] = str(self.door.accept(order)["bag_code"])

    def _sold_out(self, order: str, at: datetime) -> None:
        """A dish of the order has run out: off the menu for some hours, and the order refused."""
        offer = next((line["offer_id"] for line in self.door.order(order)["lines"] if line["kind"] == "item"), None)
        if offer:
            self.door.sold_out(offer)
            self.world.soon(at, _SOLD_OUT_H * 3600, lambda _: self.door.back_on_sale(offer))
        self.door.refuse(order, REASONS[0])

    def cooks(self, order_id: int, ready_at: datetime, at: datetime) -> None:
        """The order is taken on and was promised to be ready at `ready_at`; slow kitchens take half as long again, or twice as long."""
        if self.world.stands_back(self.store_id, at):
            return
        rng, moods = self.world.rng("cook", self.key, self._rung), self.world.setting.moods
        slow = rng.random() < moods.slow
        factor = rng.uniform(1.4, 2.0) if slow else min(1.35, max(0.7, rng.gauss(0.97, 0.13)))
        if slow:
            self.world.decide(at, self.key, "is slow")
        order = doors.sealed("or", order_id)
        needed = max(60.0, (ready_at - at).total_seconds())
        lead = min(needed, 1800.0)  # what is ordered for later is begun half an hour before
        self.world.soon(at, needed - lead + lead * factor, lambda _: self.door.ready(order))

    def bag(self, order: str) -> str:
        """The code on the order's bag."""
        if order not in self._bags:
            self._bags[order] = str(self.door.order(order)["bag_code"])
        return self._bags.pop(order)

    def gives(self, order: str, code: str, *, wrong_first: bool) -> None:
        """Somebody stands at the counter and says `code`; some misremember it once."""
        if wrong_first:
            must_fail(lambda: self.door.hand_over(order, mistaken(code)))
        self.door.hand_over(order, code)


def must_fail(act: Callable[[], None]) -> None:
    """`act` must be refused: it uses a wrong code."""
    try:
        act()
    except Refused:
        return
    raise Refused(500, "wrong.code", "a wrong code was taken for the right one")


def mistaken(code: str) -> str:
    """A code like `code` that is another."""
    return f"{(int(code) + 1) % 10_000:04d}" if code.isdigit() else f"{code}X"
