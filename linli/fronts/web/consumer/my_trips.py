"""Trips that a person keeps: changed stop by stop, the plan repaired around each change; what cannot be is said and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.apps.catalog import queries as catalog
from linli.apps.city import queries as city
from linli.apps.discovery import operations
from linli.apps.discovery.queries import saved_trips
from linli.apps.discovery.queries.saved_trips import Home, TripChange, TripFrame, TripView
from linli.apps.discovery.queries.trips import Stop
from linli.apps.merchants import queries as merchants
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer import trips as planner
from linli.fronts.web.consumer.here import Here, here
from linli.fronts.web.consumer.pages import page, said
from linli.fronts.web.identity import Request, signed_in
from linli.kernel import money
from linli.kernel.errors import N_, Conflict, Invalid, NotFound, Problem
from linli.platform import ids, limits, policies
from linli.policy import trips as numbers

KIND = "tp"  # of a kept trip's name outside
LONGEST = 40
SIGHT_PARTS = (
    ("", N_("any time")),
    ("morning", N_("in the morning")),
    ("afternoon", N_("in the afternoon")),
    ("evening", N_("in the evening")),
)
MEAL_PARTS = (("", N_("any meal")), ("lunch", N_("for lunch")), ("dinner", N_("for dinner")))


@dataclass(frozen=True, slots=True)
class Row:
    """A stop as it is shown; `pinned`: the person fixed it; `parts`: the times of the day that it can be moved to."""

    stop: Stop
    starts: str
    ends: str
    why: str
    pinned: bool
    part: str
    parts: tuple[tuple[str, str], ...]


def address_of(trip_id: int) -> str:
    """The page of a kept trip."""
    return f"/trips/{ids.seal(KIND, trip_id)}"


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: Request) -> HttpResponse:
    """The trips that are kept; a POST keeps the one whose wish it brings."""
    if request.method != "POST":
        return page(request, "trips.html", {"trips": saved_trips.trips_of(person_id=request.actor.person_id), **said(None)}, tab="me")
    place = here(request)
    typed = {name: request.POST.get(name, usual) for name, usual in planner.USUAL.items()} | {"starts": request.POST.get("starts", "")}
    try:
        _count(request)
        wish = planner.wish_of(request.POST, typed, place)
        home = Home(place.point, place.name, place.name_en)
        trip_id = operations.keep_trip(person_id=request.actor.person_id, city_id=place.city.id, home=home, wish=wish, at=request.at)
    except Problem as problem:
        kept = saved_trips.trips_of(person_id=request.actor.person_id)
        return page(request, "trips.html", {"trips": kept, **said(problem)}, tab="me", status=problem.status)
    return HttpResponseRedirect(address_of(trip_id))


def _count(request: Request) -> None:
    """Plans take a processor for a while: so many a minute and no more. Raises TooMany."""
    key, most = f"trips:{request.actor.person_id}", policies.whole(numbers.CHANGES_MIN)
    limits.hit(key=key, limit=most, per_s=60, at=request.at)


def kept_trip(request: Request, name: str) -> TripView:
    """The reader's trip of an address. Raises NotFound."""
    return saved_trips.saved_trip(person_id=request.actor.person_id, trip_id=ids.unseal(KIND, name))


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def trip(request: Request, name: str) -> HttpResponse:
    """The plan; a POST changes it. What cannot be is said above the plan, which is as it was."""
    kept = kept_trip(request, name)
    if request.method != "POST":
        return _shown(request, kept)
    try:
        _count(request)
        _change(request, kept)
    except Problem as problem:
        kept = kept_trip(request, name)
        unchanged = isinstance(problem, Conflict | Invalid) and problem.code != "trip.changed"
        return _shown(request, kept, problem, gettext("Your plan is as it was.") if unchanged else "")
    return HttpResponseRedirect(address_of(kept.id) + _anchor(request))


def _anchor(request: Request) -> str:
    """Back to where the change was made."""
    day = request.POST.get("day", "")
    return f"#day-{day}" if day.isdigit() and len(day) < 3 and day != "0" else ""


def _change(request: Request, kept: TripView) -> None:
    posted, who = request.POST, {"person_id": request.actor.person_id, "trip_id": kept.id, "at": request.at}
    version = forms.whole(posted, "version", kept.version)
    what = posted.get("do", "")
    if what == "undo":
        operations.undo_trip(**who, version=version)  # type: ignore[arg-type]
        return
    read = _READ.get(what)
    if read is None:
        raise Invalid("trip.change", N_("That cannot be changed."), field="do")
    operations.change_trip(**who, version=version, change=read(posted, kept))  # type: ignore[arg-type]


def _of_stop(posted: QueryDict, kept: TripView) -> TripChange:
    day, stop, other = forms.whole(posted, "day"), forms.sealed(posted, "stop", "st"), forms.sealed(posted, "other", "st")
    part = str(posted.get("part", ""))
    return TripChange(cast(Any, posted["do"]), stop or 0, other or 0, day - 1 if day else None, part)


