"""Rides, read: what one would cost, how one stands, what calling it off costs, and where demand is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count

from linli.apps.fulfilment import fares, pay
from linli.apps.fulfilment.fares import ClassFare, Estimate
from linli.apps.fulfilment.models import Courier, Job, Ride
from linli.apps.fulfilment.queries.views import JobView, job_view
from linli.apps.fulfilment.states import ON_ROUTE
from linli.engines.rides import Surge
from linli.engines.rides.surge import outline
from linli.kernel.errors import N_, NotFound
from linli.kernel.geo import Point
from linli.platform import policies
from linli.policy import promises, rides

__all__ = [
    "CancelTerms",
    "ClassFare",
    "DriverView",
    "Estimate",
    "RideView",
    "Zone",
    "cancel_terms",
    "estimate",
    "ride",
    "rides_of",
    "zones",
]

RATED_LEAST = 5  # with fewer voices no mean is shown


@dataclass(frozen=True, slots=True)
class DriverView:
    """Who drives: `stars` is the mean of what riders said, None as long as few did."""

    id: int
    drives: str
    plate: str
    point: Point | None
    stars: float | None
    rated: int


@dataclass(frozen=True, slots=True)
class RideView:
    """A ride: its job, and what a ride has besides. `driver` is None until one was found."""

    job: JobView
    rider_id: int
    service: str
    metres: int
    seconds: int
    deviated_at: datetime | None
    driver_stars: int | None
    rider_stars: int | None
    driver: DriverView | None


@dataclass(frozen=True, slots=True)
class CancelTerms:
    """What calling a ride off costs its rider now, why (a code), and until when it costs nothing."""

    fee: int
    why: str
    free_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """Demand in a part of the city, with the corners of that part."""

    surge: Surge
    corners: tuple[Point, ...]


def estimate(*, city_id: int, origin: Point, target: Point, at: datetime) -> Estimate:
    """What a ride would cost, service by service; see `fares.estimate`."""
    return fares.estimate(city_id=city_id, origin=origin, target=target, at=at)


def ride(*, ref: str) -> RideView:
    """The ride for `ref`, in three statements. Raises NotFound."""
    row = Ride.objects.select_related("job", "job__courier").filter(job__ref=ref).first()
    if row is None:
        raise NotFound("ride.unknown", N_("There is no such ride."))
    return _view(row, _driver(row.job.courier) if row.job.courier else None)


def rides_of(*, job_ids: Iterable[int]) -> dict[int, RideView]:
    """The rides among these jobs by job id, without their drivers."""
    rows = Ride.objects.select_related("job").filter(job_id__in=list(job_ids))
    return {row.job_id: _view(row, None) for row in rows}


def _view(row: Ride, driver: DriverView | None) -> RideView:
    return RideView(
        job_view(row.job), row.rider_id, row.service, row.metres, row.seconds, row.deviated_at, row.driver_stars, row.rider_stars, driver
    )


def _driver(row: Courier) -> DriverView:
    said = Ride.objects.filter(job__courier=row, driver_stars__isnull=False).aggregate(mean=Avg("driver_stars"), count=Count("*"))
    point = Point(row.lat, row.lng) if row.lat is not None and row.lng is not None else None
    stars = round(float(said["mean"]), 1) if said["count"] >= RATED_LEAST else None
    return DriverView(row.pk, row.drives, row.plate, point, stars, said["count"])


def cancel_terms(*, ref: str, at: datetime) -> CancelTerms:
    """What calling the ride off at `at` would cost. Nothing while nobody was found, shortly after that, or when the driver is late."""
    job = Job.objects.filter(ref=ref).first()
    if job is None or job.accepted_at is None or job.state not in ON_ROUTE:
        return CancelTerms(0, "nobody")
    free_until = job.accepted_at + timedelta(minutes=policies.whole(rides.CANCEL_FREE_MIN, job.city_id))
    if job.state == "picked_up":
        return CancelTerms(job.fee, "riding")
    if job.arrived_at is not None:
        return CancelTerms(min(job.fee, policies.whole(rides.NO_SHOW_FEE, job.city_id) + pay.waiting(job, at)), "arrived")
    late = max(job.accepted_at, job.ready_at) + 2 * timedelta(minutes=policies.whole(promises.MATCH_DRIVER_MIN, job.city_id))
    if at <= free_until:
        return CancelTerms(0, "early", free_until)
    if at > late:
        return CancelTerms(0, "late")
    return CancelTerms(min(job.fee, policies.whole(rides.CANCEL_FEE, job.city_id)), "coming")


def zones(*, city_id: int, at: datetime) -> list[Zone]:
    """Where people ask and drivers are idle, the highest factor first, in two statements."""
    return [Zone(each, tuple(Point(*corner) for corner in outline(each.cell))) for each in fares.everywhere(city_id, at)]
