"""What lines of a basket cost, and menus, written by hand once for both databases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from linli.apps.catalog import kinds
from linli.platform.reads import Read, marks, together

T = TypeVar("T")

_TERMS = """
SELECT {all}({list}(o.id, o.store_id, o.name, o.name_en, o.price, {json}(o.allergens), o.prep_minutes, o.on_sale,
  {json}((SELECT {all}({list}(l.sort, l.id, g.id, g.name, g.name_en, g.least, g.most,
    {json}((SELECT {all}({list}(p.id, p.name, p.name_en, p.price, p.most, p.on_sale, p.sort))
     FROM catalog_option p WHERE p.group_id = g.id AND p.removed_at IS NULL))))
   FROM catalog_offergroup l JOIN catalog_optiongroup g ON g.id = l.group_id WHERE l.offer_id = o.id)), o.kind, OWN))
FROM catalog_offer o WHERE o.removed_at IS NULL AND o.id IN (IDS)
""".replace("OWN", kinds.columns())

_SECTIONS = "SELECT {all}({list}(s.sort, s.id, s.name, s.name_en)) FROM catalog_section s WHERE s.store_id = %s"
_OFFERS = """
SELECT {all}({list}(COLUMNS,
  {json}((SELECT {all}({list}(l.sort, l.id, l.group_id)) FROM catalog_offergroup l WHERE l.offer_id = o.id))))
FROM catalog_offer o WHERE o.removed_at IS NULL AND o.store_id = %s
"""
_GROUPS = """
SELECT {all}({list}(g.id, g.name, g.name_en, g.least, g.most,
  {json}((SELECT {all}({list}(p.id, p.name, p.name_en, p.price, p.most, p.on_sale, p.sort))
   FROM catalog_option p WHERE p.group_id = g.id AND p.removed_at IS NULL))))
FROM catalog_optiongroup g WHERE g.store_id = %s
"""
_JSON = frozenset({"allergens", "tags", "diet"})

_RATE_DAYS = """
SELECT {all}({list}(plan_id, CASE TURNS END, CASE WHEN closed THEN -1 ELSE COALESCE(price, 0) END))
FROM catalog_rateday WHERE day IN (DAYS)
"""
_ROOMS = """
SELECT {all}({list}(t.offer_id, o.store_id, o.name, o.name_en, o.description, {json}(t.beds), t.sleeps, t.area_m2, t."window",
  t.child_bed, {json}(t.facilities), t.panorama, t.made_up, o.on_sale,
  {json}((SELECT {all}({list}(p.id, p.offer_id, p.name, p.name_en, p.breakfasts, p.free_cancel_h, p.made_up_price, p.price,
    p.weekend_price, p.least_nights, p.most_nights, p.long_nights, p.long_percent, p.pay))
   FROM catalog_rateplan p WHERE p.offer_id = t.offer_id AND p.removed_at IS NULL))))
FROM catalog_roomtype t JOIN catalog_offer o ON o.id = t.offer_id WHERE o.removed_at IS NULL AND t.offer_id IN (IDS)
"""


def menu(store_id: int, columns: Sequence[str]) -> tuple[Any, Any, Any]:
    """The rows of a store's sections, of its offers (`columns`, then their links to groups) and of its groups with their options, all
    in no order. One statement."""
    named = ", ".join(f"{{json}}(o.{name})" if name in _JSON else f"o.{name}" for name in columns)
    texts = (_SECTIONS, _OFFERS.replace("COLUMNS", named), _GROUPS)
    sections, offers, groups = together([Read(text, (store_id,), lambda rows: rows or ()) for text in texts])
    return sections, offers, groups


def rate_days(first: date, nights: int, make: Callable[[Any], T]) -> Read[T]:
    """What plans ask for the nights from `first` on: plan, which of the nights, price (0: as usual, -1: not sold)."""
    days = [first + timedelta(days=turn) for turn in range(nights)]
    turns = " ".join(f"WHEN day = %s THEN {turn}" for turn in range(nights))
    return Read(_RATE_DAYS.replace("TURNS", turns).replace("DAYS", marks(nights)), (*days, *days), make)


def rooms(offer_ids: Collection[int], make: Callable[[Any], T]) -> Read[T]:
    """Kinds of rooms with their plans."""
    return Read(_ROOMS.replace("IDS", marks(len(offer_ids))), tuple(sorted(offer_ids)), make)


def terms(offer_ids: Collection[int], make: Callable[[Any], T]) -> Read[T]:
    """The offers' rows with their groups and options."""
    return Read(_TERMS.replace("IDS", marks(len(offer_ids))), tuple(sorted(offer_ids)), make)
