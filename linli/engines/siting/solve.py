"""The p-median with a proof: exchange search from above, Lagrangian ascent from below, and a search that closes what is left.

The relaxation drops "every client is served once" into the objective (Cornuejols, Fisher and Nemhauser 1977); sites whose reduced
cost exceeds the gap are decided for good, which leaves a handful for the closing search.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from linli.engines.siting.exact import decide, useful_pairs
from linli.engines.siting.exchange import Sites, greedy, improve
from linli.engines.siting.problem import Costs, Params, Problem, Result, value_of

Stop = Callable[[], bool]
_FREE, _SHUT, _OPEN = 0, -1, 1
_BLOCK = 30_000  # numbers that are worked on together, about 240 kB
_WORTH = 0.9


def never() -> bool:
    """The stop criterion that never stops."""
    return False


@dataclass
class _Search:
    """What is known so far: the best choice, and the costs it is judged by (infinite costs replaced by a price nobody pays)."""

    cost: Costs
    fixed: Costs
    count: int
    whole: bool
    sites: Sites
    value: float
    whole_map: bool = True  # False for a part of the sites, as a branch of the closing search sees them

    def offer(self, sites: Sites) -> None:
        better, value = improve(self.cost, self.fixed, sites)
        if value < self.value - 1e-9:
            self.sites, self.value = better, value

    def settled(self, bound: float, gap: float) -> bool:
        """Whether a lower bound of `bound` proves the best choice good enough."""
        if self.whole and np.ceil(bound - 1e-6) >= self.value - 1e-9:
            return True
        return self.value - bound <= max(gap * self.value, 1e-9 * max(1.0, self.value))


def solve(problem: Problem, params: Params | None = None, *, seed: int = 0, stop: Stop = never, warm: tuple[int, ...] = ()) -> Result:
    """The best sites found for `problem`, with a proven bound. `warm` is a choice to begin from. Same input, same result."""
    params = params or Params()
    search = _begin(problem, params, np.random.default_rng(seed), warm)
    ascent = _ascend(search, _first_prices(search), np.zeros(problem.cost.shape[1], dtype=np.int8), params, params.ascents, stop)
    bound, nodes = ascent.bound, 0
    if not search.settled(bound, params.gap) and not stop():
        bound, nodes = _close(search, ascent, params, stop)
    sites = tuple(sorted(int(j) for j in search.sites))
    served = np.array(sites)[problem.cost[:, list(sites)].argmin(axis=1)]
    value = value_of(problem, sites)
    bound = min(value, float(np.ceil(bound - 1e-6)) if problem.whole else bound)
    return Result(sites, served, value, bound, {"ascents": ascent.steps, "nodes": nodes})


def _first_prices(search: _Search) -> Costs:
    """What serving each client is worth at first: its second nearest of the sites chosen, which the optimum's prices stay near."""
    paid = np.sort(search.cost[:, search.sites], axis=1)
    second: Costs = paid[:, min(1, paid.shape[1] - 1)]
    return second


def without_site(problem: Problem, result: Result, site: int, params: Params | None = None, *, seed: int = 0) -> Result:
    """What the best choice would be if `site` could not be used: the price of a site, or of losing it."""
    cost = problem.cost.copy()
    cost[:, site] = np.inf
    fixed = problem.fixed if problem.fixed is not None else np.zeros(problem.cost.shape[1])
    kept = tuple(j for j in result.sites if j != site)
    blocked = replace(problem, cost=np.delete(cost, site, axis=1), fixed=np.delete(fixed, site))
    moved = solve(blocked, params, seed=seed, warm=tuple(j - (j > site) for j in kept))
    back = np.array([j for j in range(problem.cost.shape[1]) if j != site])
    return replace(moved, sites=tuple(int(j) for j in back[list(moved.sites)]), served_by=back[moved.served_by])


def _begin(problem: Problem, params: Params, rng: np.random.Generator, warm: tuple[int, ...]) -> _Search:
    finite = np.isfinite(problem.cost)
    dear = float(problem.cost[finite].max()) * problem.cost.shape[0] + 1.0
    cost = problem.cost if finite.all() else np.where(finite, problem.cost, dear)
    sites_there = problem.cost.shape[1]
    fixed = problem.fixed if problem.fixed is not None else np.zeros(sites_there)
    first = greedy(cost, fixed, problem.count)
    if warm:
        given = np.array(list(dict.fromkeys(warm)))[: problem.count]
        first = np.concatenate([given, [j for j in first if j not in set(given.tolist())]])[: problem.count].astype(np.int64)
    best, value = improve(cost, fixed, first)
    search = _Search(cost, fixed, problem.count, problem.whole, best, value)
    for _ in range(params.starts if sites_there > problem.count else 0):
        search.offer(_shaken(search.sites, sites_there, rng))
    return search


