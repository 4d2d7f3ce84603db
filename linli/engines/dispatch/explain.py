"""Why this courier, and why not each other one, in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import Problem
from linli.engines.dispatch.result import Result
from linli.engines.dispatch.route import Cost, best_route, stops_of
from linli.engines.dispatch.solve import NEVER, price
from linli.engines.dispatch.table import OK, REASONS, Table

Taken = dict[int, tuple[int, tuple[int, ...]]]  # courier to the row of its bundle, and the bundle


@dataclass(frozen=True, slots=True)
class Other:
    """A courier who did not get the order. `more` is by how many weighted seconds it is dearer than the chosen one.

    `reason`: barred, full, small, far, busy; dearer (costs more); taken (cheaper, but brings `instead`, and changing over
    would cost `swap` weighted seconds more in all); later (the order is decided in a later tick); idle (nobody was chosen).
    """

    courier: int
    reason: str
    cost: float | None
    more: float | None
    arrive: float
    instead: tuple[int, ...] = ()
    swap: float | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of one order (`assigned`, `postponed`, `unassigned`), with whom, at what cost, and all others, cheapest first."""

    order: int
    outcome: str
    bundle: tuple[int, ...]
    courier: int | None
    cost: Cost | None
    slack_s: float | None
    others: tuple[Other, ...]


def explain(problem: Problem, params: Params, result: Result, order: int) -> Explanation:
    """The reasons for `order`. Raises KeyError when it is not in the problem."""
    return explain_many(problem, params, result, [order])[order]


def explain_many(
    problem: Problem, params: Params, result: Result, orders: Iterable[int], *, most: int | None = None
) -> dict[int, Explanation]:
    """The reasons for each of `orders`, pricing the problem once; with `most`, about that many others each, nearest to being chosen.

    Raises KeyError for an order that is not in the problem.
    """
    table = price(problem, params)
    rows = {member.id: g for g, group in enumerate(table.groups) for member in group}
    taken = {a.courier: (rows[a.orders[0]], a.orders) for a in result.assignments}
    return {order: _explained(problem, params, result, table, taken, rows[order], order, most) for order in orders}


def _explained(
    problem: Problem, params: Params, result: Result, table: Table, taken: Taken, g: int, order: int, most: int | None
) -> Explanation:
    bundle = tuple(member.id for member in table.groups[g])
    given = next((a for a in result.assignments if order in a.orders), None)
    later = next((p for p in result.postponed if order in p.orders), None)
    chosen = given.courier if given else later.courier if later else None
    k = None if chosen is None else _column(table, chosen)
    others = [_other(table, g, c, k, taken, bool(later)) for c in _nearest(table, g, most) if c != k]
    others.sort(key=lambda other: (other.cost is None, other.cost or 0.0, other.courier))
    outcome = "assigned" if given else "postponed" if later else "unassigned"
    cost = given.cost if given else _cost(problem, params, table, g, k)
    return Explanation(order, outcome, bundle, chosen, cost, later.slack_s if later else None, tuple(others))


def _nearest(table: Table, g: int, most: int | None) -> list[int]:
    """The columns to talk about, cheapest possible ones first when there are to be only `most` besides the chosen one."""
    count = len(table.fleet.couriers)
    if most is None or most >= count:
        return list(range(count))
    ordered = np.where(table.reason[g] == OK, table.cost[g], NEVER + table.arrive[g]).argsort(kind="stable")
    return [int(c) for c in ordered[: most + 1]]


def _column(table: Table, courier: int) -> int:
    return next(c for c, one in enumerate(table.fleet.couriers) if one.id == courier)


def _cost(problem: Problem, params: Params, table: Table, g: int, k: int | None) -> Cost | None:
    if k is None:
        return None
    route = best_route(table.fleet.couriers[k], stops_of(table.groups[g]), problem.at, params, table.streets)
    return route.cost - table.fleet.routes[k].cost if route else None


def _other(table: Table, g: int, c: int, k: int | None, taken: Taken, later: bool) -> Other:
    courier, arrive = table.fleet.couriers[c].id, float(table.arrive[g, c])
    if table.reason[g, c] != OK:
        return Other(courier, REASONS[table.reason[g, c]], None, None, arrive)
    cost = float(table.cost[g, c])
    more = None if k is None else cost - float(table.cost[g, k])
    if courier in taken and not later:
        rival, orders = taken[courier]
        return Other(courier, "taken", cost, more, arrive, orders, _swap(table, g, c, rival, k))
    return Other(courier, "later" if later else "idle" if k is None else "dearer", cost, more, arrive)


def _swap(table: Table, g: int, c: int, rival: int, k: int | None) -> float | None:
    """How much dearer it is, in all, if courier `c` leaves bundle `rival` to the chosen courier `k` and takes `g` instead."""
    if k is None or table.reason[rival, k] != OK:
        return None
    return float(table.cost[g, c] + table.cost[rival, k] - table.cost[g, k] - table.cost[rival, c])
