"""Booking a kept trip: what of it can be had here is chosen on one page and goes into one checkout."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linli.apps.city import queries as city
from linli.apps.discovery import operations
from linli.apps.discovery.queries import bookable
from linli.apps.discovery.queries.bookable import Bookable
from linli.apps.discovery.queries.saved_trips import TripView
from linli.apps.fulfilment.operations import Spot
from linli.fronts.web.consumer.my_trips import address_of, kept_trip
from linli.fronts.web.consumer.pages import page, said
from linli.fronts.web.consumer.rides import written
from linli.fronts.web.identity import Request, signed_in
from linli.kernel.errors import N_, Conflict, Invalid, Problem
from linli.platform import ids

STATION_M = 100_000  # how far a railway station may be


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: Request, name: str) -> HttpResponse:
    """What can be booked; a POST puts what was chosen into the carts and goes to the checkout."""
    kept = kept_trip(request, name)
    found = bookable.bookable(kept=kept, at=request.at)
    if request.method != "POST":
        return _page(request, kept, found, None)
    try:
        parts = operations.fill_carts(person_id=request.actor.person_id, chosen=_chosen(request, found), at=request.at)
    except Problem as problem:
        return _page(request, kept, bookable.bookable(kept=kept, at=request.at), problem)
    return HttpResponseRedirect(onward(parts))


def onward(parts: Sequence[tuple[int, str]]) -> str:
    """The checkout of these carts: that of the one, or the shared one."""
    sealed = [(ids.seal("st", store_id), mode) for store_id, mode in parts]
    if len(sealed) == 1:
        return f"/checkout/{sealed[0][0]}?{urlencode({'mode': sealed[0][1]})}"
    return f"/checkout?{urlencode([('part', f'{store}:{mode}') for store, mode in sealed])}"


def _chosen(request: Request, found: Sequence[Bookable]) -> list[Bookable]:
    """What the form says, among what can be booked now. Raises Invalid for nothing, Conflict for what is not to be had any more."""
    wanted = {key for name in ("bed", "pick") for key in request.POST.getlist(name) if key}
    if not wanted:
        raise Invalid("trip.nothing", N_("Choose at least one thing to book."), field="pick")
    chosen = [one for one in found if one.key in wanted]
    if len(chosen) < len(wanted):
        raise Conflict("trip.gone", N_("Something of it was taken meanwhile. This is what can be booked now; nothing was put into a cart."))
    return chosen


def _page(request: Request, kept: TripView, found: Sequence[Bookable], problem: Problem | None) -> HttpResponse:
    picked = {key for name in ("bed", "pick") for key in request.POST.getlist(name)} if problem else {one.key for one in found[:1]}
    rest = [one for one in found if one.kind != "room"]
    picked |= set() if problem else {one.key for one in rest}
    context = {
        "kept": kept, "beds": [one for one in found if one.kind == "room"], "rest": rest, "picked": picked, "here_is": address_of(kept.id),
        "nights": bookable.nights_of(kept), "stations": _stations(kept), **said(problem),
    }  # fmt: skip
    return page(request, "trip_book.html", context, tab="me", status=problem.status if problem else 200)


def _stations(kept: TripView) -> list[tuple[object, str]]:
    """The nearest stations and airports, each with the address where a ride there is called."""
    marks = city.landmarks(city_id=kept.city_id, kinds=("airport", "station"), near=kept.home.point, reach_m=STATION_M, limit=3)
    start = written(Spot(name=kept.home.name, point=kept.home.point))
    return [(mark, f"/ride?{urlencode({'from': start, 'to': written(Spot(name=mark.name, point=mark.point))})}") for mark in marks]
