"""What happens when there are fewer couriers than meals: whoever waits is told in time, and nobody waits for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.fulfilment import live
from linli.apps.fulfilment.events import JobUnfound
from linli.apps.fulfilment.locks import lock_job
from linli.apps.fulfilment.models import Job
from linli.apps.fulfilment.states import DELIVERY, JOB
from linli.kernel.actors import SYSTEM
from linli.platform import outbox, policies
from linli.policy import dispatch

_MOST = 500  # looked at in one go; the next minute sees the rest


def see_to_unfound(*, city_id: int, at: datetime) -> tuple[int, int]:
    """Tell of deliveries that nobody has taken for too long, and call off those that have waited longest; how many of both."""
    told_after = timedelta(minutes=policies.whole(dispatch.WAIT_MAX_MIN, city_id))
    over_after = timedelta(minutes=policies.whole(dispatch.GIVE_UP_MIN, city_id))
    late = Job.objects.filter(
        city_id=city_id, kind=DELIVERY, state="waiting", ready_at__lte=at - told_after, created_at__lte=at - told_after
    )
    counts = [0, 0]
    for job_id in list(late.order_by("ready_at", "pk").values_list("pk", flat=True)[:_MOST]):
        with transaction.atomic():
            final = _see_to(job_id, told_after, over_after, at)
        if final is not None:
            counts[final] += 1
    return counts[0], counts[1]


def _see_to(job_id: int, told_after: timedelta, over_after: timedelta, at: datetime) -> bool | None:
    """Whether it was called off; None when there was nothing to tell."""
    job = lock_job(job_id=job_id)
    since = max(job.ready_at, job.created_at)
    if job.state != "waiting" or at - since < told_after:
        return None
    final = at - since >= over_after
    if job.unfound_at is not None and not final:
        return None
    if final:
        job.state, job.closed_at = JOB.step(job.state, "cancel", SYSTEM), at
    job.unfound_at = job.unfound_at or at
    job.save(update_fields=["state", "closed_at", "unfound_at"])
    live.job_moved(job, at=at)
    outbox.tell(JobUnfound(job_id=job.pk, ref=job.ref, until=since + over_after, final=final), at=at)
    return final
