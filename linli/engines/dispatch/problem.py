"""What a dispatch tick decides about, in plain numbers: seconds since an arbitrary epoch, degrees, capacity units."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from linli.engines.dispatch.ways import Ways

MAX_STOPS = 8  # a route is sequenced exactly; eight stops are at most 2,520 sequences


@dataclass(frozen=True, slots=True)
class Order:
    """One order that waits for a courier. `barred` couriers have declined it or given it up; an operator forbids the `banned` ones,
    and lets nobody bring it but the `pinned` one.
    """

    id: int
    store: int
    pickup: tuple[float, float]  # latitude, longitude
    drop: tuple[float, float]
    ready_at: float  # s, when the food is expected to be (or was) ready
    promise_at: float  # s, when the consumer was told it would be there at the latest
    load: int = 1  # units of a courier's capacity
    barred: frozenset[int] = frozenset()
    banned: frozenset[int] = frozenset()
    pinned: int | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop that a courier has still to make: `at` is the moment food is ready (pickup) or promised (drop)."""

    order: int
    kind: Literal["pickup", "drop"]
    place: tuple[float, float]
    at: float
    load: int = 1


@dataclass(frozen=True, slots=True)
class Courier:
    """A courier on duty, where it is, how fast (`pace`, seconds a straight metre) and what it has promised to do already.
    Nothing is added that it would not have brought by `until` (s), unless an operator has pinned it.

    An order whose drop is among `stops` without its pickup is on board.
    """

    id: int
    place: tuple[float, float]
    pace: float
    capacity: int
    stops: tuple[Stop, ...] = ()
    idle_s: float = 0.0  # for how long it has had nothing to do
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """All that one tick knows. Building one with senseless values raises ValueError with what is wrong and where.

    With `ways` distances are those of streets, in straight metres that take as long; without, they are straight.
    """

    at: float
    orders: tuple[Order, ...]
    couriers: tuple[Courier, ...]
    ways: Ways | None = None

    def __post_init__(self) -> None:
        _finite("at", self.at)
        _unique("order", (order.id for order in self.orders))
        _unique("courier", (courier.id for courier in self.couriers))
        for order in self.orders:
            _check_order(order)
        for courier in self.couriers:
            _check_courier(courier)
        _unique("order on a route", _routed(self))
        if self.ways is not None and (strange := places(self.orders, self.couriers) - set(self.ways.places)):
            raise ValueError(f"the ways do not know {min(strange)}")

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which `from_json` makes the same problem."""
        data = asdict(replace(self, ways=None)) | {"ways": self.ways and self.ways.to_json()}
        for order in data["orders"]:
            order["barred"], order["banned"] = sorted(order["barred"]), sorted(order["banned"])
        return data

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Problem:
        """The problem that `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        orders = (_order(row) for row in data["orders"])
        couriers = (Courier(**{**c, "place": _pair(c["place"]), "stops": _stops(c["stops"])}) for c in data["couriers"])
        ways = data.get("ways")  # ticks that were kept before streets were known have none
        return Problem(data["at"], tuple(orders), tuple(couriers), Ways.from_json(ways) if ways else None)


def places(orders: Iterable[Order], couriers: Iterable[Courier]) -> set[tuple[float, float]]:
    """Every place that is between somewhere and somewhere else."""
    found = {place for order in orders for place in (order.pickup, order.drop)}
    return found | {place for courier in couriers for place in (courier.place, *(stop.place for stop in courier.stops))}


def _order(row: Mapping[str, Any]) -> Order:
    """Ticks that were kept before operators could pin and ban have neither."""
    sets = {"barred": frozenset(row["barred"]), "banned": frozenset(row.get("banned", ()))}
    return Order(**{**row, "pickup": _pair(row["pickup"]), "drop": _pair(row["drop"]), **sets})


def _pair(value: Sequence[float]) -> tuple[float, float]:
    return float(value[0]), float(value[1])


def _stops(rows: Iterable[Mapping[str, Any]]) -> tuple[Stop, ...]:
    return tuple(Stop(**{**row, "place": _pair(row["place"])}) for row in rows)


def _finite(name: str, *values: float) -> None:
    if not all(math.isfinite(value) for value in values):
        raise ValueError(f"{name} is not a finite number")


def _place(name: str, place: tuple[float, float]) -> None:
    _finite(name, *place)
    if not (-90 <= place[0] <= 90 and -180 <= place[1] <= 180):
        raise ValueError(f"{name} is no place on the earth")


def _unique(name: str, ids: Iterable[int]) -> None:
    seen: set[int] = set()
    for number in ids:
        if number in seen:
            raise ValueError(f"{name} {number} is given twice")
        seen.add(number)


def _check_order(order: Order) -> None:
    name = f"order {order.id}"
    _place(f"{name}: pickup", order.pickup)
    _place(f"{name}: drop", order.drop)
    _finite(f"{name}: time", order.ready_at, order.promise_at)
    if order.load < 1:
        raise ValueError(f"{name}: load must be at least 1")
    if order.pinned in order.banned:
        raise ValueError(f"{name}: the same courier is pinned and banned")


def _check_courier(courier: Courier) -> None:
    name = f"courier {courier.id}"
    _place(f"{name}: place", courier.place)
    _finite(f"{name}: pace", courier.pace, courier.idle_s)
    _finite(f"{name}: until", courier.until or 0.0)
    if courier.pace <= 0 or courier.capacity < 0:
        raise ValueError(f"{name}: pace must be positive and capacity not negative")
    if len(courier.stops) > MAX_STOPS:
        raise ValueError(f"{name}: more than {MAX_STOPS} stops")
    for stop in courier.stops:
        _place(f"{name}: stop", stop.place)
        _finite(f"{name}: stop", stop.at)
        if stop.load < 1:
            raise ValueError(f"{name}: stop with a load below 1")
    drops = {stop.order for stop in courier.stops if stop.kind == "drop"}
    if any(stop.order not in drops for stop in courier.stops):
        raise ValueError(f"{name}: a pickup without its drop")
    _unique(f"{name}: stop", (stop.order * 2 + (stop.kind == "drop") for stop in courier.stops))


def _routed(problem: Problem) -> Iterable[int]:
    yield from (order.id for order in problem.orders)
    for courier in problem.couriers:
        yield from (stop.order for stop in courier.stops if stop.kind == "drop")
