"""Menus, offers and prices, read in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from linli.apps.catalog import hot
from linli.apps.catalog.models import Offer, OfferGroup, Option, OptionGroup
from linli.kernel.errors import N_, NotFound
from linli.platform.reads import inner

# The fourteen that EU 1169/2011 (annex II) names; GB 7718 names eight of them. The data keeps codes, pages show words.
ALLERGENS = {
    "gluten": N_("Gluten"), "crustaceans": N_("Crustaceans"), "eggs": N_("Eggs"), "fish": N_("Fish"), "peanuts": N_("Peanuts"),
    "soy": N_("Soy"), "milk": N_("Milk"), "nuts": N_("Tree nuts"), "celery": N_("Celery"), "mustard": N_("Mustard"),
    "sesame": N_("Sesame"), "sulphites": N_("Sulphites"), "lupin": N_("Lupin"), "molluscs": N_("Molluscs"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OptionView:
    """One possibility of a group; `price` in minor units is added to the offer's, `most` is how often one portion may have it."""

    id: int
    name: str
    name_en: str
    price: int
    most: int
    on_sale: bool


@dataclass(frozen=True, slots=True)
class GroupView:
    """A choice: between `least` and `most` of its options, counting quantities."""

    id: int
    name: str
    name_en: str
    least: int
    most: int
    options: tuple[OptionView, ...]


