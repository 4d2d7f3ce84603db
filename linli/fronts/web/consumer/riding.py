"""One ride: who comes and when, the start code, the way, calling it off, and what can be said afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.apps.accounts import operations as people
from linli.apps.accounts import queries as accounts
from linli.apps.care import operations as care
from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.queries import CancelTerms, RideView
from linli.apps.notices import queries as notices
from linli.apps.orders import operations
from linli.apps.orders import queries as ordered
from linli.apps.orders.queries import OrderView
from linli.fronts.web import rides as words
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.orders import context_of, timeline
from linli.fronts.web.consumer.pages import page, part, said, wants_part
from linli.fronts.web.consumer.words import RIDE_CANCEL_REASONS
from linli.fronts.web.identity import Request, signed_in
from linli.kernel.errors import N_, NotFound, Problem
from linli.kernel.geo import Point
from linli.platform import ids, policies, push
from linli.policy import promises, rides

UNDER_WAY = ("calling", "matched", "arrived", "riding")


def _mine(request: Request, name: str) -> OrderView:
    """The ride, if it is the person's. Raises NotFound."""
    order = ordered.order(order_id=ids.unseal("or", name), person_id=request.actor.person_id)
    if order.mode != "ride":
        raise NotFound("ride.unknown", N_("There is no such ride."))
    return order


def _ride(order: OrderView) -> RideView | None:
    """The ride on the street; None before it is called."""
    try:
        return street.ride(ref=order.ref)
    except NotFound:
        return None


def called(order: OrderView) -> str:
    """What the class of a ride is called."""
    code = order.items[0].details["service"]
    return gettext(words.SERVICES[code])


def eta(ride: RideView | None, at: datetime) -> datetime | None:
    """When the driver is at the pickup or, on the trip, at the destination."""
    if ride is None or ride.driver is None or ride.job.state not in ("accepted", "picked_up"):
        return None
    wanted = (ride.job.id, "drop" if ride.job.state == "picked_up" else "pickup")
    stops = street.plan(courier_id=ride.driver.id, at=at)
    return next((stop.arrive_at for stop in stops if (stop.job.id, stop.kind) == wanted), None)


def marks(order: OrderView, ride: RideView | None) -> dict[str, Any]:
    """The map of a ride: where it begins and ends, and the car."""
    ends = [(kind, order.items[0].details[kind]) for kind in ("from", "to")]
    found: list[dict[str, Any]] = [
        {"id": kind, "kind": "you" if kind == "from" else "home", "lat": spot["lat"], "lng": spot["lng"], "label": spot["name"]}
        for kind, spot in ends
    ]
    line = [[mark["lat"], mark["lng"]] for mark in found]
    car = _car(order, ride)
    if car is not None:
        found.append({"id": "courier", "kind": "car", "lat": car.lat, "lng": car.lng, "label": gettext("Your driver")})
    return {"marks": found, "lines": [line], "fit": True}


def _car(order: OrderView, ride: RideView | None) -> Point | None:
    return ride.driver.point if ride and ride.driver and order.state in UNDER_WAY else None


def _context(request: Request, order: OrderView) -> dict[str, Any]:
    ride, line = _ride(order), order.items[0]
    limit = timedelta(minutes=policies.whole(promises.MATCH_DRIVER_MIN, order.city_id))
    return {
        **context_of(request, order),
        "ride": ride,
        "line": line,
        "steps": timeline(order),
        "service": called(order),
        "parts": [(gettext(words.PARTS[kind]), amount) for kind, amount in line.details["parts"]],
        "eta_at": eta(ride, request.at),
        "search_until": max(ride.job.created_at + limit, ride.job.ready_at) if ride and order.state == "calling" else None,
        "terms": _terms(order, request.at),
        "booked": order.state == "confirmed",
        "lead_min": policies.whole(rides.BOOK_LEAD_MIN, order.city_id),
        "under_way": order.state in UNDER_WAY,
        "trip_link": notices.trip_link(order_id=order.id, city_id=order.city_id, at=request.at) if order.state in UNDER_WAY else "",
        "contact": accounts.trusted_contact(person_id=order.person_id),
        "stars": words.STARS,
        "cancel_reasons": RIDE_CANCEL_REASONS,
    }


def _terms(order: OrderView, at: datetime) -> CancelTerms:
    """What calling it off costs; of one that is booked and not called yet, by the rules of its mode."""
    if order.called_at is None:
        return CancelTerms(ordered.call_off(order=order, at=at).kept, "booked")
    return street.cancel_terms(ref=order.ref, at=at)