def _frame(posted: QueryDict, kept: TripView) -> TripFrame:
    try:
        starts = date.fromisoformat(str(posted.get("starts", "")))
    except ValueError:
        raise Invalid("stay.day", N_("“%(text)s” is not a day."), text=str(posted.get("starts", ""))[:20], field="starts") from None
    currency = city.city(city_id=kept.city_id).currency
    liked = tuple(kind for kind in posted.getlist("like") if kind in planner.KINDS)
    budget = money.parse(str(posted.get("budget", "")), currency)
    return TripFrame(starts, forms.whole(posted, "days"), forms.whole(posted, "party"), budget, liked)


def _bed(posted: QueryDict, kept: TripView) -> Home:
    room, _, _ = str(posted.get("bed", "")).partition(".")
    store_id = catalog.room(offer_id=ids.unseal("of", room)).store_id if room else forms.sealed(posted, "hotel", "st")
    hotel = merchants.store(store_id=store_id or 0)
    if hotel.kind != "hotel" or hotel.city_id != kept.city_id or not hotel.active:
        raise NotFound("trip.hotel", N_("There is no such hotel here."))
    return Home(hotel.point, hotel.name[:LONGEST], hotel.name_en[:LONGEST], hotel.id)


_READ: Mapping[str, Callable[[QueryDict, TripView], TripChange | TripFrame | Home]] = {
    **dict.fromkeys(("move", "pin", "free", "drop", "add", "swap"), _of_stop), "frame": _frame, "sleep": _bed,
}  # fmt: skip


def _shown(request: Request, kept: TripView, problem: Problem | None = None, unchanged: str = "") -> HttpResponse:
    found, place = kept.trip, here(request)
    days = [
        (turn + 1, day, [_row(stop, kept) for stop in stops], planner.clock_words(back))
        for turn, (day, stops, back) in enumerate(found.days)
    ]
    context: dict[str, object] = {
        "kept": kept, "days": days, "left_out": [(store, gettext(planner.WHY_NOT[why])) for store, why in found.left_out],
        "points": planner.map_of(found, kept.home.point, kept.home.name), "kinds": planner.kinds(found.wish.liked), "here": place,
        "here_is": address_of(kept.id), "numbers": range(1, len(days) + 1), "unchanged": unchanged,
        "money_left": found.wish.budget - found.cost, "over": found.wish.starts < _today(request, place), **said(problem),
    }  # fmt: skip
    return page(request, "my_trip.html", context, tab="me", status=problem.status if problem else 200)


def _today(request: Request, place: Here) -> date:
    return request.at.astimezone(ZoneInfo(place.city.zone)).date()


def _row(stop: Stop, kept: TripView) -> Row:
    visit, wish = stop.visit, kept.trip.wish
    parts = MEAL_PARTS if visit.meal else SIGHT_PARTS
    fixed = (wish.when or {}).get(stop.store.id)
    part = next((name for name, times in saved_trips.PARTS.items() if times == fixed and name in dict(parts)), "")
    return Row(
        stop, planner.clock_words(visit.begins), planner.clock_words(visit.leaves), planner.why_words(visit.why),
        stop.store.id in (wish.pins or {}), part, tuple((code, gettext(text)) for code, text in parts),
    )  # fmt: skip


@signed_in
@never_cache
@require_GET
def swap(request: Request, name: str, stop: str) -> HttpResponse:
    """What could be in place of a stop, with what it changes."""
    kept, store_id = kept_trip(request, name), ids.unseal("st", stop)
    _count(request)
    found = saved_trips.swaps(kept=kept, store_id=store_id, at=request.at)
    own = next(one for _, stops, _ in kept.trip.days for one in stops if one.store.id == store_id)
    context = {"kept": kept, "own": own, "options": found, "here_is": address_of(kept.id), **said(None)}
    return page(request, "trip_swap.html", context, tab="me")


@signed_in
@never_cache
@require_GET
def add(request: Request, name: str) -> HttpResponse:
    """Looking for a place to put into the plan, by its name."""
    kept, text = kept_trip(request, name), request.GET.get("q", "").strip()[:LONGEST]
    found = saved_trips.addable(kept=kept, text=text, at=request.at)
    wanted = [(store, gettext(planner.WHY_NOT[why])) for store, why in kept.trip.left_out] if not text else []
    context = {
        "kept": kept, "typed": text, "found": found, "wanted": wanted, "here_is": address_of(kept.id),
        "numbers": range(1, len(kept.trip.days) + 1), **said(None),
    }  # fmt: skip
    return page(request, "trip_add.html", context, tab="me")


@signed_in
@require_POST
def remove(request: Request, name: str) -> HttpResponse:
    """The trip is not kept any more."""
    operations.remove_trip(person_id=request.actor.person_id, trip_id=ids.unseal(KIND, name))
    return HttpResponseRedirect("/trips")
