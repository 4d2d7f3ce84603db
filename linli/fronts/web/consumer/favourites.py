"""Hearts: keeping a store or a dish, and the list of what is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_POST

from linli.apps.catalog import queries as catalog
from linli.apps.community import operations, queries
from linli.apps.discovery.queries.cards import cards, seconds_per_metre
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.here import here
from linli.fronts.web.consumer.pages import page, part, wants_part
from linli.fronts.web.identity import Request, signed_in
from linli.platform import ids


def heart(store_id: int, offer_id: int, request: Request) -> dict[str, Any]:
    """What the heart of a store (or of one of its offers) shows. One statement for somebody signed in."""
    person_id = request.identity.person_id if request.identity else 0
    kept = queries.kept_of(person_id=person_id, store_id=store_id) if person_id else frozenset()
    return {"store_id": store_id, "offer_id": offer_id, "kept": offer_id in kept}


@signed_in
@require_POST
def keep(request: Request, name: str) -> HttpResponse:
    """Keep the store (or one of its offers), or let it go with `keep` being 0."""
    store_id, offer_id = ids.unseal("st", name), forms.sealed(request.POST, "offer", "of") or 0
    kept = request.POST.get("keep") != "0"
    if kept:
        operations.keep(person_id=request.actor.person_id, store_id=store_id, offer_id=offer_id, at=request.at)
    else:
        operations.drop(person_id=request.actor.person_id, store_id=store_id, offer_id=offer_id)
    if wants_part(request):
        return part(request, "parts/heart.html", {"heart": {"store_id": store_id, "offer_id": offer_id, "kept": kept}})
    inside = f"/offers/{ids.seal('of', offer_id)}" if offer_id else ""
    return HttpResponseRedirect("/me/favourites" if request.POST.get("back") == "list" else f"/stores/{name}{inside}")


@signed_in
@require_GET
def mine(request: Request) -> HttpResponse:
    """What the reader keeps: stores as they are now, and dishes with their prices; what is gone is said to be."""
    place, found = here(request), queries.favourites(person_id=request.actor.person_id)
    pace = seconds_per_metre(city_id=place.city.id, point=place.point, at=request.at)
    stores = list(dict.fromkeys(one.store_id for one in found))
    seen = cards(ids=stores, point=place.point, at=request.at, dishes={}, pace=pace)
    by_store, offers = {card.store.id: card for card in seen}, catalog.offers(ids={one.offer_id for one in found if one.offer_id})
    context = {
        "here": place,
        "stores": [by_store[one.store_id] for one in found if not one.offer_id and one.store_id in by_store],
        "dishes": [
            {"store": by_store[one.store_id].store, "offer": offers.get(one.offer_id), "offer_id": one.offer_id}
            for one in found
            if one.offer_id and one.store_id in by_store
        ],
    }
    return page(request, "favourites.html", context, tab="me")
