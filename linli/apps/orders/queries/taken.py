"""Who had what: for those who learn from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from linli.apps.orders import states
from linli.apps.orders.models import Order, OrderLine

_PARTS = 400  # persons or orders in one statement


@dataclass(frozen=True, slots=True)
class Taken:
    """A paid order that came to something; `offers` are what was in it, each once."""

    order_id: int
    person_id: int
    store_id: int
    at: datetime
    goods: int
    offers: tuple[int, ...]


def taken(*, city_id: int, since: datetime, person_ids: Collection[int] | None = None) -> list[Taken]:
    """The orders of a city (of these persons, if given) that were paid from `since` on, the oldest first, in a statement for each few
    hundred of them.
    """
    rows = Order.objects.filter(city_id=city_id, paid_at__gte=since).exclude(state__in=states.CLOSED)
    if person_ids is not None:
        rows = rows.filter(person_id__in=list(person_ids))
    found = list(rows.order_by("id").values_list("id", "person_id", "store_id", "paid_at", "goods"))
    offers: dict[int, dict[int, None]] = {}
    for start in range(0, len(found), _PARTS):
        lines = OrderLine.objects.filter(order_id__in=[row[0] for row in found[start : start + _PARTS]], offer_id__isnull=False)
        for order_id, offer_id in lines.order_by("id").values_list("order_id", "offer_id"):
            offers.setdefault(order_id, {})[offer_id or 0] = None
    return [Taken(*row[:3], at=row[3], goods=row[4], offers=tuple(offers.get(row[0], ()))) for row in found if row[3]]
