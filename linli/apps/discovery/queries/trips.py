"""Day plans over the city's real places: sights, where to eat between them, and the way."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.engines.itinerary import Day, Option, Problem, Reason, Result, Spot, Visit, check, instead, solve
from linli.engines.itinerary.problem import Hours
from linli.kernel.errors import N_, Invalid
from linli.kernel.geo import Point
from linli.platform import policies
from linli.policy import trips as numbers

# What kind of sight it is, by words in its name; the first that is found.
KINDS: Mapping[str, tuple[str, ...]] = {
    "museum": ("馆", "博物"), "temple": ("寺", "庙", "观", "教堂"), "park": ("公园", "湖", "山", "园"),
    "street": ("街", "胡同", "路", "村"), "palace": ("宫", "府", "城", "坛"),
}  # fmt: skip
OTHER = "other"
DAYTIME: Hours = ((540, 1050),)  # where no hours are known: 9:00 to 17:30
USUAL_MIN, LEAST_MIN, MOST_MIN, MEAL_MIN = 90, 30, 360, 60
_SPELL = re.compile(r"([\d.]+)(小时|天)")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a trip is to be like. `budget` is for the whole party in minor units; `liked` are keys of KINDS.

    `pins` (store to day, None for any), `when` (store to between which minutes after midnight a visit begins), `dropped` and `kept` (store
    to day) are what the person has changed in an earlier plan.
    """

    starts: date
    days: int
    party: int
    budget: int
    liked: tuple[str, ...] = ()
    pins: Mapping[int, int | None] | None = None
    dropped: Collection[int] = ()
    kept: Mapping[int, int] | None = None
    when: Mapping[int, tuple[int, int]] | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit of a plan with its place; moments are minutes after the day's midnight."""

    store: StoreView
    visit: Visit
    price: int  # minor units a person


@dataclass(frozen=True, slots=True)
class Trip:
    """A plan by days, or the reasons why there is none. `left_out` are wanted sights with the code of the reason."""

    wish: Wish
    days: tuple[tuple[date, tuple[Stop, ...], int], ...]  # the date, the stops, when one is back
    cost: int
    reasons: tuple[Reason, ...]
    left_out: tuple[tuple[StoreView, str], ...]


def trip(*, city_id: int, home: Point, wish: Wish, at: datetime) -> Trip:
    """A plan for the wish, from and back to `home` every day. Raises Invalid for a wish that is no trip."""
    ensure_sense(wish, at)
    return planned(city_id=city_id, home=home, wish=wish, at=at)


def planned(*, city_id: int, home: Point, wish: Wish, at: datetime) -> Trip:
    """A plan for a wish whose days and people were looked at before. One statement every ten minutes, else none.

    A plan that the independent check finds a fault in counts as none.
    """
    places = {store.id: store for store in places_of(city_id, at) if store.id not in set(wish.dropped)}
    problem = problem_of(city_id, home, wish, places)
    result = solve(problem, seed=wish.starts.toordinal())
    if check(problem, result):
        result = Result((), (), 0, 0.0, False, (Reason("not_found"),))
    return _told(wish, result, places)


def options(*, city_id: int, home: Point, trip: Trip, store_id: int, at: datetime) -> list[tuple[StoreView, Option]]:
    """What could be in place of a stop, the rest as it is, the best first; empty when nothing could."""
    wish = trip.wish
    places = {store.id: store for store in places_of(city_id, at) if store.id not in set(wish.dropped)}
    days = tuple(tuple(stop.visit for stop in stops) for _, stops, _ in trip.days)
    result = Result(days, tuple(back for _, _, back in trip.days), trip.cost, 0.0, False)
    found = instead(problem_of(city_id, home, wish, places), result, str(store_id))
    return [(places[int(option.spot)], option) for option in found]


