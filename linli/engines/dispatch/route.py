"""A courier's route: its stops in the order that costs least, when it makes them, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf

from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import MAX_STOPS, Courier, Order, Stop
from linli.engines.dispatch.space import STRAIGHT, Straight
from linli.engines.routing.sequence import Call, best_sequence


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


def timed(courier: Courier, sequence: Sequence[Stop], at: float, params: Params, space: Straight = STRAIGHT) -> Route:
    """The visits of `sequence` in the order given, from where the courier is at `at`, and their cost."""
    place, now, visits = courier.place, at, []
    ride = wait = cool = door = late = 0.0
    for stop in sequence:
        leg = courier.pace * space.one(place, stop.place)
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


def best_route(courier: Courier, extra: Sequence[Stop], at: float, params: Params, space: Straight = STRAIGHT) -> Route | None:
    """The cheapest feasible sequence of the courier's own stops and `extra`; None when capacity permits none.

    Exact, see `routing.sequence`. Raises ValueError for more than eight stops.
    """
    stops = courier.stops + tuple(extra)
    if len(stops) > MAX_STOPS:
        raise ValueError(f"a route has at most {MAX_STOPS} stops")
    pickups = {stop.order: i for i, stop in enumerate(stops) if stop.kind == "pickup"}
    on_board = sum(stop.load for stop in stops if stop.kind == "drop" and stop.order not in pickups)
    calls = [_call(stop, pickups.get(stop.order, -1), at, params) for stop in stops]
    legs = [[courier.pace * metres for metres in row] for row in space.between([*(stop.place for stop in stops), courier.place])]
    order = best_sequence(calls, legs, at, courier.capacity - on_board, params.ride)
    return None if order is None else timed(courier, [stops[i] for i in order], at, params, space)


def _call(stop: Stop, pickup: int, at: float, params: Params) -> Call:
    if stop.kind == "pickup":
        return Call(stop.at, inf, params.pickup_s, load=stop.load, wait=params.wait, cool=params.cool)
    return Call(at, stop.at, params.drop_s, load=-stop.load, after=pickup, door=params.door, late=params.late)
