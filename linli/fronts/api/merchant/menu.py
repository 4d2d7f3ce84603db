"""The menu: what is sold, at what price, how much of it is left."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import Field

from linli.apps.catalog import operations, queries
from linli.apps.catalog.operations import OptionDraft
from linli.apps.stock import operations as stock
from linli.fronts.api.consumer.stores import MenuOut, menu_out
from linli.fronts.api.door import MERCHANT, Request, endpoint
from linli.fronts.api.forms import Amount, GroupId, In, OfferId, OptionId, SectionId, StoreId
from linli.kernel.errors import N_, NotFound

router = Router(tags=["merchant: menu"])

Words = Annotated[list[str], Field(max_length=20)]


class OnSaleIn(In):
    """On sale, or sold out."""

    on: bool


class CountIn(In):
    """How many can still be sold; null for no limit."""

    count: int | None = Field(ge=0, le=100_000)


class SectionIn(In):
    """A heading."""

    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field("", max_length=60)
    sort: int = Field(0, ge=0, le=10_000)


class OfferIn(In):
    """A dish as it should be; `group_ids` null leaves its choices as they are."""

    section_id: SectionId
    name: str = Field(min_length=1, max_length=120)
    name_en: str = Field("", max_length=120)
    description: str = Field("", max_length=500)
    price: Amount
    was_price: Amount | None = None
    allergens: Words = []
    tags: Words = []
    diet: Words = []
    prep_minutes: int | None = Field(None, ge=0, le=240)
    sort: int | None = Field(None, ge=0, le=10_000)
    daily_limit: int | None = Field(None, ge=0, le=100_000)
    group_ids: list[GroupId] | None = Field(None, max_length=20)


class OptionIn(In):
    """An option of a group; `id` null makes a new one."""

    id: OptionId | None = None
    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field("", max_length=60)
    price: Amount = 0
    most: int = Field(1, ge=1, le=99)


class GroupIn(In):
    """A group with exactly these options."""

    name: str = Field(min_length=1, max_length=60)
    name_en: str = Field("", max_length=60)
    least: int = Field(ge=0, le=99)
    most: int = Field(ge=1, le=99)
    options: list[OptionIn] = Field(min_length=1, max_length=60)


def _drafts(body: GroupIn) -> list[OptionDraft]:
    return [OptionDraft(id=line.id, name=line.name, name_en=line.name_en, price=line.price, most=line.most) for line in body.options]


@endpoint(router, "PUT", "/{store}/offers/{offer}/on-sale", who=MERCHANT, out=MenuOut, summary="Sold out or back")
def offer_on_sale(request: Request, store: StoreId, offer: OfferId, body: OnSaleIn) -> MenuOut:
    """Puts a dish on sale or declares it sold out, at once."""
    operations.set_on_sale(offer_id=offer, on=body.on, actor=request.actor, at=request.at)
    return menu_out(store, request.at)


@endpoint(router, "PUT", "/{store}/options/{option}/on-sale", who=MERCHANT, out=MenuOut, summary="An option sold out or back")
def option_on_sale(request: Request, store: StoreId, option: OptionId, body: OnSaleIn) -> MenuOut:
    """Puts an option on sale or declares it sold out, at once."""
    operations.set_option_on_sale(option_id=option, on=body.on, actor=request.actor, at=request.at)
    return menu_out(store, request.at)


@endpoint(router, "PUT", "/{store}/offers/{offer}/stock", who=MERCHANT, out=MenuOut, summary="Count stock")
def count(request: Request, store: StoreId, offer: OfferId, body: CountIn) -> MenuOut:
    """Says how many can still be sold; what others hold or bought stays theirs."""
    if queries.offer(offer_id=offer).store_id != store:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    stock.set_count(offer_id=offer, count=body.count, actor=request.actor, at=request.at)
    return menu_out(store, request.at)


@endpoint(router, "POST", "/{store}/sections", who=MERCHANT, out=MenuOut, status=201, summary="Add a heading")
def add_section(request: Request, store: StoreId, body: SectionIn) -> MenuOut:
    """Adds a heading to the menu."""
    operations.save_section(store_id=store, actor=request.actor, at=request.at, **body.given())
    return menu_out(store, request.at)


@endpoint(router, "PUT", "/{store}/sections/{section}", who=MERCHANT, out=MenuOut, summary="Change a heading")
def change_section(request: Request, store: StoreId, section: SectionId, body: SectionIn) -> MenuOut:
    """Renames or moves a heading."""
    operations.save_section(store_id=store, section_id=section, actor=request.actor, at=request.at, **body.given())
    return menu_out(store, request.at)


@endpoint(router, "DELETE", "/{store}/sections/{section}", who=MERCHANT, out=MenuOut, summary="Take a heading away")
def remove_section(request: Request, store: StoreId, section: SectionId) -> MenuOut:
    """Takes away a heading that nothing stands under."""
    operations.remove_section(store_id=store, section_id=section, actor=request.actor, at=request.at)
    return menu_out(store, request.at)


@endpoint(router, "POST", "/{store}/offers", who=MERCHANT, out=MenuOut, status=201, summary="Add a dish")
def add_offer(request: Request, store: StoreId, body: OfferIn) -> MenuOut:
    """Adds a dish to the menu."""
    operations.save_offer(store_id=store, actor=request.actor, at=request.at, **body.given())
    return menu_out(store, request.at)


@endpoint(router, "PUT", "/{store}/offers/{offer}", who=MERCHANT, out=MenuOut, summary="Change a dish")
def change_offer(request: Request, store: StoreId, offer: OfferId, body: OfferIn) -> MenuOut:
    """Replaces a dish; orders that were placed keep what they say."""
    operations.save_offer(store_id=store, offer_id=offer, actor=request.actor, at=request.at, **body.given())
    return menu_out(store, request.at)


@endpoint(router, "DELETE", "/{store}/offers/{offer}", who=MERCHANT, out=MenuOut, summary="Take a dish off")
def remove_offer(request: Request, store: StoreId, offer: OfferId) -> MenuOut:
    """Takes a dish off the menu for good."""
    operations.remove_offer(offer_id=offer, actor=request.actor, at=request.at)
    return menu_out(store, request.at)


@endpoint(router, "POST", "/{store}/groups", who=MERCHANT, out=MenuOut, status=201, summary="Add a choice")
def add_group(request: Request, store: StoreId, body: GroupIn) -> MenuOut:
    """Adds a group of options; it shows on the menu once a dish has it."""
    operations.save_group(
        store_id=store, name=body.name, name_en=body.name_en, least=body.least, most=body.most, options=_drafts(body),
        actor=request.actor, at=request.at,
    )  # fmt: skip
    return menu_out(store, request.at)


@endpoint(router, "PUT", "/{store}/groups/{group}", who=MERCHANT, out=MenuOut, summary="Change a choice")
def change_group(request: Request, store: StoreId, group: GroupId, body: GroupIn) -> MenuOut:
    """Replaces a group of options; options that are left out are taken away."""
    operations.save_group(
        store_id=store, group_id=group, name=body.name, name_en=body.name_en, least=body.least, most=body.most, options=_drafts(body),
        actor=request.actor, at=request.at,
    )  # fmt: skip
    return menu_out(store, request.at)
