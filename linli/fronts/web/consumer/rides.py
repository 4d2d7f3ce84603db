"""Rides: where to, for how much, and the call. The way is the address of the page, so it can be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from linli.apps.accounts import queries as accounts
from linli.apps.catalog import queries as catalog
from linli.apps.city import queries as city
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.operations import Spot
from linli.apps.fulfilment.queries import KeptFares
from linli.apps.orders import operations
from linli.apps.payments import queries as payments
from linli.fronts import riding
from linli.fronts.web import rides as words
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.cashier import begin
from linli.fronts.web.consumer.here import Here, here
from linli.fronts.web.consumer.pages import page, said
from linli.fronts.web.identity import Request, signed_in
from linli.kernel.errors import N_, Conflict, Gone, Invalid, Problem
from linli.kernel.geo import Point
from linli.platform import ids, policies
from linli.policy import promises, rides

FOUND = 8  # places shown for what was typed
LONGEST = 40
ENDS = ("from", "to")


@dataclass(frozen=True, slots=True)
class Choice:
    """A place to choose, and the address of the page with it chosen."""

    name: str
    note: str
    href: str
    icon: str


@require_GET
def where(request: Request) -> HttpResponse:
    """Where from, where to, and what each class would cost."""
    place = here(request)
    try:
        spots = {end: _spot(request.GET.get(end, "")) for end in ENDS}
        origin = spots["from"] or Spot(name=place.name[:LONGEST], point=place.point)
        starts = when(request.GET.get("when", ""), place.city.zone)
        fares = _fares_for(request, place, origin, spots["to"], starts) if spots["to"] else None
    except Problem as problem:
        return _page(request, place, Spot(name=place.name[:LONGEST], point=place.point), None, None, problem)
    return _page(request, place, origin, spots["to"], fares)


def _fares_for(request: Request, place: Here, origin: Spot, target: Spot, starts: datetime | None) -> KeptFares:
    return street.fares_for(city_id=place.city.id, origin=origin, target=target, at=request.at, starts=starts)


def when(text: str, zone: str) -> datetime | None:
    """The moment that a local time in the address means; None for a ride now. Raises Invalid for what cannot be read."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        raise Invalid("ride.when", N_("This time cannot be read. Choose a day and an hour."), field="when") from None


def _page(
    request: Request, place: Here, origin: Spot, target: Spot | None, fares: KeptFares | None, problem: Problem | None = None
) -> HttpResponse:
    end = "from" if request.GET.get("end") == "from" else "to"
    typed = request.GET.get("q", "").strip()[:LONGEST]
    person_id = request.identity.person_id if request.identity else None
    context: dict[str, Any] = {
        "here": place, "origin": origin, "target": target, "end": end, "typed": typed, "from_text": written(origin),
        "to_text": written(target) if target else "", "choices": _choices(request, place, origin, target, end, typed), "key": uuid4().hex,
        "swap": _address(target, origin) if target else "", **said(problem),
    }  # fmt: skip
    context |= _booking(request, place)
    if fares is not None:
        context |= {"fares": _fares(fares), "estimate": fares.estimate, "valid_until": fares.valid_until, "people": (1, 2, 3, 4, 5, 6)}
        context |= {
            "methods": _methods(place.city.id, fares, person_id),
            "points": _map(origin, target),
            "surge": _surge(fares, place.city.id),
        }
        context["way_min"] = max(1, round(fares.estimate.seconds / 60))
        context["match_min"] = policies.whole(promises.MATCH_DRIVER_MIN, place.city.id)
    return page(request, "ride.html", context, tab="home", status=problem.status if problem else 200)


def _booking(request: Request, place: Here) -> dict[str, Any]:
    """What the page says of a ride for later: the time as it was typed, the earliest and the last, and what calling it off costs."""
    zone, city_id = ZoneInfo(place.city.zone), place.city.id
    least, most = (
        timedelta(minutes=policies.whole(rides.BOOK_LEAST_MIN, city_id)),
        timedelta(days=policies.whole(rides.BOOK_AHEAD_D, city_id)),
    )
    first, last = ((request.at + each).astimezone(zone) for each in (least + timedelta(minutes=1), most))
    typed = (request.POST if request.method == "POST" else request.GET).get("when", "").strip()
    return {
        "when": typed[:16], "first": f"{first:%Y-%m-%dT%H:%M}", "last": f"{last:%Y-%m-%dT%H:%M}",
        "lead_min": policies.whole(rides.BOOK_LEAD_MIN, city_id), "notice_min": policies.whole(rides.BOOK_NOTICE_MIN, city_id),
        "late_share": policies.whole(rides.BOOK_LATE_BP, city_id) // 100,
    }  # fmt: skip


def written(spot: Spot) -> str:
    """A place as the address of a page has it."""
    return f"{spot.point.lat:.5f},{spot.point.lng:.5f},{spot.name}"


def _spot(text: str) -> Spot | None:
    """The place in `lat,lng,name`; None when there is none. Raises Invalid for one that cannot be read."""
    if not text:
        return None
    try:
        lat, lng, name = text.split(",", 2)
        return Spot(name=" ".join(name.split())[:LONGEST] or f"{lat},{lng}", point=Point(float(lat), float(lng)))
    except ValueError:
        raise Invalid("ride.place", N_("This place cannot be read. Choose one from the list."), field="to") from None


