"""Asking couriers and drivers: by compare-and-set, whatever has been thought before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from linli.apps.fulfilment import live
from linli.apps.fulfilment.events import JobOffered
from linli.apps.fulfilment.locks import lock_couriers, plan_changed
from linli.apps.fulfilment.models import Job
from linli.platform import outbox


def offer(
    pairs: Mapping[int, int], versions: Mapping[int, int], *, tick_id: int | None, answer_by: datetime, at: datetime
) -> list[tuple[int, int]]:
    """Offer each job of `pairs` to its courier where all still is as the decision saw it: a job that waits, a courier on duty whose plan
    has the version of `versions`. The (job, courier) pairs that were offered; within the caller's transaction."""
    couriers = lock_couriers(pairs.values())
    steady = {pk for pk, row in couriers.items() if row.state == "on" and row.version == versions[pk]}
    jobs = Job.objects.select_for_update().filter(pk__in=pairs, state="waiting").order_by("pk")
    ours = [job for job in jobs if pairs[job.pk] in steady and job.may_go_to(pairs[job.pk])]
    for job in ours:
        job.state, job.courier_id, job.offered_at, job.answer_by, job.tick_id = "offered", pairs[job.pk], at, answer_by, tick_id
    Job.objects.bulk_update(ours, ["state", "courier_id", "offered_at", "answer_by", "tick_id"])
    plan_changed(*{job.courier_id for job in ours})
    for job in ours:
        live.job_moved(job, at=at)
        outbox.tell(JobOffered(job_id=job.pk, ref=job.ref, courier_id=pairs[job.pk], answer_by=answer_by), at=at)
    return [(job.pk, pairs[job.pk]) for job in ours]
