"""Jobs, read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from linli.apps.fulfilment import pay
from linli.apps.fulfilment.models import Job
from linli.apps.fulfilment.queries.views import JobView, job_view
from linli.apps.fulfilment.states import DELIVERY, ON_ROUTE
from linli.kernel.errors import N_, NotFound
from linli.kernel.geo import Point


def job(*, ref: str | None = None, job_id: int | None = None) -> JobView:
    """The job of this ref or id. Raises NotFound."""
    row = Job.objects.filter(**({"ref": ref} if ref is not None else {"pk": job_id})).first()
    if row is None:
        raise NotFound("job.unknown", N_("There is no such delivery."))
    return job_view(row)


def jobs(*, refs: Iterable[str]) -> dict[str, JobView]:
    """The jobs of these refs; those that have none are left out."""
    return {row.ref: job_view(row) for row in Job.objects.filter(ref__in=list(refs))}


def jobs_by_id(*, ids: Iterable[int]) -> dict[int, JobView]:
    """The jobs of these ids; those that do not exist are left out."""
    return {row.pk: job_view(row) for row in Job.objects.filter(pk__in=list(ids))}


def open_jobs(*, courier_id: int) -> list[JobView]:
    """What the courier has accepted and not finished, the soonest promised first."""
    rows = Job.objects.filter(courier_id=courier_id, state__in=ON_ROUTE).order_by("promise_at", "pk")
    return [job_view(row) for row in rows]


def offers(*, courier_id: int) -> list[JobView]:
    """What the courier is being asked, the soonest to be answered first."""
    rows = Job.objects.filter(courier_id=courier_id, state="offered").order_by("answer_by", "pk")
    return [job_view(row) for row in rows]


def waiting(*, city_id: int) -> list[JobView]:
    """What nobody has accepted yet, the soonest promised first."""
    rows = Job.objects.filter(city_id=city_id, state__in=("waiting", "offered")).order_by("promise_at", "pk")
    return [job_view(row) for row in rows]


def drops(*, city_id: int, start: datetime, end: datetime, limit: int = 100_000) -> list[tuple[datetime, Point]]:
    """When what was asked for from `start` up to `end` was asked for, and where it went or goes; the newest `limit` of them."""
    rows = Job.objects.filter(city_id=city_id, kind=DELIVERY, created_at__gte=start, created_at__lt=end).exclude(state="cancelled")
    values = rows.order_by("-created_at").values_list("created_at", "drop_lat", "drop_lng")[:limit]
    return [(at, Point(lat, lng)) for at, lat, lng in values]


def expected_pay(*, job_ids: Iterable[int], at: datetime) -> dict[int, int]:
    """What each of these few jobs would earn its courier if it were delivered at `at`, in minor units."""
    rows = Job.objects.filter(pk__in=list(job_ids))
    return {row.pk: sum(pay.components(row, at).values()) for row in rows}
