"""What can be done to what stores sell: load, write, put on and off sale. Each is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from linli.apps.catalog import load
from linli.apps.catalog.events import OfferChanged, OfferSoldOut
from linli.apps.catalog.kinds import KINDS
from linli.apps.catalog.load import GroupRow, OfferRow, OptionRow
from linli.apps.catalog.models import Offer, OfferGroup, Option, OptionGroup, RideTerms, Section
from linli.apps.catalog.passes import set_ticket_terms, set_voucher_terms
from linli.apps.catalog.queries import ALLERGENS
from linli.apps.catalog.rooms import PlanRow, RoomRow, SeasonRow, bulk_put_rooms, bulk_put_seasons, set_nights, set_pay
from linli.apps.catalog.timed import save_service, save_tables
from linli.apps.merchants.queries import ensure_manages
from linli.engines.language.pinyin import spell
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.kernel.ids import new_id, new_ids
from linli.platform import audit, outbox

__all__ = [
    "GroupRow", "OfferRow", "OptionDraft", "OptionRow", "PlanRow", "RoomRow", "SeasonRow", "bulk_put_menu", "bulk_put_rooms",
    "bulk_put_seasons", "remove_offer", "remove_section", "save_group", "save_offer", "save_section", "save_service", "save_tables",
    "set_nights", "set_on_sale", "set_option_on_sale", "set_pay", "set_ticket_terms", "set_voucher_terms",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionDraft:
    """An option as somebody writes it; `id` None makes a new one."""

    name: str
    id: int | None = None
    name_en: str = ""
    price: int = 0
    most: int = 1


@transaction.atomic
def bulk_put_menu(*, rows: Sequence[OfferRow], at: datetime) -> list[int]:
    """Write many offers of any stores (new, or again by `external_ref`); their ids in the order of `rows`. No events.

    What is on sale here stays as it is. Raises Invalid for a reference that occurs twice in a store or a price below zero.
    """
    if len({(row.store_id, row.external_ref) for row in rows}) < len(rows):
        raise Invalid("offer.twice", N_("Two offers of a store have the same reference."))
    for row in rows:
        _check_price(row.price, row.was_price)
        _check_allergens(row.allergens)
    return load.put(rows=rows, at=at) if rows else []


@transaction.atomic
def save_section(
    *, store_id: int, section_id: int | None = None, name: str, name_en: str = "", sort: int = 0, actor: Actor, at: datetime
) -> int:
    """Write a heading of the menu and return its id. Raises Invalid for no name, Conflict when the name is taken."""
    ensure_manages(actor=actor, store_id=store_id)
    name = _named(name)
    before = _section(store_id, section_id)
    if Section.objects.filter(store_id=store_id, name=name).exclude(id=before.id if before else 0).exists():
        raise Conflict("section.taken", N_("There is a section called “%(name)s” already."), name=name)
    section = before or Section(id=new_id(at), store_id=store_id)
    section.name, section.name_en, section.sort = name, name_en.strip(), sort
    section.save()
    _changed(store_id, 0, "section.save", f"se:{section.id}", actor, at, None, {"name": name, "name_en": name_en, "sort": sort})
    return section.id


@transaction.atomic
def remove_section(*, store_id: int, section_id: int, actor: Actor, at: datetime) -> None:
    """Take away a heading that nothing stands under. Raises Conflict when something does."""
    ensure_manages(actor=actor, store_id=store_id)
    section = _section(store_id, section_id)
    if section is None or Offer.objects.filter(section_id=section_id, removed_at=None).exists():
        raise Conflict("section.full", N_("Move or remove the dishes of this section first."))
    if Offer.objects.filter(section_id=section_id).exists():  # dishes that old orders point to keep their heading, out of sight
        raise Conflict("section.used", N_("This section has dishes that were sold; rename it instead."))
    section.delete()
    _changed(store_id, 0, "section.remove", f"se:{section_id}", actor, at, {"name": section.name}, None)


@transaction.atomic
def save_offer(
    *, store_id: int, offer_id: int | None = None, section_id: int, name: str, price: int, name_en: str = "", description: str = "",
    was_price: int | None = None, allergens: Sequence[str] = (), tags: Sequence[str] = (), diet: Sequence[str] = (),
    prep_minutes: int | None = None, sort: int | None = None, daily_limit: int | None = None, group_ids: Sequence[int] | None = None,
    kind: str = "dish", actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Write an offer and return its id; `group_ids` None leaves its option groups as they are. What an offer is (`kind`) it stays.

    Raises Invalid for an empty name, a price below zero, a crossed-out price not above it, an unknown allergen or preparation over
    240 minutes; NotFound for an offer, section or group of another store.
    """
    ensure_manages(actor=actor, store_id=store_id)
    if kind not in KINDS:
        raise Invalid("offer.kind", N_("This is not a kind of offer."), field="kind")
    _check_price(price, was_price)
    _check_allergens(allergens)
    if prep_minutes is not None and not 0 <= prep_minutes <= 240:
        raise Invalid("offer.prep", N_("Preparation takes between 0 and 240 minutes."), field="prep_minutes")
    if _section(store_id, section_id) is None:
        raise NotFound("section.unknown", N_("There is no such section."))
    fields: dict[str, Any] = {
        "section_id": section_id, "name": _named(name), "name_en": name_en.strip()[:160], "description": description.strip(),
        "price": price, "was_price": was_price, "allergens": sorted(set(allergens)), "tags": list(tags), "diet": list(diet),
        "prep_minutes": prep_minutes, "daily_limit": daily_limit,
    }  # fmt: skip
    offer, before = _offer_to_write(store_id, offer_id, fields, at)
    if sort is not None:
        offer.sort = sort
    if offer_id is None:
        offer.kind = kind
    if price != before.get("price"):
        offer.made_up_price = False
    for field, value in fields.items():
        setattr(offer, field, value)
    spelling = spell(offer.name)
    offer.pinyin, offer.initials = spelling.full[:600], spelling.initials[:120]
    offer.save()
    if group_ids is not None:
        _link_groups(store_id, offer.id, group_ids)
    _changed(store_id, offer.id, "offer.save", f"of:{offer.id}", actor, at, before or None, fields)
    return offer.id


