"""An operator tells dispatch who alone may bring something, or who may not; dispatch keeps to it and decides the rest."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.apps.fulfilment import live
from linli.apps.fulfilment.locks import lock_couriers, lock_job
from linli.apps.fulfilment.models import Job
from linli.apps.fulfilment.release import release
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import N_, Conflict, Forbidden, Invalid, NotFound
from linli.platform import audit

_UNDECIDED = frozenset({"waiting", "offered"})


@transaction.atomic
def pin(*, job_id: int, courier_id: int, actor: Actor, at: datetime, reason: str = "") -> None:
    """From now on nobody but this courier is asked; an offer to another is taken back. Audited.

    A courier who declines it or gives it up takes the pin away. Raises Conflict once somebody has accepted the job, or for a courier who
    is off duty or of another city; Invalid when it is more than the courier carries; NotFound, Forbidden.
    """
    job = _undecided(job_id, courier_id, actor)
    courier = lock_couriers([courier_id])[courier_id]
    if courier.state != "on" or courier.city_id != job.city_id:
        raise Conflict("courier.off", N_("This courier is not on duty in this city."))
    if job.load > courier.capacity:
        raise Invalid("courier.small", N_("This is more than the courier can carry."), field="courier")
    before, job.pinned = job.pinned_id, courier
    job.banned = [one for one in job.banned if one != courier_id]
    _settle(job, job.courier_id not in (None, courier_id), "pinned", at)
    audit.record(actor=actor, action="job.pin", subject=f"jb:{job_id}", at=at, before=before, after=courier_id, reason=reason)


@transaction.atomic
def unpin(*, job_id: int, actor: Actor, at: datetime) -> None:
    """Anybody may bring it again. Nothing happens when nobody was pinned. Raises NotFound, Forbidden."""
    job = _locked(job_id, actor)
    if job.pinned_id is not None:
        before, job.pinned = job.pinned_id, None
        _settle(job, False, "", at)
        audit.record(actor=actor, action="job.unpin", subject=f"jb:{job_id}", at=at, before=before, after=None)


@transaction.atomic
def ban(*, job_id: int, courier_id: int, actor: Actor, at: datetime, reason: str = "") -> None:
    """This courier is not asked for it; an offer to it is taken back. Audited.

    Raises Conflict once somebody has accepted the job (it can be given to another then), NotFound, Forbidden.
    """
    job = _undecided(job_id, courier_id, actor)
    if courier_id in job.banned:
        return
    job.banned = [*job.banned, courier_id]
    if job.pinned_id == courier_id:
        job.pinned = None
    _settle(job, job.courier_id == courier_id, "banned", at)
    audit.record(actor=actor, action="job.ban", subject=f"jb:{job_id}", at=at, before=None, after=courier_id, reason=reason)


@transaction.atomic
def allow(*, job_id: int, courier_id: int, actor: Actor, at: datetime) -> None:
    """This courier may be asked for it again. Nothing happens when it could be. Raises NotFound, Forbidden."""
    job = _locked(job_id, actor)
    if courier_id in job.banned:
        job.banned = [one for one in job.banned if one != courier_id]
        _settle(job, False, "", at)
        audit.record(actor=actor, action="job.allow", subject=f"jb:{job_id}", at=at, before=courier_id, after=None)


def _locked(job_id: int, actor: Actor, *also: int) -> Job:
    if actor.role != "operator":
        raise Forbidden("job.by_hand", N_("Only an operator decides this by hand."))
    return lock_job(*also, job_id=job_id)


def _undecided(job_id: int, courier_id: int, actor: Actor) -> Job:
    job = _locked(job_id, actor, courier_id)
    if courier_id not in lock_couriers([courier_id]):
        raise NotFound("courier.unknown", N_("There is no such courier."))
    if job.state not in _UNDECIDED:
        raise Conflict("job.decided", N_("A courier has this delivery already; give it to another instead."))
    return job


def _settle(job: Job, take_back: bool, reason: str, at: datetime) -> None:
    """Keep the row; an offer that does not fit any more is taken back without a strike."""
    job.save(update_fields=["pinned", "banned"])
    if take_back and job.state == "offered":
        release(job, event="decline", reason=reason, actor=SYSTEM, at=at)
    else:
        live.job_moved(job, at=at)