def _shaken(sites: Sites, among: int, rng: np.random.Generator) -> Sites:
    """`sites` with a fifth of them (two at least) put elsewhere."""
    moved = min(len(sites), max(2, len(sites) // 5), among - len(sites))
    others = np.setdiff1d(np.arange(among), sites)
    shaken = sites.copy()
    shaken[rng.choice(len(sites), moved, replace=False)] = rng.choice(others, moved, replace=False)
    return shaken


class _Live:
    """The costs of the sites that are not shut, side by side; made anew whenever a good part of them has been shut."""

    def __init__(self, search: _Search, state: npt.NDArray[np.int8]) -> None:
        self.search = search
        self._take(np.flatnonzero(state != _SHUT))

    def _take(self, sites: Sites) -> None:
        self.sites = sites
        self.cost = self.search.cost if len(sites) == self.search.cost.shape[1] else np.ascontiguousarray(self.search.cost[:, sites])
        self.block = max(1, _BLOCK // max(1, len(sites)))
        self.room = np.empty((min(self.block, len(self.cost)), len(sites)))

    def follow(self, state: npt.NDArray[np.int8]) -> None:
        """Leave out what has been shut since, if that is worth a copy."""
        left = np.flatnonzero(state != _SHUT)
        if len(left) < _WORTH * len(self.sites):
            self._take(left)

    def reduced(self, prices: Costs) -> Costs:
        """What opening each site changes at `prices`; infinite for those left out. By blocks of clients that stay in the cache."""
        found, total = np.full(self.search.cost.shape[1], np.inf), self.search.fixed[self.sites].copy()
        for start in range(0, len(self.cost), self.block):
            some = self.cost[start : start + self.block]
            room = np.subtract(some, prices[start : start + self.block, None], out=self.room[: len(some)])
            np.minimum(room, 0.0, out=room)
            total += room.sum(axis=0)
        found[self.sites] = total
        return found


def _relaxed(search: _Search, live: _Live, prices: Costs, state: npt.NDArray[np.int8]) -> tuple[float, Costs, Sites]:
    """(bound, reduced cost of each site, sites that the relaxation opens) at `prices`."""
    reduced = live.reduced(prices)
    forced, free = np.flatnonzero(state == _OPEN), np.flatnonzero(state == _FREE)
    wanted = search.count - len(forced)
    chosen = free[np.argpartition(reduced[free], wanted - 1)[:wanted]] if 0 < wanted < len(free) else free[: max(0, wanted)]
    opened = np.concatenate([forced, chosen])
    return float(prices.sum() + reduced[opened].sum()), reduced, opened


@dataclass
class _Ascent:
    """Where an ascent ended: the bound and its prices, what was decided, and how often each site was open on the way (0 to 1)."""

    bound: float
    prices: Costs
    state: npt.NDArray[np.int8]
    open_share: Costs
    steps: int


def _ascend(search: _Search, prices: Costs, state: npt.NDArray[np.int8], params: Params, steps: int, stop: Stop) -> _Ascent:
    """The best bound found from `prices` by the volume algorithm (Barahona and Anbil 2000). Decides sites in `state` on the way.

    The direction is the slope averaged over past steps, which follows ridges that a plain subgradient zigzags across.
    """
    live = _Live(search, state)
    bound, reduced, opened = _relaxed(search, live, prices, state)
    direction = _slope(search.cost, prices, opened)
    ascent = _Ascent(bound, prices, state, _indicator(opened, state), 0)
    pace, stale = params.pace, 0
    while ascent.steps < steps and stale <= params.patience and (size := float(direction @ direction)):
        ascent.steps += 1
        prices = ascent.prices + pace * max(search.value * 1.002 - ascent.bound, 1e-6) / size * direction
        bound, reduced, opened = _relaxed(search, live, prices, state)
        slope = _slope(search.cost, prices, opened)
        agrees = float(slope @ direction) >= 0
        direction = params.memory * direction + (1 - params.memory) * slope
        ascent.open_share = params.memory * ascent.open_share + (1 - params.memory) * _indicator(opened, state)
        if bound > ascent.bound + 1e-9:
            stale = stale if bound < ascent.bound + 2e-6 * abs(ascent.bound) else 0
            ascent.bound, ascent.prices = bound, prices
            pace = min(2.0, pace * 1.1) if agrees else pace
            _decide(search, bound, reduced, opened, state)
            live.follow(state)
        else:
            stale += 1
            pace = max(pace * 0.9, 2e-3) if stale % 8 == 0 else pace
        if search.whole_map and ascent.steps % 60 == 20:
            search.offer(opened)
        if search.settled(ascent.bound, params.gap) or stop():
            break
    return ascent


def _slope(cost: Costs, prices: Costs, opened: Sites) -> Costs:
    """How much each client is served short of once (negative: more than once)."""
    served: Costs = (cost[:, opened] < prices[:, None]).sum(axis=1, dtype=np.float64)
    return 1.0 - served


def _indicator(opened: Sites, state: npt.NDArray[np.int8]) -> Costs:
    share = np.zeros(len(state))
    share[opened] = 1.0
    return share


def _decide(search: _Search, bound: float, reduced: Costs, opened: Sites, state: npt.NDArray[np.int8]) -> None:
    """Shut what cannot be open in anything better than the best known, open what cannot be shut."""
    margin = search.value - bound - (1.0 - 1e-6 if search.whole else -1e-9)
    inside = np.zeros(len(state), dtype=bool)
    inside[opened] = True
    free_in, free_out = np.flatnonzero(inside & (state == _FREE)), np.flatnonzero(~inside & (state == _FREE))
    if not len(free_in) or not len(free_out):
        return
    worst_in, best_out = reduced[free_in].max(), reduced[free_out].min()
    shut, open_ = free_out[reduced[free_out] - worst_in > margin], free_in[best_out - reduced[free_in] > margin]
    # Both tests were made against the same choice; one of them at a time keeps the count reachable.
    state[shut] = _SHUT
    if not len(shut):
        state[open_] = _OPEN


def _close(search: _Search, root: _Ascent, params: Params, stop: Stop) -> tuple[float, int]:
    """Branch on the sites that are still free, depth first, until every branch is settled; (bound, nodes looked at)."""
    everything = np.arange(len(root.state))
    ascent = root
    for _ in range(params.again):  # with the hopeless sites gone the same ascent goes further, and faster
        keep = ascent.state != _SHUT
        everything = everything[keep]
        part = replace(search, cost=search.cost[:, everything], fixed=search.fixed[everything], whole_map=False)
        ascent = _ascend(part, ascent.prices, ascent.state[keep], params, params.ascents, stop)
        if search.settled(ascent.bound, params.gap):
            return ascent.bound, 0
    root = ascent
    waiting = [(root.bound, everything, root.state, root.prices, root.open_share)]
    nodes = 0
    while waiting and nodes < params.nodes and not stop():
        low, columns, state, prices, shares = waiting.pop()
        if search.settled(low, params.gap):
            continue
        pairs = useful_pairs(search.cost[:, columns], prices, search.value - low)
        if len(pairs[0]) <= params.pairs and search.value - low <= params.near * search.value:
            nodes += 1
            found = decide(search.cost[:, columns], search.fixed[columns], search.count, state == _OPEN, pairs)
            if found:
                search.offer(columns[found])
            continue
        for choice in (_SHUT, _OPEN):
            nodes += 1
            child, pick = state.copy(), _branch(state, shares)
            child[pick] = choice
            keep = child != _SHUT
            part = replace(search, cost=search.cost[:, columns[keep]], fixed=search.fixed[columns[keep]], whole_map=False)
            if not _possible(search.count, child[keep]):
                continue
            ascent = _ascend(part, prices, child[keep], params, params.node_ascents, stop)
            if search.settled(ascent.bound, params.gap) or not _possible(search.count, ascent.state):
                continue
            if not (ascent.state == _FREE).any() or np.count_nonzero(ascent.state != _SHUT) == search.count:
                search.offer(columns[keep][ascent.state != _SHUT][: search.count])
                continue
            waiting.append((ascent.bound, columns[keep], ascent.state, ascent.prices, ascent.open_share))
    if waiting:
        return max(root.bound, min(search.value, *(low for low, *_ in waiting))), nodes
    return search.value * (1 - params.gap), nodes


def _possible(count: int, state: npt.NDArray[np.int8]) -> bool:
    forced = np.count_nonzero(state == _OPEN)
    return bool(forced <= count <= forced + np.count_nonzero(state == _FREE))


def _branch(state: npt.NDArray[np.int8], shares: Costs) -> int:
    """The free site that the relaxation is least sure about."""
    free = np.flatnonzero(state == _FREE)
    return int(free[np.argmin(np.abs(shares[free] - 0.5))])
