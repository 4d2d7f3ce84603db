"""How many couriers tomorrow needs, half hour by half hour, beside how many are on duty now."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from linli.apps.fulfilment import queries as street
from linli.apps.insight import operations as insight
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import city_of, show

DAYS = 56  # of history, at most


def page(request: Request) -> HttpResponse:
    """The plan of a day (`day=2026-03-03`; tomorrow by default)."""
    city = city_of(request)
    tomorrow = request.at.astimezone(ZoneInfo(city.zone)).date() + timedelta(days=1)
    day = _day(request.GET.get("day", ""), tomorrow)
    rows = insight.plan_shifts(city_id=city.id, day=day, days=DAYS, at=request.at)
    busy = [row for row in rows if row.high > 0]
    on_duty = len(street.live(city_id=city.id, at=request.at).couriers)
    peak = max((row.couriers_busy for row in busy), default=0)
    near = [tomorrow + timedelta(days=number) for number in range(7)]
    return show(request, "operator/shifts.html", "shifts", city=city, day=day, near=near, rows=busy, on_duty=on_duty, peak=peak)


def _day(text: str, usual: date) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return usual
    return found if abs((found - usual).days) <= 366 else usual
