"""A store: what it is, what it sells, and choosing how a dish is to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import OfferView
from linli.apps.dining import queries as dining
from linli.apps.discovery import queries as discovery
from linli.apps.discovery.queries.cards import Card, cards, seconds_per_metre
from linli.apps.stock import queries as stock
from linli.fronts.web.consumer import passes, stays
from linli.fronts.web.consumer.favourites import heart
from linli.fronts.web.consumer.here import Here, here
from linli.fronts.web.consumer.pages import kept_words, page, part, wants_part
from linli.fronts.web.identity import Request
from linli.kernel.errors import N_, NotFound
from linli.platform import ids

TIMED = ("service", "table")  # kinds that are booked for a time
ELSEWHERE = (*TIMED, "voucher", "ticket")  # kinds that have a page of their own
FEW = 9  # left, below which it is said how many


@dataclass(frozen=True, slots=True)
class Dish:
    """An offer with how many are left: None when nobody counts. `known` are its allergens in words."""

    offer: OfferView
    left: int | None
    known: tuple[str, ...]

    @property
    def available(self) -> bool:
        """Whether it can be put into a cart."""
        return self.offer.on_sale and self.left != 0

    @property
    def few(self) -> bool:
        """Whether so few are left that it should be said."""
        return self.available and self.left is not None and self.left <= FEW


def dish(offer: OfferView, left: int | None) -> Dish:
    """The offer as pages show it."""
    return Dish(offer, left, tuple(catalog.ALLERGENS[code] for code in offer.allergens if code in catalog.ALLERGENS))


def card_of(place: Here, store_id: int, request: Request) -> Card:
    """The store as seen from the reader's place. Raises NotFound."""
    pace = seconds_per_metre(city_id=place.city.id, point=place.point, at=request.at)
    found = cards(ids=[store_id], point=place.point, at=request.at, dishes={}, pace=pace)
    if not found:
        raise NotFound("store.unknown", N_("There is no such store."))
    return found[0]


def sections_of(store_id: int, request: Request) -> tuple[list[dict[str, Any]], list[OfferView], list[passes.Sold]]:
    """The menu, what is booked for a time, and vouchers and tickets."""
    menu = catalog.menu(store_id=store_id)
    left = stock.left(offer_ids=[offer.id for offer in menu.offers], at=request.at)
    found = [
        {"section": section, "dishes": [dish(offer, left.get(offer.id)) for offer in section.offers if offer.kind not in ELSEWHERE]}
        for section in menu.sections
    ]
    bookable = [offer for offer in menu.offers if offer.kind in TIMED and offer.on_sale]
    return [group for group in found if group["dishes"]], bookable, passes.sold(store_id, menu.offers, request.at)


def goes_with(place: Here, store_id: int, offer_ids: Sequence[int], request: Request) -> list[Dish]:
    """What is ordered together with these offers, as far as it can be had at the store now. No statement where nothing is known."""
    found = discovery.goes_with(city_id=place.city.id, offer_ids=offer_ids)
    if not found:
        return []
    offers, left = catalog.offers(ids=found), stock.left(offer_ids=found, at=request.at)
    dishes = [dish(offers[number], left.get(number)) for number in found if number in offers and offers[number].store_id == store_id]
    return [one for one in dishes if one.available]


def _eating_in(store_id: int, request: Request) -> dict[str, Any]:
    """Whether there are tables to wait for; in a demo, where nobody can scan, also the code of one's own table, or of one that is free. One
    statement; in a demo some more."""
    eats_in = dining.has_tables(store_id=store_id)
    return {"eats_in": eats_in, "demo_table": _demo_table(store_id, request) if eats_in and settings.DEMO else ""}


def _demo_table(store_id: int, request: Request) -> str:
    mine = dining.sits_at(store_id=store_id, person_id=request.identity.person_id) if request.identity else None
    found = mine or next(iter(dining.spare_tables(store_id=store_id, at=request.at)), None)
    return dining.token(found, request.at.replace(hour=0, minute=0, second=0, microsecond=0)) if found else ""


@require_GET
def store(request: Request, name: str) -> HttpResponse:
    """The store with its menu. At most fourteen statements."""
    place, store_id = here(request), ids.unseal("st", name)
    card = card_of(place, store_id, request)
    if card.store.kind == "hotel":
        return stays.hotel(request, card.store)
    sections, bookable, sold = sections_of(store_id, request)
    context = {"here": place, "card": card, "store": card.store, "bookable": bookable, "sold": sold, "heart": heart(store_id, 0, request)}
    if card.store.kind != "restaurant":
        return page(request, "place_to_be.html", context)
    kept = kept_words(store_id=store_id, city_id=place.city.id, mode="delivery", at=request.at)
    return page(request, "store.html", {**context, **_eating_in(store_id, request), "sections": sections, "kept": kept})


@require_GET
def offer(request: Request, name: str, of: str) -> HttpResponse:
    """How the dish is to be: options, how many, a note. A sheet over the menu, or a page of its own."""
    place, store_id = here(request), ids.unseal("st", name)
    found = catalog.offer(offer_id=ids.unseal("of", of))
    if found.store_id != store_id:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    left = stock.left(offer_ids=[found.id], at=request.at)
    context = {
        "here": place, "city": place.city, "dish": dish(found, left.get(found.id)), "store_id": store_id,
        "goes": goes_with(place, store_id, [found.id], request), "heart": heart(store_id, found.id, request),
    }  # fmt: skip
    if wants_part(request):
        return part(request, "parts/offer_sheet.html", context)
    return page(request, "offer.html", {**context, "card": card_of(place, store_id, request)})
