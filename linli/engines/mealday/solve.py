"""One moment of the day: bundle what waits, price every trip with every courier, match, and do only what cannot wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from linli.engines.mealday.ahead import ahead
from linli.engines.mealday.bundle import trips
from linli.engines.mealday.fleet import NOWHERE, Fleet
from linli.engines.mealday.params import Params
from linli.engines.mealday.regroup import regroup
from linli.engines.mealday.space import Floats, Ints, Space, Trip

NEVER = 1e5  # minutes; more than any real cost


@dataclass(frozen=True, slots=True)
class Go:
    """Send the courier to the store."""

    courier: int
    store: int


@dataclass(frozen=True, slots=True)
class Take:
    """Let the courier, who is at the store, pick up now."""

    courier: int
    trip: Trip


@dataclass(frozen=True, slots=True)
class _Board:
    """Trips as rows: store, when all is ready, orders, end after pickup, and minutes that ready food has waited in all."""

    trips: list[Trip]
    store: Ints
    ready: Ints
    count: Ints
    ends: Ints
    waited: Ints

    @staticmethod
    def of(found: list[Trip], ready: Ints, at: int) -> _Board:
        when = [[int(ready[order]) for order in trip.sequence] for trip in found]
        return _Board(
            found,
            np.array([trip.store for trip in found], np.int64),
            np.array([max(times) for times in when], np.int64),
            np.array([len(times) for times in when], np.int64),
            np.array([trip.ends for trip in found], np.int64),
            np.array([sum(max(0, at - time) for time in times) for times in when], np.int64),
        )


@dataclass(frozen=True, slots=True)
class _Offers:
    """Couriers as columns: when free, from where (minutes to each store), where standing since when, until when picking up."""

    free: Ints
    since: Ints
    away: Ints
    standing: Ints
    off: Ints


@dataclass(frozen=True, slots=True)
class _Priced:
    cost: Floats
    pickup: Ints
    leg: Ints


@dataclass(frozen=True, slots=True)
class _Plan:
    """Trips, what each costs with each courier, who gets which, what that costs in all, and whether somebody waits."""

    board: _Board
    first: _Priced
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    value: float
    waits: bool


def decide(space: Space, fleet: Fleet, params: Params, at: int, waiting: Sequence[int], ready: Ints, demand: Floats) -> list[Go | Take]:
    """What is to be done at minute `at` about the `waiting` orders; `ready` is when each order is (thought to be) ready."""
    near = np.flatnonzero((np.maximum(fleet.free, fleet.on) < at + params.look_min) & (fleet.off >= at))
    if not len(near) or not waiting:
        return []
    free = np.maximum(fleet.free[near], at)
    offers = _Offers(free, fleet.free[near], fleet.away[near], fleet.store[near], fleet.off[near])
    price = _price(params, at, free, ready[list(waiting)])
    earned = params.fair * fleet.earned_beyond(at)[near][None, :]

    def planned(found: list[Trip]) -> _Plan:
        board = _Board.of(found, ready, at)
        first = _priced(space, params, board, offers, at, price, earned - params.age * board.waited[:, None])
        return _match(space, params, board, offers, first, at, price)

    found = trips(space, params, at, waiting, ready, price)
    plan = planned(found)
    if price > 0 or plan.waits:
        plan = regroup(space, params, at, ready, price, found, plan, planned)
    board, first, rows, columns = plan.board, plan.first, plan.rows, plan.columns
    acts = [
        act
        for row, column in zip(rows, columns, strict=True)
        if first.cost[row, column] < NEVER / 2
        and (act := _act(space, fleet, params, board, first, at, int(row), int(column), int(near[column]))) is not None
    ]
    idle = np.ones(len(near), bool)
    idle[columns[first.cost[rows, columns] < NEVER / 2]] = False
    idle &= (fleet.free[near] <= at) & (fleet.on[near] <= at)
    if params.ahead_moves and idle.any():
        acts += [Go(courier, store) for courier, store in ahead(space, fleet, params, at, near[idle], demand)]
    return acts


def _price(params: Params, at: int, free: Ints, ready: Ints) -> float:
    """Minutes of delay that a courier's minute is worth now: none while few orders are due, more the more there are."""
    couriers = int((free <= at + params.load_min).sum())
    due = int((ready <= at + params.load_min).sum())
    return min(params.price_most, params.price * max(0.0, due / max(1, couriers) - params.load_free))


