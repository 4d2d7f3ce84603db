"""Somebody who books: a table for the evening, an appointment, a hotel for the night. They come in time, call it off, or stay away."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from linli.simulator.world import doors
from linli.simulator.world.buyer import Buyer
from linli.simulator.world.doors import Json
from linli.simulator.world.moods import draw

_PARTIES = (2, 2, 2, 3, 4, 4, 5, 6, 8)
_HOURS = timedelta(hours=30)  # nobody in a city that lives on books for later
_SLACK = timedelta(minutes=90)  # what is booked may be over so long after the last meal was wanted
_REACH_M = 3_000  # around the place where somebody looks for a hotel
_LATEST_H = 22  # local hour from which on nobody looks for a hotel
_UP_BY_H, _SETTLED = 10, timedelta(hours=3)  # local hour by which guests of a hotel have left; until that has been paid and shared out
_SOONEST_S = 1_800  # nobody is at the hotel sooner
_TRIED = 6  # rooms looked at
_PAID = {"now": "sandbox", "at_hotel": "desk", "later": "later"}
_REASONS = ("My plans have changed", "I booked the wrong day")


@dataclass
class Booker(Buyer):
    """A consumer of the crowd who books."""

    _homes: list[Json] = field(default_factory=list)

    def table(self, at: datetime) -> None:
        """A table for some people, today or tomorrow."""
        rng = self.turn()
        guests = rng.choice(_PARTIES)
        self._timed("table", guests, rng, at)

    def appointment(self, at: datetime) -> None:
        """A haircut, a facial, somebody who cleans …"""
        self._timed("service", 1, self.turn(), at)

    def _timed(self, kind: str, guests: int, rng: random.Random, at: datetime) -> None:
        places = self.world.bookable[kind]
        if not places:
            return
        store = doors.sealed("st", rng.choice(places))
        offers = [offer for offer in self.door.timed(store) if offer["kind"] == kind]
        if not offers:
            return
        offer = rng.choice(offers)
        details: Json = {}
        if offer["at_home"]:
            self._homes = self._homes or self.door.addresses()
            if not self._homes:
                return
            home = rng.choice(self._homes)
            details["place"] = [home["lat"], home["lng"], f"{home['place']} {home['detail']}", home["contact_name"], home["phone"]]
        slots = [slot for slot in self.door.slots(offer["offer_id"], guests, 2) if self._in_time(slot, at)]
        if not slots:
            self.world.refusals[f"nothing free: {kind}"] += 1
            return
        slot = slots[min(len(slots) - 1, int(len(slots) * rng.random() ** 2))]  # rather soon than later
        line = {"offer_id": offer["offer_id"], "qty": 1, "starts_at": slot["starts_at"], "guests": guests, "details": details}
        self._books(store, "table" if kind == "table" else "appointment", line, "sandbox", rng, at)

    def _in_time(self, slot: Json, at: datetime) -> bool:
        ends = self.world.setting.ends_at
        if ends is None:
            return datetime.fromisoformat(slot["starts_at"]) < at + _HOURS
        return datetime.fromisoformat(slot["ends_at"]) < ends + _SLACK

    def stay(self, at: datetime) -> None:
        """A hotel for tonight, near some place."""
        rng, zone, ends = self.turn(), ZoneInfo(self.world.setting.zone), self.world.setting.ends_at
        here = at.astimezone(zone)
        up = here.replace(hour=_UP_BY_H, minute=0, second=0, microsecond=0) + timedelta(days=1)
        if not self.world.inns or not 6 <= here.hour < _LATEST_H or (ends is not None and up + _SETTLED > ends + self.world.setting.tail):
            return
        first, guests = here.date(), rng.choice((1, 1, 2, 2, 2, 3))
        nights = {"first": first.isoformat(), "last": (first + timedelta(days=1)).isoformat(), "guests": guests}
        near = self.world.inns[rng.choice(sorted(self.world.inns))]
        found = [card for card in self.door.hotels(near, _REACH_M, **nights) if doors.number("st", card["store_id"]) in self.world.inns]
        if not found:
            self.world.refusals["nothing free: room"] += 1
            return
        store = str(rng.choice(found[:_TRIED])["store_id"])
        seen = self.door.rooms(store, **nights)
        ways = [(room, plan) for room in seen["rooms"] for plan in room["plans"] if plan["total"] is not None and room["left"] != 0]
        if not ways:
            self.world.refusals["nothing free: room"] += 1
            return
        room, plan = rng.choice(ways)
        line = {"offer_id": room["offer_id"], "qty": 1, "guests": guests, "starts_at": seen["starts_at"], "ends_at": seen["ends_at"],
                "details": {"plan": plan["id"]}}  # fmt: skip
        self._books(store, "stay", line, _PAID[plan["pay"]], rng, at)

    def _books(self, store: str, mode: str, line: Json, method: str, rng: random.Random, at: datetime) -> None:
        moods = self.world.setting.moods
        plan = draw({"calls off": moods.calls_off, "stays away": moods.stays_away}, rng, "comes")
        self.world.decide(at, self.key, f"books {mode}: {plan}")
        order = self.order(store, mode, line, method, rng, at)
        if order is None:
            return
        if plan == "stays away":
            self.world.absent.add(doors.number("or", order["id"]))
        elif plan == "calls off":
            self.world.soon(at, rng.uniform(60, 900), lambda _: self._calls_off(order["id"], rng))

    def _calls_off(self, order: str, rng: random.Random) -> None:
        self.door.cancel(order, rng.choice(_REASONS))

    def owes(self, order_id: int, at: datetime) -> None:
        """A stay is over, and what it cost is asked for."""
        order, rng = doors.sealed("or", order_id), self.turn()
        mood = self.world.setting.moods.notice(rng)
        self.world.soon(at, rng.uniform(120, 1_500), lambda _: self.door.settle(self.door.owed(order), mood))
