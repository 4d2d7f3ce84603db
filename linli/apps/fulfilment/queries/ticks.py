"""Dispatch decisions, read back, made again, and explained."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linli.apps.fulfilment.models import Tick
from linli.engines.dispatch import explain as engine_explain
from linli.engines.dispatch.compare import Comparison, changed, compare
from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import Problem
from linli.engines.dispatch.result import Result, check
from linli.engines.dispatch.solve import solve
from linli.kernel.errors import N_, Invalid, NotFound
from linli.platform.pages import Page, page


@dataclass(frozen=True, slots=True)
class TickRow:
    """A tick in a list. `counts` has orders, couriers, offered, postponed, unassigned, lost (decided too late by this tick)."""

    id: int
    city_id: int
    at: datetime
    counts: Mapping[str, int]
    ms: int


@dataclass(frozen=True, slots=True)
class TickView:
    """A tick with all that went in and came out."""

    id: int
    city_id: int
    at: datetime
    counts: Mapping[str, int]
    ms: int
    problem: Problem
    params: Params
    seed: int
    result: Result


@dataclass(frozen=True, slots=True)
class Replay:
    """A tick made again: whether the answer is the same to the bit, and what the independent check has to say about it."""

    tick: TickView
    again: Result
    same: bool
    faults: tuple[str, ...]
    ms: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A tick decided with other numbers: the answer, what is otherwise, and what the independent check has to say about it."""

    tick: TickView
    params: Params
    result: Result
    comparison: Comparison
    faults: tuple[str, ...]


def _row(tick: Tick) -> TickRow:
    return TickRow(tick.pk, tick.city_id, tick.at, tick.counts, tick.ms)


_LIGHT = ("id", "city_id", "at", "counts", "ms")


def ticks(*, city_id: int, cursor: str | None = None, limit: int = 50) -> Page[TickRow]:
    """The ticks of a city that had something to decide, newest first. Raises NotFound for a cursor that is not one."""
    rows = Tick.objects.filter(city_id=city_id).only(*_LIGHT)
    return page(rows, cursor=cursor, limit=limit, make=lambda found: [_row(row) for row in found])


def ticks_of(*, city_id: int, start: datetime, end: datetime) -> list[TickRow]:
    """The ticks of a city between two moments, oldest first, at most 1,000."""
    rows = Tick.objects.filter(city_id=city_id, at__gte=start, at__lt=end).only(*_LIGHT)
    return [_row(row) for row in rows.order_by("pk")[:1000]]


def tick(*, tick_id: int) -> TickView:
    """One tick. Raises NotFound, also when it has been cleared away by now."""
    row = Tick.objects.filter(pk=tick_id).first()
    if row is None:
        raise NotFound("tick.unknown", N_("There is no such dispatch decision; old ones are cleared away."))
    return _view(row)


def _view(row: Tick) -> TickView:
    problem, params = Problem.from_json(row.problem), Params.from_json(row.params)
    return TickView(row.pk, row.city_id, row.at, row.counts, row.ms, problem, params, row.seed, Result.from_json(row.result))


def replay(*, tick_id: int) -> Replay:
    """Decide the tick again from what it knew then. Raises NotFound."""
    found = tick(tick_id=tick_id)
    start = time.perf_counter()
    again = solve(found.problem, found.params, seed=found.seed)
    ms = round((time.perf_counter() - start) * 1000)
    return Replay(found, again, again == found.result, tuple(check(found.problem, found.params, again)), ms)


def what_if(*, tick_id: int, changes: Mapping[str, str]) -> WhatIf:
    """What the tick would have decided with other numbers; nothing happens. Raises NotFound, Invalid for what is no parameter."""
    found = tick(tick_id=tick_id)
    try:
        params = changed(found.params, dict(changes))
    except ValueError as fault:
        raise Invalid("tick.params", N_("These numbers cannot be tried: %(fault)s."), fault=str(fault), field="params") from None
    result = solve(found.problem, params, seed=found.seed)
    faults = check(found.problem, params, result)
    return WhatIf(found, params, result, compare(found.problem, found.result, result), tuple(faults))


def explain(*, tick_id: int, job_id: int) -> engine_explain.Explanation:
    """Why this courier, and why not each other one. Raises NotFound when the tick did not decide about the job."""
    found = tick(tick_id=tick_id)
    try:
        return engine_explain.explain(found.problem, found.params, found.result, job_id)
    except KeyError:
        raise NotFound("tick.job", N_("This decision was not about that delivery.")) from None


def explanations(*, tick_id: int, most: int = 20) -> dict[int, engine_explain.Explanation]:
    """The same for every job of the tick, at once, each with the `most` couriers who came nearest to it. Raises NotFound."""
    found = tick(tick_id=tick_id)
    jobs = [order.id for order in found.problem.orders]
    return engine_explain.explain_many(found.problem, found.params, found.result, jobs, most=most)
