"""Which hotels fit a wish, and in which order: all plans of the city at once, in columns."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np

from linli.engines.stays.problem import Hit, Params, Problem, Result
from linli.engines.stays.rates import WEEKEND, nights
from linli.engines.stays.table import NEVER, Flags, Floats, Hotel, Ints, Plan, Table
from linli.kernel.geo import EARTH_M

_NONE = np.iinfo(np.int64).max


def rank(table: Table, problem: Problem, params: Params | None = None) -> Result:
    """The page of hotels with their cheapest fitting plan. Ties go to the smaller number, so the answer is always the same."""
    totals, open_ = _totals(table, problem)
    fits = open_ & _sells(table, problem)
    full = _isin(table.offer, problem.full)
    each = np.where(fits, (totals * 2 + problem.nights) // (2 * problem.nights), _NONE)
    best = _cheapest(table, np.where(fits & ~full, totals, _NONE))
    away = _metres(table, problem)
    wanted = _wanted(table, problem, away)
    priced = best >= 0
    prices = np.where(priced, each[best], _NONE)
    in_range = priced & (prices >= (problem.low or 0)) & (prices <= (_NONE - 1 if problem.high is None else problem.high))
    chosen = np.flatnonzero(wanted & in_range)
    order = chosen[_order(problem, params or Params(), prices[chosen], table.rating[chosen], away[chosen])]
    page = order[problem.skip : problem.skip + problem.limit]
    return Result(
        tuple(_hit(table, int(at), int(best[at]), totals, each, away, problem.rooms) for at in page), len(chosen),
        dict(sorted(Counter(int(one) for one in table.class_[chosen]).items())),
        {name: int(count) for name, count in zip(table.names, table.has[chosen].sum(axis=0), strict=True) if count},
        int((wanted & ~priced & _any(table, fits & full)).sum()),
        int(prices[chosen].min()) if len(chosen) else None, int(prices[chosen].max()) if len(chosen) else None,
    )  # fmt: skip


def _totals(table: Table, problem: Problem) -> tuple[Ints, Flags]:
    """What one room costs for all nights in each plan, and whether all of the nights are sold."""
    days = [problem.first + timedelta(days=turn) for turn in range(problem.nights)]
    usual = np.stack([table.weekend if day.weekday() in WEEKEND else table.price for day in days])
    for turn, day in enumerate(days):
        if (percent := _percents(table, day)) is not None:
            usual[turn] = (usual[turn] * percent[table.hotel] + 50) // 100
    open_ = np.ones(len(table.plan), dtype=bool)
    if (told := problem.days) is not None and len(table.plan):
        at = np.minimum(np.searchsorted(table.plan, told.plan), len(table.plan) - 1)
        known = (table.plan[at] == told.plan) & (told.turn >= 0) & (told.turn < problem.nights)
        open_[at[known & (told.price < 0)]] = False
        priced = known & (told.price > 0)
        usual[told.turn[priced], at[priced]] = told.price[priced]
    off = np.where(table.long_nights <= problem.nights, table.long_percent, 0)
    return ((usual * (100 - off) + 50) // 100).sum(axis=0), open_


def _percents(table: Table, day: date) -> Ints | None:
    found = None
    for at in table.seasonal:
        percent = next((season.percent for season in table.hotels[at].seasons if season.first <= day <= season.last), 100)
        if percent != 100:
            found = np.full(len(table.hotels), 100, dtype=np.int64) if found is None else found
            found[at] = percent
    return found


def _sells(table: Table, problem: Problem) -> Flags:
    """The plans that are for so many people and nights, and are as wished."""
    fits: Flags = (table.sleeps * problem.rooms >= problem.guests) & (table.least <= problem.nights) & (table.most >= problem.nights)
    fits &= (table.breakfasts > 0) if problem.breakfast else True
    fits &= (table.free_h < min(problem.notice_h, NEVER)) if problem.free_cancel else True
    return fits


def _isin(values: Ints, wanted: object) -> Flags:
    return np.isin(values, np.array(sorted(wanted), dtype=np.int64))  # type: ignore[call-overload]


def _cheapest(table: Table, each: Ints) -> Ints:
    """The row of each hotel's cheapest plan (of equal ones that with the smallest number), -1 where there is none."""
    best = np.full(len(table.hotels), -1, dtype=np.int64)
    order = np.lexsort((table.plan, each, table.hotel))
    order = order[each[order] < _NONE]
    owners, firsts = np.unique(table.hotel[order], return_index=True)
    best[owners] = order[firsts]
    return best


