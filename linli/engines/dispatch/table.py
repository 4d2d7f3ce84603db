"""What each bundle would cost with each courier, and why some pairs are out of the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from linli.engines.dispatch.batch import cheapest
from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import MAX_STOPS, Courier, Order, Problem
from linli.engines.dispatch.route import Route, best_route, stops_of, timed
from linli.engines.dispatch.space import Floats, Straight, space
from linli.engines.dispatch.ways import CUT, Place

OK, BARRED, FULL, SMALL, FAR, BUSY, BANNED, PINNED, CUT_OFF, HOME = range(10)
_ASKABLE = np.array([True, False, False, False, True, True, False, False, False, True])  # who might be asked if the store is on the way
# What the codes of `Table.reason` are called.
REASONS = ("ok", "barred", "full", "small", "far", "busy", "banned", "pinned", "cut_off", "home")


@dataclass(frozen=True, slots=True)
class Fleet:
    """The couriers as columns, with where and when each is free again and what its present route costs."""

    couriers: tuple[Courier, ...]
    routes: tuple[Route, ...]
    places: tuple[Place, ...]
    ends: tuple[Place, ...]
    free_at: Floats
    pace: Floats
    idle: Floats
    capacity: NDArray[np.int64]
    held: NDArray[np.int64]  # orders that each has already
    stops: NDArray[np.int64]
    until: Floats
    heading: dict[tuple[float, float], list[int]]

    @staticmethod
    def of(problem: Problem, params: Params, streets: Straight) -> Fleet:
        """The fleet of `problem`. A courier to whom an operator has given more than it can carry gets nothing new."""
        found = [best_route(courier, (), problem.at, params, streets) for courier in problem.couriers]
        routes = tuple(route or timed(c, c.stops, problem.at, params, streets) for c, route in zip(problem.couriers, found, strict=True))
        ends = [route.visits[-1].stop.place if route.visits else c.place for c, route in zip(problem.couriers, routes, strict=True)]
        held = [
            MAX_STOPS if route is None else len({stop.order for stop in c.stops}) for c, route in zip(problem.couriers, found, strict=True)
        ]
        return Fleet(
            problem.couriers,
            routes,
            tuple(c.place for c in problem.couriers),
            tuple(ends),
            np.array([route.visits[-1].leave if route.visits else problem.at for route in routes], float),
            np.array([c.pace for c in problem.couriers], float),
            np.array([c.idle_s for c in problem.couriers], float),
            np.array([c.capacity for c in problem.couriers], np.int64),
            np.array(held, np.int64),
            np.array([len(c.stops) for c in problem.couriers], np.int64),
            np.array([np.inf if c.until is None else c.until for c in problem.couriers], float),
            _heading(problem.couriers),
        )


@dataclass(frozen=True, slots=True)
class Table:
    """`cost[g, c]` is what bundle g adds to courier c, less the courier's head start for having waited (weighted seconds).

    `reason[g, c]` is why not (0 = possible); `arrive[g, c]` is when the courier would be at the store.
    """

    groups: tuple[tuple[Order, ...], ...]
    fleet: Fleet
    streets: Straight
    cost: Floats
    arrive: Floats
    reason: NDArray[np.uint8]


def build(problem: Problem, params: Params, groups: Sequence[tuple[Order, ...]]) -> Table:
    """The table of all bundles and couriers. New stops go behind the present ones; where that is promising, anywhere."""
    streets = space(problem.ways)
    fleet, shape = Fleet.of(problem, params, streets), (len(groups), len(problem.couriers))
    table = Table(tuple(groups), fleet, streets, np.zeros(shape), np.zeros(shape), np.zeros(shape, np.uint8))
    column = {courier.id: i for i, courier in enumerate(problem.couriers)}
    toward = streets.toward(fleet.ends)
    ends = {store: toward(store) for store in dict.fromkeys(group[0].pickup for group in groups)}
    for g, group in enumerate(groups):
        distance = ends[group[0].pickup]
        table.arrive[g] = fleet.free_at + fleet.pace * distance
        table.cost[g], done = _append(table, group, table.arrive[g], distance, problem.at, params)
        table.reason[g] = _refusals(table, group, distance, table.arrive[g], problem.at, params)
        table.reason[g, (table.reason[g] == OK) & (done > fleet.until)] = HOME
        _by_hand(table.reason[g], group, column)
    _insert(table, problem.at, params)
    table.cost[:] -= params.fair * fleet.idle
    return table


def _append(table: Table, group: tuple[Order, ...], arrive: Floats, distance: Floats, at: float, params: Params) -> tuple[Floats, Floats]:
    """What the group costs behind everything else, and when the last door is done with."""
    fleet = table.fleet
    now, cost = arrive, params.ride * fleet.pace * distance
    for order in group:  # in the order of their ready moments
        cost = cost + params.wait * np.maximum(0.0, order.ready_at - now) + params.cool * np.maximum(0.0, now - order.ready_at)
        now = np.maximum(now, order.ready_at) + params.pickup_s
    ways = [_drops(table, sequence, now, at, params) for sequence in permutations(group)]
    costs, ends = np.array([way[0] for way in ways]), np.array([way[1] for way in ways])
    best = costs.argmin(axis=0)[None, :]
    return cost + np.take_along_axis(costs, best, 0)[0], np.take_along_axis(ends, best, 0)[0]


def _drops(table: Table, sequence: Sequence[Order], now: Floats, at: float, params: Params) -> tuple[Floats, Floats]:
    place, cost = sequence[0].pickup, np.zeros_like(now)
    for order in sequence:
        leg = table.fleet.pace * table.streets.one(place, order.drop)
        now = now + leg + params.drop_s
        cost += params.ride * leg + params.door * (now - at) + params.late * np.maximum(0.0, now - order.promise_at)
        place = order.drop
    return cost, now


def _refusals(table: Table, group: tuple[Order, ...], distance: Floats, arrive: Floats, at: float, params: Params) -> NDArray[np.uint8]:
    fleet = table.fleet
    reason = np.zeros(len(fleet.couriers), np.uint8)
    reason[arrive - max(at, group[0].ready_at) > params.delay_s] = BUSY
    reason[distance > params.reach_m] = FAR
    reason[fleet.capacity < sum(order.load for order in group)] = SMALL
    reason[(fleet.held + len(group) > params.orders) | (fleet.stops + 2 * len(group) > MAX_STOPS)] = FULL
    reason[(distance >= CUT) | (fleet.free_at - at >= fleet.pace * CUT)] = CUT_OFF
    if any(table.streets.one(order.pickup, order.drop) >= CUT for order in group):
        reason[:] = CUT_OFF
    return reason


def _by_hand(reason: NDArray[np.uint8], group: tuple[Order, ...], column: dict[int, int]) -> None:
    """What couriers have said and operators have decided: the pinned one may come from far and late, but not carry too much."""
    only = column.get(group[0].pinned) if group[0].pinned is not None else None
    if only is not None and _ASKABLE[reason[only]]:
        reason[only] = OK
    for code, named in ((BARRED, "barred"), (BANNED, "banned")):
        for courier in {courier for order in group for courier in getattr(order, named) if courier in column}:
            reason[column[courier]] = code
    if group[0].pinned is not None:
        reason[np.arange(len(reason)) != (-1 if only is None else only)] = PINNED


def _insert(table: Table, at: float, params: Params) -> None:
    """Work out the best sequence for the few busy couriers for whom the store is most nearly on the way."""
    fleet = table.fleet
    toward = table.streets.toward(fleet.places)
    away = {store: toward(store) for store in dict.fromkeys(group[0].pickup for group in table.groups)}
    near = [(g, c) for g, group in enumerate(table.groups) for c in _promising(table, g, away[group[0].pickup], params)]
    costs, arrives, ends = cheapest([(fleet.couriers[c], stops_of(table.groups[g])) for g, c in near], at, params, table.streets)
    for (g, c), cost, arrive, done in zip(near, costs, arrives, ends, strict=True):
        pinned = table.groups[g][0].pinned is not None
        cut = cost - fleet.routes[c].cost.total >= fleet.couriers[c].pace * CUT  # somewhere on the way there is none
        in_time = arrive - max(at, table.groups[g][0].ready_at) <= params.delay_s and done <= fleet.until[c]
        if np.isfinite(cost) and not cut and (pinned or in_time):
            table.cost[g, c] = cost - fleet.routes[c].cost.total
            table.arrive[g, c], table.reason[g, c] = arrive, OK


def _promising(table: Table, g: int, away: Floats, params: Params) -> list[int]:
    """Busy couriers who are going to this store anyway, then the nearest; none who is farther than enough idle ones."""
    fleet, store = table.fleet, table.groups[g][0].pickup
    busy = np.flatnonzero((fleet.stops > 0) & _ASKABLE[table.reason[g]])
    if not len(busy) or not params.candidates:
        return []
    free = np.sort(away[(fleet.stops == 0) & (table.reason[g] == OK)])
    reach = min(params.reach_m, free[int(params.candidates) - 1]) if len(free) >= params.candidates else params.reach_m
    near = np.where(away[busy] <= reach, away[busy], np.inf)
    if store in fleet.heading:
        near[np.isin(busy, fleet.heading[store])] = -1.0
    order = np.argsort(near, kind="stable")[: int(params.candidates)]
    return [int(busy[i]) for i in order if np.isfinite(near[i])]


def _heading(couriers: Sequence[Courier]) -> dict[tuple[float, float], list[int]]:
    """The columns of the couriers who are going to collect something at each place."""
    found: dict[tuple[float, float], list[int]] = {}
    for c, courier in enumerate(couriers):
        for stop in courier.stops:
            if stop.kind == "pickup":
                found.setdefault(stop.place, []).append(c)
    return found
