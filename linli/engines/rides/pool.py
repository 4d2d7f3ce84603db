"""Two people in one car: the best order of the stops, and whether the way round is short enough for both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from linli.engines.dispatch.space import straight
from linli.engines.rides.problem import Place


@dataclass(frozen=True, slots=True)
class Rider:
    """Somebody pooled. `direct_s` is the ride alone, `rode_s` how long they have been in the car (None: not yet in it),
    `waited_s` since a driver was found for them (0 for who is to be added), `seats` how many they are."""

    id: int
    pickup: Place
    drop: Place
    direct_s: float
    seats: int = 1
    rode_s: float | None = None
    waited_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Bound:
    """A ride may take `share` longer than alone, and `seconds` longer at most; nobody waits longer than `wait_s` for the car."""

    share: float
    seconds: float
    wait_s: float
    board_s: float = 60.0

    def allows(self, rider: Rider, ride_s: float) -> bool:
        """Whether `ride_s` in the car is not too long for the rider."""
        return ride_s - rider.direct_s <= min(self.share * rider.direct_s, self.seconds) + 1e-6


@dataclass(frozen=True, slots=True)
class Shared:
    """The stops in order as (rider, "pickup" or "drop"), seconds in the car and until the pickup for each rider, and of all of it."""

    stops: tuple[tuple[int, str], ...]
    ride_s: dict[int, float]
    wait_s: dict[int, float]
    seconds: float


def join(car: Place, aboard: tuple[Rider, ...], new: Rider, *, seats: int, pace: float, bound: Bound) -> Shared | None:
    """The quickest way for the car at `car` to bring `aboard` and `new`, or None when that is too far round for any of them.

    `pace` is seconds a straight metre. For at most two riders in a car, so every order of stops is looked at.
    """
    riders = (*aboard, new)
    if sum(rider.seats for rider in riders) > seats:
        return None
    way = best(car, riders, pace=pace, bound=bound)
    return None if faults(riders, way, bound) else way


def best(car: Place, riders: tuple[Rider, ...], *, pace: float, bound: Bound) -> Shared:
    """The order of stops with the fewest things to mind, and of these the quickest."""
    ways = (timed(car, riders, order, pace, bound) for order in _orders(riders))
    return min(ways, key=lambda way: (len(faults(riders, way, bound)), way.seconds, way.stops))


def _orders(riders: tuple[Rider, ...]) -> Iterator[tuple[tuple[int, str], ...]]:
    stops = [(rider.id, kind) for rider in riders for kind in (("drop",) if rider.rode_s is not None else ("pickup", "drop"))]
    for order in permutations(stops):
        at = {stop: place for place, stop in enumerate(order)}
        if all(at.get((rider.id, "pickup"), -1) < at[(rider.id, "drop")] for rider in riders):
            yield order


def timed(car: Place, riders: tuple[Rider, ...], order: tuple[tuple[int, str], ...], pace: float, bound: Bound) -> Shared:
    """The times of one order of stops."""
    by_id, here, now = {rider.id: rider for rider in riders}, car, 0.0
    began = {rider.id: -rider.rode_s for rider in riders if rider.rode_s is not None}
    ride_s: dict[int, float] = {}
    wait_s: dict[int, float] = {}
    for number, kind in order:
        rider = by_id[number]
        target = rider.pickup if kind == "pickup" else rider.drop
        now, here = now + straight(here, target) * pace, target
        if kind == "pickup":
            wait_s[number] = now
            now += bound.board_s
            began[number] = now
        else:
            ride_s[number] = now - began[number]
    return Shared(order, ride_s, wait_s, now)


def faults(riders: tuple[Rider, ...], way: Shared, bound: Bound) -> list[str]:
    """What is too much about `way`; an empty list when nobody would mind."""
    found = [f"rider {rider.id} rides too long" for rider in riders if not bound.allows(rider, way.ride_s[rider.id])]
    late = (rider for rider in riders if way.wait_s.get(rider.id, 0.0) + rider.waited_s > bound.wait_s)
    return found + [f"rider {rider.id} waits too long" for rider in late]
