"""One tick: bundle, price every pair, match, and decide late what can wait."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from linli.engines.dispatch import nearest
from linli.engines.dispatch.bundle import bundles
from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import Order, Problem
from linli.engines.dispatch.result import Assignment, Postponed, Result, Unassigned
from linli.engines.dispatch.route import best_route, stops_of
from linli.engines.dispatch.table import HOME, OK, REASONS, Table, build

NEVER = 1e9  # weighted seconds; larger than any real cost, small enough to add up without loss
PINNED_FIRST = 1e7  # what an operator has pinned comes before everything that the courier might do instead
_TIE_S = 1e-3  # what the seed may add to a cost, so that equal couriers take turns


def solve(problem: Problem, params: Params, *, seed: int = 0) -> Result:
    """The assignment of waiting orders to couriers that costs least in all (Kuhn-Munkres over bundles).

    The same problem, parameters and seed give the same result, to the bit. Orders that are ready so much later than their
    courier would be there are postponed; a later tick knows more.
    """
    return decide(problem, params, price(problem, params), seed=seed)


def price(problem: Problem, params: Params) -> Table:
    """The cost table that `solve` matches on; `explain` reads it too."""
    return build(problem, params, nearest.singles(problem) if params.nearest else bundles(problem, params))


def decide(problem: Problem, params: Params, table: Table, *, seed: int = 0) -> Result:
    """Match on `table`; see `solve`."""
    if params.nearest:
        given, later = nearest.match(table), {}
    else:
        early = _early(params, table)
        matched = _match(table, [g for g in range(len(table.groups)) if g not in early], seed)
        later = early | {g: c for g, c in matched.items() if _slack(table, g, c) > params.slack_s}
        given = {g: c for g, c in matched.items() if g not in later}
    assignments = [_assignment(problem, params, table, g, c) for g, c in given.items()]
    too_late = [(g, c) for (g, c), done in zip(given.items(), assignments, strict=True) if _keeps_up(table, g, c, done)]
    if not too_late:
        return _result(table, tuple(assignments), given, later)
    reason = table.reason.copy()  # the best sequence of all stops may end later than the new ones behind the others
    reason[tuple(zip(*too_late, strict=True))] = HOME
    return decide(problem, params, replace(table, reason=reason), seed=seed)


def _keeps_up(table: Table, g: int, c: int, done: Assignment) -> bool:
    """Whether the courier would be kept from going home, and not by an operator."""
    return table.groups[g][0].pinned is None and done.visits[-1].leave > table.fleet.until[c]


def _result(table: Table, assignments: tuple[Assignment, ...], given: dict[int, int], later: dict[int, int]) -> Result:
    unassigned = (_unassigned(table, g) for g in range(len(table.groups)) if g not in given and g not in later)
    return Result(assignments, tuple(_postponed(table, g, c) for g, c in later.items()), tuple(unassigned))


def _ids(group: tuple[Order, ...]) -> tuple[int, ...]:
    return tuple(order.id for order in group)


def _slack(table: Table, g: int, c: int) -> float:
    return float(table.groups[g][0].ready_at - table.arrive[g, c])


def _early(params: Params, table: Table) -> dict[int, int]:
    """The bundles whose best courier, if it could have them, would wait too long; each with that courier."""
    if not table.cost.size:
        return {}
    best = np.where(table.reason == OK, table.cost, np.inf).argmin(axis=1)
    possible = (table.reason == OK).any(axis=1)
    return {g: int(c) for g, c in enumerate(best) if possible[g] and _slack(table, g, int(c)) > params.slack_s}


def _match(table: Table, rows: list[int], seed: int) -> dict[int, int]:
    if not rows or not table.cost.shape[1]:
        return {}
    cost = np.where(table.reason[rows] == OK, table.cost[rows], NEVER)
    turns = np.random.default_rng(seed).random(cost.shape[1]) * _TIE_S
    pinned = np.array([table.groups[g][0].pinned is not None for g in rows])
    first = np.where(pinned[:, None] & (cost < NEVER), PINNED_FIRST, 0.0)
    left, right = linear_sum_assignment(cost + turns - first)
    return {rows[i]: int(c) for i, c in zip(left, right, strict=True) if cost[i, c] < NEVER}


def _assignment(problem: Problem, params: Params, table: Table, g: int, c: int) -> Assignment:
    group, courier = table.groups[g], table.fleet.couriers[c]
    route = best_route(courier, stops_of(group), problem.at, params, table.streets)
    if route is None:  # the table admits a courier only when the new stops fit behind the present ones
        raise AssertionError(f"courier {courier.id} has no route for {_ids(group)}")
    return Assignment(courier.id, _ids(group), route.cost - table.fleet.routes[c].cost, route.visits)


def _postponed(table: Table, g: int, c: int) -> Postponed:
    return Postponed(_ids(table.groups[g]), table.fleet.couriers[c].id, _slack(table, g, c))


def _unassigned(table: Table, g: int) -> Unassigned:
    counts = Counter("taken" if code == OK else REASONS[code] for code in table.reason[g])
    return Unassigned(_ids(table.groups[g]), tuple(sorted(counts.items())))
