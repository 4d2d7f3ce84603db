"""The dispatch tick: read, solve, and assign by compare-and-set; and before it, take back what nobody answers for."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.fulfilment import hot, planning
from linli.apps.fulfilment.hot import OpenJob
from linli.apps.fulfilment.locks import lock_couriers, lock_job
from linli.apps.fulfilment.models import Courier, Job, Tick, Track
from linli.apps.fulfilment.offering import offer
from linli.apps.fulfilment.operations.duty import end_shift
from linli.apps.fulfilment.release import release
from linli.apps.fulfilment.states import HELD, ON_ROUTE
from linli.engines.dispatch.params import Params
from linli.engines.dispatch.problem import MAX_STOPS, Problem, places
from linli.engines.dispatch.result import Result
from linli.engines.dispatch.solve import solve
from linli.kernel.actors import SYSTEM
from linli.kernel.ids import new_id
from linli.platform import policies
from linli.policy import dispatch

_ANSWER_REAL_S = 15.0  # the least that somebody with a phone in the hand needs, whatever the city's pace
_SILENT_REAL_S = 75.0  # a page that is open is heard of every 20 s; phones sleep now and then


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick did: the (job, courier) pairs that were offered, and how many others it left for later. `id` 0: nothing to decide."""

    id: int
    offered: tuple[tuple[int, int], ...]
    postponed: int
    unassigned: int
    lost: int
    ms: int


@dataclass(frozen=True, slots=True)
class _Snapshot:
    problem: Problem
    versions: dict[int, int]


def tick(*, city_id: int, at: datetime, pace: float = 1.0) -> Ticked:
    """Decide about everything that waits in the city, and offer it. Several ticks at once are safe: each courier and job goes once.

    `pace` is how many of the city's seconds pass in a real one: people in a fast demo get as long as people do to answer.
    Reading and solving hold no lock; only the assigning is a transaction, and it leaves out whatever has changed meanwhile.
    """
    lapse_offers(city_id=city_id, at=at)
    release_silent(city_id=city_id, at=at, pace=pace)
    start = time.perf_counter()
    snapshot, params = _read(city_id, at), planning.params(city_id)
    if not snapshot.problem.orders:
        return Ticked(0, (), 0, 0, 0, 0)
    seed = int(at.timestamp())
    result = solve(snapshot.problem, params, seed=seed)
    ms = round((time.perf_counter() - start) * 1000)
    answer_by = at + timedelta(seconds=max(policies.whole(dispatch.ANSWER_S, city_id), _ANSWER_REAL_S * pace))
    return _apply(city_id, snapshot, params, seed, result, ms, answer_by, at)


def _read(city_id: int, at: datetime) -> _Snapshot:
    unfinished = hot.open_jobs(city_id)
    waiting = [job for job in unfinished if job.state == "waiting"]
    if not waiting:
        return _Snapshot(Problem(at.timestamp(), (), ()), {})
    held: dict[int, list[OpenJob]] = defaultdict(list)
    for job in unfinished:
        if job.courier_id is not None:
            held[job.courier_id].append(job)
    asked = {courier for courier, jobs in held.items() if any(job.state == "offered" for job in jobs)}
    free = [row for row in hot.on_duty(city_id) if row.pk not in asked and len(held[row.pk]) * 2 <= MAX_STOPS]
    pace = planning.paces(city_id, (row.vehicle for row in free), at) if free else {}
    reask_s = policies.whole(dispatch.REASK_MIN, city_id) * 60.0
    share = planning.ready_share(city_id)
    over_s = policies.whole(dispatch.SHIFT_OVER_MIN, city_id) * 60.0
    orders = tuple(planning.order(job, at, reask_s, share) for job in waiting)
    fleet = tuple(planning.courier(row, held[row.pk], pace[row.vehicle], at, share, over_s) for row in free)
    vehicle = Counter(row.vehicle for row in free).most_common(1)[0][0] if free else "bike"
    ways = planning.ways(city_id, places(orders, fleet), vehicle, at)
    return _Snapshot(Problem(at.timestamp(), orders, fleet, ways), {row.pk: row.version for row in free})


@transaction.atomic
def _apply(
    city_id: int, snapshot: _Snapshot, params: Params, seed: int, result: Result, ms: int, answer_by: datetime, at: datetime
) -> Ticked:
    number = new_id(at)
    pairs = {order: assignment.courier for assignment in result.assignments for order in assignment.orders}
    offered = offer(pairs, snapshot.versions, tick_id=number, answer_by=answer_by, at=at)
    wanted = sum(len(assignment.orders) for assignment in result.assignments)
    postponed = sum(len(part.orders) for part in result.postponed)
    unassigned = sum(len(part.orders) for part in result.unassigned)
    counts = {
        "orders": len(snapshot.problem.orders), "couriers": len(snapshot.problem.couriers), "offered": len(offered),
        "postponed": postponed, "unassigned": unassigned, "lost": wanted - len(offered),
    }  # fmt: skip
    Tick.objects.create(
        id=number, city_id=city_id, at=at, problem=snapshot.problem.to_json(), params=params.to_json(), seed=seed,
        result=result.to_json(), counts=counts, ms=ms,
    )  # fmt: skip
    return Ticked(number, tuple(offered), postponed, unassigned, wanted - len(offered), ms)


def lapse_offers(*, city_id: int, at: datetime) -> int:
    """Take back the offers that nobody has answered in time; returns how many."""
    due = Job.objects.filter(city_id=city_id, state="offered", answer_by__lt=at).values_list("pk", flat=True)
    return sum(_lapse(job_id, at) for job_id in sorted(due))


@transaction.atomic
def _lapse(job_id: int, at: datetime) -> bool:
    job = lock_job(job_id=job_id)
    if job.state != "offered" or job.answer_by is None or job.answer_by >= at:
        return False
    release(job, event="decline", reason="no_answer", actor=SYSTEM, at=at)
    return True


def release_silent(*, city_id: int, at: datetime, pace: float = 1.0) -> int:
    """Take couriers who have not been heard of off duty, and give their jobs (but not what is on board) to others; returns how many."""
    since = at - timedelta(seconds=max(policies.whole(dispatch.SILENT_S, city_id), _SILENT_REAL_S * pace))
    silent = Courier.objects.filter(city_id=city_id, state="on", heard_at__lt=since).values_list("pk", flat=True)
    return sum(_release_silent(courier_id, since, at) for courier_id in sorted(silent))


@transaction.atomic
def _release_silent(courier_id: int, since: datetime, at: datetime) -> bool:
    courier = lock_couriers([courier_id]).get(courier_id)
    if courier is None or courier.state != "on" or courier.heard_at is None or courier.heard_at >= since:
        return False
    for job in Job.objects.select_for_update().filter(courier=courier, state__in=HELD - {"picked_up"}).order_by("pk"):
        event = "give_up" if job.state in ON_ROUTE else "decline"
        release(job, event=event, reason="silent", actor=SYSTEM, at=at)
    end_shift(courier, at=at)
    return True


def prune(*, at: datetime) -> None:
    """Forget tracks and decisions that are older than the policy lets them be kept."""
    Track.objects.filter(at__lt=at - timedelta(days=policies.whole(dispatch.TRACK_DAYS))).delete()
    Tick.objects.filter(at__lt=at - timedelta(hours=policies.whole(dispatch.TICK_HOURS))).delete()
