"""Couriers, where they are and were, and what they earn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from linli.apps.fulfilment.models import Courier, Job, PayLine, Shift, Track
from linli.apps.fulfilment.queries.views import CourierView, JobView, Live, PayLineView, TrackPoint, courier_view, job_view
from linli.apps.fulfilment.states import OPEN
from linli.kernel.errors import N_, NotFound
from linli.kernel.geo import Point

TRACK_LIMIT = 500


def courier(*, courier_id: int) -> CourierView:
    """The courier of this person id. Raises NotFound."""
    row = Courier.objects.filter(pk=courier_id).first()
    if row is None:
        raise NotFound("courier.unknown", N_("There is no such courier."))
    return courier_view(row)


def couriers(*, city_id: int, ids: Sequence[int] | None = None) -> list[CourierView]:
    """The couriers of a city (those among `ids`, when given), by id."""
    rows = Courier.objects.filter(city_id=city_id)
    return [courier_view(row) for row in (rows if ids is None else rows.filter(pk__in=ids)).order_by("pk")]


def live(*, city_id: int, at: datetime) -> Live:
    """Who is on duty and what is under way, in two statements."""
    on = Courier.objects.filter(city_id=city_id, state="on").order_by("pk")
    jobs = Job.objects.filter(city_id=city_id, state__in=OPEN).order_by("promise_at", "pk")
    return Live(tuple(map(courier_view, on)), tuple(map(job_view, jobs)))


def earnings(*, courier_id: int, start: datetime, end: datetime) -> list[PayLineView]:
    """Every component earned from `start` up to `end`, newest job first."""
    rows = PayLine.objects.filter(courier_id=courier_id, at__gte=start, at__lt=end).select_related("job").order_by("-at", "-job_id", "pk")
    return [PayLineView(row.pk, row.job_id, row.job.ref, row.job.pickup_name, row.kind, row.amount, row.at) for row in rows]


def history(*, courier_id: int, limit: int = 50, before: datetime | None = None) -> list[JobView]:
    """What the courier has delivered, newest first; `before` is the `delivered_at` of the last one already seen."""
    rows = Job.objects.filter(courier_id=courier_id, delivered_at__isnull=False)
    if before is not None:
        rows = rows.filter(delivered_at__lt=before)
    return [job_view(row) for row in rows.order_by("-delivered_at", "-pk")[:limit]]


def shift_seconds(*, courier_id: int, start: datetime, end: datetime, at: datetime) -> int:
    """For how many seconds the courier was on duty between `start` and `end`; a shift that goes on counts up to `at`."""
    rows = Shift.objects.filter(Q(off_at__isnull=True) | Q(off_at__gt=start), courier_id=courier_id, on_at__lt=end)
    spans = ((max(start, row.on_at), min(end, row.off_at or at)) for row in rows)
    return int(sum(max(0.0, (last - first).total_seconds()) for first, last in spans))


def track(*, ref: str, after_id: int = 0) -> list[TrackPoint]:
    """Where the courier was while the job `ref` was its own, oldest first; `after_id` is the last point already seen."""
    job = Job.objects.filter(ref=ref).first()
    if job is None or job.courier_id is None or job.accepted_at is None:
        return []
    rows = Track.objects.filter(courier_id=job.courier_id, at__gte=job.accepted_at, pk__gt=after_id)
    if job.closed_at is not None:
        rows = rows.filter(at__lte=job.closed_at)
    newest = list(rows.order_by("-pk")[:TRACK_LIMIT])
    return [TrackPoint(row.pk, Point(row.lat, row.lng), row.at) for row in reversed(newest)]
