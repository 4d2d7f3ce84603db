"""The least cost of many couriers' routes at once: every sequence of each shape of route, over all its couriers together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import Courier, Stop
from linli.engines.dispatch.space import STRAIGHT, Floats, Straight

Shape = tuple[int, ...]  # for each drop the place of its pickup in the list, or ON_BOARD; PICKUP for pickups
ON_BOARD, PICKUP = -1, -2
BLOCK = 30_000  # sequences that are timed together


def cheapest(
    pairs: Sequence[tuple[Courier, tuple[Stop, ...]]], at: float, params: Params, space: Straight = STRAIGHT
) -> tuple[Floats, Floats, Floats]:
    """For each courier with stops that it would have on top of its own: the cost of the best sequence of all of them, when it
    comes to the first of the new ones, and when it is done with all.

    Cost is infinite where capacity permits no sequence; ties go to the sequence that comes first.
    """
    cost, arrive, end = (np.full(len(pairs), np.inf) for _ in range(3))
    shapes: dict[Shape, list[int]] = {}
    for p, (courier, extra) in enumerate(pairs):
        shapes.setdefault(_shape(courier.stops + extra), []).append(p)
    for shape, members in shapes.items():
        ways = _ways(shape)
        for start in range(0, len(members), max(1, BLOCK // len(ways))):
            some = members[start : start + max(1, BLOCK // len(ways))]
            cost[some], arrive[some], end[some] = _best([pairs[p] for p in some], shape, ways, at, params, space)
    return cost, arrive, end


def _shape(stops: Sequence[Stop]) -> Shape:
    pickups = {stop.order: i for i, stop in enumerate(stops) if stop.kind == "pickup"}
    return tuple(PICKUP if stop.kind == "pickup" else pickups.get(stop.order, ON_BOARD) for stop in stops)


@lru_cache(maxsize=256)
def _ways(shape: Shape) -> NDArray[np.intp]:
    """Every sequence in which no drop comes before its pickup, a row each."""

    def grow(trail: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if len(trail) == len(shape):
            yield trail
        for i, before in enumerate(shape):
            if i not in trail and (before < 0 or before in trail):
                yield from grow((*trail, i))

    return np.array(list(grow(())), np.intp)


def _best(
    pairs: Sequence[tuple[Courier, tuple[Stop, ...]]], shape: Shape, ways: NDArray[np.intp], at: float, params: Params, space: Straight
) -> tuple[Floats, Floats, Floats]:
    count, length = len(pairs), len(shape)
    routes = [courier.stops + extra for courier, extra in pairs]
    new = np.array([len(courier.stops) for courier, _ in pairs])[:, None]
    places = [[*(stop.place for stop in stops), pair[0].place] for pair, stops in zip(pairs, routes, strict=True)]
    legs = space.grids(places) * np.array([courier.pace for courier, _ in pairs])[:, None, None]
    times = np.array([[stop.at for stop in stops] for stops in routes])
    loads = np.array([[stop.load for stop in stops] for stops in routes])
    room = np.array([courier.capacity for courier, _ in pairs]) - loads[:, [before == ON_BOARD for before in shape]].sum(axis=1)
    now, cost = np.full((count, len(ways)), at), np.zeros((count, len(ways)))
    room, reached = np.repeat(room[:, None], len(ways), axis=1), np.zeros((count, len(ways)))
    pickup = np.array([before == PICKUP for before in shape])
    for k in range(length):
        here = np.full(len(ways), length) if k == 0 else ways[:, k - 1]
        there, due = ways[:, k], times[:, ways[:, k]]
        leg, picks = legs[:, here, there], pickup[ways[:, k]]
        arrive = now + leg
        leave = np.where(picks, np.maximum(arrive, due) + params.pickup_s, arrive + params.drop_s)
        waits = params.wait * np.maximum(0.0, due - arrive) + params.cool * np.maximum(0.0, arrive - due)
        brings = params.door * (leave - at) + params.late * np.maximum(0.0, leave - due)
        cost += params.ride * leg + np.where(picks, waits, brings)
        room = room + np.where(picks, -1, 1) * loads[:, there]
        cost[room < 0] = np.inf
        reached = np.where(there == new, arrive, reached)
        now = leave
    best = cost.argmin(axis=1)
    rows = np.arange(count)
    return cost[rows, best], reached[rows, best], now[rows, best]
