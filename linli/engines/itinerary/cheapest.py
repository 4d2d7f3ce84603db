"""Days that have nothing but what must be: the pins and the meals, for the least money. They begin a plan, or prove that there is none.

For each order of a day's pins among its meals every choice of places to eat is worked out at once, in arrays; then days are put together
by branch and bound, as nobody eats twice in one place. A sight on the way may save a fare, where it cuts a ride into walks: for a proof
any way may be walked that goes by such sights, at whatever hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement, permutations, product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from linli.engines.itinerary.params import Params
from linli.engines.itinerary.problem import Meal, Problem
from linli.engines.itinerary.table import Begins
from linli.engines.itinerary.ways import matrices, streets, walked

Ints = NDArray[np.int64]
Bare = tuple[tuple[int, int], ...]  # of a day: the spot's place in the problem, and which meal of the day it is (-1: none)
PAIRS, DAYS, TRIED = 2_000_000, 2_000, 200_000  # of a day's beginnings with what comes next, of a day's choices, of days put together
PINNED = 3  # pins that are tried in all orders, in a day
NEVER = 1 << 40


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The days, if there are any; otherwise whether that is `proven`, and whether it is for want of `money` alone."""

    days: tuple[Bare, ...] = ()
    proven: bool = False
    money: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """Ways to have a day, the cheapest first; all that cost less than `cut` are there."""

    days: list[tuple[int, Bare]]
    cut: int

    @property
    def least(self) -> int:
        """What the day costs at least."""
        return min(self.days[0][0] if self.days else NEVER, self.cut)


@dataclass
class _Steps:
    """Beginnings of a day, all of the same kind: where one is, when one may go on, what it cost, and the spots so far."""

    here: Ints
    time: Ints
    cost: Ints
    seen: Ints  # one row each

    def first(self, order: Ints, most: int) -> tuple[_Steps, int]:
        """The first `most` in this order, and what the next one costs."""
        kept = order[:most]
        missed = int(self.cost[order[most]]) if len(order) > most else NEVER
        return _Steps(self.here[kept], self.time[kept], self.cost[kept], self.seen[kept]), missed


