"""Home and search."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from linli.apps.city import queries as city
from linli.apps.discovery import queries
from linli.apps.discovery.queries import Card, Filters
from linli.apps.insight import operations as insight
from linli.fronts.api.consumer.stores import OpenOut
from linli.fronts.api.door import ANYBODY, Request, answer, endpoint
from linli.fronts.api.forms import CityId, Lat, Lng, Minor, OfferId, OrderId, Out, SpotOut, StoreId
from linli.kernel.geo import Point
from linli.platform.ids import seal

Allergen = Annotated[str, Field(max_length=20)]

router = Router(tags=["discovery"])


class LabelOut(Out):
    """A campaign in few words."""

    text: str
    text_en: str


class DishOut(Out):
    """A dish that was found."""

    id: OfferId
    name: str
    name_en: str
    price: Minor


class CardOut(Out):
    """A store on a list; `fee` and `minimum` are null when it does not deliver to the point."""

    store_id: StoreId
    name: str
    name_en: str
    kind: str
    cuisine: str
    point: SpotOut
    per_head: Minor
    rating: int = Field(description="Tenths of a star; 0 when not rated.")
    rating_count: int
    metres: int
    open: OpenOut
    fee: int | None
    minimum: int | None
    eta_minutes: int
    labels: list[LabelOut]
    dishes: list[DishOut]


class AgainOut(Out):
    """An order that could be placed once more."""

    order_id: OrderId
    card: CardOut
    titles: list[str]
    titles_en: list[str]
    total: Minor


class CuisineOut(Out):
    """A cuisine and how many stores have it."""

    cuisine: str
    count: int


class BecauseOut(Out):
    """A store that brought another one."""

    store_id: StoreId
    name: str
    name_en: str


class RecommendedOut(Out):
    """A store with why it is here: what the person `took` or has `seen` (`because`), what is `popular` at this hour, what is `new`."""

    card: CardOut
    reason: Literal["took", "seen", "popular", "new"]
    because: list[BecauseOut]


class ForYouOut(Out):
    """What is recommended; `personal` when it was picked by what is known of the person; `arm` of the experiment, empty without one."""

    stores: list[RecommendedOut]
    personal: bool
    arm: str
    listed: str = Field(description="The list's name, to be told with a click in it; empty without stores.")
    shown: str = Field(description="To be told as `shown` of an exposure once the list was seen; empty without stores.")


class NewOut(Out):
    """Stores that were listed lately; see `ForYouOut` for `listed` and `shown`."""

    stores: list[RecommendedOut]
    listed: str
    shown: str


class HomeOut(Out):
    """The first page around a point."""

    for_you: ForYouOut
    new: NewOut
    stores: list[CardOut]
    again: list[AgainOut]
    cuisines: list[CuisineOut]
    total: int
    next_cursor: str | None


class BandOut(Out):
    """A price band (1 is the cheapest) and how many stores are in it."""

    band: int
    count: int


class FacetsOut(Out):
    """How many stores there would be with each choice, the other choices kept."""

    cuisines: list[CuisineOut]
    bands: list[BandOut]
    open_now: int


class WhyOut(Out):
    """A reason for a place on the list."""

    reason: Literal["text", "near", "quality", "popular", "price", "taste"]
    points: float = Field(description="What it gave; below 0 it took some.")
    most: float = Field(description="What it can give at most.")


class FoundOut(CardOut):
    """A store that was found."""

    why: list[WhyOut] = Field(description="The strongest reason first; empty when the list is sorted by one thing alone.")


class ResultsOut(Out):
    """A page of answers. Near misses stand apart in `instead`, with a better spelling where there is one."""

    stores: list[FoundOut]
    facets: FacetsOut
    total: int
    next_cursor: str | None
    instead: list[FoundOut]
    personal: bool = Field(description="Whether what is known of the person, who agreed to it, counts in the order.")
    did_you_mean: str = Field(description="A better spelling of the text; empty when there is none.")
    loosened: list[Literal["words", "radius", "filters"]] = Field(description="What was given up to find `instead`.")


class SuggestionOut(Out):
    """Something to search for, and how many things are called so."""

    text: str
    text_en: str
    count: int


def card_document(card: Card) -> dict[str, Any]:
    """A card as a document: a `CardOut`, made by hand, for these lists are asked for more than all else."""
    view, state = card.store, card.open
    return {
        "store_id": seal("st", view.id), "name": view.name, "name_en": view.name_en, "kind": view.kind, "cuisine": view.cuisine,
        "point": {"lat": view.point.lat, "lng": view.point.lng}, "per_head": view.per_head, "rating": card.rating,
        "rating_count": view.rating_count, "metres": round(card.metres),
        "open": {"open": state.open, "until": state.until, "next_at": state.next_at, "reason": state.reason},
        "fee": card.fee, "minimum": card.minimum, "eta_minutes": card.eta_minutes,
        "labels": [{"text": label.text, "text_en": label.text_en} for label in card.labels],
        "dishes": [{"id": seal("of", d.id), "name": d.name, "name_en": d.name_en, "price": d.price} for d in card.dishes],
    }  # fmt: skip


def _found(found: queries.Results, cards: Sequence[Card]) -> list[dict[str, Any]]:
    """The cards with the reasons for their places."""
    reasons = {
        store: [{"reason": why.reason, "points": why.points, "most": why.most} for why in several] for store, several in found.why.items()
    }
    return [card_document(card) | {"why": reasons.get(card.store.id, [])} for card in cards]


def _cuisines(counts: tuple[tuple[str, int], ...]) -> list[dict[str, Any]]:
    return [{"cuisine": name, "count": count} for name, count in counts]


def _list(found: tuple[queries.Recommended, ...], person_id: int | None, at: datetime) -> dict[str, Any]:
    stores = [
        {
            "card": card_document(one.card), "reason": one.reason,
            "because": [{"store_id": seal("st", view.id), "name": view.name, "name_en": view.name_en} for view in one.because],
        }
        for one in found
    ]  # fmt: skip
    shown = insight.shown(stores=found, person_id=person_id, at=at)
    return {"stores": stores, "listed": shown.listed if shown else "", "shown": shown.token if shown else ""}


@endpoint(router, "GET", "/home", who=ANYBODY, out=HomeOut, summary="Near me")
def home(
    request: Request, lat: Lat, lng: Lng, city_id: CityId | None = None, cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=50)] = 20,
) -> HttpResponse:  # fmt: skip
    """Stores that deliver to a point, the best and open ones first; with a token also what the person ordered before."""
    person_id = request.identity.person_id if request.identity else None
    found = queries.home(
        city_id=city_id or city.default_city().id, point=Point(lat, lng), person_id=person_id, at=request.at, cursor=cursor, limit=limit
    )
    at, where = request.at, Point(lat, lng)
    for_you = (
        queries.Recommendation()
        if cursor
        else queries.recommended(city_id=city_id or city.default_city().id, point=where, person_id=person_id, at=at)
    )
    again = [
        {
            "order_id": seal("or", view.order_id), "card": card_document(view.card), "titles": view.titles, "titles_en": view.titles_en,
            "total": view.total,
        }
        for view in found.again
    ]  # fmt: skip
    return answer({
        "for_you": {**_list(for_you.stores, person_id, at), "personal": for_you.personal, "arm": for_you.arm},
        "new": _list(for_you.new, person_id, at), "stores": [card_document(card) for card in found.stores], "again": again,
        "cuisines": _cuisines(found.cuisines),
        "total": found.total, "next_cursor": found.next_cursor,
    })  # fmt: skip


@endpoint(router, "GET", "/search", who=ANYBODY, out=ResultsOut, summary="Search")
def search(
    request: Request, lat: Lat, lng: Lng, text: Annotated[str, Field(max_length=200)] = "", city_id: CityId | None = None,
    open_now: bool = False, max_fee: Annotated[int | None, Field(ge=0)] = None, cuisine: Annotated[str, Field(max_length=40)] = "",
    band: Annotated[int | None, Field(ge=1, le=4)] = None, mode: Literal["", "delivery", "pickup"] = "",
    sort: Literal["smart", "distance", "rating", "price", "time"] = "smart", without: Annotated[list[Allergen] | None, Query()] = None,
    cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=50)] = 20,
) -> HttpResponse:  # fmt: skip
    """Stores and dishes by name in Chinese, pinyin (also its initials) or English, with filters and an order to sort by.

    With a token the order also follows the person's usual price and taste, where they agree to that and have not paused it. Mistakes in
    the text are mended; what was found that way stands in `instead`. With `without` only dishes count that declare
    their allergens and hold none of these.
    """
    found = queries.search(
        city_id=city_id or city.default_city().id, point=Point(lat, lng), text=text,
        filters=Filters(open_now=open_now, max_fee=max_fee, cuisine=cuisine, band=band, mode=mode, without=tuple(without or ())),
        sort=sort, at=request.at, cursor=cursor, limit=limit, person_id=request.identity.person_id if request.identity else None,
    )  # fmt: skip
    facets = {
        "cuisines": _cuisines(found.facets.cuisines),
        "bands": [{"band": number, "count": count} for number, count in found.facets.bands],
        "open_now": found.facets.open_now,
    }
    return answer({
        "stores": _found(found, found.cards), "facets": facets, "total": found.total, "next_cursor": found.next_cursor,
        "instead": _found(found, found.instead), "personal": found.personal, "did_you_mean": found.did_you_mean, "loosened": found.loosened,
    })  # fmt: skip


@endpoint(router, "GET", "/search/suggestions", who=ANYBODY, out=list[SuggestionOut], summary="Suggestions while typing")
def suggestions(
    request: Request, text: Annotated[str, Field(max_length=200)] = "", city_id: CityId | None = None,
    limit: Annotated[int, Field(ge=1, le=20)] = 8,
) -> list[SuggestionOut]:  # fmt: skip
    """Names of stores and dishes that begin like the text, in Chinese, pinyin, initials or English."""
    found = queries.suggestions(city_id=city_id or city.default_city().id, text=text, limit=limit)
    return [SuggestionOut(text=item.text, text_en=item.text_en, count=item.count) for item in found]
