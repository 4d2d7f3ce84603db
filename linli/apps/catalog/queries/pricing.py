"""What lines of a basket cost, option by option, and whether they may be had at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linli.apps.catalog import hot
from linli.apps.catalog.kinds import KINDS, LineWant, OfferTerms
from linli.apps.catalog.queries.menus import GroupView, OptionView, group_of
from linli.kernel.errors import N_, Conflict, Invalid
from linli.platform import reads
from linli.platform.reads import Read, inner

MOST_OF_A_LINE = 99


@dataclass(frozen=True, slots=True)
class OptionPick:
    """An option taken `qty` times in one portion; `price` is that of one, in minor units."""

    id: int
    name: str
    name_en: str
    qty: int
    price: int


@dataclass(frozen=True, slots=True)
class LinePrice:
    """A priced line: `unit` is one portion with its options, `amount` is `unit` times `qty`, both in minor units.

    Time, guests and details are what the offer's kind has made of the wish.
    """

    offer_id: int
    title: str
    title_en: str
    options: tuple[OptionPick, ...]
    qty: int
    unit: int
    amount: int
    allergens: tuple[str, ...]
    prep_minutes: int | None
    kind: str = "dish"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    guests: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


def terms(*, offer_ids: Collection[int]) -> Read[dict[int, OfferTerms]]:
    """The terms of those of the offers that are on a menu, by id, to be read together with other things."""
    return hot.terms(offer_ids, lambda rows: {row[0]: _terms(row) for row in rows or ()})


def _terms(row: Any) -> OfferTerms:
    key, store_id, name, name_en, cost, allergens, prep_minutes, on_sale, groups, kind, own = row
    asked = sorted(inner(groups) or (), key=lambda group: group[:2])  # sort, link
    return OfferTerms(
        key, store_id, name, name_en, cost, tuple(inner(allergens)), prep_minutes, bool(on_sale),
        tuple(group_of(*group[2:]) for group in asked), kind, _own(kind, own) if own is not None else None,
    )  # fmt: skip


def _own(kind: str, row: Any) -> Any:
    return KINDS[kind].make(inner(row))


def price(*, store_id: int, lines: Sequence[LineWant], at: datetime) -> list[LinePrice]:
    """What `lines` cost at `store_id`, in their order. One statement.

    Raises Conflict "offer.gone" or "option.gone" (params: name, offer_id) for what is not sold (any more),
    and Invalid "option.limits" or "line.qty" for choices outside their limits.
    """
    found = reads.one(terms(offer_ids={line.offer_id for line in lines}))
    return [priced(found.get(line.offer_id), store_id=store_id, want=line, at=at) for line in lines]


def priced(offer: OfferTerms | None, *, store_id: int, want: LineWant, at: datetime) -> LinePrice:
    """What one line costs at `store_id` by the terms of its offer (None: there is no such offer); raises as `price` does, and what the
    offer's kind says against the wish."""
    if offer is None or offer.store_id != store_id or offer.kind not in KINDS:
        raise Conflict("offer.gone", N_("This dish is not on the menu any more."), name="", offer_id=want.offer_id)
    if not offer.on_sale:
        raise Conflict("offer.gone", N_("“%(name)s” is sold out."), name=offer.name, offer_id=offer.id)
    if not 1 <= want.qty <= MOST_OF_A_LINE:
        raise Invalid("line.qty", N_("Between 1 and %(most)s of a dish."), most=MOST_OF_A_LINE, field="qty")
    picks = _picks(offer, want)
    agreed = KINDS[offer.kind].agree(offer, want, at)
    unit = agreed.unit + sum(pick.price * pick.qty for pick in picks)
    return LinePrice(
        offer.id, offer.name, offer.name_en, picks, want.qty, unit, unit * want.qty, offer.allergens, offer.prep_minutes, offer.kind,
        agreed.starts_at, agreed.ends_at, agreed.guests, agreed.details,
    )  # fmt: skip


def _picks(offer: OfferTerms, want: LineWant) -> tuple[OptionPick, ...]:
    known = {option.id: option for group in offer.groups for option in group.options}
    chosen: dict[int, int] = {}
    for option_id, qty in want.options:
        _available(known.get(option_id), offer)
        chosen[option_id] = chosen.get(option_id, 0) + qty
    for group in offer.groups:
        _within(group, offer, chosen)
    return tuple(
        OptionPick(option_id, option.name, option.name_en, chosen[option_id], option.price)
        for option_id, option in known.items()
        if option_id in chosen
    )


def _available(option: OptionView | None, offer: OfferTerms) -> None:
    if option is None or not option.on_sale:
        name = option.name if option else ""
        message = N_("“%(name)s” is not available with “%(offer)s” any more.") if name else N_("A choice of “%(offer)s” is gone.")
        raise Conflict("option.gone", message, name=name, offer=offer.name, offer_id=offer.id)


def _within(group: GroupView, offer: OfferTerms, chosen: dict[int, int]) -> None:
    taken = {option.id: chosen[option.id] for option in group.options if option.id in chosen}
    too_often = any(not 1 <= taken[option.id] <= option.most for option in group.options if option.id in taken)
    if too_often or not group.least <= sum(taken.values()) <= group.most:
        raise Invalid(
            "option.limits", N_("“%(offer)s”: choose between %(least)s and %(most)s of “%(group)s”."),
            offer=offer.name, group=group.name, least=group.least, most=group.most, offer_id=offer.id, field="options",
        )  # fmt: skip
