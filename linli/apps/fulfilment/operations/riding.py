"""What a courier does with a job: answer, arrive, pick up, deliver, or give up."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from linli.apps.fulfilment import live
from linli.apps.fulfilment.events import CourierArrived, JobAccepted, JobDelivered, JobPickedUp
from linli.apps.fulfilment.locks import lock_job, plan_changed
from linli.apps.fulfilment.models import Courier, Job
from linli.apps.fulfilment.operations.duty import be_at
from linli.apps.fulfilment.pay import pay
from linli.apps.fulfilment.release import release
from linli.apps.fulfilment.states import DECLINE_REASONS, GIVE_UP_REASONS, HELD, JOB, ON_ROUTE, RIDES
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Gone, Invalid, NotFound
from linli.kernel.geo import Point
from linli.platform import files, limits, outbox

_WRONG = {
    False: N_("This is not the code of this order. Look at the ticket on the bag."),
    True: N_("This is not the rider's code. Ask for the four digits on their screen."),
}
_TRIES, _TRIES_S = 6, 600.0  # guesses at a code, and the time in which they come back


@dataclass(frozen=True, slots=True)
class Proof:
    """How a courier shows that it was delivered: the consumer's `code`, or the name of a `photo` kept by `platform.files`."""

    kind: Literal["code", "photo"]
    value: str


def mine(courier_id: int, job_id: int) -> Job:
    """The job, locked, if it is this courier's (or was offered to it and taken away, which Gone says). Raises NotFound otherwise."""
    job = lock_job(courier_id, job_id=job_id)
    if job.courier_id == courier_id:
        return job
    if any(row["courier"] == courier_id for row in job.declines):
        raise Gone("offer.gone", N_("This delivery is with somebody else now."))
    raise NotFound("job.unknown", N_("There is no such delivery."))


def idle_if_done(courier_id: int, at: datetime) -> None:
    """From now on the courier has nothing to do, unless there is something left."""
    if not Job.objects.filter(courier_id=courier_id, state__in=HELD).exists():
        Courier.objects.filter(pk=courier_id, state="on").update(idle_since=at)


@transaction.atomic
def answer(*, courier_id: int, job_id: int, accept: bool, reason: str = "", at: datetime) -> None:
    """Say yes or no to an offer; saying yes twice is no error. A no needs a reason of `DECLINE_REASONS`.

    Raises Gone when the offer has run out or gone to somebody else, Invalid for an unknown reason, NotFound.
    """
    if not accept and reason not in DECLINE_REASONS:
        raise Invalid("decline.reason", N_("Say why you decline."), field="reason")
    job = mine(courier_id, job_id)
    if accept and job.state in ON_ROUTE:
        return
    if job.state == "offered" and job.answer_by is not None and job.answer_by < at:
        raise Gone("offer.gone", N_("This delivery is with somebody else now."))
    actor = Actor("courier", courier_id)
    if not accept:
        release(job, event="decline", reason=reason, actor=actor, at=at)
        return
    job.state = JOB.step(job.state, "accept", actor)
    job.accepted_at, job.answer_by = at, None
    job.save(update_fields=["state", "accepted_at", "answer_by"])
    Courier.objects.filter(pk=courier_id).update(heard_at=at, idle_since=None)
    plan_changed(courier_id)
    live.job_moved(job, at=at)
    outbox.tell(JobAccepted(job_id=job.pk, ref=job.ref, courier_id=courier_id), at=at)


@transaction.atomic
def arrive(*, courier_id: int, job_id: int, at: datetime) -> None:
    """The courier is at the store, for everything it has accepted there; saying so twice is no error.

    Raises Conflict, Gone or NotFound when there is nothing to arrive for."""
    job = mine(courier_id, job_id)
    if job.state == "arrived":
        return
    following = JOB.step(job.state, "arrive", Actor("courier", courier_id))
    be_at(courier_id=courier_id, point=Point(job.pickup_lat, job.pickup_lng), at=at)
    plan_changed(courier_id)
    here = {"pk": job.pk} if job.kind in RIDES else {"pickup_store_id": job.pickup_store_id, "kind": job.kind}
    same_place = Job.objects.select_for_update().filter(courier_id=courier_id, state=job.state, **here)
    for each in same_place.order_by("pk"):
        each.state, each.arrived_at = following, at
        each.save(update_fields=["state", "arrived_at"])
        live.job_moved(each, at=at)
        outbox.tell(CourierArrived(job_id=each.pk, ref=each.ref, courier_id=courier_id), at=at)


