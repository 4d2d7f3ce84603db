"""How often promises were kept: what stands behind the time that is promised next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.db.models import Count, F, Q

from linli.apps.orders.models import Order
from linli.kernel import ids
from linli.platform import policies
from linli.policy import promises

_KEPT_S = 300  # the share of weeks does not move within minutes
_AHEAD = timedelta(days=14)  # most that an order is placed before it is brought


@dataclass(frozen=True, slots=True)
class KeptShare:
    """Of `count` orders delivered in the last `days`, the `percent` that came by their promise, rounded down; `of` is store or city."""

    of: str
    count: int
    percent: int
    days: int


def kept_share(*, store_id: int, city_id: int, at: datetime) -> KeptShare | None:
    """How often the store kept its promises lately, the whole city while the store has brought too few; None while the city has, too.

    At most two statements, and none for five minutes afterwards.
    """
    days, least = policies.whole(promises.KEPT_DAYS, city_id), policies.whole(promises.KEPT_LEAST, city_id)
    tick = int(at.timestamp()) // _KEPT_S
    for of, number in (("store", store_id), ("city", city_id)):
        count, kept = _counted(of, number, days, tick)
        if count >= least:
            return KeptShare(of, count, 100 * kept // count, days)
    return None


@lru_cache(maxsize=4096)
def _counted(of: str, number: int, days: int, tick: int) -> tuple[int, int]:
    """Orders delivered in the `days` before the tick, and those of them that came by their promise. One statement, along the keys."""
    at = datetime.fromtimestamp((tick + 1) * _KEPT_S, UTC)
    start = at - timedelta(days=days)
    rows = Order.objects.filter(**{of: number}, mode="delivery", id__gte=ids.since(start - _AHEAD), delivered_at__gte=start)
    found = rows.aggregate(count=Count("id"), kept=Count("id", filter=Q(delivered_at__lte=F("promise_to"))))
    return found["count"], found["kept"]


forget = _counted.cache_clear
