"""A kitchen: hears the bell, takes orders on or refuses them, cooks, packs, hands over."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import exp

from linli.simulator.world import doors
from linli.simulator.world.doors import Kitchen, Refused
from linli.simulator.world.moods import draw
from linli.simulator.world.world import World

REASONS = ("sold_out", "busy", "closing", "broken")
_SOLD_OUT_H = 3
_GRANTS = 0.8  # of the complaints of visitors that a store agrees with
_KINDNESS = 300  # given when somebody asks for nothing in particular
_LOOKS_AT_IT = "您好，非常抱歉给您带来不便，我们马上核实。"
_AGREES = "核实了，是我们的疏忽，已为您退款。"
_DISAGREES = "核实过出餐记录，餐品没有问题。您若不同意，可以请平台客服裁定。"


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
        factor *= exp(self.world.rng("temper", self.key, 0).gauss(0.0, moods.temper))  # always the same in one kitchen
        if slow:
            self.world.decide(at, self.key, "is slow")
        order = doors.sealed("or", order_id)
        needed = max(60.0, (ready_at - at).total_seconds())
        lead = min(needed, 1800.0)  # what is ordered for later is begun half an hour before
        self.world.soon(at, needed - lead + lead * factor, lambda _: self.door.ready(order))

    def complained(self, case_id: int, at: datetime) -> None:
        """A visitor complains: look at it while they wait, agree with most and say no to some, which support then decides."""
        if self.world.stands_back(self.store_id, at):
            return
        case, rng = doors.sealed("cs", case_id), self.world.rng("complaint", self.key, case_id)
        grants = rng.random() < _GRANTS
        self.world.decide(at, self.key, "agrees with a complaint" if grants else "disagrees with a complaint")
        self.world.soon(at, rng.uniform(25, 70), lambda at: self._looks_at(case, rng, at, grants=grants))

    def _looks_at(self, case: str, rng: random.Random, at: datetime, *, grants: bool) -> None:
        if self.door.complaint(case)["state"] != "open":  # given back at once, taken back, or with support already
            return
        self.door.answer(case, _LOOKS_AT_IT)
        self.world.soon(at, rng.uniform(90, 200), lambda at: self._concludes(case, at, grants=grants))

    def _concludes(self, case: str, at: datetime, *, grants: bool) -> None:
        view = self.door.complaint(case)
        if view["state"] != "answered":
            return
        if grants:
            self.door.grant(case, int(view["wanted"]) or _KINDNESS, _AGREES)
            return
        self.door.answer(case, _DISAGREES)
        if self.world.support:
            self.world.support.upholds(case, at)

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