@signed_in
@never_cache
@require_GET
def ride(request: Request, name: str) -> HttpResponse:
    """The live page of a ride; for htmx only the part that changes."""
    order = _mine(request, name)
    if wants_part(request):
        return part(request, "parts/riding.html", _context(request, order))
    return _shown(request, order)


def _shown(request: Request, order: OrderView, problem: Problem | None = None) -> HttpResponse:
    live = push.topic_token(f"order:{order.id}", f"person:{order.person_id}") if order.state in (*UNDER_WAY, "placed") else ""
    points = marks(order, _ride(order)) if order.state in UNDER_WAY else None
    context = {**_context(request, order), "live": live, "points": points, **said(problem)}
    return page(request, "riding.html", context, tab="orders", status=problem.status if problem else 200)


@signed_in
@never_cache
@require_GET
def whereabouts(request: Request, name: str) -> JsonResponse:
    """The map's marks once more."""
    order = _mine(request, name)
    return JsonResponse(marks(order, _ride(order)))


def _back(name: str) -> HttpResponse:
    return HttpResponseRedirect(f"/rides/{name}")


@signed_in
@require_POST
def cancel(request: Request, name: str) -> HttpResponse:
    """Call it off, for what the page said it costs; when that has just become more, it is asked again."""
    order = _mine(request, name)
    terms, agreed = _terms(order, request.at), forms.whole(request.POST, "fee")
    if terms.fee > agreed:
        return _shown(request, order)
    operations.cancel(order_id=order.id, actor=request.actor, reason=str(request.POST.get("reason", ""))[:200], at=request.at)
    return _back(name)


@signed_in
@require_POST
def rate(request: Request, name: str) -> HttpResponse:
    """How the driver was."""
    order = _mine(request, name)
    fulfilment.rate_driver(ref=order.ref, rider_id=order.person_id, stars=forms.whole(request.POST, "stars"))
    return _back(name)


@signed_in
@require_POST
def safety(request: Request, name: str) -> HttpResponse:
    """Something feels wrong: support has it at once, and the person reads what to do meanwhile."""
    order = _mine(request, name)
    text = str(request.POST.get("text", "")).strip()[:1000] or gettext("The safety button was pressed.")
    case = care.alarm(order_id=order.id, person_id=order.person_id, text=text, at=request.at)
    return HttpResponseRedirect(f"/cases/{ids.seal('cs', case.id)}")


@signed_in
@require_POST
def lost(request: Request, name: str) -> HttpResponse:
    """Something was left in the car."""
    order = _mine(request, name)
    text = str(request.POST.get("text", "")).strip()
    try:
        case = care.complain(order_id=order.id, person_id=order.person_id, kind="lost", text=text, wanted=0, at=request.at)
    except Problem as problem:
        return _shown(request, order, problem)
    return HttpResponseRedirect(f"/cases/{ids.seal('cs', case.id)}")


@signed_in
@require_POST
def contact(request: Request, name: str) -> HttpResponse:
    """Whom to tell when a ride begins and ends; nobody, when the fields are empty."""
    order, posted = _mine(request, name), request.POST
    given = {field: str(posted.get(field, "")).strip() for field in ("name", "phone")}
    if not any(given.values()):
        people.trust_nobody(person_id=order.person_id)
        return _back(name)
    try:
        people.trust(person_id=order.person_id, at=request.at, **given)
    except Problem as problem:
        return _shown(request, order, problem)
    return _back(name)


# what a stranger may see of a trip


def _shared(token: str, at: datetime) -> OrderView:
    """The trip of a link. Raises Gone when its time is over, Invalid when it is none of ours."""
    return ordered.order(order_id=notices.trip_of(token=token, at=at))


@never_cache
@require_GET
def trip(request: Request, token: str) -> HttpResponse:
    """A trip as anybody sees it who was given the link: the way, the car, and how far it is. No name, no number, no money."""
    order = _shared(token, request.at)
    found = _ride(order)
    context = {
        "order": order, "ride": found, "line": order.items[0], "eta_at": eta(found, request.at), "token": token,
        "under_way": order.state in UNDER_WAY, "points": marks(order, found) if order.state in UNDER_WAY else None,
        "service": called(order),
    }  # fmt: skip
    if wants_part(request):
        return part(request, "parts/shared_trip.html", context)
    return page(request, "shared_trip.html", context)


@never_cache
@require_GET
def trip_map(request: Request, token: str) -> JsonResponse:
    """The marks of a shared trip once more."""
    order = _shared(token, request.at)
    return JsonResponse(marks(order, _ride(order)) if order.state in UNDER_WAY else {"marks": [], "lines": []})
