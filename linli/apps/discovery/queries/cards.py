"""A store on a list, as it is this very moment: open or not, what delivery costs, how long it takes, what is on offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from linli.apps.city import queries as city
from linli.apps.fulfilment import queries as fulfilment
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import OpenState, StoreNear, StoreView
from linli.apps.promotions import queries as promotions
from linli.apps.promotions.queries import Label
from linli.engines.search import Dish
from linli.kernel.geo import Point, metres
from linli.platform import policies
from linli.policy import dispatch, promises


@dataclass(frozen=True, slots=True)
class Card:
    """A store seen from a point. `fee` and `minimum` are None when it does not deliver there; `rating` is in tenths of a star.

    `eta_minutes` is from now to the door (or to the counter, when it does not deliver there): preparing, the way, both doors.
    """

    store: StoreView
    metres: float
    open: OpenState
    fee: int | None
    minimum: int | None
    eta_minutes: int
    labels: tuple[Label, ...]
    rating: int
    dishes: tuple[Dish, ...]


def cards(*, ids: Sequence[int], point: Point, at: datetime, dishes: Mapping[int, tuple[Dish, ...]], pace: float) -> list[Card]:
    """Cards of the stores in the order of `ids`, at most five statements; `pace` is seconds per metre of straight line."""
    found = merchants.stores(ids=ids).values()
    return shown([merchants.seen_from(view, metres(view.point, point), at) for view in found], at, dishes, pace)


def shown(seen: Sequence[StoreNear], at: datetime, dishes: Mapping[int, tuple[Dish, ...]], pace: float) -> list[Card]:
    """Cards of stores that have been looked at, in their order. At most one statement."""
    labels = promotions.labels(store_ids=[item.store.id for item in seen], at=at) if seen else {}
    return [_card(item, tuple(labels.get(item.store.id, ())), dishes.get(item.store.id, ()), pace, at) for item in seen]


def _card(seen: StoreNear, labels: tuple[Label, ...], dishes: tuple[Dish, ...], pace: float, at: datetime) -> Card:
    fee, minimum = (seen.ring.fee, seen.ring.minimum) if seen.ring else (None, None)
    eta = _eta_minutes(seen.store, seen.metres * pace, at) if seen.ring else seen.store.likely_minutes
    return Card(seen.store, seen.metres, seen.open, fee, minimum, eta, labels, seen.store.rating, dishes)


def _eta_minutes(store: StoreView, ride_s: float, at: datetime) -> int:
    leaves_s = fulfilment.leaves_s(city_id=store.city_id, place=store.point, made_s=store.likely_minutes * 60, at=at)
    doors_s = 2 * policies.whole(dispatch.HANDOVER_S, store.city_id)
    return ceil((leaves_s + ride_s + doors_s) / 60) + policies.whole(promises.MARGIN_MIN, store.city_id)


@dataclass(frozen=True, slots=True)
class Ground:
    """A city's zone, and how long a courier takes for a metre of straight line (seconds)."""

    zone: str
    pace: float


_grounds: dict[int, tuple[datetime, Ground]] = {}


def ground(*, city_id: int, point: Point, at: datetime) -> Ground:
    """The city as it is now; the time of a way is proportional to its straight line. Kept for a minute."""
    minute = at.replace(second=0, microsecond=0)
    kept = _grounds.get(city_id)
    if kept is None or kept[0] != minute:
        ride = city.pace(city_id=city_id, vehicle="ebike", at=at)
        kept = _grounds[city_id] = (minute, Ground(city.city(city_id=city_id).zone, ride))
    return kept[1]


def seconds_per_metre(*, city_id: int, point: Point, at: datetime) -> float:
    """The pace of `ground`."""
    return ground(city_id=city_id, point=point, at=at).pace