class _Days:
    def __init__(self, problem: Problem, params: Params, *, afoot: bool) -> None:
        self.problem, self.afoot = problem, afoot
        street = streets([*(spot.at for spot in problem.spots), problem.home], params)
        self.minutes, self.rides = matrices(street, params)
        self.home = len(problem.spots)
        self.stay = np.array([spot.minutes for spot in problem.spots], np.int64)
        self.price = np.array([spot.price for spot in problem.spots], np.int64) * problem.party
        self.fare = problem.fare * problem.party
        self.number = {spot.id: at for at, spot in enumerate(problem.spots)}
        self.food = [at for at, spot in enumerate(problem.spots) if spot.kind == "meal" and spot.id not in problem.pins]
        self.walked = self._through_sights(walked(street, params)) if afoot else self.minutes

    def _through_sights(self, on_foot: Ints) -> Ints:
        """The least minutes from place to place on foot, with visits to sights that cost less than the fare (others save nothing)."""
        spots, size = self.problem.spots, len(on_foot)
        stones = np.array([at for at, one in enumerate(spots) if one.kind == "sight" and one.price < self.problem.fare], np.int64)
        near = np.where(self.rides, 0, np.maximum(on_foot, 1)).astype(float)
        into = np.where(near[:, stones] > 0, near[:, stones] + self.stay[stones], 0)
        inner = into[stones] * (1 - np.eye(len(stones)))
        out = near[stones]
        blank = np.zeros
        graph = np.block(
            [
                [blank((size, size)), into, blank((size, size))],
                [blank((len(stones), size)), inner, out],
                [blank((size, size)), blank((size, len(stones))), blank((size, size))],
            ]
        )  # from each place by sights to each place
        ways = dijkstra(csr_array(graph), indices=np.arange(size))[:, size + len(stones) :]
        return np.where(np.isfinite(ways), ways, NEVER).astype(np.int64)

    def choices(self, day: int, pins: tuple[str, ...], money: int) -> Choices:
        """Ways to have a day with these pins for at most `money`."""
        spots = [self.problem.spots[self.number[pin]] for pin in pins]
        sights = [self.number[spot.id] for spot in spots if spot.kind == "sight"]
        eaten = [self.number[spot.id] for spot in spots if spot.kind == "meal"]
        if len(pins) > PINNED:
            return Choices([], 0)
        found: list[tuple[int, Bare]] = []
        cut = NEVER
        for kinds in self._orders(day, sights, eaten):
            some, missed = self._ordered(day, kinds, money)
            found, cut = found + some, min(cut, missed)
        found.sort()
        return Choices(found[:DAYS], min(cut, *(cost for cost, _ in found[DAYS : DAYS + 1]), NEVER))

    def _orders(self, day: int, sights: list[int], eaten: list[int]) -> Iterator[list[tuple[Ints, int]]]:
        """Every order of the sights among the meals: by step the spots that it can be, and which meal it is."""
        due = len(self.problem.due(self.problem.days[day]))
        for where in permutations(range(due), len(eaten)):
            fixed = dict(zip(where, eaten, strict=True))
            meals = [(np.array([fixed[meal]] if meal in fixed else self.food, np.int64), meal) for meal in range(due)]
            for order in permutations(sights):
                for gaps in combinations_with_replacement(range(due + 1), len(sights)):
                    kinds = []
                    for gap in range(due + 1):
                        kinds += [(np.array([spot], np.int64), -1) for spot, at in zip(order, gaps, strict=True) if at == gap]
                        kinds += meals[gap : gap + 1]
                    yield kinds

    def _ordered(self, day: int, kinds: list[tuple[Ints, int]], money: int) -> tuple[list[tuple[int, Bare]], int]:
        """The cheapest days of one order, and what those cost at least that were left aside."""
        at, cut = self.problem.days[day], NEVER
        due = self.problem.due(at)
        now = _Steps(np.array([self.home]), np.array([at.begins]), np.array([0]), np.empty((1, 0), np.int64))
        for turn, (spots, meal) in enumerate(kinds):
            rest = sum(int(self.price[later].min(initial=NEVER)) for later, _ in kinds[turn + 1 :])
            if len(now.cost) * len(spots) > PAIRS:
                now, missed = now.first(np.argsort(now.cost, kind="stable"), PAIRS // len(spots))
                cut = min(cut, missed + rest)
            now = self._on(now, day, spots, due[meal] if meal >= 0 else None, money - rest)
        on_foot = self.afoot & (now.time + self.walked[now.here, self.home] <= at.ends)
        now.cost += np.where(self.rides[now.here, self.home] & ~on_foot, self.fare, 0)
        good = np.flatnonzero((now.time + self.minutes[now.here, self.home] <= at.ends) & (now.cost <= money))
        now, missed = now.first(good[np.argsort(now.cost[good], kind="stable")], DAYS)
        names = [meal for _, meal in kinds]
        rows = zip(now.cost.tolist(), now.seen.tolist(), strict=True)
        return [(cost, tuple(zip(seen, names, strict=True))) for cost, seen in rows], min(cut, missed)

    def _on(self, now: _Steps, day: int, spots: Ints, meal: Meal | None, money: int) -> _Steps:
        """One step more: each beginning with each of the spots that are open then."""
        rides = self.rides[now.here[:, None], spots]
        open_then = [self.problem.begins(self.problem.spots[spot], self.problem.days[day], meal) for spot in spots.tolist()]
        fresh = (now.seen[:, :, None] != spots).all(axis=1)
        fares = np.where(rides, self.fare, 0)
        found = [self._reached(now, spots, open_then, self.minutes[now.here[:, None], spots], fares, fresh, money)]
        if self.afoot:
            found.append(self._reached(now, spots, open_then, self.walked[now.here[:, None], spots], 0 * fares, fresh & rides, money))
        return _Steps(*(np.concatenate([getattr(one, part) for one in found]) for part in ("here", "time", "cost", "seen")))

    def _reached(
        self, now: _Steps, spots: Ints, open_then: list[Begins], minutes: Ints, fares: Ints, may: NDArray[np.bool_], money: int
    ) -> _Steps:
        there = now.time[:, None] + minutes
        start = np.full(there.shape, NEVER)
        for turn in range(max(map(len, open_then), default=0)):
            first, last = (np.array([one[turn][end] if turn < len(one) else -1 for one in open_then], np.int64) for end in (0, 1))
            start = np.minimum(start, np.where(there <= last, np.maximum(there, first), NEVER))
        cost = now.cost[:, None] + self.price[spots] + fares
        rows, columns = np.nonzero(may & (start < NEVER) & (cost <= money))
        chosen = spots[columns]
        return _Steps(chosen, start[rows, columns] + self.stay[chosen], cost[rows, columns], np.column_stack([now.seen[rows], chosen]))


def cheapest(problem: Problem, params: Params) -> Cheapest:
    """The pins and meals of all days within the budget, or what is known of why not."""
    found = _found(problem, params, afoot=False)
    return replace(found, proven=False) if found.days else replace(_found(problem, params, afoot=True), days=())


def _found(problem: Problem, params: Params, *, afoot: bool) -> Cheapest:
    days, made = range(len(problem.days)), _Days(problem, params, afoot=afoot)
    known: dict[tuple[int, tuple[str, ...]], Choices] = {}
    proven, money = True, False

    def choices(day: int, pins: tuple[str, ...]) -> Choices:
        if (day, pins) not in known:
            known[day, pins] = made.choices(day, pins, problem.budget)
        return known[day, pins]

    for on in product(*(days if at is None else (at,) for at in problem.pins.values())):
        wanted = [tuple(pin for pin, at in zip(problem.pins, on, strict=True) if at == day) for day in days]
        each = [choices(day, pins) for day, pins in enumerate(wanted)]
        found, all_tried = _together(each, problem.budget)
        if found:
            return Cheapest(found)
        least = sum(one.least for one in each)
        enough = all(problem.budget - least + one.least < one.cut for one in each)
        proven &= least > problem.budget or (all_tried and enough)
        money |= all(one.days for one in each)
    return Cheapest(proven=proven, money=money)


def _together(each: list[Choices], budget: int) -> tuple[tuple[Bare, ...], bool]:
    """A choice for each day, nobody eating twice in one place; or nothing, and whether all were tried."""
    after = [sum(one.least for one in each[turn:]) for turn in range(len(each) + 1)]
    tried = 0

    def on(turn: int, left: int, seen: frozenset[int]) -> tuple[Bare, ...] | None:
        nonlocal tried
        if turn == len(each):
            return ()
        for cost, bare in each[turn].days:
            tried += 1
            if cost + after[turn + 1] > left or tried > TRIED:
                return None
            spots = {spot for spot, _ in bare}
            if not spots & seen and (rest := on(turn + 1, left - cost, seen | spots)) is not None:
                return (bare, *rest)
        return None

    found = on(0, budget, frozenset())
    return found or (), tried <= TRIED
