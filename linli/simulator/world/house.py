"""A kitchen: hears the bell, takes orders on or refuses them, cooks, packs, hands over."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import exp

from linli.apps.dining import queries as dining
from linli.simulator.world import doors
from linli.simulator.world.counters import Kitchen
from linli.simulator.world.doors import Json, Refused
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
    _rung: dict[str, int] = field(default_factory=dict)  # how often, for the way out and for the tables

    def bell(self, order_id: int, at: datetime, to: str = "") -> None:
        """An order has come in: paid, or (`to` "tables") on the bill of a table."""
        self._rung[to] = self._rung.get(to, 0) + 1
        if self.accepts or self.world.stands_back(self.store_id, at):
            return
        rng, moods = self.world.rng("bell", self.key, f"{to}{self._rung[to]}"), self.world.setting.moods
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

    def cooks(self, order_id: int, ready_at: datetime, at: datetime, to: str = "") -> None:
        """The order is taken on and was promised to be ready at `ready_at`; slow kitchens take half as long again, or twice as long."""
        if self.world.stands_back(self.store_id, at):
            return
        rng, moods = self.world.rng("cook", self.key, f"{to}{self._rung.get(to, 0)}"), self.world.setting.moods
        slow = rng.random() < moods.slow
        factor = rng.uniform(1.4, 2.0) if slow else min(1.35, max(0.7, rng.gauss(0.97, 0.13)))
        factor *= exp(self.world.rng("temper", self.key, 0).gauss(0.0, moods.temper))  # always the same in one kitchen
        if slow:
            self.world.decide(at, self.key, "is slow")
        order = doors.sealed("or", order_id)
        needed = max(60.0, (ready_at - at).total_seconds())
        lead = min(needed, 1800.0)  # what is ordered for later is begun half an hour before
        self.world.soon(at, needed - lead + lead * factor, lambda _: self.door.ready(order))

    def serves(self, order_id: int, at: datetime) -> None:
        """What a table has ordered is ready: bring it."""
        if not self.world.stands_back(self.store_id, at):
            self._rung["served"] = self._rung.get("served", 0) + 1
            pause = self.world.rng("serves", self.key, self._rung["served"]).uniform(20, 180)
            self.world.soon(at, pause, lambda _: self.door.served(doors.sealed("or", order_id)))

    def free_table(self, people: int, at: datetime) -> str:
        """The code of the smallest table that is free and seats so many; empty when there is none."""
        free = [table for table in self._spare() if table["seats"] >= people]
        best = min(free, key=lambda table: (table["seats"], table["y"], table["x"]), default=None)
        return self.code(best["id"], at) if best else ""

    def code(self, table: str, at: datetime) -> str:
        """What stands on the table."""
        return dining.token(dining.table(table_id=doors.number("tb", table)), at)

    def _spare(self) -> list[Json]:
        """The tables that are free and kept for nobody who has reserved."""
        kept = {table["id"] for one in self.door.reservations() if one["due"] for table in one["tables"]}
        return [spot["table"] for spot in self.door.floor() if spot["state"] == "free" and spot["table"]["id"] not in kept]

    def table_free(self, at: datetime) -> None:
        """A party has gone: whoever waits longest and fits is called."""
        if not self.world.stands_back(self.store_id, at) and any(party["state"] == "queued" for party in self.door.line()):
            self.world.soon(at, self.world.rng("calls", self.key, at).uniform(30, 120), self._calls)

    def _calls(self, at: datetime) -> None:
        free = self._spare()
        for party in self.door.line():
            fitting = [table for table in free if table["seats"] >= party["people"]]
            if party["state"] == "queued" and fitting:
                self.door.call(party["id"], min(fitting, key=lambda table: int(table["seats"]))["id"])
                return

    def leads(self, waiting: str, at: datetime) -> tuple[str, str] | None:
        """Lead a party that was called to the table that is kept for it; its visit, and the code of the table. None: a visitor does."""
        if self.world.stands_back(self.store_id, at):
            return None
        spot = next(spot for spot in self.door.floor() if spot["waiting_id"] == waiting)
        return str(self.door.lead(waiting, spot["table"]["id"])["id"]), self.code(spot["table"]["id"], at)

    def takes_money(self, visit: str, at: datetime) -> bool:
        """What a party owes is paid at the counter; False when a visitor stands there."""
        if self.world.stands_back(self.store_id, at):
            return False
        if self.door.visit(visit)["owed"]:
            self.door.take_money(visit, doors.fresh_key("counter", visit, at))
        return True

    def clears(self, visit: str, at: datetime) -> None:
        """A party has gone without ordering, or has paid: the table is free."""
        if not self.world.stands_back(self.store_id, at) and not self.door.visit(visit)["closed_at"]:
            self.door.clear(visit)

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
