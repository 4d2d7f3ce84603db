"""Somebody who buys a voucher or an entry ticket, and shows its code at the till some time later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.simulator.world import doors
from linli.simulator.world.doors import Consumer, Json
from linli.simulator.world.world import World

_SOON_S = (600, 5_400)  # after which a voucher is used
_NOT_YET = 0.3  # share of vouchers that stay in the wallet
_HOURS_S = 6 * 3600  # tickets are bought for a slot that begins within this time
_LEAST_S = 3600  # nobody buys for a slot that is over sooner
_AT_ONCE = (1, 1, 2, 2, 3)


@dataclass
class Guest:
    """A consumer of the crowd; `key` is the same in every city of a seed."""

    world: World
    key: str
    door: Consumer
    _turns: int = 0

    def buys(self, at: datetime) -> None:
        """Buy one of what some store sells, if it can be had."""
        if not self.world.tills:
            return
        self._turns += 1
        rng = self.world.rng("guest", self.key, self._turns)
        store = rng.choice(sorted(self.world.tills))
        sealed = doors.sealed("st", store)
        sold = [each for each in self.door.passes(sealed) if each["on_sale"]]
        if not sold:
            return
        offer = rng.choice(sold)
        line: Json = {"offer_id": offer["id"], "qty": 1 if offer["voucher"] else rng.choice(_AT_ONCE)}
        if offer["ticket"]:
            slot = self._slot(sealed, offer["id"], line["qty"], at)
            if slot is None:
                self.world.refusals["no entry within hours"] += 1
                return
            line["starts_at"] = slot
        self.world.decide(at, self.key, f"buys {offer['kind']}")
        self._order(sealed, store, line, rng, at)

    def _slot(self, store: str, offer: str, qty: int, at: datetime) -> str | None:
        """The first entry slot of today that has places and begins within hours."""
        for entry in self.door.entries(store, offer)["entries"]:
            waits, lasts = ((datetime.fromisoformat(entry[end]) - at).total_seconds() for end in ("starts_at", "ends_at"))
            if waits < _HOURS_S and lasts > _LEAST_S and (entry["left"] is None or entry["left"] >= qty):
                return str(entry["starts_at"])
        return None

    def _order(self, sealed: str, store: int, line: Json, rng: Any, at: datetime) -> None:
        self.door.clear(sealed)
        self.door.put(sealed, line)
        want = {"store_id": sealed, "mode": "voucher", "coupon_id": None}
        quote = self.door.quote(want)
        if quote["problems"]:
            self.world.refusals[f"quote: {quote['problems'][0]['code']}"] += 1
            return
        key = doors.fresh_key("guest", self.key, self._turns, f"{at:%F %T.%f}")
        order = self.door.place(want, quote["token"], "sandbox", key)
        mood = self.world.setting.moods.notice(rng)
        self.world.soon(at, rng.uniform(5, 30), lambda _: self._pay(order["id"], mood))
        if line.get("starts_at"):
            begins = max(0.0, (datetime.fromisoformat(line["starts_at"]) - at).total_seconds())
            self.world.soon(at, begins + rng.uniform(120, 1_800), lambda at: self._shows(order["id"], store, at))
        elif rng.random() >= _NOT_YET:
            self.world.soon(at, rng.uniform(*_SOON_S), lambda at: self._shows(order["id"], store, at))

    def _pay(self, order: str, mood: str) -> None:
        intent = self.door.payment(order)["intent"]
        step = self.door.start(intent["id"], "sandbox")
        if step["kind"] != "done":
            self.door.pay(step["url"], mood)

    def _shows(self, order: str, store: int, at: datetime) -> None:
        """At the till, with every code that came of it."""
        if self.world.stands_back(store, at):
            return
        for each in self.door.codes(order):
            if each["left"]:
                self.world.tills[store].redeem(each["code"], doors.fresh_key("till", each["id"], each["used"]))
