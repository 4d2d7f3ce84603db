"""The baseline that everybody begins with: one order after the other, each to the nearest courier who has nothing to do."""

from __future__ import annotations

import numpy as np

from linli.engines.dispatch.problem import Order, Problem
from linli.engines.dispatch.table import OK, Table


def singles(problem: Problem) -> list[tuple[Order, ...]]:
    """Every order by itself, in the order of their numbers (which is that of their coming)."""
    return [(order,) for order in sorted(problem.orders, key=lambda order: order.id)]


def match(table: Table) -> dict[int, int]:
    """The row of each order with the column of the courier who would be at its store first; nobody gets two."""
    free = table.fleet.stops == 0
    found: dict[int, int] = {}
    for g in range(len(table.groups)):
        possible = np.flatnonzero(free & (table.reason[g] == OK))
        if len(possible):
            found[g] = int(possible[table.arrive[g, possible].argmin()])
            free[found[g]] = False
    return found
