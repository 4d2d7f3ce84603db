"""A day plan: the wish is the address of the page, so a plan can be kept, shared and changed without an account."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from linli.apps.discovery.queries import saved_trips, trips
from linli.apps.discovery.queries.trips import Stop, Trip, Wish
from linli.fronts.web.consumer.here import Here, here
from linli.fronts.web.consumer.pages import page, said
from linli.fronts.web.identity import Request
from linli.fronts.web.problems import words
from linli.kernel import money
from linli.kernel.errors import N_, Invalid, Problem
from linli.kernel.geo import Point
from linli.platform import ids, limits, policies
from linli.policy import trips as numbers

KINDS = {"museum": N_("Museums"), "temple": N_("Temples"), "park": N_("Parks"), "street": N_("Old streets"), "palace": N_("Palaces")}
WHY = {
    "pinned": N_("you chose it"), "kept": N_("as before"), "wanted": N_("among the best rated"), "near": N_("close by"),
    "only_then": N_("open on no other day of your trip"), "cheap": N_("easy on the money"), "fits": N_("the best for the time there was"),
}  # fmt: skip
WHY_NOT = {
    "closed": N_("closed on these days"), "too_dear": N_("beyond the budget"), "no_time": N_("no time left for it"),
    "others_gain_more": N_("others give more for the time"),
}  # fmt: skip
USUAL = {"days": "1", "party": "2", "budget": "600"}
MOST_CHANGES = 80


@dataclass(frozen=True, slots=True)
class Row:
    """A stop as it is shown, and the addresses of the plans without it and with it fixed."""

    stop: Stop
    starts: str
    ends: str
    why: str
    without: str
    fixed: str


@require_GET
def trip(request: Request) -> HttpResponse:
    """The form, and below it the plan for what it says."""
    place = here(request)
    typed = {name: request.GET.get(name, usual) for name, usual in USUAL.items()}
    typed["starts"] = request.GET.get("starts") or (request.at.astimezone(ZoneInfo(place.city.zone)).date() + timedelta(days=1)).isoformat()
    context = {"here": place, "typed": typed, "kinds": kinds(request.GET.getlist("like")), **said(None)}
    if "days" not in request.GET:
        return page(request, "trip.html", context, tab="home")
    try:
        limits.hit(key=f"trip:{_who(request)}", limit=policies.whole(numbers.TRIES_MIN), per_s=60, at=request.at)
        found = trips.trip(city_id=place.city.id, home=place.point, wish=wish_of(request.GET, typed, place), at=request.at)
    except Problem as problem:
        return page(request, "trip.html", context | said(problem), tab="home", status=problem.status)
    try:
        saved_trips.ensure_possible(place.city.id, found, request.at)
    except Problem as problem:
        return page(request, "trip.html", context | {"refused": words(problem)}, tab="home")
    return page(request, "trip.html", context | _shown(found, request.GET, typed, place), tab="home")


def _who(request: Request) -> str:
    return str(request.identity.person_id) if request.identity else request.META.get("REMOTE_ADDR", "")


def kinds(liked: Collection[str]) -> list[tuple[str, str, bool]]:
    """What can be liked: the code, its words, and whether it is."""
    return [(kind, gettext(words), kind in liked) for kind, words in KINDS.items()]


def wish_of(asked: QueryDict, typed: dict[str, str], place: Here) -> Wish:
    """The wish in the address. Raises Invalid for what cannot be read."""
    try:
        starts, days, party = date.fromisoformat(typed["starts"]), int(typed["days"]), int(typed["party"])
    except ValueError:
        raise Invalid("trip.form", N_("A day, a number of days and a number of people are needed."), field="starts") from None
    liked = tuple(kind for kind in asked.getlist("like") if kind in KINDS)
    dropped = [ids.unseal("st", name) for name in asked.getlist("drop")[:MOST_CHANGES]]
    budget = money.parse(typed["budget"], place.city.currency)
    kept = {store: day for store, day in _on_days(asked.getlist("keep")).items() if day is not None}
    return Wish(starts, days, party, budget, liked, _on_days(asked.getlist("pin")), dropped, kept)


def _on_days(given: list[str]) -> dict[int, int | None]:
    """`st-…:1` as store and day (counted from 0; `:0` is any day). Raises NotFound for a store that is none."""
    pairs = (text.partition(":") for text in given[:MOST_CHANGES])
    return {ids.unseal("st", name): int(day) - 1 if int(day) else None for name, _, day in pairs if day.isdigit() and len(day) < 3}


def _shown(found: Trip, asked: QueryDict, typed: Mapping[str, str], place: Here) -> dict[str, object]:
    wish = trips.settled(found)
    base = [(name, value) for name in ("starts", "days", "party", "budget", "like") for value in asked.getlist(name)]
    days = [
        (day, [_row(stop, turn, wish, base) for stop in stops], clock_words(back)) for turn, (day, stops, back) in enumerate(found.days)
    ]
    left_out = [(store, gettext(WHY_NOT[why]), _address(_with(wish, store.id, None), base)) for store, why in found.left_out]
    points = map_of(found, place.point, place.name)
    return {"trip": found, "days": days, "left_out": left_out, "points": points, "keep": list(hidden(asked, typed))}


def hidden(asked: QueryDict, typed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The wish of an address again, as hidden fields of a form; what it does not say is as it is usual."""
    yield from typed.items()
    for name in ("like", "pin", "drop", "keep"):
        for value in asked.getlist(name):
            yield name, value


