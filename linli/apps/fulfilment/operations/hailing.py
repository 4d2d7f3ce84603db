"""Asking for a ride."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from linli.apps.fulfilment import live
from linli.apps.fulfilment.models import Job, Ride
from linli.apps.fulfilment.states import POOL, SEATS, SOLO
from linli.kernel.errors import N_, Invalid
from linli.kernel.geo import Point
from linli.kernel.ids import new_id
from linli.platform import policies
from linli.policy import promises


@dataclass(frozen=True, slots=True, kw_only=True)
class Rider:
    """Who rides; the driver sees the name and may call."""

    person_id: int
    name: str
    phone: str
    seats: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a ride begins or ends, as people call it."""

    name: str
    point: Point


@transaction.atomic
def hail(
    *, ref: str, city_id: int, store_id: int, rider: Rider, origin: Spot, target: Spot, service: str, metres: int, seconds: int,
    fare: int, code: str, tip: int = 0, cash_due: int = 0, wanted_at: datetime | None = None, at: datetime,
) -> int:  # fmt: skip
    """The id of the job that drives `ref`, from `wanted_at` on or at once; the next round of matching offers it. Asking again for the same
    ref gives the same job.

    `metres` and `seconds` are the way that the fare was made from, `code` is what the rider says to start. Raises Invalid for an unknown
    service, too many people for it, or negative amounts.
    """
    if service not in SEATS:
        raise Invalid("ride.class", N_("There is no such kind of ride."), field="service")
    if not 1 <= rider.seats <= SEATS[service]:
        raise Invalid("ride.seats", N_("There is room for 1 to %(most)s people."), most=SEATS[service], field="seats")
    if min(fare, tip, cash_due, metres, seconds) < 0:
        raise Invalid("job.amounts", N_("A delivery needs a load of at least one and amounts that are not negative."), field="fare")
    begins = max(at, wanted_at or at)
    due = begins + timedelta(minutes=policies.whole(promises.MATCH_DRIVER_MIN, city_id), seconds=seconds)
    job = Job(
        id=new_id(at), ref=ref, city_id=city_id, kind=POOL if service == "pool" else SOLO, pickup_store_id=store_id,
        pickup_name=origin.name, pickup_address="", pickup_lat=origin.point.lat, pickup_lng=origin.point.lng, drop_name=rider.name,
        drop_phone=rider.phone, drop_address=target.name, drop_lat=target.point.lat, drop_lng=target.point.lng, ready_at=begins, ready=True,
        promise_at=due, load=rider.seats, fee=fare, tip=tip, cash_due=cash_due, pickup_code=code, drop_code="", created_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            job.save(force_insert=True)
            Ride.objects.create(job=job, rider_id=rider.person_id, service=service, metres=metres, seconds=seconds)
    except IntegrityError:
        known = Job.objects.filter(ref=ref).values_list("pk", flat=True).first()
        if known is None:
            raise
        return known
    live.job_moved(job, at=at)
    return job.pk
