"""The exact best sequence of a courier's stops: every order that respects precedence and capacity, cut off by a bound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import MAX_STOPS, Courier, Order, Stop
from linli.engines.dispatch.space import straight


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by kind (unweighted), and their weighted `total`; `late` and `door` are summed over orders."""

    ride: float = 0.0
    wait: float = 0.0
    cool: float = 0.0
    door: float = 0.0
    late: float = 0.0
    total: float = 0.0

    def __sub__(self, other: Cost) -> Cost:
        return Cost(
            self.ride - other.ride,
            self.wait - other.wait,
            self.cool - other.cool,
            self.door - other.door,
            self.late - other.late,
            self.total - other.total,
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """One stop with when the courier gets there and when it goes on."""

    stop: Stop
    arrive: float
    leave: float


@dataclass(frozen=True, slots=True)
class Route:
    """A sequence of visits and what it costs from now on."""

    visits: tuple[Visit, ...] = ()
    cost: Cost = field(default_factory=Cost)


def stops_of(orders: Iterable[Order]) -> tuple[Stop, ...]:
    """A pickup and a drop for each order."""
    return tuple(
        stop
        for order in orders
        for stop in (
            Stop(order.id, "pickup", order.pickup, order.ready_at, order.load),
            Stop(order.id, "drop", order.drop, order.promise_at, order.load),
        )
    )


def timed(courier: Courier, sequence: Sequence[Stop], at: float, params: Params) -> Route:
    """The visits of `sequence` in the order given, from where the courier is at `at`, and their cost."""
    place, now, visits = courier.place, at, []
    ride = wait = cool = door = late = 0.0
    for stop in sequence:
        leg = courier.pace * straight(place, stop.place)
        arrive = now + leg
        ride += leg
        if stop.kind == "pickup":
            wait += max(0.0, stop.at - arrive)
            cool += max(0.0, arrive - stop.at)
            now = max(arrive, stop.at) + params.pickup_s
        else:
            now = arrive + params.drop_s
            door += now - at
            late += max(0.0, now - stop.at)
        visits.append(Visit(stop, arrive, now))
        place = stop.place
    total = params.ride * ride + params.wait * wait + params.cool * cool + params.door * door + params.late * late
    return Route(tuple(visits), Cost(ride, wait, cool, door, late, total))


def best_route(courier: Courier, extra: Sequence[Stop], at: float, params: Params) -> Route | None:
    """The cheapest feasible sequence of the courier's own stops and `extra`; None when capacity permits none.

    Exact by depth-first search with a lower bound. Raises ValueError for more than eight stops.
    """
    stops = courier.stops + tuple(extra)
    if len(stops) > MAX_STOPS:
        raise ValueError(f"a route has at most {MAX_STOPS} stops")
    sequence = _Search(courier, stops, at, params).run()
    return None if sequence is None else timed(courier, sequence, at, params)


class _Search:
    """Depth first over sequences, nearest stop first, leaving out what cannot beat the best found so far."""

    def __init__(self, courier: Courier, stops: Sequence[Stop], at: float, params: Params) -> None:
        self.stops, self.at, self.params = stops, at, params
        places = [*(stop.place for stop in stops), courier.place]
        self.legs = [[courier.pace * straight(a, b) for b in places] for a in places]
        pickups = {stop.order: i for i, stop in enumerate(stops) if stop.kind == "pickup"}
        self.before = [1 << pickups[s.order] if s.kind == "drop" and s.order in pickups else 0 for s in stops]
        self.room = courier.capacity - sum(s.load for s, before in zip(stops, self.before, strict=True) if s.kind == "drop" and not before)
        self.best = float("inf")
        self.sequence: tuple[Stop, ...] | None = None

    def run(self) -> tuple[Stop, ...] | None:
        """The best sequence, or None."""
        drops = sum(stop.kind == "drop" for stop in self.stops)
        self._go(len(self.stops), 0, self.at, 0.0, drops, self.room, ())
        return self.sequence

    def _step(self, here: int, there: int, now: float) -> tuple[float, float]:
        """What going on to `there` costs, and when the courier leaves it again."""
        stop, params, leg = self.stops[there], self.params, self.legs[here][there]
        arrive = now + leg
        if stop.kind == "pickup":
            cost = params.ride * leg + params.wait * max(0.0, stop.at - arrive) + params.cool * max(0.0, arrive - stop.at)
            return cost, max(arrive, stop.at) + params.pickup_s
        leave = arrive + params.drop_s
        return params.ride * leg + params.door * (leave - self.at) + params.late * max(0.0, leave - stop.at), leave

    def _go(self, here: int, done: int, now: float, cost: float, drops: int, room: int, trail: tuple[int, ...]) -> None:
        if cost + drops * self.params.door * (now - self.at) >= self.best:
            return
        if len(trail) == len(self.stops):
            self.best, self.sequence = cost, tuple(self.stops[i] for i in trail)
            return
        for i in sorted(range(len(self.stops)), key=self.legs[here].__getitem__):
            stop = self.stops[i]
            if done >> i & 1 or self.before[i] & ~done or (stop.kind == "pickup" and stop.load > room):
                continue
            more, leave = self._step(here, i, now)
            left, space = (drops, room - stop.load) if stop.kind == "pickup" else (drops - 1, room + stop.load)
            self._go(i, done | 1 << i, leave, cost + more, left, space, (*trail, i))
