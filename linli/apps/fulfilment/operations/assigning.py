"""An operator decides."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.apps.fulfilment import live
from linli.apps.fulfilment.events import JobAccepted
from linli.apps.fulfilment.locks import lock_couriers, lock_job, plan_changed
from linli.apps.fulfilment.models import Courier, Job, Ride
from linli.apps.fulfilment.release import note_loss
from linli.apps.fulfilment.states import HELD, JOB, ON_ROUTE, RIDES, SERVED_BY
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.platform import audit, outbox

MOST = 4  # more jobs than the route engine sequences exactly


@transaction.atomic
def assign(*, job_id: int, courier_id: int, actor: Actor, at: datetime, reason: str = "") -> None:
    """Give a job that is not on board yet to a courier, whoever has it now; the courier is told, not asked. Audited.

    Raises Conflict when it is too late, or the courier is off duty, of another city, too small, or has enough; NotFound.
    """
    job = lock_job(courier_id, job_id=job_id)
    courier = lock_couriers([courier_id]).get(courier_id)
    if courier is None:
        raise NotFound("courier.unknown", N_("There is no such courier."))
    if job.courier_id == courier_id and job.state in ON_ROUTE:
        raise Conflict("job.same", N_("This courier has it already."))
    following = JOB.step(job.state, "assign", actor)
    _check(job, courier)
    before, job.state, job.courier = job.courier_id, following, courier
    if before != courier_id:
        note_loss(job, before, "reassigned", at=at)
    job.accepted_at, job.arrived_at, job.answer_by, job.pinned = at, None, None, None
    job.save()
    plan_changed(before, courier_id)
    audit.record(actor=actor, action="job.assign", subject=f"jb:{job_id}", at=at, before=before, after=courier_id, reason=reason)
    live.job_moved(job, at=at, courier_id=before)
    outbox.tell(JobAccepted(job_id=job.pk, ref=job.ref, courier_id=courier_id, by_hand=True), at=at)


def _check(job: Job, courier: Courier) -> None:
    if courier.state != "on" or courier.city_id != job.city_id:
        raise Conflict("courier.off", N_("This courier is not on duty in this city."))
    if not fits(job, courier):
        raise Conflict("courier.trade", N_("This is not for this kind of courier or car."))
    if job.load > courier.capacity:
        raise Invalid("courier.small", N_("This is more than the courier can carry."), field="courier")
    if job.kind in RIDES and Job.objects.filter(courier=courier, state__in=HELD).exclude(pk=job.pk).exists():
        raise Conflict("courier.full", N_("This driver has somebody already."))
    if Job.objects.filter(courier=courier, state__in=ON_ROUTE).exclude(pk=job.pk).count() >= MOST:
        raise Conflict("courier.full", N_("This courier has %(most)s deliveries already."), most=MOST)


def fits(job: Job, courier: Courier) -> bool:
    """Whether such a job is for such a courier: meals for couriers, people for drivers of a car of the class."""
    if job.kind not in RIDES:
        return not courier.drives
    return courier.drives in SERVED_BY[Ride.objects.get(job=job).service]
