"""What orders say about somebody who agreed to it, in values that can be shown to them: nothing is kept that the profile page hides."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from linli.apps.accounts import queries as accounts
from linli.apps.city import queries as city
from linli.apps.discovery import operations as discovery
from linli.apps.discovery.operations import TasteWant
from linli.apps.merchants import queries as merchants
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import Taken
from linli.platform import policies
from linli.policy import recommend, stores

_OFTEN_A_WEEK, _SELDOM_A_WEEK = 2.0, 0.5
_LONGEST_D = 84  # the weeks that frequency is taken from
_MOST_LIKES = 8


def think(*, person_ids: Collection[int], at: datetime) -> None:
    """Write down anew what is known of those among `person_ids` who agree to it."""
    known = accounts.consenting(ids=person_ids)
    since = at - timedelta(days=policies.whole(recommend.HISTORY_D))
    for place in city.cities():
        of = defaultdict[int, list[Taken]](list)
        for order in orders.taken(city_id=place.id, since=since, person_ids=known):
            of[order.person_id].append(order)
        wanted = {order.store_id for several in of.values() for order in several}
        cuisines = {view.id: view.cuisine for view in merchants.stores(ids=wanted).values()}
        discovery.put_tastes(wants=[_want(person, place.id, place.zone, of[person], cuisines, at) for person in sorted(of)], at=at)
    _begin_those_without_orders(known, at)


def _begin_those_without_orders(known: Collection[int], at: datetime) -> None:
    home = city.cities()
    for person in known:
        if home:
            discovery.begin_taste(person_id=person, city_id=home[0].id, at=at)


def _want(person: int, city_id: int, zone: str, taken: Sequence[Taken], cuisines: dict[int, str], at: datetime) -> TasteWant:
    latest = tuple(dict.fromkeys(order.store_id for order in reversed(taken)))
    counts = Counter(cuisines.get(order.store_id, "") for order in taken)
    likes = {name: round(count / len(taken), 3) for name, count in counts.most_common(_MOST_LIKES) if name}
    return TasteWant(person_id=person, city_id=city_id, took=latest, likes=likes, facts=_facts(city_id, zone, taken, at))


def _facts(city_id: int, zone: str, taken: Sequence[Taken], at: datetime) -> dict[str, Any]:
    weeks = max(1.0, min(_LONGEST_D, (at - taken[0].at).total_seconds() / 86_400) / 7)
    recent = [order for order in taken if order.at > at - timedelta(days=_LONGEST_D)]
    a_week, usual = len(recent) / weeks, int(median(order.goods for order in taken))
    hours = Counter(order.at.astimezone(ZoneInfo(zone)).hour for order in taken)
    return {
        "orders": len(taken), "since": taken[0].at.date().isoformat(), "a_week": round(a_week, 1), "usual": usual,
        "band": 1 + sum(usual > policies.whole(edge, city_id) for edge in (stores.BAND_1, stores.BAND_2, stores.BAND_3)),
        "often": "often" if a_week >= _OFTEN_A_WEEK else "seldom" if a_week < _SELDOM_A_WEEK else "sometimes",
        "hour": hours.most_common(1)[0][0],
    }  # fmt: skip
