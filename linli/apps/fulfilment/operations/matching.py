"""Drivers for people who wait: shared cars first, then one batch for everybody else; and what must not go on without a word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.fulfilment import live, planning
from linli.apps.fulfilment.events import RideDeviated, RideUnmatched
from linli.apps.fulfilment.locks import lock_job
from linli.apps.fulfilment.models import Courier, Ride
from linli.apps.fulfilment.offering import offer
from linli.apps.fulfilment.states import JOB, ON_ROUTE, OPEN, POOL, SERVED_BY
from linli.engines.rides import Driver, Problem, Result, pool, solve
from linli.engines.rides import Ride as Wish
from linli.kernel.actors import SYSTEM
from linli.kernel.geo import Point, metres
from linli.platform import outbox, policies
from linli.policy import promises, rides

_ANSWER_REAL_S = 15.0  # the least that somebody at the wheel needs, whatever the city's pace


@dataclass(frozen=True, slots=True)
class Matched:
    """What a round did: the (job, driver) pairs offered, how many of them share a car, who goes on waiting, and whose search ended."""

    offered: tuple[tuple[int, int], ...]
    shared: int
    waiting: int
    ended: int


def match_rides(*, city_id: int, at: datetime, pace: float = 1.0) -> Matched:
    """One round of matching for the city. Several at once are safe: each driver and each ride goes once.

    `pace` is how many of the city's seconds pass in a real one. Reading and solving hold no lock; the offers are compare-and-set.
    """
    open_rides = _open(city_id)
    ended = sum(_end_search(ride.job_id, at) for ride in open_rides if _searched_long(ride, at))
    for ride in open_rides:
        _watch(ride, at)
    waiting = [ride for ride in open_rides if ride.job.state == "waiting" and not _searched_long(ride, at)]
    if not waiting:
        return Matched((), 0, 0, ended)
    drivers = list(Courier.objects.filter(city_id=city_id, state="on", lat__isnull=False).exclude(drives="").order_by("pk"))
    held: dict[int, list[Ride]] = defaultdict(list)
    for ride in open_rides:
        if ride.job.courier_id is not None:
            held[ride.job.courier_id].append(ride)
    shared = _shared(city_id, waiting, drivers, held, at)
    alone = _alone(city_id, [ride for ride in waiting if ride.job_id not in shared], [row for row in drivers if not held[row.pk]], at)
    pairs = shared | {match.ride: match.driver for match in alone.matches}
    answer_by = at + timedelta(seconds=max(policies.whole(rides.ANSWER_S, city_id), _ANSWER_REAL_S * pace))
    with transaction.atomic():
        offered = offer(pairs, {row.pk: row.version for row in drivers}, tick_id=None, answer_by=answer_by, at=at)
    return Matched(tuple(offered), sum(job in shared for job, _ in offered), len(waiting) - len(offered), ended)


def _open(city_id: int) -> list[Ride]:
    rows = Ride.objects.filter(job__city_id=city_id, job__state__in=OPEN).select_related("job", "job__courier")
    return list(rows.order_by("job_id"))


def _since(ride: Ride) -> datetime:
    """Since when a driver is searched: since the call, or since the last driver gave it up."""
    lost = [datetime.fromisoformat(row["at"]) for row in ride.job.declines if row.get("gave_up")]
    return max([ride.job.created_at, *lost])


def _searched_long(ride: Ride, at: datetime) -> bool:
    limit = timedelta(minutes=policies.whole(promises.MATCH_DRIVER_MIN, ride.job.city_id))
    return ride.job.state == "waiting" and at - _since(ride) >= limit and at >= ride.job.ready_at


@transaction.atomic
def _end_search(job_id: int, at: datetime) -> bool:
    """Nobody was found in the time that was promised: it is over, and told."""
    job = lock_job(job_id=job_id)
    if job.state != "waiting":
        return False
    job.state, job.closed_at = JOB.step(job.state, "cancel", SYSTEM), at
    job.save(update_fields=["state", "closed_at"])
    live.job_moved(job, at=at)
    outbox.tell(RideUnmatched(job_id=job.pk, ref=job.ref), at=at)
    return True


# who goes with whom


def wish(ride: Ride, drivers: Sequence[Courier]) -> Wish:
    """A waiting ride as the engine sees it: who declined it or has another class of car is not asked."""
    unfit = {row.pk for row in drivers if row.drives not in SERVED_BY[ride.service]}
    declined = {int(row["courier"]) for row in ride.job.declines}
    return Wish(
        ride.job_id, (ride.job.pickup_lat, ride.job.pickup_lng), _since(ride).timestamp(), ride.job.load, frozenset(unfit | declined)
    )


def _alone(city_id: int, waiting: Sequence[Ride], free: Sequence[Courier], at: datetime) -> Result:
    now = at.timestamp()
    seen = tuple(Driver(row.pk, (row.lat or 0.0, row.lng or 0.0), now, row.capacity) for row in free)
    problem = Problem(now, tuple(wish(ride, free) for ride in waiting), seen)
    return solve(problem, planning.ride_params(city_id, at), seed=int(now))


def _shared(
    city_id: int, waiting: Sequence[Ride], drivers: Sequence[Courier], held: Mapping[int, Sequence[Ride]], at: datetime
) -> dict[int, int]:
    """Which pooled ride joins which car that has one pooled rider: the shortest way round first, each car at most once."""
    cars = [row for row in drivers if _may_share(held.get(row.pk, ()))]
    if not cars:
        return {}
    pace, bound = planning.ride_params(city_id, at).pace, planning.pool_bound(city_id)
    found = []
    for ride in (ride for ride in waiting if ride.job.kind == POOL):
        barred = {int(row["courier"]) for row in ride.job.declines}
        for row in cars:
            if row.pk in barred or row.drives not in SERVED_BY[ride.service]:
                continue
            aboard, new = planning.pooled(held[row.pk][0].job, pace, at), planning.pooled(ride.job, pace, at)
            way = pool.join((row.lat or 0.0, row.lng or 0.0), (aboard,), new, seats=row.capacity, pace=pace, bound=bound)
            if way is not None:
                found.append((way.wait_s[ride.job_id], ride.job_id, row.pk))
    pairs: dict[int, int] = {}
    for _, job, driver in sorted(found):
        if job not in pairs and driver not in pairs.values():
            pairs[job] = driver
    return pairs


def _may_share(held: Sequence[Ride]) -> bool:
    return len(held) == 1 and held[0].job.kind == POOL and held[0].job.state in ON_ROUTE


# what goes on


def _watch(ride: Ride, at: datetime) -> None:
    """Tell, once, when a car is far off any sensible way: the way over where it is would be much longer than the direct one."""
    job = ride.job
    if job.state != "picked_up" or job.kind == POOL or ride.deviated_at is not None or job.courier is None or job.courier.lat is None:
        return
    here = Point(job.courier.lat, job.courier.lng or 0.0)
    start, end = Point(job.pickup_lat, job.pickup_lng), Point(job.drop_lat, job.drop_lng)
    direct, over = metres(start, end), metres(start, here) + metres(here, end)
    share, least = float(policies.value(rides.DEVIATE_X, job.city_id)), policies.whole(rides.DEVIATE_M, job.city_id)
    if over <= max(direct * share, direct + least):
        return
    with transaction.atomic():
        if Ride.objects.filter(pk=ride.pk, deviated_at=None).update(deviated_at=at):
            happened = RideDeviated(job_id=job.pk, ref=job.ref, courier_id=job.courier_id or 0, extra_m=round(over - direct))
            outbox.tell(happened, at=at)
            live.job_moved(job, at=at)
