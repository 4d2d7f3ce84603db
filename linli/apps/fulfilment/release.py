"""Taking a job from a courier and putting it back among the waiting ones."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from linli.apps.fulfilment import live
from linli.apps.fulfilment.events import JobDeclined, JobGivenUp
from linli.apps.fulfilment.locks import plan_changed
from linli.apps.fulfilment.models import Courier, Job
from linli.apps.fulfilment.states import JOB
from linli.kernel.actors import Actor
from linli.platform import outbox


def release(job: Job, *, event: str, reason: str, actor: Actor, at: datetime) -> None:
    """Take `job` (locked, with its courier) away from its courier by `decline` or `give_up`, and tell.

    What was on board fails; everything else waits for another. Raises Conflict or Forbidden by the state table.
    """
    loser = job.courier_id
    assert loser is not None
    job.state = JOB.step(job.state, event, actor)
    if job.pinned_id == loser:
        job.pinned = None
    gave_up = event == "give_up"
    note_loss(job, loser, reason, at=at, gave_up=gave_up)
    if job.state == "failed":
        job.closed_at = at
    else:
        job.courier, job.answer_by, job.accepted_at, job.arrived_at = None, None, None, None
    job.save()
    plan_changed(loser)
    if gave_up or reason == "no_answer":
        Courier.objects.filter(pk=loser).update(strikes=F("strikes") + 1)
    live.job_moved(job, at=at, courier_id=loser)
    _tell(job, loser, gave_up, reason, at)


def note_loss(job: Job, loser: int | None, reason: str, *, at: datetime, gave_up: bool = False) -> None:
    """Remember on the row (not saved yet) that `loser` had the job and has it no more."""
    if loser is not None:
        job.declines = [*job.declines, {"courier": loser, "reason": reason, "at": at.isoformat(), "gave_up": gave_up}]


def _tell(job: Job, loser: int, gave_up: bool, reason: str, at: datetime) -> None:
    if gave_up:
        final = job.state == "failed"
        outbox.tell(JobGivenUp(job_id=job.pk, ref=job.ref, courier_id=loser, reason=reason, final=final), at=at)
    else:
        outbox.tell(JobDeclined(job_id=job.pk, ref=job.ref, courier_id=loser, reason=reason), at=at)