def pick_up(*, courier_id: int, job_id: int, code: str, at: datetime) -> None:
    """Take it from the store, by the code on its bag; doing it twice is no error.

    Raises Invalid for a wrong code, TooMany after several, Conflict, Gone or NotFound.
    """
    limits.hit(key=f"pickup:{courier_id}:{job_id}", limit=_TRIES, per_s=_TRIES_S, at=at)
    with transaction.atomic():
        job = mine(courier_id, job_id)
        if job.state == "picked_up":
            return
        following = JOB.step(job.state, "pick_up", Actor("courier", courier_id))
        if not _same(code, job.pickup_code):
            raise Invalid("pickup.code", _WRONG[job.kind in RIDES], field="code")
        job.state, job.picked_up_at, job.arrived_at = following, at, job.arrived_at or at
        job.save(update_fields=["state", "picked_up_at", "arrived_at"])
        plan_changed(courier_id)
        be_at(courier_id=courier_id, point=Point(job.pickup_lat, job.pickup_lng), at=at)
        live.job_moved(job, at=at)
        outbox.tell(JobPickedUp(job_id=job.pk, ref=job.ref, courier_id=courier_id), at=at)


def _same(given: str, code: str) -> bool:
    return not code or hmac.compare_digest(given.strip().upper().encode(), code.upper().encode())


def deliver(*, courier_id: int, job_id: int, proof: Proof, at: datetime) -> int:
    """Hand it over at the door; returns what the courier earned with it. Doing it twice is no error and pays once.

    Raises Invalid for a wrong code or an unknown photo, TooMany after several wrong codes, Conflict, Gone or NotFound.
    """
    limits.hit(key=f"drop:{courier_id}:{job_id}", limit=_TRIES, per_s=_TRIES_S, at=at)
    with transaction.atomic():
        job = mine(courier_id, job_id)
        if job.state == "delivered":
            return pay(job, at=at)
        following = JOB.step(job.state, "deliver", Actor("courier", courier_id))
        _check_proof(job, proof)
        job.state, job.delivered_at, job.closed_at = following, at, at
        job.proof = {"kind": proof.kind, "value": proof.value if proof.kind == "photo" else ""}
        job.save(update_fields=["state", "delivered_at", "closed_at", "proof"])
        plan_changed(courier_id)
        be_at(courier_id=courier_id, point=Point(job.drop_lat, job.drop_lng), at=at)
        idle_if_done(courier_id, at)
        earned = pay(job, at=at)
        live.job_moved(job, at=at)
        happened = JobDelivered(job_id=job.pk, ref=job.ref, courier_id=courier_id, proof=proof.kind, cash=job.cash_due, pay=earned)
        outbox.tell(happened, at=at)
        return earned


def _check_proof(job: Job, proof: Proof) -> None:
    if proof.kind == "photo":
        if not files.kept(proof.value, folder="proofs"):
            raise Invalid("proof.photo", N_("Take a photo of where you left it."), field="photo")
    elif proof.kind != "code" or not _same(proof.value, job.drop_code):
        raise Invalid("proof.code", N_("This is not the consumer's code. Ask for it, or take a photo instead."), field="code")


@transaction.atomic
def give_up(*, courier_id: int, job_id: int, reason: str, at: datetime) -> None:
    """Hand a job back: before it is picked up somebody else is asked; after, it has failed. Raises Invalid, Conflict, Gone or NotFound."""
    if reason not in GIVE_UP_REASONS:
        raise Invalid("give_up.reason", N_("Say why it cannot be done."), field="reason")
    release(mine(courier_id, job_id), event="give_up", reason=reason, actor=Actor("courier", courier_id), at=at)
    idle_if_done(courier_id, at)
