"""Somebody who wants to be somewhere else: looks at the fare, calls, says the code, and says how it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from linli.kernel.geo import Point, metres
from linli.simulator.world import doors
from linli.simulator.world.doors import Consumer, Json
from linli.simulator.world.moods import draw
from linli.simulator.world.world import Trip, World

_TOO_DEAR = 1.35  # from such a factor on some wait for it to fall
_SHARES = {"economy": 0.62, "pool": 0.2, "comfort": 0.13, "six": 0.05}
_NEAR_M, _FAR_M = 1_500, 14_000


@dataclass
class Passenger:
    """A consumer of the crowd who rides; `key` is the same in every city of a seed."""

    world: World
    key: str
    door: Consumer
    _homes: list[Json] = field(default_factory=list)
    _turns: int = 0

    def travels(self, at: datetime) -> None:
        """Ride from home to a place some kilometres away, or back."""
        self._turns += 1
        rng = self.world.rng("trip", self.key, self._turns)
        if not self._homes:
            self._homes = self.door.addresses()
        if not self._homes or not self.world.places:
            return
        home = rng.choice(self._homes)
        here = Point(home["lat"], home["lng"])
        goals = [
            spot for spot in rng.sample(self.world.places, min(60, len(self.world.places))) if _NEAR_M < metres(here, spot[1]) < _FAR_M
        ]
        if not goals:
            return
        ends = [(str(home["place"])[:40], here), goals[0]]
        if rng.random() < 0.5:
            ends.reverse()
        self._call(ends[0], ends[1], at)

    def _call(self, origin: tuple[str, Point], target: tuple[str, Point], at: datetime) -> None:
        rng = self.world.rng("call", self.key, self._turns)
        offered = self.door.estimate(origin, target)
        if offered["factor"] >= _TOO_DEAR and rng.random() < 0.4:
            self.world.decide(at, self.key, "finds it too dear and walks")
            return
        wanted = draw(_SHARES, rng, "economy")
        classes = {each["service"]: each for each in offered["classes"]}
        chosen = classes.get(wanted) or classes.get("economy")
        if chosen is None:
            self.world.refusals["no rides here"] += 1
            return
        moods = self.world.setting.moods
        plan = draw({"cancels": moods.cancels_late, "never comes": 0.005}, rng, "rides")
        self.world.decide(at, self.key, f"calls {chosen['service']}: {plan}")
        method = "cash" if rng.random() < 0.4 else "sandbox"
        order = self.door.call(chosen["service"], chosen["fare"], method, doors.fresh_key("ride", self.key, self._turns, f"{at:%F %T.%f}"))
        number = doors.number("or", order["id"])
        self.world.trips[number] = Trip(order["id"], plan, rng)
        if order["state"] == "placed":
            mood = moods.notice(rng)
            self.world.soon(at, rng.uniform(3, 15), lambda at: self._pay(order["id"], mood))
        if plan == "cancels":
            self.world.soon(at, rng.uniform(40, 300), lambda _: self._cancel(order["id"]))

    def _cancel(self, order: str) -> None:
        self.door.cancel(order, "It takes too long")

    def _pay(self, order: str, mood: str) -> None:
        intent = self.door.payment(order)["intent"]
        step = self.door.start(intent["id"], "sandbox")
        if step["kind"] != "done":
            self.door.pay(step["url"], mood)

    def there(self, order_id: int, at: datetime) -> None:
        """The ride is over; some say how it was, and some tip."""
        trip = self.world.trips.pop(order_id, None)
        if trip is not None and trip.rng.random() < 0.6:
            self.world.soon(at, trip.rng.uniform(20, 600), lambda _: self.door.rate_ride(trip.order, trip.rng.choice((3, 4, 5, 5, 5))))
