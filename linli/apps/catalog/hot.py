"""What lines of a basket cost, written by hand once for both databases."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import connection

from linli.apps.catalog import kinds
from linli.platform.reads import Read, marks

T = TypeVar("T")

_TERMS = """
SELECT {all}({list}(o.id, o.store_id, o.name, o.name_en, o.price, {json}(o.allergens), o.prep_minutes, o.on_sale,
  {json}((SELECT {all}({list}(l.sort, l.id, g.id, g.name, g.name_en, g.least, g.most,
    {json}((SELECT {all}({list}(p.id, p.name, p.name_en, p.price, p.most, p.on_sale, p.sort))
     FROM catalog_option p WHERE p.group_id = g.id AND p.removed_at IS NULL))))
   FROM catalog_offergroup l JOIN catalog_optiongroup g ON g.id = l.group_id WHERE l.offer_id = o.id)), o.kind, OWN))
FROM catalog_offer o WHERE o.removed_at IS NULL AND o.id IN (IDS)
""".replace("OWN", kinds.columns())

_RATE_DAYS = """
SELECT plan_id, CASE {turns} END, CASE WHEN closed THEN -1 ELSE COALESCE(price, 0) END FROM catalog_rateday WHERE day IN ({days})
"""


def rate_days(first: date, nights: int) -> list[tuple[int, int, int]]:
    """What plans ask for the nights from `first` on: plan, which of the nights, price (0: as usual, -1: not sold). One statement."""
    days = [first + timedelta(days=turn) for turn in range(nights)]
    turns = " ".join(f"WHEN day = %s THEN {turn}" for turn in range(nights))
    with connection.cursor() as cursor:
        cursor.execute(_RATE_DAYS.format(turns=turns, days=marks(nights)), [*days, *days])
        rows: list[tuple[int, int, int]] = cursor.fetchall()
        return rows


def terms(offer_ids: Collection[int], make: Callable[[Any], T]) -> Read[T]:
    """The offers' rows with their groups and options."""
    return Read(_TERMS.replace("IDS", marks(len(offer_ids))), tuple(sorted(offer_ids)), make)