def _row(stop: Stop, turn: int, wish: Wish, base: list[tuple[str, str]]) -> Row:
    visit = stop.visit
    why = why_words(visit.why)
    without = _address(_with(wish, None, stop.store.id), base)
    pinned = stop.store.id in (wish.pins or {})
    fixed = "" if pinned else _address(_with(wish, stop.store.id, None, turn), base)
    return Row(stop, clock_words(visit.begins), clock_words(visit.leaves), why, without, fixed)


def why_words(codes: Iterable[str]) -> str:
    """Why a stop is in a plan, in words."""
    return ", ".join(gettext(WHY[code]) for code in codes if code != "kept")


def _with(wish: Wish, pinned: int | None, dropped: int | None, turn: int | None = None) -> Wish:
    """The wish with one more pin (on a day, or on any) or one more spot that is not wanted."""
    pins = {**(wish.pins or {}), **({pinned: turn} if pinned else {})}
    gone = (*wish.dropped, *([dropped] if dropped else []))
    return replace(wish, pins={store: day for store, day in pins.items() if store not in gone}, dropped=gone)


def _address(wish: Wish, base: list[tuple[str, str]]) -> str:
    changes = [("drop", ids.seal("st", store)) for store in wish.dropped]
    for name, held in (("pin", wish.pins), ("keep", dict[int, int | None](wish.kept or {}))):
        changes += [
            (name, f"{ids.seal('st', store)}:{0 if day is None else day + 1}")
            for store, day in (held or {}).items()
            if store not in wish.dropped
        ]
    return f"/trip?{urlencode([*base, *changes])}"


def clock_words(minutes: int) -> str:
    """Minutes after midnight as a time of the day."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def map_of(found: Trip, home: Point, name: str) -> dict[str, object]:
    """The plan for the map: the bed, the stops, a line for each day."""
    marks: list[dict[str, object]] = [{"id": "home", "kind": "home", "lat": home.lat, "lng": home.lng, "label": name}]
    lines = []
    for _, stops, _ in found.days:
        points = [home, *(stop.store.point for stop in stops), home]
        lines.append([[point.lat, point.lng] for point in points])
        marks += [
            {"id": ids.seal("st", stop.store.id), "kind": "store", "lat": stop.store.point.lat, "lng": stop.store.point.lng,
             "label": stop.store.name, "href": f"/stores/{ids.seal('st', stop.store.id)}"}
            for stop in stops
        ]  # fmt: skip
    return {"marks": marks, "lines": lines, "fit": True}
