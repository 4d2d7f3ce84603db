"""Whole menus at once: what a loader hands over, and how it is written with few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.apps.catalog.models import Offer, OfferGroup, Option, OptionGroup, Section
from linli.engines.language.pinyin import spell
from linli.kernel.ids import new_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRow:
    """One possibility; `price` is added to the offer's, in minor units."""

    name: str
    name_en: str = ""
    price: int = 0
    most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """A choice between options; offers of one store that give the same `external_ref` share it (the first row counts)."""

    external_ref: str
    name: str
    options: tuple[OptionRow, ...]
    name_en: str = ""
    least: int = 0
    most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """An offer to be put; `external_ref` is its key within the store, `section` the heading it stands under."""

    store_id: int
    external_ref: str
    section: str
    name: str
    price: int
    section_en: str = ""
    name_en: str = ""
    description: str = ""
    was_price: int | None = None
    allergens: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    diet: tuple[str, ...] = ()
    prep_minutes: int | None = None
    made_up_price: bool = False
    daily_limit: int | None = None
    kind: str = "dish"
    groups: tuple[GroupRow, ...] = ()


Key = tuple[int, str]

# What a second loading may change; whether it is on sale is the store's own decision.
_RENEWED = [
    "section", "name", "name_en", "pinyin", "initials", "description", "price", "was_price", "allergens", "tags", "diet", "prep_minutes",
    "sort", "made_up_price", "daily_limit", "removed_at",
]  # fmt: skip


def put(*, rows: Sequence[OfferRow], at: datetime) -> list[int]:
    """Write sections, offers, groups and options, and return the offer ids in the order of `rows`."""
    sections = _put_sections(rows, at)
    offers = _put_offers(rows, sections, at)
    groups = _put_groups(rows, at)
    _put_options({(row.store_id, group.external_ref): group for row in reversed(rows) for group in row.groups}, groups, at)
    ids = [offers[row.store_id, row.external_ref] for row in rows]
    OfferGroup.objects.filter(offer_id__in=ids).delete()
    OfferGroup.objects.bulk_create(
        [
            OfferGroup(offer_id=offer_id, group_id=groups[row.store_id, group.external_ref], sort=sort)
            for offer_id, row in zip(ids, rows, strict=True)
            for sort, group in enumerate(row.groups)
        ],
        batch_size=2000,
    )
    return ids


def _put_sections(rows: Sequence[OfferRow], at: datetime) -> dict[Key, int]:
    wanted = {(row.store_id, row.section): row.section_en for row in rows}
    sorts: dict[int, int] = {}
    models = []
    for section_id, ((store_id, name), name_en) in zip(new_ids(at, len(wanted)), wanted.items(), strict=True):
        sorts[store_id] = sorts.get(store_id, 0) + 1
        models.append(Section(id=section_id, store_id=store_id, name=name, name_en=name_en, sort=sorts[store_id]))
    Section.objects.bulk_create(models, update_conflicts=True, unique_fields=["store", "name"], update_fields=["name_en"], batch_size=500)
    found = Section.objects.filter(store_id__in=sorts)
    return {(store_id, name): section_id for section_id, store_id, name in found.values_list("id", "store_id", "name")}


def _put_offers(rows: Sequence[OfferRow], sections: Mapping[Key, int], at: datetime) -> dict[Key, int]:
    known = _offer_ids(rows)
    fresh = iter(new_ids(at, len(rows)))
    Offer.objects.bulk_create(
        [_offer(row, sort, known.get((row.store_id, row.external_ref)) or next(fresh), sections) for sort, row in enumerate(rows)],
        update_conflicts=True,
        unique_fields=["store", "external_ref"],
        update_fields=_RENEWED,
        batch_size=500,
    )
    return _offer_ids(rows)


def _offer_ids(rows: Sequence[OfferRow]) -> dict[Key, int]:
    found = Offer.objects.filter(store_id__in={row.store_id for row in rows})
    return {(store_id, ref): offer_id for offer_id, store_id, ref in found.values_list("id", "store_id", "external_ref")}


def _offer(row: OfferRow, sort: int, offer_id: int, sections: Mapping[Key, int]) -> Offer:
    spelling = spell(row.name)
    same = ("store_id", "external_ref", "name", "name_en", "description", "price", "was_price", "prep_minutes", "made_up_price",
            "daily_limit", "kind")  # fmt: skip
    return Offer(
        id=offer_id,
        section_id=sections[row.store_id, row.section],
        pinyin=spelling.full[:600],
        initials=spelling.initials[:120],
        allergens=list(row.allergens),
        tags=list(row.tags),
        diet=list(row.diet),
        sort=sort,
        **{name: getattr(row, name) for name in same},
    )


def _put_groups(rows: Sequence[OfferRow], at: datetime) -> dict[Key, int]:
    wanted = {(row.store_id, group.external_ref): group for row in reversed(rows) for group in row.groups}
    OptionGroup.objects.bulk_create(
        [
            OptionGroup(
                id=group_id, store_id=store_id, external_ref=ref, name=group.name, name_en=group.name_en, least=group.least, most=group.most
            )
            for group_id, ((store_id, ref), group) in zip(new_ids(at, len(wanted)), wanted.items(), strict=True)
        ],
        update_conflicts=True,
        unique_fields=["store", "external_ref"],
        update_fields=["name", "name_en", "least", "most"],
        batch_size=500,
    )
    found = OptionGroup.objects.filter(store_id__in={store_id for store_id, _ in wanted})
    return {(store_id, ref): group_id for group_id, store_id, ref in found.values_list("id", "store_id", "external_ref")}


def _put_options(wanted: Mapping[Key, GroupRow], groups: Mapping[Key, int], at: datetime) -> None:
    options = [(groups[key], sort, option) for key, group in wanted.items() for sort, option in enumerate(group.options)]
    touched = {group_id for group_id, _, _ in options}
    Option.objects.filter(group_id__in=touched).update(removed_at=at)  # those that are still offered come back below
    Option.objects.bulk_create(
        [
            Option(id=option_id, group_id=group_id, name=row.name, name_en=row.name_en, price=row.price, most=row.most, sort=sort)
            for option_id, (group_id, sort, row) in zip(new_ids(at, len(options)), options, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["group", "name"],
        update_fields=["name_en", "price", "most", "sort", "removed_at"],
        batch_size=500,
    )
