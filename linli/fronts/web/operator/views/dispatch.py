"""Dispatch as it is this moment: who is where with what, what waits (the latest first), and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from linli.apps.accounts import queries as accounts
from linli.apps.city.queries import CityView
from linli.apps.fulfilment import queries
from linli.apps.fulfilment.queries import JobView, Live, StopView
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import city_of, show
from linli.fronts.web.operator.views import live as street
from linli.platform import push
from linli.platform.ids import seal

Routes = dict[int, list[StopView]]
SHOWN = 60  # deliveries in the queue


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery in the queue: who has it, when it is expected at the door (None while nobody has it), by how much that is late (s)."""

    job: JobView
    courier: str
    pinned: str
    expected_at: datetime | None
    late_s: float


def _queue(seen: Live, routes: Routes, at: datetime) -> list[Waiting]:
    """What is under way, the latest first: by the route of its courier or, while it has none, by how long the promise has passed."""
    doors = {stop.job.id: stop.leave_at for stops in routes.values() for stop in stops if stop.kind == "drop"}
    ids = {one for job in seen.jobs for one in (job.courier_id, job.pinned_id) if one}
    names: dict[int | None, str] = {key: person.name for key, person in accounts.people(ids=ids).items()}
    rows = [
        Waiting(
            job, names.get(job.courier_id, ""), names.get(job.pinned_id, ""), doors.get(job.id),
            (max(doors.get(job.id, at), at) - job.promise_at).total_seconds(),
        )
        for job in seen.jobs
        if job.kind == "delivery"
    ]  # fmt: skip
    return sorted(rows, key=lambda row: -row.late_s)


def _points(city: CityView, seen: Live, routes: Routes, at: datetime) -> dict[str, Any]:
    places = {courier.id: courier.point for courier in seen.couriers if courier.point}
    lines = [
        [[places[courier].lat, places[courier].lng], *([stop.point.lat, stop.point.lng] for stop in stops)]
        for courier, stops in routes.items()
        if courier in places
    ]
    return street.points(city, seen, "/operator", at) | {"lines": lines}


def _state(request: Request, city: CityView, seen: Live, routes: Routes) -> dict[str, Any]:
    rows = _queue(seen, routes, request.at)
    busy = {job.courier_id for job in seen.jobs if job.courier_id}
    waits = [row for row in rows if row.job.state in {"waiting", "offered"}]
    latest = [(seal("tk", tick.id), tick) for tick in queries.ticks(city_id=city.id, limit=1).items]
    return {
        "rows": rows[:SHOWN],
        "under_way": len(rows),
        "late": sum(row.late_s > 0 for row in rows),
        "waits": len(waits),
        "free": sum(courier.id not in busy for courier in seen.couriers),
        "load": f"{len(waits) / max(1, sum(courier.id not in busy for courier in seen.couriers)):.1f}",
        "latest": latest[0] if latest else None,
    }


def page(request: Request) -> HttpResponse:
    """The map with every courier's route, and the queue."""
    city = city_of(request)
    seen, routes = queries.live(city_id=city.id, at=request.at), queries.routes(city_id=city.id, at=request.at)
    points, token = _points(city, seen, routes, request.at), push.topic_token(f"city:{city.id}")
    state = _state(request, city, seen, routes)
    return show(request, "operator/dispatch.html", "dispatch", city=city, points=points, token=token, **state)


def part(request: Request) -> HttpResponse:
    """The queue once more, for a page that is open."""
    city = city_of(request)
    seen, routes = queries.live(city_id=city.id, at=request.at), queries.routes(city_id=city.id, at=request.at)
    return render(request, "operator/parts/queue.html", {"city": city, "now": request.at, **_state(request, city, seen, routes)})


def marks(request: Request) -> JsonResponse:
    """The marks and routes of the map once more."""
    city = city_of(request)
    seen, routes = queries.live(city_id=city.id, at=request.at), queries.routes(city_id=city.id, at=request.at)
    return JsonResponse(_points(city, seen, routes, request.at))
