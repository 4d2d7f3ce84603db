"""What a tick decided, and an independent check that it can be carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import MAX_STOPS, Courier, Problem, Stop
from linli.engines.dispatch.route import Cost, Visit
from linli.engines.dispatch.ways import CUT
from linli.kernel.geo import Point, metres


@dataclass(frozen=True, slots=True)
class Assignment:
    """These orders go to this courier, who then visits `visits`; `cost` is what they add to its route."""

    courier: int
    orders: tuple[int, ...]
    cost: Cost
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class Postponed:
    """Deciding later costs nothing: the best courier just now would be at the store `slack_s` before the food is ready."""

    orders: tuple[int, ...]
    courier: int
    slack_s: float


@dataclass(frozen=True, slots=True)
class Unassigned:
    """Nobody for these orders; `refusals` counts the couriers by reason (`taken` = has a better use this tick)."""

    orders: tuple[int, ...]
    refusals: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Every order of the problem is in exactly one of the three."""

    assignments: tuple[Assignment, ...] = ()
    postponed: tuple[Postponed, ...] = ()
    unassigned: tuple[Unassigned, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """A JSON object; equal results give equal objects."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Result:
        """The result that `to_json` wrote."""
        return Result(
            tuple(_assignment(row) for row in data["assignments"]),
            tuple(Postponed(tuple(row["orders"]), row["courier"], row["slack_s"]) for row in data["postponed"]),
            tuple(Unassigned(tuple(r["orders"]), tuple((why, n) for why, n in r["refusals"])) for r in data["unassigned"]),
        )


def _assignment(row: Mapping[str, Any]) -> Assignment:
    visits = tuple(
        Visit(Stop(**{**visit["stop"], "place": tuple(visit["stop"]["place"])}), visit["arrive"], visit["leave"]) for visit in row["visits"]
    )
    return Assignment(row["courier"], tuple(row["orders"]), Cost(**row["cost"]), visits)


def check(problem: Problem, params: Params, result: Result) -> list[str]:
    """What is wrong with `result`, one sentence each; an empty list when it can be carried out as it stands.

    It shares nothing with the solver: distances come from `kernel.geo`, times and loads are walked through again.
    """
    couriers = {courier.id: courier for courier in problem.couriers}
    wrong = [*_accounted(problem, result), *_by_hand(problem, params, result)]
    for courier, count in Counter(assignment.courier for assignment in result.assignments).items():
        if count > 1 or courier not in couriers:
            wrong.append(f"courier {courier} is unknown or used {count} times")
    for assignment in result.assignments:
        if assignment.courier in couriers:
            wrong += _check_one(problem, params, couriers[assignment.courier], assignment)
    return wrong


def _accounted(problem: Problem, result: Result) -> Iterator[str]:
    parts: Iterable[Assignment | Postponed | Unassigned] = (*result.assignments, *result.postponed, *result.unassigned)
    seen = Counter(order for part in parts for order in part.orders)
    for number in {order.id for order in problem.orders} | set(seen):
        if seen[number] != 1 or all(order.id != number for order in problem.orders):
            yield f"order {number} is decided {seen[number]} times"


def _by_hand(problem: Problem, params: Params, result: Result) -> Iterator[str]:
    """What is pinned waits for its courier; and a courier who could bring it gets nothing else before."""
    given = {order: assignment for assignment in result.assignments for order in assignment.orders}
    held = {order: part.courier for part in result.postponed for order in part.orders}
    couriers = {courier.id: courier for courier in problem.couriers}
    pinned = {order.id: order.pinned for order in problem.orders if order.pinned is not None}
    for order in problem.orders:
        if order.pinned is None or order.id in given:
            continue
        if held.get(order.id, order.pinned) != order.pinned:
            yield f"order {order.id} waits for another courier than the pinned one"
        courier = couriers.get(order.pinned)
        instead = [a for a in result.assignments if a.courier == order.pinned]
        if courier and instead and order.id not in held and order.pinned not in order.barred and _fits(params, courier, order.load):
            if not any(one in pinned for one in instead[0].orders):
                yield f"courier {order.pinned} is given something else than the pinned order {order.id}"


def _fits(params: Params, courier: Courier, load: int) -> bool:
    has = len({stop.order for stop in courier.stops})
    return load <= courier.capacity and has < params.orders and len(courier.stops) + 2 <= MAX_STOPS


def _check_one(problem: Problem, params: Params, courier: Courier, assignment: Assignment) -> Iterator[str]:
    name = f"courier {courier.id}"
    orders = {order.id: order for order in problem.orders if order.id in assignment.orders}
    wanted = {(stop.order, stop.kind): stop for stop in courier.stops}
    for order in orders.values():
        wanted[order.id, "pickup"] = Stop(order.id, "pickup", order.pickup, order.ready_at, order.load)
        wanted[order.id, "drop"] = Stop(order.id, "drop", order.drop, order.promise_at, order.load)
        if courier.id in order.barred:
            yield f"{name} has declined order {order.id}"
        if courier.id in order.banned or order.pinned not in (None, courier.id):
            yield f"{name}: an operator has decided otherwise about order {order.id}"
    if len({order.store for order in orders.values()}) > 1:
        yield f"{name}: a bundle of two stores"
    if Counter(visit.stop for visit in assignment.visits) != Counter(wanted.values()) or len(wanted) > MAX_STOPS:
        yield f"{name}: the stops are not its own and the new ones, or too many"
    yield from _walk(problem, params, courier, assignment)


def _metres(problem: Problem, a: tuple[float, float], b: tuple[float, float]) -> float:
    if problem.ways is None:
        return metres(Point(*a), Point(*b))
    return float(problem.ways.metres()[problem.ways.places.index(a), problem.ways.places.index(b)])


def _walk(problem: Problem, params: Params, courier: Courier, assignment: Assignment) -> Iterator[str]:
    name, place, now = f"courier {courier.id}", courier.place, problem.at
    pinned = any(order.pinned is not None for order in problem.orders if order.id in assignment.orders)
    if courier.until is not None and not pinned and assignment.visits and assignment.visits[-1].leave > courier.until + 0.01:
        yield f"{name}: is kept from going home"
    picked = {visit.stop.order for visit in assignment.visits} - {v.stop.order for v in assignment.visits if v.stop.kind == "pickup"}
    load = sum(visit.stop.load for visit in assignment.visits if visit.stop.order in picked)
    for visit in assignment.visits:
        stop, there = visit.stop, visit.stop.place
        way = _metres(problem, place, there)
        if way >= CUT:
            yield f"{name}: no way to the stop of order {stop.order}"
        arrive = now + courier.pace * way
        pickup = stop.kind == "pickup"
        leave = max(arrive, stop.at) + params.pickup_s if pickup else arrive + params.drop_s
        if abs(arrive - visit.arrive) > 0.01 or abs(leave - visit.leave) > 0.01:
            yield f"{name}: the times of order {stop.order} do not follow"
        if not pickup and stop.order not in picked:
            yield f"{name}: order {stop.order} is dropped before it is picked up"
        picked.add(stop.order)
        load += stop.load if pickup else -stop.load
        if load > courier.capacity and pickup:
            yield f"{name}: carries {load} of {courier.capacity}"
        place, now = there, leave
