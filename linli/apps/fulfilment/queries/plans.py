"""Where a courier goes next, and when something will be at the door."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import hypot

from linli.apps.city import queries as city
from linli.apps.fulfilment import planning
from linli.apps.fulfilment.models import Courier, Job
from linli.apps.fulfilment.queries.views import EtaView, StopView, job_view
from linli.apps.fulfilment.states import DELIVERY, ON_ROUTE
from linli.engines.dispatch.route import Visit
from linli.engines.dispatch.space import space
from linli.kernel.errors import N_, NotFound
from linli.kernel.geo import Point
from linli.platform import policies
from linli.policy import dispatch, promises

_FOUR_OF_FIVE = 1.28  # standard deviations on either side of the mean hold 80 % of what is normal
_LEAST_S = 240  # narrower would not be honest: a door can take four minutes to find
_EARLY = 0.4  # share of the window that lies before the expected moment; being late is worse than being early


def plan(*, courier_id: int, at: datetime) -> list[StopView]:
    """The courier's stops in the best order, with times. Empty without jobs or position. Raises NotFound for no such courier."""
    row = Courier.objects.filter(pk=courier_id).first()
    if row is None:
        raise NotFound("courier.unknown", N_("There is no such courier."))
    held = list(Job.objects.filter(courier_id=courier_id, state__in=ON_ROUTE).order_by("pk"))
    if row.lat is None or not held:
        return []
    views = {job.pk: job for job in held}
    return [_stop(visit, views[visit.stop.order]) for visit in planning.route(row, held, at).visits]


def routes(*, city_id: int, at: datetime) -> dict[int, list[StopView]]:
    """The plan of every courier of a city who has something to bring, by the courier; a constant number of statements."""
    held: dict[int, list[Job]] = {}
    rows = Job.objects.filter(city_id=city_id, kind=DELIVERY, state__in=ON_ROUTE, courier__lat__isnull=False)
    for job in rows.select_related("courier").order_by("pk"):
        held.setdefault(job.courier_id or 0, []).append(job)
    couriers = {courier: jobs[0].courier for courier, jobs in held.items()}
    pace = planning.paces(city_id, {row.vehicle for row in couriers.values() if row}, at)
    found: dict[int, list[StopView]] = {}
    there = [place for courier, row in couriers.items() if row for place in planning.places_of(row, held[courier])]
    streets = space(planning.ways(city_id, there, "bike", at))
    for courier, row in couriers.items():
        if row is not None:
            views = {job.pk: job for job in held[courier]}
            visits = planning.route(row, held[courier], at, pace[row.vehicle], streets).visits
            found[courier] = [_stop(visit, views[visit.stop.order]) for visit in visits]
    return found


def _stop(visit: Visit, job: Job) -> StopView:
    due = job.ready_at if visit.stop.kind == "pickup" else job.promise_at
    arrive, leave = planning.moment(visit.arrive), planning.moment(visit.leave)
    return StopView(job_view(job), visit.stop.kind, Point(*visit.stop.place), arrive, leave, due)


def eta(*, ref: str, at: datetime) -> EtaView:
    """When the job `ref` will be at the door, as a window of whole minutes that does not begin in the past. Raises NotFound."""
    job = Job.objects.filter(ref=ref).select_related("courier").first()
    if job is None:
        raise NotFound("job.unknown", N_("There is no such delivery."))
    if job.delivered_at is not None:
        return EtaView(job.delivered_at, job.delivered_at, "delivered")
    if job.state in ("cancelled", "failed"):
        return EtaView(job.promise_at, job.promise_at, "none")
    on_route = job.courier if job.state in ON_ROUTE and job.courier and job.courier.lat is not None else None
    if on_route is not None:
        return _window(_by_route(on_route, job, at), job, at, "route")
    return _window(_by_guess(job, at), job, at, "estimate")


def _by_route(courier: Courier, job: Job, at: datetime) -> datetime:
    held = list(Job.objects.filter(courier_id=courier.pk, state__in=ON_ROUTE).order_by("pk"))
    visits = planning.route(courier, held, at).visits
    return planning.moment(next(visit.leave for visit in visits if visit.stop.order == job.pk and visit.stop.kind == "drop"))


def _by_guess(job: Job, at: datetime) -> datetime:
    """Nobody has it yet: somebody will come by when it is ready, or as long from now as couriers may take to be found."""
    store, door = Point(job.pickup_lat, job.pickup_lng), Point(job.drop_lat, job.drop_lng)
    way_s = city.travel_seconds(city_id=job.city_id, origin=store, destination=door, vehicle="bike", at=at)
    seconds = way_s * (1.0 + float(policies.value(dispatch.COURIER_SPEED_SLACK, job.city_id)))
    found = at + timedelta(minutes=policies.whole(promises.MATCH_DRIVER_MIN, job.city_id))
    hands = policies.whole(dispatch.PICKUP_S, job.city_id) + policies.whole(dispatch.HANDOVER_S, job.city_id)
    return max(planning.ready_by(job, at, planning.MIDDLE), found) + timedelta(seconds=seconds + hands)


def _window(expected: datetime, job: Job, at: datetime, source: str) -> EtaView:
    """What four deliveries of five keep to, if errors are normal: the nearer the door, the narrower."""
    ahead_s = max(0.0, (expected - at).total_seconds())
    way_s = ahead_s * float(policies.value(dispatch.WAY_SPREAD, job.city_id))
    cooks_s = job.spread * (job.ready_at - job.begun_at).total_seconds() if job.begun_at and not job.ready else 0.0
    found_s = policies.whole(promises.MATCH_DRIVER_MIN, job.city_id) * 60 / 2 if source == "estimate" else 0.0
    width = timedelta(seconds=max(_LEAST_S, 2 * _FOUR_OF_FIVE * hypot(way_s, cooks_s, found_s)))
    first = max(at, expected - width * _EARLY).replace(second=0, microsecond=0)
    last = max(expected + width * (1 - _EARLY), first + width / 2) + timedelta(seconds=59)
    return EtaView(first, last.replace(second=0, microsecond=0), source)