def _priced(space: Space, params: Params, board: _Board, offers: _Offers, at: int, price: float, head: Floats) -> _Priced:
    """Every trip with every courier: pickup, minutes on the way, and cost (`NEVER` where the shift ends before)."""
    there = offers.standing[None, :] == board.store[:, None]
    leg = np.where(there, 0, offers.away[:, board.store].T)
    arrive = np.where(there, offers.since[None, :], offers.free[None, :] + leg)
    pickup = np.maximum(np.maximum(board.ready[:, None], arrive + space.rules.pickup_min // 2), at)
    delay = (pickup - np.maximum(board.ready, at)[:, None]) * board.count[:, None]
    after = np.clip(pickup + board.ends[:, None] - offers.off[None, :], 0, board.ends[:, None])  # no other order could have these minutes
    used = params.price_use * (pickup - offers.free[None, :]) - params.price_after * after
    cost = delay + params.travel * leg + price * used + head
    return _Priced(np.where(pickup > offers.off[None, :], NEVER, cost), pickup, leg)


def _match(space: Space, params: Params, board: _Board, offers: _Offers, first: _Priced, at: int, price: float) -> _Plan:
    """The cheapest matching. Where somebody would wait, couriers' second trips are columns too."""
    rows, columns = linear_sum_assignment(first.cost)
    costs = first.cost[rows, columns]
    late = costs + params.age * board.waited[rows] > params.second_after_min
    if len(rows) == len(board.trips) and not late.any():
        return _Plan(board, first, rows, columns, float(costs.sum()), waits=False)
    value = np.inf
    for _ in range(params.rounds):
        real = first.cost[rows, columns] < NEVER / 2
        if not real.any():
            break
        rows, columns, value = _with_second(space, params, board, offers, first, at, price, rows[real], columns[real])
    return _Plan(board, first, rows, columns, value, waits=True)


def _with_second(
    space: Space,
    params: Params,
    board: _Board,
    offers: _Offers,
    first: _Priced,
    at: int,
    price: float,
    i: NDArray[np.intp],
    j: NDArray[np.intp],
) -> tuple[NDArray[np.intp], NDArray[np.intp], float]:
    """The matching when each courier j may take another trip after trip i, and a trip may be left for later still; its whole cost.

    Only first trips are told.
    """
    last = [board.trips[row].sequence[-1] for row in i]
    free, nowhere = first.pickup[i, j] + board.ends[i], np.full(len(i), NOWHERE, np.int64)
    later = _Offers(free, free, space.door_to_store[last], nowhere, offers.off[j])
    head = np.asarray(params.second_min - params.age * board.waited[:, None], np.float64)
    second = _priced(space, params, board, later, at, price, head).cost
    second[i, np.arange(len(i))] = NEVER  # a trip does not follow itself
    left = np.repeat(params.left_min * board.count[:, None], len(board.trips), axis=1)
    whole = np.hstack([first.cost, second, left])
    rows, columns = linear_sum_assignment(whole)
    now = columns < first.cost.shape[1]
    return rows[now], columns[now], float(whole[rows, columns].sum())


def _act(
    space: Space, fleet: Fleet, params: Params, board: _Board, first: _Priced, at: int, row: int, column: int, courier: int
) -> Go | Take | None:
    """What has to be done at this minute about a matched pair, if anything: decisions are put off while they can be."""
    if fleet.free[courier] > at or fleet.on[courier] > at:
        return None
    store = int(board.store[row])
    if fleet.store[courier] == store:
        return Take(courier, board.trips[row]) if at >= first.pickup[row, column] else None
    leaves_at = board.ready[row] - first.leg[row, column] - space.rules.pickup_min // 2 - params.slack_min
    return Go(courier, store) if at >= leaves_at else None