def _any(table: Table, rows: Flags) -> Flags:
    found = np.zeros(len(table.hotels), dtype=bool)
    found[table.hotel[rows]] = True
    return found


def _metres(table: Table, problem: Problem) -> Floats:
    lat, lng = np.radians(table.lat), np.radians(table.lng)
    here, there = np.radians(problem.near.lat), np.radians(problem.near.lng)
    part = np.sin((lat - here) / 2) ** 2 + np.cos(lat) * np.cos(here) * np.sin((lng - there) / 2) ** 2
    # To the metre, since the last bits of sines differ between machines.
    found: Floats = np.round(2 * EARTH_M * np.arcsin(np.sqrt(np.minimum(1.0, part))))
    return found


def _wanted(table: Table, problem: Problem, away: Floats) -> Flags:
    """The hotels that are where and what they should be."""
    fits: Flags = table.rating >= problem.least_rating
    fits &= (away <= problem.radius_m) if problem.radius_m is not None else True
    fits &= _isin(table.class_, problem.classes) if problem.classes else True
    for name in problem.facilities:
        fits &= table.has[:, table.names.index(name)] if name in table.names else False
    if words := problem.text.lower().split():
        fits &= np.array([all(word in one.words for word in words) for one in table.hotels], dtype=bool)
    return fits


def _order(problem: Problem, params: Params, prices: Ints, rating: Ints, away: Floats) -> Ints:
    keys: dict[str, tuple[Ints | Floats, ...]] = {
        "price": (away, prices), "rating": (away, prices, -rating), "distance": (prices, away),
        "smart": (away, -np.round(_worth(params, prices, rating, away), 6)),
    }  # fmt: skip
    found: Ints = np.lexsort((np.arange(len(prices)), *keys[problem.sort]))
    return found


def _worth(params: Params, prices: Ints, rating: Ints, away: Floats) -> Floats:
    middle = float(np.median(prices)) if len(prices) else 1.0
    dear = np.log2(np.maximum(prices, 1) / max(middle, 1.0))
    near = np.minimum(away / 1000, params.far_km)
    found: Floats = params.star * rating / 10 - params.km * near - params.price * dear
    return found


def _hit(table: Table, at: int, row: int, totals: Ints, each: Ints, away: Floats, rooms: int) -> Hit:
    return Hit(
        table.hotels[at].store_id, int(table.offer[row]), int(table.plan[row]), int(totals[row]) * rooms, int(each[row]), float(away[at])
    )


def check(table: Table, problem: Problem, result: Result) -> list[str]:
    """What is wrong with an answer, by other arithmetic: every hit fits, costs what its nights add up to, and is its hotel's cheapest."""
    hotels = {one.store_id: one for one in table.hotels}
    wrong = []
    for hit in result.hits:
        costs = _costs(hotels[hit.store_id], problem)
        if costs.get(hit.plan_id) != hit.total or hit.total > min(costs.values()):
            wrong.append(f"hotel {hit.store_id}: plan {hit.plan_id} for {hit.total}, of {costs}")
    return wrong


def _costs(hotel: Hotel, problem: Problem) -> dict[int, int]:
    """What the stay costs by each plan that fits, night by night."""
    costs = {}
    for room, plan in ((one, plan) for one in hotel.rooms for plan in one.plans):
        told = problem.days.of_plan(plan.id, problem.first) if problem.days is not None else {}
        found = [night.price for night in nights(plan.rate, problem.first, problem.nights, days=told, seasons=hotel.seasons)]
        fits = room.offer_id not in problem.full and room.sleeps * problem.rooms >= problem.guests and _as_wished(plan, problem)
        if fits and None not in found:
            costs[plan.id] = sum(price or 0 for price in found) * problem.rooms
    return costs


def _as_wished(plan: Plan, problem: Problem) -> bool:
    return (
        plan.rate.least_nights <= problem.nights <= plan.rate.most_nights
        and bool(plan.breakfasts or not problem.breakfast)
        and (not problem.free_cancel or (plan.free_cancel_h is not None and plan.free_cancel_h < problem.notice_h))
    )
