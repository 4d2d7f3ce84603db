"""The address book, filled in as far as we can."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.apps.accounts import operations, queries
from linli.apps.city import queries as city
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.here import here
from linli.fronts.web.consumer.pages import page, part, said
from linli.fronts.web.identity import Request, signed_in
from linli.fronts.web.views import safe_next
from linli.kernel.errors import N_, Invalid, Problem
from linli.platform import ids

FIELDS = ("label", "contact_name", "phone", "place", "detail")
SUGGESTED = 6


@signed_in
@require_GET
def book(request: Request) -> HttpResponse:
    """All addresses."""
    return page(request, "addresses.html", {"addresses": queries.addresses(person_id=request.actor.person_id)}, tab="me")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: Request, name: str = "") -> HttpResponse:
    """Write an address, a new one or `name`; who and where are filled in from what is known."""
    address_id = ids.unseal("ad", name) if name else None
    if request.method != "POST":
        return _form(request, name, _known(request, address_id))
    posted = {key: str(value) for key, value in request.POST.items()}
    try:
        saved = _save(request, address_id)
    except Problem as problem:
        return _form(request, name, posted, problem)
    after = safe_next(request, "/me/addresses")
    if after.startswith("/checkout/"):
        after += ("&" if "?" in after else "?") + urlencode({"address": ids.seal("ad", saved.id)})
    return HttpResponseRedirect(after)


def _save(request: Request, address_id: int | None) -> queries.AddressView:
    posted, town = request.POST, here(request).city
    door = forms.point(posted)
    if not town.box.holds(door):
        raise Invalid("place.outside", N_("This place is outside of %(city)s."), city=town.name, field="place")
    return operations.save_address(
        person_id=request.actor.person_id, address_id=address_id, **{name: posted.get(name, "") for name in FIELDS},
        lat=door.lat, lng=door.lng, is_default=posted.get("is_default") == "1", at=request.at,
    )  # fmt: skip


def _known(request: Request, address_id: int | None) -> dict[str, Any]:
    """What the form starts with: the address itself, or the person, their phone and the place they look around."""
    person_id = request.actor.person_id
    if address_id is not None:
        kept = queries.address(person_id=person_id, address_id=address_id)
        plain = {name: getattr(kept, name) for name in (*FIELDS, "lat", "lng")}
        return {**plain, "is_default": "1" if kept.is_default else ""}
    spot, person = here(request), queries.person(person_id=person_id)
    found = {"contact_name": person.name, "phone": person.phone, "is_default": ""}
    return {**found, "place": spot.name, "lat": spot.point.lat, "lng": spot.point.lng} if spot.chosen else found


def _form(request: Request, name: str, values: dict[str, Any], problem: Problem | None = None) -> HttpResponse:
    spot = here(request)
    near = city.landmarks(city_id=spot.city.id, near=spot.point, limit=SUGGESTED)
    lat, lng = values.get("lat"), values.get("lng")
    marks = [{"id": "picked", "kind": "home", "lat": float(lat), "lng": float(lng)}] if lat and lng and not problem else []
    centre = [spot.point.lat, spot.point.lng]
    points = {"marks": marks, "centre": [marks[0]["lat"], marks[0]["lng"]] if marks else centre, "zoom": 15, "pick": "#address"}
    context = {
        "here": spot,
        "values": values,
        "name": name,
        "landmarks": near,
        "points": points,
        "next": safe_next(request, ""),
        **said(problem),
    }
    return page(request, "address.html", context, tab="me", status=problem.status if problem else 200)


@signed_in
@require_GET
def suggest(request: Request) -> HttpResponse:
    """Landmarks that begin like what is typed, to choose from."""
    spot = here(request)
    text = request.GET.get("place", "").strip()[:40]
    found = city.landmarks(city_id=spot.city.id, text=text, near=spot.point, limit=SUGGESTED)
    return part(request, "parts/suggestions.html", {"landmarks": found})


@signed_in
@require_POST
def delete(request: Request, name: str) -> HttpResponse:
    """Take it out of the book."""
    operations.delete_address(person_id=request.actor.person_id, address_id=ids.unseal("ad", name), at=request.at)
    return HttpResponseRedirect("/me/addresses")
