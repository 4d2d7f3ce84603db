"""Now: on or off duty, what is offered, where to go next."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.apps.city import queries as city
from linli.apps.fulfilment import operations, queries
from linli.apps.fulfilment.queries import CourierView, JobView, StopView
from linli.apps.orders import queries as orders
from linli.fronts.web import rides
from linli.fronts.web.courier import words
from linli.fronts.web.courier.ways import Way, way
from linli.fronts.web.identity import Request, role_required
from linli.kernel.errors import N_, Invalid
from linli.kernel.geo import Point, metres
from linli.platform import clock, push
from linli.platform.ids import seal

HOME = "/courier/"
_DAY_S = 86_400
AHEAD = timedelta(hours=24)  # of booked rides that a driver sees
_HOURS = tuple(str(hours) for hours in range(1, 11))  # that one may say a shift lasts


def home(request: HttpRequest) -> HttpResponse:
    """Back to the page of now."""
    return HttpResponseRedirect(HOME)


@never_cache
@require_safe
@role_required("courier")
def now(request: Request) -> HttpResponse:
    """The courier's first page."""
    courier = _here(request)
    token = push.topic_token(f"courier:{courier.id}")
    return render(request, "courier/now.html", _context(request, courier) | {"live": token, "tab": "now"})


@never_cache
@require_safe
@role_required("courier")
def part(request: Request) -> HttpResponse:
    """What of it changes, for htmx."""
    return render(request, "courier/now_part.html", _context(request, _here(request)))


def _here(request: Request) -> CourierView:
    """The courier, who is evidently there: a page that is open asks again every few seconds."""
    operations.seen(courier_id=request.actor.person_id, at=request.at)
    return queries.courier(courier_id=request.actor.person_id)


def _context(request: Request, courier: CourierView) -> dict[str, Any]:
    stops = queries.plan(courier_id=courier.id, at=request.at)
    place = city.city(city_id=courier.city_id)
    return {
        "courier": courier,
        "city": place,
        "offers": _offers(courier, request.at),
        "ahead": _ahead(courier, request.at),
        "stops": stops,
        "next": _next(courier, stops[0]) if stops else None,
        "wait": None if stops else _wait(courier, request.at),
        "hours": _HOURS,
        "declines": (rides.DECLINE if courier.drives else words.DECLINE).items(),
        "points": _points(courier, stops, place.centre),
    }


def _ahead(courier: CourierView, at: datetime) -> list[dict[str, Any]]:
    """What is booked for later, for a driver who plans the day: when, from where to where, for how much; nothing of the rider."""
    if not courier.drives or not courier.on:
        return []
    found = orders.rides_ahead(city_id=courier.city_id, until=at + AHEAD)
    return [{"order": order, "line": order.items[0], "service": rides.SERVICES[order.items[0].details["service"]]} for order in found]


def _wait(courier: CourierView, at: datetime) -> Way | None:
    """The way to where it is better to wait, if there is such a place."""
    if not courier.on or courier.wait_at is None or courier.wait_until is None or courier.wait_until <= at:
        return None
    return way(courier.city_id, courier.point, courier.wait_at)


def _next(courier: CourierView, stop: StopView) -> dict[str, Any]:
    """The one thing to do now."""
    action = "deliver" if stop.kind == "drop" else "pick_up" if stop.job.state == "arrived" else "arrive"
    return {"stop": stop, "action": action, "way": way(courier.city_id, courier.point, stop.point)}


def _offers(courier: CourierView, at: datetime) -> list[dict[str, Any]]:
    """What is asked, one card for what is offered together."""
    jobs = queries.offers(courier_id=courier.id)
    pay = queries.expected_pay(job_ids=[job.id for job in jobs], at=at) if jobs else {}
    services = {job_id: ride.service for job_id, ride in queries.rides_of(job_ids=[job.id for job in jobs if job.rides]).items()}
    cards = [_card(courier, list(group), pay, at) for _, group in groupby(jobs, key=lambda job: (job.answer_by, job.store_id))]
    return [card | {"service": rides.SERVICES.get(services.get(card["first"].id, ""), "")} for card in cards]


def _card(courier: CourierView, jobs: list[JobView], pay: dict[int, int], at: datetime) -> dict[str, Any]:
    first = jobs[0]
    left = max(0.0, (first.answer_by - at).total_seconds()) if first.answer_by else 0.0
    return {
        "jobs": jobs,
        "first": first,
        "pay": sum(pay.get(job.id, 0) for job in jobs),
        "to_store": metres(courier.point, first.pickup) if courier.point else None,
        "to_door": max(metres(job.pickup, job.drop) for job in jobs),
        "left_s": round(left / clock.speed()),
        "latest": min(job.promise_at for job in jobs),
        "cash": sum(job.cash_due for job in jobs),
    }


