"""Which waiting orders of one store go together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import MAX_STOPS, Courier, Order, Problem
from linli.engines.dispatch.space import Straight, space


def bundles(problem: Problem, params: Params) -> list[tuple[Order, ...]]:
    """The orders in groups of one store, ready close together, with drops alike; each order is in exactly one group.
    What is pinned to a courier goes only with what is pinned to the same one.

    The longest ride that one order bears for another grows with scarcity: all of `bundle_detour_s` when there are as many
    waiting orders as couriers who have nothing to do, a tenth of it when there are ten times as many couriers.
    """
    free = sum(not courier.stops for courier in problem.couriers)
    bearable = params.bundle_detour_s * min(1.0, len(problem.orders) / max(1, free))
    pace = sorted(courier.pace for courier in problem.couriers)[len(problem.couriers) // 2] if problem.couriers else 0.3
    widest = max((courier.capacity for courier in problem.couriers), default=0)
    by_id: dict[int | None, Courier] = {courier.id: courier for courier in problem.couriers}
    streets = space(problem.ways)
    open_groups: dict[tuple[int, int | None], list[list[Order]]] = {}
    for order in sorted(problem.orders, key=lambda order: (order.ready_at, order.id)):
        groups = open_groups.setdefault((order.store, order.pinned), [])
        load, most = _room(by_id[order.pinned], params) if order.pinned in by_id else (widest, params.bundle)
        group = next((group for group in groups if len(group) < most and _fits(group, order, bearable, pace, load, params, streets)), None)
        if group is None:
            groups.append([order])
        else:
            group.append(order)
    return sorted((tuple(group) for groups in open_groups.values() for group in groups), key=lambda group: group[0].id)


def _room(courier: Courier, params: Params) -> tuple[int, int]:
    """What the courier that an operator has pinned can carry, and how many more orders it may have."""
    has = len({stop.order for stop in courier.stops})
    return courier.capacity, min(params.bundle, params.orders - has, (MAX_STOPS - len(courier.stops)) // 2)


def _fits(group: Sequence[Order], order: Order, bearable: float, pace: float, widest: int, params: Params, streets: Straight) -> bool:
    if order.ready_at - group[0].ready_at > params.bundle_ready_s:
        return False
    if sum(member.load for member in group) + order.load > widest:
        return False
    together = (*group, order)
    return any(_bearable(sequence, bearable, pace, params, streets) for sequence in permutations(together))


def _bearable(sequence: Sequence[Order], bearable: float, pace: float, params: Params, streets: Straight) -> bool:
    """Whether nobody's food rides `bearable` seconds longer than straight to its door, nor becomes late by it."""
    start = max(order.ready_at for order in sequence) + params.pickup_s
    place, ridden = sequence[0].pickup, 0.0
    for order in sequence:
        ridden += pace * streets.one(place, order.drop) + params.drop_s
        direct = pace * streets.one(order.pickup, order.drop) + params.drop_s
        late = start + ridden > order.promise_at >= order.ready_at + params.pickup_s + direct
        if ridden - direct > bearable or late:
            return False
        place = order.drop
    return True
