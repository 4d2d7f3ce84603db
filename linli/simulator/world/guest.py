"""Somebody who buys a voucher or an entry ticket, and shows its code at the till some time later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.simulator.world import doors
from linli.simulator.world.buyer import Buyer
from linli.simulator.world.doors import Json

_SOON_S = (600, 5_400)  # after which a voucher is used
_NOT_YET = 0.3  # share of vouchers that stay in the wallet, in a city that lives on
_HOURS_S = 6 * 3600  # tickets are bought for a slot that begins within this time
_LEAST_S = 3600  # nobody buys for a slot that is over sooner
_AT_ONCE = (1, 1, 2, 2, 3)


@dataclass
class Guest(Buyer):
    """A consumer of the crowd who goes to sights and eats for vouchers."""

    def buys(self, at: datetime) -> None:
        """Buy one of what some store sells, if it can be had."""
        if not self.world.tills:
            return
        rng = self.turn()
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
        order = self.order(sealed, "voucher", line, "sandbox", rng, at)
        if order is None:
            return
        if line.get("starts_at"):
            begins = max(0.0, (datetime.fromisoformat(line["starts_at"]) - at).total_seconds())
            self.world.soon(at, begins + rng.uniform(120, 1_800), lambda at: self._shows(order["id"], store, at))
        elif self._ends or rng.random() >= _NOT_YET:
            self.world.soon(at, rng.uniform(*_SOON_S), lambda at: self._shows(order["id"], store, at))

    @property
    def _ends(self) -> bool:
        """Whether the day is all there is, so that nothing is kept for another one."""
        return self.world.setting.ends_at is not None

    def _slot(self, store: str, offer: str, qty: int, at: datetime) -> str | None:
        """The first entry slot of today that has places and begins within hours."""
        ends = self.world.setting.ends_at
        for entry in self.door.entries(store, offer)["entries"]:
            starts_at = datetime.fromisoformat(entry["starts_at"])
            waits, lasts = (starts_at - at).total_seconds(), (datetime.fromisoformat(entry["ends_at"]) - at).total_seconds()
            in_time = waits < _HOURS_S and lasts > _LEAST_S and (ends is None or starts_at < ends)
            if in_time and (entry["left"] is None or entry["left"] >= qty):
                return str(entry["starts_at"])
        return None

    def _shows(self, order: str, store: int, at: datetime) -> None:
        """At the till, with every code that came of it; what is not taken there is given back."""
        if self.world.stands_back(store, at):
            return
        if not self.world.try_to(lambda: self._redeem(order, store)) and self._ends:
            self.door.cancel(order, "It cannot be used today")

    def _redeem(self, order: str, store: int) -> None:
        for each in self.door.codes(order):
            for used in range(each["used"], each["used"] + (each["left"] if self._ends else min(1, each["left"]))):
                self.world.tills[store].redeem(each["code"], doors.fresh_key("till", each["id"], used))
