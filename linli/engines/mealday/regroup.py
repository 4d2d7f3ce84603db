"""Other ways to bundle what waits, judged by the matching with couriers that each of them allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Protocol, TypeVar

from linli.engines.mealday.params import Params
from linli.engines.mealday.space import Ints, Space, Trip


class Valued(Protocol):
    """A plan, and what its matching costs in minutes."""

    @property
    def value(self) -> float:
        """Minutes of delay, with what else is priced."""


P = TypeVar("P", bound=Valued)


def regroup(
    space: Space, params: Params, at: int, ready: Ints, price: float, found: list[Trip], plan: P, planned: Callable[[list[Trip]], P]
) -> P:
    """The best plan met from `found`, whose plan is given: two trips of a store joined, one divided, an order moved to another.

    Ways are tried in order of what they save before couriers are matched; the first that is better in all is taken, and all begins again.
    """

    def worth(trip: Trip) -> float:
        when = [max(int(ready[order]), at) for order in trip.sequence]
        return sum(max(when) - time for time in when) + trip.total + price * trip.ends

    value, left = plan.value + sum(map(worth, found)), int(params.regroups)
    while left > 0:
        ways = []
        for old, groups in _ways(found, params.bundle):
            new = [space.trip(tuple(sorted(group))) for group in groups]
            ways.append((sum(map(worth, new)) - sum(worth(found[i]) for i in old), old, new))
        ways.sort(key=lambda way: way[:2])
        for gain, old, new in ways[:left]:
            if gain > params.regroup_min:
                return plan
            left -= 1
            other = [trip for i, trip in enumerate(found) if i not in old] + new
            tried = planned(other)
            total = tried.value + sum(map(worth, other))
            if total < value - 1e-6:
                found, plan, value = other, tried, total
                break
        else:
            return plan
    return plan


def _ways(found: Sequence[Trip], bundle: int) -> Iterator[tuple[tuple[int, ...], list[tuple[int, ...]]]]:
    """Rows of `found` to take away, and the orders of each trip that comes in their place."""
    stores: dict[int, list[int]] = {}
    for i, trip in enumerate(found):
        stores.setdefault(trip.store, []).append(i)
    for rows in stores.values():
        for i, j in combinations(rows, 2):
            if len(found[i].sequence) + len(found[j].sequence) <= bundle:
                yield (i, j), [found[i].sequence + found[j].sequence]
        for i in rows:
            orders = found[i].sequence
            for order in orders if len(orders) > 1 else ():
                rest = tuple(one for one in orders if one != order)
                yield (i,), [(order,), rest]
                yield from (((i, j), [rest, (*found[j].sequence, order)]) for j in rows if j != i and len(found[j].sequence) < bundle)