@dataclass(frozen=True, slots=True)
class OfferView:
    """Something that is sold; prices in minor units, `was_price` what was really charged before."""

    id: int
    store_id: int
    section_id: int
    name: str
    name_en: str
    pinyin: str
    initials: str
    description: str
    price: int
    was_price: int | None
    allergens: tuple[str, ...]
    tags: tuple[str, ...]
    diet: tuple[str, ...]
    prep_minutes: int | None
    sort: int
    on_sale: bool
    made_up_price: bool
    daily_limit: int | None
    kind: str
    groups: tuple[GroupView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    """A heading of the menu and what stands under it."""

    id: int
    name: str
    name_en: str
    sort: int
    offers: tuple[OfferView, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """All that a store sells, sold out or not, under its headings."""

    store_id: int
    sections: tuple[SectionView, ...]

    @property
    def offers(self) -> tuple[OfferView, ...]:
        """Every offer, in the order of the menu."""
        return tuple(offer for section in self.sections for offer in section.offers)


@dataclass(frozen=True, slots=True)
class Dish:
    """What searching needs of an offer."""

    id: int
    name: str
    name_en: str
    pinyin: str
    initials: str
    price: int
    allergens: tuple[str, ...]


def menu(*, store_id: int) -> Menu:
    """The store's menu; empty for an unknown store. One statement."""
    sections, rows, heads = hot.menu(store_id, _COLUMNS)
    groups = {head[0]: group_of(*head) for head in heads}
    by_section: dict[int, list[OfferView]] = defaultdict(list)
    for *values, links in sorted(rows, key=lambda row: (row[_SORT], row[0])):
        values[_ON_SALE], values[_MADE_UP] = bool(values[_ON_SALE]), bool(values[_MADE_UP])
        values[_LISTS] = map(inner, values[_LISTS])
        asked = tuple(groups[group_id] for _, _, group_id in sorted(inner(links) or ()))
        view = _offer_view(values, asked)
        by_section[view.section_id].append(view)
    return Menu(
        store_id, tuple(SectionView(key, name, name_en, sort, tuple(by_section[key])) for sort, key, name, name_en in sorted(sections))
    )


def group_of(key: int, name: str, name_en: str, least: int, most: int, options: Any) -> GroupView:
    """The group of a row of hand-written SQL, with its options in their order."""
    found: list[Any] = sorted(inner(options) or (), key=lambda option: (option[6], option[0]))
    for row in found:
        row[5:] = [bool(row[5])]
    return GroupView(key, name, name_en, least, most, tuple(OptionView(*row) for row in found))


def offer(*, offer_id: int) -> OfferView:
    """The offer. Raises NotFound when there is none or it is off the menu."""
    found = offers(ids=[offer_id])
    if not found:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    return found[offer_id]


def offers(*, ids: Collection[int]) -> dict[int, OfferView]:
    """The offers of `ids` that are on a menu, by id. Three statements."""
    if not ids:
        return {}
    return {view.id: view for view in _offers(Offer.objects.filter(id__in=list(ids), removed_at=None).values_list(*_COLUMNS))}


def groups(*, store_id: int) -> list[GroupView]:
    """Every choice of the store, whether a dish asks for it or not, by name. Two statements."""
    heads = list(OptionGroup.objects.filter(store_id=store_id).order_by("name", "id").values_list("id", "name", "name_en", "least", "most"))
    options = _options([head[0] for head in heads])
    return [GroupView(*head, tuple(options[head[0]])) for head in heads]


def dishes(*, store_ids: Collection[int]) -> dict[int, list[Dish]]:
    """The dishes that each of the stores sells just now, in the order of the menu. One statement."""
    found: dict[int, list[Dish]] = defaultdict(list)
    chosen = Offer.objects.filter(store_id__in=list(store_ids), removed_at=None, on_sale=True, kind="dish").order_by(
        "store_id", "sort", "id"
    )
    rows: Iterable[Any] = chosen.values_list("store_id", "id", "name", "name_en", "pinyin", "initials", "price", "allergens")
    for store_id, id_, name, name_en, pinyin, initials, price, allergens in rows:
        found[store_id].append(Dish(id_, name, name_en, pinyin, initials, price, tuple(allergens)))
    return found


_COLUMNS = (
    "id", "store_id", "section_id", "name", "name_en", "pinyin", "initials", "description", "price", "was_price", "allergens", "tags",
    "diet", "prep_minutes", "sort", "on_sale", "made_up_price", "daily_limit", "kind",
)  # fmt: skip
_LISTS = slice(_COLUMNS.index("allergens"), _COLUMNS.index("diet") + 1)
_SORT, _ON_SALE, _MADE_UP = (_COLUMNS.index(name) for name in ("sort", "on_sale", "made_up_price"))


def _offers(rows: Iterable[tuple[Any, ...]]) -> list[OfferView]:
    kept = list(rows)
    groups = _groups([row[0] for row in kept])
    return [_offer_view(list(row), groups.get(row[0], ())) for row in kept]


def _offer_view(values: list[Any], groups: tuple[GroupView, ...]) -> OfferView:
    values[_LISTS] = [tuple(codes) for codes in values[_LISTS]]
    values.append(groups)
    return OfferView(*values)


def _groups(offer_ids: Collection[int]) -> Mapping[int, tuple[GroupView, ...]]:
    links = OfferGroup.objects.filter(offer_id__in=offer_ids).order_by("offer_id", "sort", "id")
    heads = list(links.values_list("offer_id", "group_id", "group__name", "group__name_en", "group__least", "group__most"))
    options = _options({head[1] for head in heads})
    views = {head[1]: GroupView(*head[1:], tuple(options[head[1]])) for head in heads}
    found: dict[int, list[GroupView]] = defaultdict(list)
    for offer_id, group_id, *_ in heads:
        found[offer_id].append(views[group_id])
    return {offer_id: tuple(group_views) for offer_id, group_views in found.items()}


def _options(group_ids: Collection[int]) -> Mapping[int, list[OptionView]]:
    found: dict[int, list[OptionView]] = defaultdict(list)
    if group_ids:
        chosen = Option.objects.filter(group_id__in=group_ids, removed_at=None).order_by("group_id", "sort", "id")
        rows: Iterable[Any] = chosen.values_list("group_id", "id", "name", "name_en", "price", "most", "on_sale")
        for group_id, *option in rows:
            found[group_id].append(OptionView(*option))
    return found
