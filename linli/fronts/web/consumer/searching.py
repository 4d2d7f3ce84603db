"""Looking for a dish or a store."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from linli.apps.catalog import queries as catalog
from linli.apps.discovery import queries as discovery
from linli.apps.discovery.queries import Filters
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.here import here
from linli.fronts.web.consumer.pages import page, part, wants_part
from linli.fronts.web.identity import Request

FEES = (0, 300, 500, 800)


def _filters(request: Request) -> Filters:
    asked = request.GET
    band = forms.whole(asked, "band")
    return Filters(
        open_now=asked.get("open") == "1",
        max_fee=forms.whole(asked, "fee") if asked.get("fee") else None,
        cuisine=asked.get("cuisine", "")[:40],
        band=band if band in discovery.BANDS else None,
        mode=asked.get("mode", "") if asked.get("mode") in {"delivery", "pickup"} else "",
        without=tuple(code for code in asked.getlist("without") if code in catalog.ALLERGENS),
    )


@require_GET
def search(request: Request) -> HttpResponse:
    """Stores that answer the question, as wished."""
    place, filters = here(request), _filters(request)
    text = request.GET.get("q", "").strip()[:80]
    wanted = request.GET.get("sort", "smart")
    sort: discovery.Sort = next((name for name in discovery.SORTS if name == wanted), "smart")
    cursor = request.GET.get("cursor") or None
    person_id = request.identity.person_id if request.identity else None
    found = discovery.search(
        city_id=place.city.id, point=place.point, text=text, filters=filters, sort=sort, at=request.at, cursor=cursor, person_id=person_id
    )
    context = {
        "here": place, "city": place.city, "results": found, "cards": found.cards, "next_cursor": found.next_cursor, "q": text,
        "sort": sort, "filters": filters, "fees": FEES, "counted": dict(found.facets.bands), "allergens": tuple(catalog.ALLERGENS.items()),
    }  # fmt: skip
    if cursor and wants_part(request):
        return part(request, "parts/cards.html", {**context, "why": sort})
    if wants_part(request) and request.headers.get("HX-Target") == "found":
        return part(request, "parts/found.html", context)
    return page(request, "search.html", context, tab="home")


@require_GET
def suggestions(request: Request) -> HttpResponse:
    """What may be meant by what is being typed, as choices for the field."""
    found = discovery.suggestions(city_id=here(request).city.id, text=request.GET.get("q", "")[:80])
    return part(request, "parts/suggestions.html", {"suggestions": found})