@transaction.atomic
def remove_offer(*, offer_id: int, actor: Actor, at: datetime) -> None:
    """Take an offer off the menu for good; old orders keep what they say. Raises NotFound."""
    offer = _owned(offer_id, actor)
    Offer.objects.filter(id=offer.id).update(removed_at=at, on_sale=False)
    _changed(offer.store_id, offer.id, "offer.remove", f"of:{offer.id}", actor, at, {"name": offer.name}, None)


@transaction.atomic
def save_group(
    *, store_id: int, group_id: int | None = None, name: str, name_en: str = "", least: int, most: int,
    options: Sequence[OptionDraft], actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Write a group with exactly `options` (others are taken away) and return its id.

    Raises Invalid for no name, no options, two of one name, amounts below zero or limits that cannot be met; NotFound for a foreign group.
    """
    ensure_manages(actor=actor, store_id=store_id)
    _check_group(least, most, options)
    group = OptionGroup.objects.filter(id=group_id, store_id=store_id).first() if group_id else None
    if group_id and group is None:
        raise NotFound("group.unknown", N_("There is no such choice."))
    made = new_id(at)
    group = group or OptionGroup(id=made, store_id=store_id, external_ref=f"own:{made}")
    group.name, group.name_en, group.least, group.most = _named(name), name_en.strip(), least, most
    group.save()
    _put_options(group.id, options, at)
    after = {"name": name, "least": least, "most": most, "options": [[option.name, option.price, option.most] for option in options]}
    _changed(store_id, 0, "group.save", f"gr:{group.id}", actor, at, None, after)
    return group.id


@transaction.atomic
def set_on_sale(*, offer_id: int, on: bool, actor: Actor, at: datetime) -> None:
    """Put an offer on sale or declare it sold out; does nothing when it is so already. Raises NotFound."""
    offer = _owned(offer_id, actor)
    if not Offer.objects.filter(id=offer_id, on_sale=not on).update(on_sale=on):
        return
    _changed(offer.store_id, offer_id, "offer.on_sale", f"of:{offer_id}", actor, at, {"on_sale": not on}, {"on_sale": on})
    if not on:
        outbox.tell(OfferSoldOut(store_id=offer.store_id, offer_id=offer_id), at=at)


@transaction.atomic
def set_option_on_sale(*, option_id: int, on: bool, actor: Actor, at: datetime) -> None:
    """Put an option on sale or declare it sold out. Raises NotFound."""
    option = Option.objects.select_related("group").filter(id=option_id, removed_at=None).first()
    if option is None:
        raise NotFound("option.unknown", N_("There is no such option."))
    store_id = option.group.store_id
    ensure_manages(actor=actor, store_id=store_id)
    if Option.objects.filter(id=option_id, on_sale=not on).update(on_sale=on):
        _changed(store_id, 0, "option.on_sale", f"op:{option_id}", actor, at, {"on_sale": not on}, {"on_sale": on})


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("name.empty", N_("A name is needed."), field="name")
    if len(name) > 60:
        raise Invalid("name.long", N_("A name has at most 60 characters."), field="name")
    return name


def _check_price(price: int, was_price: int | None) -> None:
    if not 0 <= price <= 10_000_000_00:
        raise Invalid("offer.price", N_("A price is zero or more."), field="price")
    if was_price is not None and was_price <= price:
        raise Invalid("offer.was_price", N_("The crossed-out price must be above the price."), field="was_price")


def _check_allergens(codes: Sequence[str]) -> None:
    if unknown := set(codes) - set(ALLERGENS):
        raise Invalid("offer.allergen", N_("“%(code)s” is not an allergen that we know."), code=min(unknown), field="allergens")


def _check_group(least: int, most: int, options: Sequence[OptionDraft]) -> None:
    if not options or len({option.name.strip() for option in options}) < len(options):
        raise Invalid("group.options", N_("A choice needs options, each with a name of its own."), field="options")
    if any(not 0 <= option.price <= 1_000_000_00 or not 1 <= option.most <= 50 for option in options):
        raise Invalid("option.range", N_("An option costs zero or more and may be taken 1 to 50 times."), field="options")
    if not (0 <= least <= most and 1 <= most <= 50 and least <= sum(option.most for option in options)):
        raise Invalid("group.limits", N_("Choose at least 0, at most 50, and no more than the options allow."), field="least")


def _section(store_id: int, section_id: int | None) -> Section | None:
    if section_id is None:
        return None
    section = Section.objects.filter(id=section_id, store_id=store_id).first()
    if section is None:
        raise NotFound("section.unknown", N_("There is no such section."))
    return section


def _owned(offer_id: int, actor: Actor) -> Offer:
    offer = Offer.objects.select_for_update().filter(id=offer_id, removed_at=None).first()
    if offer is None:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    ensure_manages(actor=actor, store_id=offer.store_id)
    return offer


def _offer_to_write(store_id: int, offer_id: int | None, fields: Mapping[str, Any], at: datetime) -> tuple[Offer, dict[str, Any]]:
    if offer_id is None:
        made = new_id(at)
        last = Offer.objects.filter(store_id=store_id).aggregate(last=Max("sort"))["last"]
        return Offer(id=made, store_id=store_id, external_ref=f"own:{made}", sort=(last or 0) + 1), {}
    offer = Offer.objects.select_for_update().filter(id=offer_id, store_id=store_id, removed_at=None).first()
    if offer is None:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    return offer, {field: getattr(offer, field) for field in fields}


def _link_groups(store_id: int, offer_id: int, group_ids: Sequence[int]) -> None:
    if OptionGroup.objects.filter(store_id=store_id, id__in=group_ids).count() != len(set(group_ids)):
        raise NotFound("group.unknown", N_("There is no such choice."))
    OfferGroup.objects.filter(offer_id=offer_id).delete()
    OfferGroup.objects.bulk_create(
        [OfferGroup(offer_id=offer_id, group_id=group_id, sort=sort) for sort, group_id in enumerate(dict.fromkeys(group_ids))]
    )


def _put_options(group_id: int, drafts: Sequence[OptionDraft], at: datetime) -> None:
    kept = {option.id: option for option in Option.objects.filter(group_id=group_id)}
    by_name = {option.name: option for option in kept.values()}
    Option.objects.filter(group_id=group_id).update(removed_at=at)
    ids = iter(new_ids(at, len(drafts)))
    for sort, draft in enumerate(drafts):
        name = _named(draft.name)
        option = by_name.get(name) or kept.get(draft.id or 0) or Option(id=next(ids), group_id=group_id)
        option.name, option.name_en, option.price, option.most = name, draft.name_en.strip(), draft.price, draft.most
        option.sort, option.removed_at = sort, None
        option.save()


def _changed(
    store_id: int, offer_id: int, action: str, subject: str, actor: Actor, at: datetime, before: Any, after: Any
) -> None:  # fmt: skip
    audit.record(actor=actor, action=action, subject=subject, at=at, before=before, after=after)
    outbox.tell(OfferChanged(store_id=store_id, offer_id=offer_id), at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class RideClassWant:
    """A class of rides as somebody wants to sell it."""

    service: str
    seats: int
    name: str
    name_en: str


@transaction.atomic
def put_ride_classes(*, store_id: int, rows: Sequence[RideClassWant], actor: Actor, at: datetime) -> int:
    """How many classes the store sells now; those that it sold before stay as they are. Their price is worked out ride by ride.

    Raises what `save_offer` raises.
    """
    known = set(RideTerms.objects.filter(offer__store_id=store_id, offer__removed_at=None).values_list("service", flat=True))
    fresh = [row for row in rows if row.service not in known]
    if fresh:
        section_id = save_section(store_id=store_id, name="打车", name_en="Rides", actor=actor, at=at)
    for row in fresh:
        offer_id = save_offer(
            store_id=store_id, section_id=section_id, name=row.name, name_en=row.name_en, price=0, kind="ride", actor=actor, at=at
        )
        RideTerms.objects.create(offer_id=offer_id, service=row.service, seats=row.seats)
    return len(known) + len(fresh)
