"""What every page of the console has: its city, the counts at the side, the words of what was just done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from linli.apps.care import queries as care
from linli.apps.city import queries as cities
from linli.apps.city.queries import CityView
from linli.apps.orders import queries as orders
from linli.fronts.web.identity import Request
from linli.fronts.web.operator import words
from linli.fronts.web.problems import words as words_of
from linli.kernel.errors import N_, Invalid, NotFound, Problem
from linli.kernel.geo import Point
from linli.platform import invariants, jobs

CITY_COOKIE = "desk_city"


@dataclass(frozen=True, slots=True)
class Counts:
    """What wants attention, at the side of every page."""

    late: int
    cases: int
    poison: int
    broken: int

    @property
    def machine(self) -> int:
        """Jobs set aside, and rules that do not hold."""
        return self.poison + self.broken


def city_of(request: Request) -> CityView:
    """The city that is looked at: named in the address, kept in the cookie, or the first. Raises NotFound when there is none."""
    known = cities.cities()
    if not known:
        raise NotFound("city.none", N_("There is no city yet. Load one with “linli city load”."))
    wanted = request.GET.get("city") or request.COOKIES.get(CITY_COOKIE, "")
    return next((city for city in known if city.slug == wanted), known[0])


def counts(request: Request, city: CityView) -> Counts:
    """The numbers at the side; the support desk does not look after machines."""
    operator = request.actor.role == "operator"
    poison, broken = (jobs.poison_count(), invariants.broken_count()) if operator else (0, 0)
    late = orders.late_count(city_id=city.id, at=request.at)
    return Counts(late=late, cases=care.open_count(city_id=city.id), poison=poison, broken=broken)


def show(request: Request, template: str, room: str, *, problem: Problem | None = None, **context: Any) -> HttpResponse:
    """A page of the console; with a `problem` it says so at the top and has its status."""
    city = context.pop("city", None) or city_of(request)
    frame = {
        "room": room,
        "desk": request.actor.role,
        "base": f"/{request.actor.role}",
        "city": city,
        "cities": cities.cities(),
        "now": request.at,
        "counts": counts(request, city),
        "problem": words_of(problem) if problem else "",
        "done": words.say("done", request.GET["done"]) if request.GET.get("done") in words.DONE else "",
    }
    response = render(request, template, frame | context, status=problem.status if problem else 200)
    if request.GET.get("city"):
        response.set_cookie(CITY_COOKIE, city.slug, samesite="Lax", httponly=True)
    return response


def point_of(request: Request) -> Point:
    """The place that was typed. Raises Invalid."""
    try:
        return Point(float(request.POST.get("lat", "")), float(request.POST.get("lng", "")))
    except ValueError:
        raise Invalid("site.point", N_("Please type degrees of latitude and longitude."), field="point") from None


def back(address: str, done: str, *, more: bool = False) -> HttpResponseRedirect:
    """To the page that shows the result, with the word that it is done; `more` says that the address has a question already."""
    response = HttpResponseRedirect(f"{address}{'&' if more else '?'}done={done}")
    response.status_code = 303
    return response