def _points(courier: CourierView, stops: list[StopView], centre: Point) -> dict[str, Any]:
    here = courier.point or centre
    marks: list[dict[str, Any]] = [{"id": "me", "kind": "courier", "lat": here.lat, "lng": here.lng}]
    marks += [_mark(number, stop) for number, stop in enumerate(stops, 1)]
    line = [[mark["lat"], mark["lng"]] for mark in marks]
    return {"marks": marks, "lines": [line] if stops else [], "fit": True, "centre": [here.lat, here.lng], "zoom": 14, "pick": "#here"}


def _mark(number: int, stop: StopView) -> dict[str, Any]:
    name = stop.job.pickup_name if stop.kind == "pickup" else stop.job.drop_address
    sealed = seal("jb", stop.job.id)
    kind = "store" if stop.kind == "pickup" else "home"
    place = {"lat": stop.point.lat, "lng": stop.point.lng}
    return {"id": f"{stop.kind}-{sealed}", "kind": kind, **place, "label": f"{number}. {name}", "href": f"/courier/jobs/{sealed}"}


@never_cache
@require_safe
@role_required("courier")
def map_points(request: Request) -> HttpResponse:
    """The marks of the map, afresh."""
    courier = queries.courier(courier_id=request.actor.person_id)
    stops = queries.plan(courier_id=courier.id, at=request.at)
    return JsonResponse(_points(courier, stops, city.city(city_id=courier.city_id).centre))


@require_POST
@role_required("courier")
def online(request: Request) -> HttpResponse:
    """Begin a shift where the courier says it is."""
    courier = queries.courier(courier_id=request.actor.person_id)
    hours = request.POST.get("hours", "")
    until = request.at + timedelta(hours=int(hours)) if hours in _HOURS else None
    operations.go_online(courier_id=courier.id, point=_said(request, courier), until=until, at=request.at)
    return home(request)


@require_POST
@role_required("courier")
def offline(request: Request) -> HttpResponse:
    """End the shift."""
    operations.go_offline(courier_id=request.actor.person_id, at=request.at)
    return home(request)


@require_POST
@role_required("courier")
def here(request: Request) -> HttpResponse:
    """Where the courier is, by tapping a button."""
    courier = queries.courier(courier_id=request.actor.person_id)
    operations.report(courier_id=courier.id, points=[(_said(request, courier), request.at)], at=request.at)
    return home(request)


def _said(request: Request, courier: CourierView) -> Point:
    """The point of the form: measured or tapped, else a landmark by name, else where the courier was last."""
    lat, lng, name = (str(request.POST.get(key, "")).strip() for key in ("lat", "lng", "place"))
    if lat or lng:
        return _point(lat, lng)
    if name:
        found = city.landmarks(city_id=courier.city_id, text=name, limit=1)
        if not found:
            raise Invalid("position.place", N_("We know no place called “%(name)s”. Try a metro station."), name=name[:40], field="place")
        return found[0].point
    if courier.point is None:
        raise Invalid("position.none", N_("Say where you are: allow positioning, tap the map, or name a metro station."), field="place")
    return courier.point


def _point(lat: Any, lng: Any) -> Point:
    try:
        return Point(float(lat), float(lng))
    except (TypeError, ValueError):
        raise Invalid("position.bad", N_("This is not a position."), field="lat") from None


@require_POST
@role_required("courier")
def positions(request: Request) -> HttpResponse:
    """Measured positions from the page's module: `{"points": [[lat, lng, seconds ago], …]}`."""
    try:
        rows = json.loads(request.body)["points"]
        points = [(_point(lat, lng), _ago(request.at, float(ago))) for lat, lng, ago in rows]
    except (ValueError, KeyError, TypeError, OverflowError):
        raise Invalid("position.bad", N_("This is not a position."), field="points") from None
    taken = operations.report(courier_id=request.actor.person_id, points=points, at=request.at)
    return JsonResponse({"taken": taken})


def _ago(at: datetime, seconds: float) -> datetime:
    """A real age on the phone, on the city's clock."""
    if not 0 <= seconds <= _DAY_S:
        raise ValueError(seconds)
    return datetime.fromtimestamp(at.timestamp() - seconds * clock.speed(), at.tzinfo)
