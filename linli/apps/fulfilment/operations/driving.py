"""What a driver does with a ride beyond what couriers do: finish it, say that nobody came, and say how it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from linli.apps.fulfilment import live
from linli.apps.fulfilment.events import JobDelivered, RiderMissing
from linli.apps.fulfilment.locks import plan_changed
from linli.apps.fulfilment.models import Job, Ride
from linli.apps.fulfilment.operations.riding import idle_if_done, mine
from linli.apps.fulfilment.pay import pay, pay_for_nothing, waiting
from linli.apps.fulfilment.states import JOB, RIDES
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.platform import outbox, policies
from linli.policy import rides


def _ride(courier_id: int, job_id: int) -> Job:
    job = mine(courier_id, job_id)
    if job.kind not in RIDES:
        raise NotFound("ride.unknown", N_("There is no such ride."))
    return job


@transaction.atomic
def finish_ride(*, courier_id: int, job_id: int, at: datetime) -> int:
    """The rider is there; returns what the driver earned. The fare is the one that was agreed on. Doing it twice is no error and pays once.

    Raises Conflict before the ride was started, Gone or NotFound.
    """
    job = _ride(courier_id, job_id)
    if job.state == "delivered":
        return pay(job, at=at)
    job.state, job.delivered_at, job.closed_at = JOB.step(job.state, "deliver", Actor("courier", courier_id)), at, at
    job.save(update_fields=["state", "delivered_at", "closed_at"])
    plan_changed(courier_id)
    idle_if_done(courier_id, at)
    earned = pay(job, at=at)
    live.job_moved(job, at=at)
    outbox.tell(JobDelivered(job_id=job.pk, ref=job.ref, courier_id=courier_id, proof="ride", cash=job.cash_due, pay=earned), at=at)
    return earned


@transaction.atomic
def no_show(*, courier_id: int, job_id: int, at: datetime) -> int:
    """Nobody came to the car: it is over; returns what the driver gets for having waited. Raises Conflict before the free wait is over."""
    job = _ride(courier_id, job_id)
    following = JOB.step(job.state, "no_show", Actor("courier", courier_id))
    free = timedelta(minutes=policies.whole(rides.WAIT_FREE_MIN, job.city_id))
    if job.arrived_at is None or at < max(job.arrived_at, job.ready_at) + free:
        raise Conflict("ride.wait", N_("Please wait %(min)s minutes first, and call the rider."), min=int(free.total_seconds() // 60))
    job.state, job.closed_at = following, at
    job.save(update_fields=["state", "closed_at"])
    plan_changed(courier_id)
    idle_if_done(courier_id, at)
    owed = policies.whole(rides.NO_SHOW_FEE, job.city_id)
    earned = pay_for_nothing(job, fee=owed, at=at)
    live.job_moved(job, at=at)
    outbox.tell(RiderMissing(job_id=job.pk, ref=job.ref, courier_id=courier_id, fee=owed + waiting(job, at), pay=earned), at=at)
    return earned


@transaction.atomic
def rate_driver(*, ref: str, rider_id: int, stars: int) -> None:
    """The rider says how the driver was, 1 to 5; saying it again changes it. Raises Conflict before the end, Invalid, NotFound."""
    _rate(Ride.objects.filter(job__ref=ref, rider_id=rider_id), "driver_stars", stars)


@transaction.atomic
def rate_rider(*, courier_id: int, job_id: int, stars: int) -> None:
    """The driver says how the rider was, 1 to 5; saying it again changes it. Raises Conflict before the end, Invalid, NotFound."""
    _rate(Ride.objects.filter(job_id=job_id, job__courier_id=courier_id), "rider_stars", stars)


def _rate(rows: QuerySet[Ride], field: str, stars: int) -> None:
    if not 1 <= stars <= 5:
        raise Invalid("ride.stars", N_("Give 1 to 5 stars."), field="stars")
    ride = rows.select_related("job").first()
    if ride is None:
        raise NotFound("ride.unknown", N_("There is no such ride."))
    if ride.job.state != "delivered":
        raise Conflict("ride.not_over", N_("A ride is rated once it is over."))
    setattr(ride, field, stars)
    ride.save(update_fields=[field])
