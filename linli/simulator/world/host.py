"""Whoever receives people who have booked: confirms, greets them at their time, gives them their room, and lets them go."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from linli.simulator.world import doors
from linli.simulator.world.counters import Reception
from linli.simulator.world.doors import Json, Refused
from linli.simulator.world.world import World

BOOKED = ("table", "appointment", "stay")
_ENDS = {"table": "leave", "appointment": "finish"}
_LATE_S = (0, 480)  # after their time most come within
_EARLY_S = (0, 600)  # before the time is over most are done
_ARRIVE_S = (600, 5 * 3600)  # after check-in time, guests of a hotel come
_LEAVE_S = (8_400, 21_000)  # before check-out time, they leave
_NOBODY_S = (1_860, 2_700)  # after their time it is said that nobody came
_LOOKS_AGAIN_S = 240  # whether a table has become free
_FLOORS, _DOORS = 9, 30


@dataclass
class Host:
    """The reception of a store of the crowd. `accepts`: the platform confirms by itself."""

    world: World
    key: str
    store_id: int
    door: Reception
    accepts: bool
    _turns: int = 0

    def _chance(self) -> random.Random:
        """A source of chance for the next thing to do, which is the same in every city of a seed."""
        self._turns += 1
        return self.world.rng("host", self.key, self._turns)

    def asked(self, order_id: int, at: datetime) -> None:
        """Somebody has booked and paid what is to be paid."""
        if self.accepts or self.world.stands_back(self.store_id, at):
            return
        pause = self._chance().uniform(10, 90)
        self.world.soon(at, pause, lambda _: self.door.accept(doors.sealed("or", order_id)))

    def expects(self, order_id: int, at: datetime) -> None:
        """Confirmed, or moved to another time: whoever booked will be here then, or nobody."""
        order = self.door.order(doors.sealed("or", order_id))
        begins, rng = datetime.fromisoformat(order["promise_from"]), self._chance()
        if order_id in self.world.absent:
            self.world.when(begins + timedelta(seconds=rng.uniform(*_NOBODY_S)), lambda at: self._nobody(order_id, at))
            return
        after = rng.uniform(*(_ARRIVE_S if order["mode"] == "stay" else _LATE_S))
        self.world.when(max(at, begins) + timedelta(seconds=after), lambda at: self._receives(order_id, at))

    def _nobody(self, order_id: int, at: datetime) -> None:
        order = self.door.order(doors.sealed("or", order_id))
        if order["state"] == "confirmed" and not self.world.stands_back(self.store_id, at):
            self.door.nobody(order["id"])

    def _receives(self, order_id: int, at: datetime) -> None:
        """They are here, unless it was called off or moved meanwhile."""
        order = self.door.order(doors.sealed("or", order_id))
        moved = at < datetime.fromisoformat(order["promise_from"])
        if order["state"] != "confirmed" or moved or self.world.stands_back(self.store_id, at):
            return
        if order["mode"] == "stay":
            rng = self._chance()
            self.door.check_in(order["id"], f"{rng.randrange(2, _FLOORS)}{rng.randrange(1, _DOORS):02}")
        elif self.store_id in self.world.dining_rooms and self._leads(order, at):
            return
        else:
            self.door.step(self._booking(order), "arrive")
        self.lets_go(order, at)

    def _leads(self, order: Json, at: datetime) -> bool:
        """To a table that stands there, as soon as one is free; False when none became free while it was kept for them."""
        try:
            visit = self.door.seat(order["id"])
        except Refused as refused:
            if refused.code == "reservation.full":
                self.world.soon(at, _LOOKS_AGAIN_S, lambda at: self._receives(doors.number("or", order["id"]), at))
            return refused.code == "reservation.full"
        booker = self.world.patrons.get(doors.number("pe", visit["guests"][0]["person_id"]))
        if booker:
            booker.led_to(visit, self.store_id, at)
        else:  # a visitor, who orders if they like
            self.lets_go(order, at)
        return True

    def lets_go(self, order: Json, at: datetime) -> None:
        """They will have had it when their time is over."""
        rng = self._chance()
        early = rng.uniform(*(_LEAVE_S if order["mode"] == "stay" else _EARLY_S))
        over = datetime.fromisoformat(order["promise_to"]) - timedelta(seconds=early)
        self.world.when(max(at + timedelta(seconds=300), over), lambda at: self._done(order["id"], at))

    def _done(self, key: str, at: datetime) -> None:
        order = self.door.order(key)
        if self.world.stands_back(self.store_id, at) or order["state"] not in {"arrived", "checked_in"}:
            return
        if order["mode"] != "stay":
            self.door.step(self._booking(order), _ENDS[order["mode"]])
        else:
            if order["method"] == "desk":
                self.door.paid(key)
            self.door.check_out(key)

    def _booking(self, order: Json) -> str:
        """The line of the calendar that the order stands in."""
        day = datetime.fromisoformat(order["promise_from"]).astimezone(ZoneInfo(self.world.setting.zone)).date()
        return next(str(row["booking"]["id"]) for row in self.door.calendar(day) if row["order_id"] == order["id"])
