"""From rows to the plain numbers that the dispatch engine works on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from linli.apps.city import queries as city
from linli.apps.fulfilment.hot import OnDuty, OpenJob
from linli.apps.fulfilment.models import Courier, Job
from linli.apps.fulfilment.states import POOL
from linli.engines.dispatch import problem as engine
from linli.engines.dispatch.params import Params
from linli.engines.dispatch.route import Route, best_route, timed
from linli.engines.dispatch.space import Straight, space
from linli.engines.dispatch.ways import Place, Ways
from linli.engines.forecast.kitchen import ready_in
from linli.engines.rides import Params as RideParams
from linli.engines.rides import pool
from linli.kernel.geo import Point, metres
from linli.platform import policies
from linli.policy import dispatch, rides
from linli.policy.number import Number

MIDDLE = 0.5  # what people are shown is as likely too early as too late


def _number(number: Number, city_id: int, scale: float = 1.0) -> float:
    return float(policies.value(number, city_id)) * scale


def params(city_id: int) -> Params:
    """The numbers in force in the city."""
    carried = policies.whole(dispatch.BUNDLE_MAX, city_id)
    return Params(
        ride=_number(dispatch.RIDE_WEIGHT, city_id),
        wait=_number(dispatch.WAIT_WEIGHT, city_id),
        cool=_number(dispatch.COOL_WEIGHT, city_id),
        late=_number(dispatch.LATE_WEIGHT, city_id),
        fair=_number(dispatch.FAIR_WEIGHT, city_id, 60 / 3600),
        pickup_s=_number(dispatch.PICKUP_S, city_id),
        drop_s=_number(dispatch.HANDOVER_S, city_id),
        reach_m=_number(dispatch.REACH_M, city_id),
        delay_s=_number(dispatch.PICKUP_MAX_MIN, city_id, 60),
        slack_s=_number(dispatch.COMMIT_SLACK_S, city_id),
        bundle=min(3, carried),
        bundle_ready_s=_number(dispatch.BUNDLE_READY_MIN, city_id, 60),
        bundle_detour_s=_number(dispatch.BUNDLE_DETOUR_MIN, city_id, 60),
        orders=carried,
        nearest=bool(policies.value(dispatch.NEAREST_ONLY, city_id)),
    )


def paces(city_id: int, vehicles: Iterable[str], at: datetime) -> dict[str, float]:
    """Seconds a straight metre for each vehicle, at this hour and in these conditions."""
    slack = 1.0 + _number(dispatch.COURIER_SPEED_SLACK, city_id)
    return {vehicle: city.pace(city_id=city_id, vehicle=vehicle, at=at) * slack for vehicle in sorted(set(vehicles))}


def ways(city_id: int, places: Iterable[Place], vehicle: str, at: datetime) -> Ways | None:
    """Ways by street between the places, as the metres of a straight line that takes `vehicle` as long; None where only those are known,
    or there are more places than policy permits. Other vehicles are taken to be slower or faster everywhere alike."""
    there = sorted(set(places))
    if not city.knows_streets() or not there or len(there) > policies.whole(dispatch.STREET_PLACES, city_id):
        return None
    points = [Point(*place) for place in there]
    found = city.travel_found(city_id=city_id, origins=points, destinations=points, vehicle=vehicle, at=at)
    if found.missed:
        return None
    return Ways.of(there, found.seconds / city.pace(city_id=city_id, vehicle=vehicle, at=at))


def ready_share(city_id: int) -> float:
    """The share of meals that are ready when dispatch counts on them; nought where it takes stores at their word."""
    return _number(dispatch.READY_SHARE, city_id)


def ready_by(job: Job | OpenJob, at: datetime, share: float) -> datetime:
    """By when the store hands it over in `share` of cases, knowing that it has not yet; never before now, unless it is ready.

    With a share of nought the store is taken at its word, and what is overdue may come any moment.
    """
    if job.ready:
        return job.ready_at
    if job.begun_at is None or not share:
        return max(job.ready_at, at)
    said, gone = (job.ready_at - job.begun_at).total_seconds(), (at - job.begun_at).total_seconds()
    return job.begun_at + timedelta(seconds=ready_in(said, gone, share, drift=job.drift, spread=job.spread))


def stops(jobs: Iterable[Job | OpenJob], at: datetime, share: float) -> tuple[engine.Stop, ...]:
    """What is still to be done for jobs that are on a route; `share` as in `ready_by`."""
    found: list[engine.Stop] = []
    for job in jobs:
        if job.state != "picked_up":
            found.append(engine.Stop(job.pk, "pickup", (job.pickup_lat, job.pickup_lng), ready_by(job, at, share).timestamp(), job.load))
        found.append(engine.Stop(job.pk, "drop", (job.drop_lat, job.drop_lng), job.promise_at.timestamp(), job.load))
    return tuple(found)


def order(job: OpenJob, at: datetime, reask_s: float, share: float) -> engine.Order:
    """A waiting job. Who gave it up is not asked again; who declined it or did not answer, only after a while, unless it is pinned."""
    since = at - timedelta(seconds=reask_s)
    barred = {row["courier"] for row in job.declines if row.get("gave_up") or datetime.fromisoformat(row["at"]) > since}
    return engine.Order(
        id=job.pk,
        store=job.pickup_store_id,
        pickup=(job.pickup_lat, job.pickup_lng),
        drop=(job.drop_lat, job.drop_lng),
        ready_at=ready_by(job, at, share).timestamp(),
        promise_at=job.promise_at.timestamp(),
        load=job.load,
        barred=frozenset(barred - {job.pinned_id}),
        banned=frozenset(job.banned),
        pinned=job.pinned_id,
    )


def courier(
    row: Courier | OnDuty, jobs: Sequence[Job | OpenJob], pace: float, at: datetime, share: float, over_s: float = 0.0
) -> engine.Courier:
    """A courier with what it has still to do. Only for one whose position is known and who has at most four jobs.
    It may be given what it brings `over_s` after the end of its shift."""
    assert row.lat is not None
    assert row.lng is not None
    idle = (at - row.idle_since).total_seconds() if row.idle_since and not jobs else 0.0
    home = row.until_at.timestamp() + over_s if row.until_at else None
    return engine.Courier(row.pk, (row.lat, row.lng), pace, row.capacity, stops(jobs, at, share), max(0.0, idle), home)


def route(row: Courier, jobs: Sequence[Job], at: datetime, pace: float | None = None, streets: Straight | None = None) -> Route:
    """The best way to do all of `jobs` from where the courier is; in order of promise when they are too many to work that out.

    `streets` has distances between all places; without it the city is asked.
    """
    if not jobs:
        return Route()
    pace = pace or paces(row.city_id, [row.vehicle], at)[row.vehicle]
    numbers = params(row.city_id)
    if streets is None:
        streets = space(ways(row.city_id, places_of(row, jobs), row.vehicle, at))
    if len(jobs) > 1 and all(job.kind == POOL for job in jobs):
        return _together(row, jobs, pace, at, numbers, streets)
    if len(jobs) * 2 > engine.MAX_STOPS:
        return _too_many(row, jobs, pace, at, numbers, streets)
    one = courier(row, jobs, pace, at, MIDDLE)
    return best_route(one, (), at.timestamp(), numbers, streets) or timed(one, one.stops, at.timestamp(), numbers, streets)


def places_of(row: Courier, jobs: Iterable[Job]) -> list[Place]:
    """Where the courier is, and where the jobs lead it."""
    assert row.lat is not None
    assert row.lng is not None
    ends = [place for job in jobs for place in ((job.pickup_lat, job.pickup_lng), (job.drop_lat, job.drop_lng))]
    return [(row.lat, row.lng), *ends]


def _together(row: Courier, jobs: Sequence[Job], pace: float, at: datetime, numbers: Params, streets: Straight) -> Route:
    """The stops of a shared car in the order that is fairest to those in it."""
    one = courier(row, jobs, pace, at, MIDDLE)
    riders = tuple(pooled(job, pace, at) for job in jobs)
    order = pool.best(one.place, riders, pace=pace, bound=pool_bound(row.city_id)).stops
    at_stop: dict[tuple[int, str], engine.Stop] = {(stop.order, stop.kind): stop for stop in one.stops}
    return timed(one, [at_stop[stop] for stop in order], at.timestamp(), numbers, streets)


def _too_many(row: Courier, jobs: Sequence[Job], pace: float, at: datetime, numbers: Params, streets: Straight) -> Route:
    ordered = sorted(jobs, key=lambda job: job.promise_at)
    pickups = [stop for job in ordered for stop in stops([job], at, MIDDLE) if stop.kind == "pickup"]
    drops = [stop for job in ordered for stop in stops([job], at, MIDDLE) if stop.kind == "drop"]
    return timed(courier(row, (), pace, at, MIDDLE), [*pickups, *drops], at.timestamp(), numbers, streets)


def ride_params(city_id: int, at: datetime) -> RideParams:
    """The numbers in force for matching rides in the city."""
    near, reach = _number(rides.NEAR_M, city_id), _number(rides.REACH_M, city_id)
    return RideParams(
        pace=paces(city_id, ["car"], at)["car"], near_m=min(near, reach), widen_m=_number(rides.WIDEN_M, city_id), reach_m=reach,
        soon_s=0.0, patience_s=_number(rides.PATIENCE_S, city_id),
    )  # fmt: skip


def pool_bound(city_id: int) -> pool.Bound:
    """How far round a pooled ride may go."""
    return pool.Bound(
        share=_number(rides.POOL_DETOUR_BP, city_id, 1 / 10_000), seconds=_number(rides.POOL_DETOUR_MIN, city_id, 60),
        wait_s=_number(rides.POOL_WAIT_MIN, city_id, 60), board_s=_number(dispatch.PICKUP_S, city_id),
    )  # fmt: skip


def pooled(job: Job, pace: float, at: datetime) -> pool.Rider:
    """Somebody who shares a car, or may."""
    pickup, drop = (job.pickup_lat, job.pickup_lng), (job.drop_lat, job.drop_lng)
    direct = metres(Point(*pickup), Point(*drop)) * pace
    rode = (at - job.picked_up_at).total_seconds() if job.picked_up_at else None
    waited = (at - job.accepted_at).total_seconds() if job.accepted_at and rode is None else 0.0
    return pool.Rider(job.pk, pickup, drop, direct, job.load, rode, waited)


def moment(seconds: float) -> datetime:
    """The engine's seconds as an aware moment."""
    return datetime.fromtimestamp(seconds, UTC)
