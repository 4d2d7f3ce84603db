"""Where stations, lockers and dark stores stand and should stand: demand, what is there, what is proposed, and what one is worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse

from linli.apps.city import operations as cities
from linli.apps.city import queries
from linli.apps.city.queries import CityView, SiteView
from linli.apps.insight import operations as insight
from linli.fronts.web.identity import Request
from linli.fronts.web.operator import words
from linli.fronts.web.operator.frame import back, city_of, point_of, show
from linli.kernel.errors import N_, Invalid, Problem
from linli.platform.ids import seal, unseal

DAYS, COUNT = 28, 3


def _whole(text: str, usual: int, name: str) -> int:
    """The number that was typed; `usual` for nothing. Raises Invalid."""
    if not text.strip():
        return usual
    if not (text.strip().isascii() and text.strip().isdigit() and len(text.strip()) < 6):
        raise Invalid("siting.number", N_("Please type a whole number."), field=name)
    return int(text)


def _kind(text: str) -> str:
    return text if text in cities.SITE_KINDS else cities.SITE_KINDS[0]


def page(request: Request, problem: Problem | None = None) -> HttpResponse:
    """The map with demand and sites, the last run, and what one site is worth if asked."""
    city, kind = city_of(request), _kind(request.GET.get("kind", request.POST.get("kind", "")))
    sites = queries.sites(city_id=city.id, kind=kind)
    run = queries.last_siting(city_id=city.id, kind=kind)
    days = run.days if run else DAYS
    worth, chosen, problem = _worth(request, city, kind, days, problem)
    return show(
        request, "operator/siting.html", "siting", problem=problem, city=city, kind=kind, kinds=_kinds(), run=run, days=days, count=COUNT,
        sites=[(seal("si", site.id), number, site) for number, site in enumerate(sites, 1)], points=_points(request, city, sites, days),
        worth=worth, chosen=chosen,
    )  # fmt: skip


def _worth(
    request: Request, city: CityView, kind: str, days: int, problem: Problem | None
) -> tuple[insight.Without | None, str, Problem | None]:
    chosen = request.GET.get("without", "")
    if not chosen:
        return None, "", problem
    try:
        site_id = unseal("si", chosen)
        return insight.without_site(city_id=city.id, kind=kind, site_id=site_id, days=days, at=request.at), chosen, problem
    except Problem as wrong:
        return None, "", wrong


def _kinds() -> list[tuple[str, str]]:
    return [(kind, words.say("site", kind)) for kind in cities.SITE_KINDS]


def _points(request: Request, city: CityView, sites: Sequence[SiteView], days: int) -> dict[str, Any]:
    wants = insight.demand(city_id=city.id, days=days, at=request.at)
    marks = [
        {"id": f"c{number}", "kind": "home", "lat": cell.lat, "lng": cell.lng, "label": str(count), "dotty": True}
        for number, (cell, count) in enumerate(zip(wants.cells, wants.counts, strict=True))
    ]
    marks += [
        {"id": f"s{site.id}", "kind": "store" if site.state == "open" else "you", "lat": site.point.lat, "lng": site.point.lng,
         "label": f"{number} · {site.name or words.say('site_state', site.state)}"}
        for number, site in enumerate(sites, 1)
    ]  # fmt: skip
    return {"marks": marks, "centre": [city.centre.lat, city.centre.lng], "zoom": 11, "fit": True}


def propose(request: Request) -> HttpResponse:
    """Work out the best places; what was proposed before gives way."""
    city, kind = city_of(request), _kind(request.POST.get("kind", ""))
    try:
        count = _whole(request.POST.get("count", ""), COUNT, "count")
        days = _whole(request.POST.get("days", ""), DAYS, "days")
        insight.propose_sites(city_id=city.id, kind=kind, count=count, days=days, at=request.at)
    except Problem as problem:
        return page(request, problem)
    return back(f"/operator/siting?kind={kind}", "propose", more=True)


def put(request: Request) -> HttpResponse:
    """A site that is there already."""
    city, kind = city_of(request), _kind(request.POST.get("kind", ""))
    try:
        point = point_of(request)
        name = request.POST.get("name", "")
        cities.put_site(city_id=city.id, kind=kind, name=name, point=point, actor=request.actor, at=request.at)
    except Problem as problem:
        return page(request, problem)
    return back(f"/operator/siting?kind={kind}", "site", more=True)


def decide(request: Request, site: str) -> HttpResponse:
    """Open or drop what is proposed, close what is open."""
    kind = _kind(request.POST.get("kind", ""))
    try:
        event, name = request.POST.get("event", ""), request.POST.get("name", "")
        cities.decide_site(site_id=unseal("si", site), event=event, name=name, actor=request.actor, at=request.at)
    except Problem as problem:
        return page(request, problem)
    return back(f"/operator/siting?kind={kind}", "site", more=True)
