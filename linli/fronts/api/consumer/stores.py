"""Stores and their menus."""

from __future__ import annotations

from datetime import datetime

from ninja import Router
from pydantic import Field

from linli.apps.catalog import queries as catalog
from linli.apps.merchants import queries
from linli.apps.stock import queries as stock
from linli.fronts.api.consumer.places import point_of
from linli.fronts.api.door import ANYBODY, Request, endpoint
from linli.fronts.api.forms import CityId, GroupId, Lat, Lng, Minor, OfferId, OptionId, Out, SectionId, SpotOut, StoreId
from linli.kernel.errors import N_, NotFound
from linli.kernel.geo import metres

router = Router(tags=["stores"])


class RingOut(Out):
    """Within `radius_m` delivery costs `fee` and takes an order of at least `minimum`."""

    radius_m: int
    fee: Minor
    minimum: Minor


class OpenOut(Out):
    """Whether it takes orders, until when, or from when on again; `reason` when not: `hours`, `paused` or `inactive`."""

    open: bool
    until: datetime | None
    next_at: datetime | None
    reason: str


class OpeningOut(Out):
    """One opening: weekday 0 is Monday, minutes of the local day; `closes` may pass 1,440."""

    weekday: int
    opens: int
    closes: int


class StoreOut(Out):
    """A store."""

    id: StoreId
    city_id: CityId
    kind: str
    name: str
    name_en: str
    point: SpotOut
    address: str
    phone: str
    per_head: Minor
    rating: int = Field(description="Tenths of a star; 0 when not rated.")
    rating_count: int
    cuisine: str
    tags: list[str]
    facilities: list[str]
    prep_minutes: int
    approximate: bool = Field(description="The place on the map is only roughly known.")
    rings: list[RingOut]


class StorePage(Out):
    """A store with what depends on when and where one asks."""

    store: StoreOut
    open: OpenOut
    openings: list[OpeningOut]
    zone: str
    metres: int | None = Field(description="From the point asked about.")
    ring: RingOut | None = Field(description="The delivery ring that reaches the point asked about; null when it is too far.")


class OptionOut(Out):
    """A choice within a group; its price is added to the dish's."""

    id: OptionId
    name: str
    name_en: str
    price: Minor
    most: int
    on_sale: bool


class GroupOut(Out):
    """Between `least` and `most` options are chosen, counting quantities."""

    id: GroupId
    name: str
    name_en: str
    least: int
    most: int
    options: list[OptionOut]


class OfferOut(Out):
    """A dish, or something else that the store sells."""

    id: OfferId
    kind: str = Field(description="What it is: dish, table, service, room, voucher, ticket or ride.")
    name: str
    name_en: str
    description: str
    price: Minor
    was_price: int | None
    allergens: list[str]
    tags: list[str]
    diet: list[str]
    on_sale: bool
    made_up_price: bool = Field(description="The price is derived, not the store's own word.")
    left: int | None = Field(None, description="How many are left; null when it is not counted.")
    groups: list[GroupOut]


class SectionOut(Out):
    """A heading of the menu."""

    id: SectionId
    name: str
    name_en: str
    offers: list[OfferOut]


class MenuOut(Out):
    """All that a store sells."""

    store_id: StoreId
    sections: list[SectionOut]


def menu_out(store_id: int, at: datetime) -> MenuOut:
    """The menu with what is left of each dish. Five statements."""
    menu = catalog.menu(store_id=store_id)
    left = stock.left(offer_ids=[offer.id for offer in menu.offers], at=at)
    sections = [
        SectionOut(
            id=section.id,
            name=section.name,
            name_en=section.name_en,
            offers=[OfferOut.of(offer).model_copy(update={"left": left.get(offer.id)}) for offer in section.offers],
        )
        for section in menu.sections
    ]
    return MenuOut(store_id=store_id, sections=sections)


@endpoint(router, "GET", "/stores/{store}", who=ANYBODY, out=StorePage, summary="A store")
def store(request: Request, store: StoreId, lat: Lat | None = None, lng: Lng | None = None) -> StorePage:
    """The store, whether it is open, and, seen from a point, how far it is and what delivery costs."""
    view, point = queries.store(store_id=store), point_of(lat, lng)
    away = metres(view.point, point) if point else None
    return StorePage(
        store=StoreOut.of(view),
        open=OpenOut.of(queries.open_state(view, request.at)),
        openings=[OpeningOut.of(opening) for opening in view.hours.openings],
        zone=view.zone,
        metres=round(away) if away is not None else None,
        ring=RingOut.of(ring) if point and (ring := view.ring_at(point)) else None,
    )


@endpoint(router, "GET", "/stores/{store}/menu", who=ANYBODY, out=MenuOut, summary="A menu")
def menu(request: Request, store: StoreId) -> MenuOut:
    """Everything the store sells with options, allergens and what is left; `on_sale` false means sold out."""
    if not queries.staff_stores(store_ids=[store]):
        raise NotFound("store.unknown", N_("There is no such store."))
    return menu_out(store, request.at)
