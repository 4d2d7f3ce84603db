"""Whether what was written down about a day keeps every rule of it; knows nothing of how it was decided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from math import ceil, sqrt

from linli.engines.mealday.problem import Assignment, Courier, Day, Departure, Order, Result


def check(day: Day, result: Result) -> list[str]:
    """What is broken, in words; empty when everything is as the rules want it."""
    orders = {order.id: order for order in day.orders}
    faults = list(_unknown(day, orders, result))
    if faults:
        return faults
    moves: dict[str, list[Departure]] = defaultdict(list)
    for departure in result.departures:
        moves[departure.courier].append(departure)
    given: dict[str, list[Assignment]] = defaultdict(list)
    for assignment in result.assignments:
        given[assignment.courier].append(assignment)
        faults += _revealed(orders, assignment)
    faults += [f"order {name} is brought {times} times" for name, times in _times(result).items() if times > 1]
    for courier in day.couriers:
        faults += _Walk(day, orders, courier, moves[courier.id], given[courier.id]).faults()
    return faults


def _times(result: Result) -> Counter[str]:
    return Counter(name for assignment in result.assignments for name in assignment.orders)


def _unknown(day: Day, orders: dict[str, Order], result: Result) -> Iterator[str]:
    couriers = {courier.id for courier in day.couriers}
    places = {store.id for store in day.stores} | set(orders)
    for assignment in result.assignments:
        if assignment.courier not in couriers:
            yield f"there is no courier {assignment.courier}"
        if not assignment.orders or len(assignment.orders) != len(assignment.dropped):
            yield f"{assignment.courier} at {assignment.pickup}: orders and drops do not fit"
        yield from (f"there is no order {name}" for name in assignment.orders if name not in orders)
    for move in result.departures:
        if move.courier not in couriers:
            yield f"there is no courier {move.courier}"
        if move.destination not in places or move.origin not in places | {move.courier}:
            yield f"{move.courier} at {move.at}: there is no way from {move.origin} to {move.destination}"


def _revealed(orders: dict[str, Order], assignment: Assignment) -> Iterator[str]:
    if assignment.at > assignment.pickup:
        yield f"{assignment.courier} picks up at {assignment.pickup} what is decided at {assignment.at}"
    if len({orders[name].store for name in assignment.orders}) > 1:
        yield f"{assignment.courier} at {assignment.pickup}: orders of more than one store together"
    for name in assignment.orders:
        if assignment.at < orders[name].placed:
            yield f"order {name} is assigned at {assignment.at}, before it is placed"
        if assignment.pickup < orders[name].ready:
            yield f"order {name} is picked up at {assignment.pickup}, before it is ready"


class _Walk:
    """One courier's day: where and when it can be, from what it did."""

    def __init__(self, day: Day, orders: dict[str, Order], courier: Courier, moves: list[Departure], given: list[Assignment]) -> None:
        self.rules, self.orders, self.courier = day.rules, orders, courier
        self.xy = {store.id: (store.x, store.y) for store in day.stores} | {o.id: (o.x, o.y) for o in day.orders}
        self.xy |= {courier.id: (courier.x, courier.y)} if courier.id not in self.xy else {}
        self.moves = sorted(moves, key=lambda move: move.at)
        self.given = sorted(given, key=lambda assignment: assignment.pickup)
        self.place, self.since, self.free = courier.id, courier.on, courier.on

    def faults(self) -> Iterator[str]:
        """Everything this courier could not have done."""
        left = list(self.moves)
        for assignment in self.given:
            while left and left[0].destination not in self.orders:
                yield from self._move(left.pop(0))
            yield from self._pick_up(assignment)
            for name, drop in zip(assignment.orders, assignment.dropped, strict=True):
                if not left or left[0].destination != name:
                    yield f"{self.courier.id} does not go to the door of {name} after picking it up at {assignment.pickup}"
                    return
                yield from self._move(left.pop(0))
                yield from self._drop(name, drop)
        for move in left:
            if move.destination in self.orders:
                yield f"{self.courier.id} goes to {move.destination} at {move.at} with nothing for it"
            yield from self._move(move)

    def _move(self, move: Departure) -> Iterator[str]:
        if move.origin != self.place:
            yield f"{move.courier} leaves {move.origin} at {move.at} but is at {self.place}"
        if move.at < self.free:
            yield f"{move.courier} leaves {move.origin} at {move.at} but is not free before {self.free}"
        (x, y), (u, v) = self.xy[move.origin], self.xy[move.destination]
        minutes = ceil(sqrt((x - u) ** 2 + (y - v) ** 2) / self.rules.metres_per_minute)
        self.place, self.since = move.destination, move.at + minutes
        self.free = self.since

    def _pick_up(self, assignment: Assignment) -> Iterator[str]:
        store = self.orders[assignment.orders[0]].store
        if self.place != store:
            yield f"{self.courier.id} picks up at {store} at {assignment.pickup} but is at {self.place}"
        if assignment.pickup < self.since + self.rules.pickup_min // 2:
            yield f"{self.courier.id} picks up at {assignment.pickup}, too soon after arriving at {self.since}"
        if assignment.pickup > self.courier.off:
            yield f"{self.courier.id} picks up at {assignment.pickup}, after the end at {self.courier.off}"
        self.free = assignment.pickup + self.rules.pickup_min // 2

    def _drop(self, name: str, drop: int) -> Iterator[str]:
        if drop < self.since + self.rules.drop_min // 2:
            yield f"order {name} is handed over at {drop}, too soon after arriving at {self.since}"
        self.free = drop + self.rules.drop_min // 2
