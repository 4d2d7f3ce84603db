"""What was earned and done, and help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.apps.city import queries as city
from linli.apps.fulfilment import queries
from linli.apps.fulfilment.queries import PayLineView
from linli.fronts.web.courier import words
from linli.fronts.web.identity import Request, role_required
from linli.kernel.errors import N_, Invalid
from linli.platform import policies
from linli.policy import dispatch, money

_PAGE = 20


def _day(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        raise Invalid("day.unreadable", N_("This is not a day."), field="day") from None
    return min(max(day, date(2024, 1, 2)), today)


def _bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return datetime(day.year, day.month, day.day, tzinfo=zone), datetime.combine(day + timedelta(days=1), datetime.min.time(), zone)


@never_cache
@require_safe
@role_required("courier")
def earnings(request: Request) -> HttpResponse:
    """What was earned on a day, today unless `day` says otherwise, component by component."""
    courier = queries.courier(courier_id=request.actor.person_id)
    place = city.city(city_id=courier.city_id)
    zone = ZoneInfo(place.zone)
    today = request.at.astimezone(zone).date()
    day = _day(request.GET.get("day", ""), today)
    start, end = _bounds(day, zone)
    lines = queries.earnings(courier_id=courier.id, start=start, end=end)
    worked_s = queries.shift_seconds(courier_id=courier.id, start=start, end=end, at=request.at)
    context = {
        "city": place,
        "courier": courier,
        "tab": "earnings",
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "total": sum(line.amount for line in lines),
        "hours": divmod(worked_s // 60, 60),
        "kinds": _by_kind(lines),
        "jobs": _by_job(lines),
    }
    return render(request, "courier/earnings.html", context)


def _by_kind(lines: Sequence[PayLineView]) -> list[dict[str, Any]]:
    sums: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        sums[line.kind].append(line.amount)
    return [{"label": words.PAY[kind], "count": len(sums[kind]), "amount": sum(sums[kind])} for kind in words.PAY if sums[kind]]


def _by_job(lines: Sequence[PayLineView]) -> list[dict[str, Any]]:
    jobs: dict[int, list[PayLineView]] = defaultdict(list)
    for line in lines:
        jobs[line.job_id].append(line)
    return [
        {
            "id": job,
            "store": parts[0].store,
            "at": parts[0].at,
            "amount": sum(line.amount for line in parts),
            "parts": [{"label": words.PAY[line.kind], "amount": line.amount} for line in parts],
        }
        for job, parts in jobs.items()
    ]


@never_cache
@require_safe
@role_required("courier")
def history(request: Request) -> HttpResponse:
    """What was delivered, newest first; `before` goes on where the last page ended."""
    courier = queries.courier(courier_id=request.actor.person_id)
    text = request.GET.get("before", "")
    try:
        before = datetime.fromisoformat(text) if text else None
    except ValueError:
        before = None
    if before is not None and before.tzinfo is None:
        before = None
    jobs = queries.history(courier_id=courier.id, limit=_PAGE + 1, before=before)
    shown = jobs[:_PAGE]
    context = {
        "city": city.city(city_id=courier.city_id),
        "tab": "history",
        "jobs": shown,
        "more": shown[-1].delivered_at if len(jobs) > _PAGE else None,
        "begun": before is not None,
    }
    return render(request, "courier/history.html", context)


@require_safe
@role_required("courier")
def help_page(request: Request) -> HttpResponse:
    """How things go, with the numbers in force."""
    courier = queries.courier(courier_id=request.actor.person_id)
    at = courier.city_id
    context = {
        "tab": "help",
        "courier": courier,
        "answer_s": policies.whole(dispatch.ANSWER_S, at),
        "silent_min": policies.whole(dispatch.SILENT_S, at) // 60,
        "reask_min": policies.whole(dispatch.REASK_MIN, at),
        "base": policies.whole(money.COURIER_BASE, at),
        "per_km": policies.whole(money.COURIER_PER_KM, at),
        "night": policies.whole(money.COURIER_NIGHT, at),
        "weather": policies.whole(money.COURIER_WEATHER, at),
        "track_days": policies.whole(dispatch.TRACK_DAYS, at),
    }
    return render(request, "courier/help.html", context)
