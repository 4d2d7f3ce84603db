"""What a person changes in a trip, as a new wish; the plan is made anew around it, and what is not spoken of stays where it can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from linli.apps.discovery.queries import trips
from linli.apps.discovery.queries.trips import Stop, Trip, Wish
from linli.apps.discovery.trip_texts import without
from linli.engines.itinerary import Reason
from linli.engines.itinerary.problem import DINNER, LUNCH
from linli.kernel.errors import N_, Conflict, Invalid, NotFound, Problem

Kind = Literal["move", "pin", "free", "drop", "add", "swap"]
PARTS: Mapping[str, tuple[int, int]] = {
    "morning": (0, 719), "afternoon": (720, 1019), "evening": (1020, 1800), "lunch": (LUNCH.begins, LUNCH.ends),
    "dinner": (DINNER.begins, DINNER.ends),
}  # fmt: skip
CANNOT = {
    "few_meals": N_("There are too few places to eat for so many days."),
    "budget": N_("The money is less than the cheapest meals and what you have fixed cost."),
    "no_meal": N_("On day %(day)s there is nowhere to eat at that time."),
    "pin": N_("“%(name)s” does not fit in like that: it is closed then, too far away, or takes too long."),
    "together": N_("What you have fixed cannot all be had in these days and for this money."),
    "not_found": N_("We found no way to have all of what you have fixed in these days and for this money."),
}


@dataclass(frozen=True, slots=True)
class TripChange:
    """One change. `store_id` is the stop (or the place to add), `other_id` what takes its place; `day` counted from 0, None for any;
    `part` a key of PARTS, empty for any time."""

    kind: Kind
    store_id: int
    other_id: int = 0
    day: int | None = None
    part: str = ""


@dataclass(frozen=True, slots=True)
class TripFrame:
    """What a trip is to be like altogether: the first day, how many, for whom, the money, what is liked."""

    starts: date
    days: int
    party: int
    budget: int
    liked: tuple[str, ...] = ()


def framed(wish: Wish, frame: TripFrame) -> Wish:
    """The wish with another frame; what was fixed to a day that is no more may be on any."""
    pins = {store: day if day is not None and day < frame.days else None for store, day in (wish.pins or {}).items()}
    own = {"starts": frame.starts, "days": frame.days, "party": frame.party, "budget": frame.budget, "liked": frame.liked}
    return replace(wish, **own, pins=pins)  # type: ignore[arg-type]


def changed(trip: Trip, change: TripChange, places: Mapping[int, object]) -> Wish:
    """The wish with the change; `places` are those that may be in a plan. Raises NotFound, Invalid."""
    wish = trips.settled(trip)
    if change.day is not None and not 0 <= change.day < wish.days:
        raise Invalid("trip.day", N_("The trip has no such day."), field="day")
    if change.part and change.part not in PARTS:
        raise Invalid("trip.part", N_("There is no such time of the day."), field="part")
    return _HOW[change.kind](wish, trip, change, places)


def _at(trip: Trip, store_id: int) -> tuple[int, Stop]:
    for turn, (_, stops, _) in enumerate(trip.days):
        for stop in stops:
            if stop.store.id == store_id:
                return turn, stop
    raise NotFound("trip.stop", N_("This is not in your plan any more."))


def _known(store_id: int, places: Mapping[int, object]) -> None:
    if store_id not in places:
        raise NotFound("trip.place", N_("There is no such place to go to here."))


def _fixed(wish: Wish, store_id: int, day: int | None, part: str) -> Wish:
    """The store is in the plan: on that day, at that time of it."""
    kept = without(wish, {store_id})
    when = {**(kept.when or {}), **({store_id: PARTS[part]} if part else {})}
    gone = tuple(store for store in wish.dropped if store != store_id)
    return replace(kept, pins={**(kept.pins or {}), store_id: day}, when=when, dropped=gone)


def _move(wish: Wish, trip: Trip, change: TripChange, places: Mapping[int, object]) -> Wish:
    _at(trip, change.store_id)
    return _fixed(wish, change.store_id, change.day, change.part)


def _pin(wish: Wish, trip: Trip, change: TripChange, places: Mapping[int, object]) -> Wish:
    turn, stop = _at(trip, change.store_id)
    return _fixed(wish, change.store_id, turn, stop.visit.meal)


def _free(wish: Wish, trip: Trip, change: TripChange, places: Mapping[int, object]) -> Wish:
    turn, _ = _at(trip, change.store_id)
    kept = without(wish, {change.store_id})
    return replace(kept, kept={**(kept.kept or {}), change.store_id: turn})


def _drop(wish: Wish, trip: Trip, change: TripChange, places: Mapping[int, object]) -> Wish:
    _at(trip, change.store_id)
    return replace(without(wish, {change.store_id}), dropped=(*wish.dropped, change.store_id))


def _add(wish: Wish, trip: Trip, change: TripChange, places: Mapping[int, object]) -> Wish:
    _known(change.store_id, places)
    return _fixed(wish, change.store_id, change.day, change.part)


def _swap(wish: Wish, trip: Trip, change: TripChange, places: Mapping[int, object]) -> Wish:
    """Another one in its place: at the same meal, else on the same day."""
    turn, stop = _at(trip, change.store_id)
    _known(change.other_id, places)
    gone = replace(without(wish, {change.store_id}), dropped=(*wish.dropped, change.store_id))
    return _fixed(gone, change.other_id, turn, stop.visit.meal)


_HOW: Mapping[str, Callable[[Wish, Trip, TripChange, Mapping[int, object]], Wish]] = {
    "move": _move, "pin": _pin, "free": _free, "drop": _drop, "add": _add, "swap": _swap,
}  # fmt: skip


def cannot(reason: Reason, names: Mapping[int, str]) -> Problem:
    """Why a trip cannot be, as a refusal in words."""
    name = names.get(int(reason.spot), "") if reason.spot else ""
    return Conflict("trip.cannot", CANNOT[reason.code], day=reason.day + 1, name=name)