def _address(origin: Spot, target: Spot | None) -> str:
    chosen = {"from": written(origin)} | ({"to": written(target)} if target else {})
    return f"/ride?{urlencode(chosen)}"


def _choices(request: Request, place: Here, origin: Spot, target: Spot | None, end: str, typed: str) -> list[Choice]:
    """What was typed, among the places that people know; without it, the person's addresses and the stations."""
    if not typed and target is not None and end == "to":
        return []
    if typed:
        marks = city.landmarks(city_id=place.city.id, text=typed, near=origin.point, limit=FOUND)
    else:
        marks = city.landmarks(city_id=place.city.id, kinds=("airport", "station"), near=origin.point, reach_m=100_000, limit=FOUND)
    english = getattr(request, "LANGUAGE_CODE", "").startswith("en")
    known = [] if typed or request.identity is None else accounts.addresses(person_id=request.identity.person_id)[:3]
    spots = [(Spot(name=each.place[:LONGEST], point=each.point), each.label, "home") for each in known]
    spots += [(Spot(name=((english and mark.name_en) or mark.name)[:LONGEST], point=mark.point), "", _icon(mark.kind)) for mark in marks]
    return [
        Choice(spot.name, note, _address(spot, target) if end == "from" else _address(origin, spot), icon) for spot, note, icon in spots
    ]


def _icon(kind: str) -> str:
    return {"metro": "map", "exit": "map", "hotel": "bed", "station": "target", "airport": "out"}.get(kind, "pin")


def _fares(kept: KeptFares) -> list[dict[str, Any]]:
    return [
        {
            "service": each.found.service,
            "name": gettext(words.SERVICES[each.found.service]),
            "about": gettext(words.ABOUT[each.found.service]),
            "total": each.found.fare.total,
            "parts": [(gettext(words.PARTS[part.kind]), part.amount) for part in each.found.fare.parts],
            "eta_min": None if each.found.eta_s is None else max(1, round(each.found.eta_s / 60)),
            "token": f"{each.found.service}.{each.token}",
        }
        for each in kept.classes
    ]


def _surge(kept: KeptFares, city_id: int) -> dict[str, Any] | None:
    """Why a fare is higher than usual, in numbers; None when it is not."""
    found = kept.estimate.surge
    if found.factor == 1:
        return None
    minutes = policies.whole(rides.SURGE_WINDOW_MIN, city_id)
    cap = policies.value(rides.SURGE_CAP, city_id)
    return {"factor": found.factor, "people": found.people, "idle": found.idle, "minutes": minutes, "cap": cap, "capped": found.capped}


def _methods(city_id: int, kept: KeptFares, person_id: int | None) -> list[Any]:
    most = max((each.found.fare.total for each in kept.classes), default=0)
    return [method for method in payments.methods(city_id=city_id, amount=most, mode="ride", person_id=person_id) if method.enough]


def _map(origin: Spot, target: Spot | None) -> dict[str, Any]:
    marks = [{"id": "from", "kind": "you", "lat": origin.point.lat, "lng": origin.point.lng, "label": origin.name}]
    if target is not None:
        marks.append({"id": "to", "kind": "home", "lat": target.point.lat, "lng": target.point.lng, "label": target.name})
    return {"marks": marks, "lines": [[[mark["lat"], mark["lng"]] for mark in marks]], "fit": True}


def _put(request: Request, store_id: int, offer_id: int, fare: str) -> None:
    """Put the ride into the cart, in place of another one. Raises what stands against it."""
    person_id = request.actor.person_id
    operations.clear_mode(person_id=person_id, store_id=store_id, mode="ride", at=request.at)
    operations.add_line(
        person_id=person_id, store_id=store_id, offer_id=offer_id, guests=forms.whole(request.POST, "people", 1), details={"fare": fare},
        at=request.at,
    )  # fmt: skip


@signed_in
@require_POST
def call(request: Request) -> HttpResponse:
    """Call: one tap, at the fare that was shown."""
    service, _, fare = str(request.POST.get("fare", "")).partition(".")
    place = here(request)
    sold = catalog.ride_classes(city_id=place.city.id).get(service)
    back = f"/ride?{urlencode({end: request.POST.get(end, '') for end in (*ENDS, 'when')})}"
    if sold is None:
        raise Invalid("ride.class", N_("There is no such kind of ride."), field="fare")
    method = str(request.POST.get("method", ""))[:20]
    try:
        if request.POST.get("with") == "cart":
            _put(request, sold.store_id, sold.offer_id, fare)
            return HttpResponseRedirect("/checkout")
        order = riding.call(
            person_id=request.actor.person_id, fare=fare, sold=(sold.store_id, sold.offer_id), method=method,
            guests=forms.whole(request.POST, "people", 1), key=str(request.POST.get("key", ""))[:36], at=request.at,
        )  # fmt: skip
    except Gone:
        return HttpResponseRedirect(f"{back}&{urlencode({'again': 1})}")  # the new fare is on the page, and said to be new
    except (Conflict, Invalid) as problem:
        origin, target = _spot(str(request.POST.get("from", ""))), _spot(str(request.POST.get("to", "")))
        if origin is None or target is None:
            raise
        fares = _fares_for(request, place, origin, target, when(str(request.POST.get("when", "")), place.city.zone))
        return _page(request, place, origin, target, fares, problem)
    if order.state == "placed":
        return HttpResponseRedirect(begin(request, payments.intent(ref=order.ref).id, method))
    return HttpResponseRedirect(f"/rides/{ids.seal('or', order.id)}")
