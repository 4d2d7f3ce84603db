"""Where travel times come from, whether whoever says them answers, and what slows or closes roads just now."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse

from linli.apps.city import operations as cities
from linli.apps.city import queries
from linli.apps.city.queries import CityView, IncidentView
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import back, city_of, point_of, show
from linli.kernel.errors import N_, Invalid, Problem
from linli.platform.ids import seal, unseal

USUAL = {"lat": "", "lng": "", "radius_m": "300", "pct": "0", "minutes": "60", "note": ""}


def page(request: Request, problem: Problem | None = None) -> HttpResponse:
    """The map with what is in the way, and a form for more; what was typed stays when it was wrong."""
    city = city_of(request)
    found = queries.incidents(city_id=city.id, at=request.at)
    typed = {name: request.POST.get(name, usual) for name, usual in USUAL.items()}
    return show(
        request, "operator/streets.html", "streets", problem=problem, city=city, typed=typed, points=_points(city, found),
        ways=queries.ways_now(city_id=city.id, at=request.at), roads=queries.roads(city_id=city.id),
        incidents=[(seal("ri", one.id), number, one, round(one.speed_factor * 100)) for number, one in enumerate(found, 1)],
    )  # fmt: skip


def _points(city: CityView, found: list[IncidentView]) -> dict[str, Any]:
    marks = [
        {
            "id": f"i{one.id}",
            "kind": "late",
            "dotty": True,
            "lat": one.point.lat,
            "lng": one.point.lng,
            "label": f"{number} · {one.note}".rstrip(" ·"),
        }
        for number, one in enumerate(found, 1)
    ]
    return {"marks": marks, "centre": [city.centre.lat, city.centre.lng], "zoom": 12, "pick": "#incident"}


def report(request: Request) -> HttpResponse:
    """Roads around a place are slow or closed for a while."""
    try:
        cities.report_incident(
            city_id=city_of(request).id, point=point_of(request),
            radius_m=int(_number(request, "radius_m")), speed_factor=_number(request, "pct") / 100, until_at=_until(request),
            note=request.POST.get("note", ""), actor=request.actor, at=request.at,
        )  # fmt: skip
    except Problem as problem:
        return page(request, problem)
    return back("/operator/streets", "incident")


def _number(request: Request, name: str) -> Decimal:
    try:
        found = Decimal(request.POST.get(name, "").strip()[:20])
    except InvalidOperation:
        found = Decimal("NaN")
    if not (found.is_finite() and abs(found) < 1_000_000):
        raise Invalid("streets.number", N_("Please type a number."), field=name)
    return found


def _until(request: Request) -> datetime:
    return request.at + timedelta(minutes=float(_number(request, "minutes")))


def free(request: Request, incident: str) -> HttpResponse:
    """The roads are free again."""
    try:
        cities.end_incident(incident_id=unseal("ri", incident), actor=request.actor, at=request.at)
    except Problem as problem:
        return page(request, problem)
    return back("/operator/streets", "free")
