"""The first page: near me; and where "me" is."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods

from linli.apps.accounts import queries as accounts
from linli.apps.city import queries as city
from linli.apps.discovery import queries as discovery
from linli.apps.notices import queries as notices
from linli.apps.orders import queries as orders
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.here import Here, here, keep
from linli.fronts.web.consumer.pages import page, part, wants_part
from linli.fronts.web.consumer.services import SERVICES
from linli.fronts.web.consumer.taste import shown
from linli.fronts.web.identity import Request
from linli.fronts.web.views import safe_next
from linli.kernel.errors import N_, Invalid

SUGGESTED = 12


@require_GET
def home(request: Request) -> HttpResponse:
    """Stores that deliver here, what was ordered before, and kinds of food."""
    place, known = _around(request)
    person_id = request.identity.person_id if request.identity else None
    cursor = request.GET.get("cursor") or None
    found = discovery.home(city_id=place.city.id, point=place.point, person_id=person_id, at=request.at, cursor=cursor)
    context = {
        "here": place,
        "home": found,
        "cards": found.stores,
        "next_cursor": found.next_cursor,
        "city": place.city,
        "services": SERVICES,
    }
    if cursor and wants_part(request):
        return part(request, "parts/cards.html", {**context, "why": "near"})
    found_for = discovery.recommended(city_id=place.city.id, point=place.point, person_id=person_id, at=request.at)
    context |= {"for_you": found_for, "shown": shown(found_for.stores, request), "shown_new": shown(found_for.new, request)}
    response = page(request, "home.html", context, tab="home")
    if known:
        keep(response, place.point, place.name, place.name_en)
    return response


def _around(request: Request) -> tuple[Here, bool]:
    """Where to look: as chosen, else at the door that the person uses most; and whether that was found out just now."""
    place = here(request)
    if place.chosen or request.identity is None:
        return place, False
    door = next((entry for entry in accounts.addresses(person_id=request.identity.person_id) if place.city.box.holds(entry.point)), None)
    return (Here(place.city, door.point, door.place, door.place, True), True) if door else (place, False)


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: Request) -> HttpResponse:
    """Choose where you are: a landmark, one of your addresses, or a point on the map."""
    spot = here(request)
    if request.method == "POST":
        return _choose(request)
    text = request.GET.get("q", "").strip()[:40]
    found = city.landmarks(city_id=spot.city.id, text=text, near=spot.point, limit=SUGGESTED)
    context = {"here": spot, "landmarks": found, "q": text, "next": safe_next(request)}
    if wants_part(request) and request.headers.get("HX-Target") == "landmarks":
        return part(request, "parts/landmarks.html", context)
    mine = accounts.addresses(person_id=request.identity.person_id) if request.identity else []
    return page(request, "place.html", {**context, "addresses": mine})


def _choose(request: Request) -> HttpResponse:
    spot = here(request)
    point = forms.point(request.POST)
    if not spot.city.box.holds(point):
        raise Invalid("place.outside", N_("This place is outside of %(city)s."), city=spot.city.name, field="place")
    name, name_en = request.POST.get("name", "").strip(), request.POST.get("name_en", "").strip()
    if not name:
        around = city.landmarks(city_id=spot.city.id, near=point, limit=1)
        name, name_en = (around[0].name, around[0].name_en) if around else (spot.city.name, spot.city.name_en)
    response = HttpResponseRedirect(safe_next(request))
    keep(response, point, name, name_en)
    return response


@require_GET
def marks(request: Request) -> HttpResponse:
    """The counts on the tabs and the orders on their way, fetched after the page so that the page itself stays light."""
    if request.identity is None:
        return HttpResponse(status=204)
    person_id = request.identity.person_id
    context = {
        "unread": notices.unread(person_id=person_id),
        "pieces": sum(brief.count for brief in orders.carts(person_id=person_id)),
        "going": orders.open_of(person_id=person_id) if request.GET.get("going") else [],
    }
    return part(request, "parts/marks.html", context)