def ensure_sense(wish: Wish, at: datetime) -> None:
    """Raise Invalid for days, people or money that make no trip."""
    ahead = policies.whole(numbers.AHEAD_D)
    if not 1 <= wish.days <= policies.whole(numbers.DAYS_MOST):
        raise Invalid("trip.days", N_("A trip has one to %(most)s days."), field="days", most=policies.whole(numbers.DAYS_MOST))
    if not 1 <= wish.party <= policies.whole(numbers.PARTY_MOST):
        raise Invalid("trip.party", N_("One to %(most)s people."), field="party", most=policies.whole(numbers.PARTY_MOST))
    if not at.date() - timedelta(days=1) <= wish.starts <= at.date() + timedelta(days=ahead):
        raise Invalid("trip.starts", N_("Choose a day from today on, at most %(most)s days ahead."), field="starts", most=ahead)
    if wish.budget < 0:
        raise Invalid("trip.budget", N_("Say how much may be spent."), field="budget")


def problem_of(city_id: int, home: Point, wish: Wish, places: Mapping[int, StoreView]) -> Problem:
    """The wish as the engine takes it; what is said of places that are not there (any more) is let go."""
    begins, ends = (policies.whole(number, city_id) for number in (numbers.DAY_BEGINS_MIN, numbers.DAY_ENDS_MIN))
    days = tuple(Day((wish.starts.weekday() + turn) % 7, begins, ends) for turn in range(wish.days))
    spots = tuple(_spot(store, wish.liked) for store in places.values())
    pins = {
        str(store): day for store, day in (wish.pins or {}).items() if store in places and (day is None or 0 <= day < wish.days)
    }  # fmt: skip
    kept = {str(store): day for store, day in (wish.kept or {}).items() if store in places and 0 <= day < wish.days}
    when = {str(store): times for store, times in (wish.when or {}).items() if store in places}
    fare = policies.whole(numbers.METRO_FARE, city_id)
    return Problem(days, home, spots, wish.party, wish.budget, pins=pins, kept=kept, when=when, fare=fare)


def _told(wish: Wish, result: Result, places: Mapping[int, StoreView]) -> Trip:
    days = tuple(
        (wish.starts + timedelta(days=turn), tuple(Stop(places[int(v.spot)], v, places[int(v.spot)].per_head) for v in visits), back)
        for turn, (visits, back) in enumerate(zip(result.days, result.back, strict=True))
    )
    left_out = tuple((places[int(spot)], why) for spot, why in result.left_out.items())
    return Trip(wish, days, result.cost, result.reasons, left_out)


def places_of(city_id: int, at: datetime) -> tuple[StoreView, ...]:
    """The sights and restaurants of a city, as they were within the last ten minutes."""
    return _places(city_id, int(at.timestamp()) // 600)


@lru_cache(maxsize=4)
def _places(city_id: int, turn: int) -> tuple[StoreView, ...]:
    return tuple(merchants.all_stores(city_id=city_id, kinds=("restaurant", "sight")))


def kind_of(name: str) -> str:
    """The kind of a sight: a key of KINDS, or OTHER."""
    return next((kind for kind, words in KINDS.items() if any(word in name for word in words)), OTHER)


def visit_minutes(text: str) -> int:
    """`1小时 - 3小时` as one visit: a third of the way from the least to the most, between half an hour and six."""
    found = [float(number) * (1440 if unit == "天" else 60) for number, unit in _SPELL.findall(text)] or [USUAL_MIN]
    least, most = min(found[0], 480), min(found[-1], 480)
    return int(min(MOST_MIN, max(LEAST_MIN, least + (most - least) / 3)))


def _spot(store: StoreView, liked: tuple[str, ...]) -> Spot:
    sight, worth = store.kind == "sight", max(0.1, ((store.rating or 40) - 30) / 10)
    kind = kind_of(store.name) if sight else store.cuisine
    minutes = visit_minutes(str(store.facts.get("visit", ""))) if sight else MEAL_MIN
    worth *= (1.8 if kind in liked else 1.0) if sight else 1 / 3
    return Spot(str(store.id), "sight" if sight else "meal", store.point, minutes, store.per_head, worth, kind, _hours(store))


def _hours(store: StoreView) -> tuple[Hours, ...]:
    openings = store.hours.openings
    if not openings:
        return (DAYTIME,) * 7
    return tuple(tuple(sorted((one.opens, one.closes) for one in openings if one.weekday == day)) for day in range(7))


def settled(trip: Trip) -> Wish:
    """The wish for the next change: everything of this plan is to stay where that costs little."""
    return replace(trip.wish, kept={stop.store.id: turn for turn, (_, stops, _) in enumerate(trip.days) for stop in stops})
