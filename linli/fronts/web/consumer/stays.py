"""Hotels: looking for nights, a hotel with its rooms and prices, and booking one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import PlanView, RoomView, StayPrice
from linli.apps.city import queries as cities
from linli.apps.discovery.queries import stays
from linli.apps.discovery.queries.stays import Hotels, StayWant
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.apps.orders import queries
from linli.apps.stock import queries as stock
from linli.engines.stays import SORTS, Sort
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.here import Here, here
from linli.fronts.web.consumer.pages import page, part, said, wants_part
from linli.fronts.web.identity import Request
from linli.kernel import money
from linli.kernel.errors import N_, Forbidden, Invalid, NotFound, Problem
from linli.kernel.geo import Point, metres
from linli.platform import ids, policies
from linli.policy import stays as policy

MOST_TEXT = 60
FEW_LEFT = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """The nights and people that the address asks for; `query` is them again, for links."""

    first: date
    last: date
    guests: int
    rooms: int

    @property
    def nights(self) -> int:
        """How many nights; may be senseless."""
        return (self.last - self.first).days

    @property
    def query(self) -> str:
        """For links to the same nights."""
        return urlencode({"first": self.first, "last": self.last, "guests": self.guests, "rooms": self.rooms})


@dataclass(frozen=True, slots=True)
class Way:
    """A plan with its price for the nights asked for, or why it cannot be had."""

    plan: PlanView
    price: StayPrice | None
    problem: Problem | None
    free_until: datetime | None
    refused: Problem | None  # why this person may not have it on these terms


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of room as it is shown: what it has in words, how many are left, and the ways to book it."""

    room: RoomView
    beds: str
    inside: tuple[str, ...]
    left: int | None
    ways: tuple[Way, ...]
    around: bool


def asked(data: QueryDict, zone: str, request: Request) -> Asked:
    """The nights in the address; tonight for two when it says nothing. Raises Invalid for what cannot be read."""
    tonight = catalog.tonight(zone=zone, at=request.at)
    first = _day(data, "first") or tonight
    last = _day(data, "last") or first + timedelta(days=1)
    return Asked(first, last, forms.whole(data, "guests", 2), forms.whole(data, "rooms", 1))


def _day(data: QueryDict, field: str) -> date | None:
    text = data.get(field, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("stay.day", N_("“%(text)s” is not a day."), text=text[:20], field=field) from None


@require_GET
def search(request: Request) -> HttpResponse:
    """Hotels for the nights asked for: the form, a list, a map."""
    place = here(request)
    context = {"here": place, "typed": request.GET, "sorts": SORTS, **_choices(request), **said(None)}
    try:
        nights = asked(request.GET, place.city.zone, request)
        context |= {"asked": nights}
        want, near = _want(request.GET, nights, place)
        found = stays.hotels(city_id=place.city.id, want=want, at=request.at, cursor=request.GET.get("cursor") or None)
    except Problem as problem:
        context |= {"asked": context.get("asked") or asked(QueryDict(), place.city.zone, request), **said(problem)}
        return _answer(request, context, problem.status)
    free = {card.plan.id for card in found.cards if (until := free_until(card.plan, card.store.zone, nights.first)) and until > request.at}
    context |= {"free": free, "found": found, "want": want, "near": near, "points": _points(found, near, nights)}
    if want.sort and request.GET.get("cursor") and wants_part(request):
        return part(request, "parts/hotels.html", {"city": place.city, **context})
    return _answer(request, context, 200)


def _answer(request: Request, context: dict[str, object], status: int) -> HttpResponse:
    if wants_part(request) and request.headers.get("HX-Target") == "found":
        place = context["here"]
        return part(request, "parts/stays_found.html", {"city": getattr(place, "city", None), **context}, status=status)
    return page(request, "stays.html", context, tab="home", status=status)


def _choices(request: Request) -> dict[str, object]:
    picked, classes = set(request.GET.getlist("with")), set(request.GET.getlist("class"))
    return {
        "amenities": [(code, gettext(text), code in picked) for code, (text, _) in stays.AMENITIES.items()],
        "classes": [(code, gettext(text), str(code) in classes) for code, text in stays.CLASSES.items()],
        "sort": request.GET.get("sort", "smart"),
    }


def _want(data: QueryDict, nights: Asked, place: Here) -> tuple[StayWant, tuple[Point, str]]:
    near, radius = _near(data, place)
    sort: Sort = next((name for name in SORTS if name == data.get("sort")), "smart")
    currency = place.city.currency
    want = StayWant(
        first=nights.first, nights=nights.nights, guests=nights.guests, rooms=nights.rooms, near=near[0], radius_m=radius,
        low=_money(data, "low", currency),
        high=_money(data, "high", currency),
        classes=tuple(int(code) for code in data.getlist("class") if code.isdigit() and int(code) in stays.CLASSES),
        facilities=tuple(code for code in data.getlist("with") if code in stays.AMENITIES), breakfast=data.get("breakfast") == "1",
        free_cancel=data.get("free") == "1", text=data.get("q", "").strip()[:MOST_TEXT], sort=sort,
    )  # fmt: skip
    return want, near


def _money(data: QueryDict, field: str, currency: str) -> int | None:
    text = str(data.get(field, "")).strip()
    return money.parse(text, currency) if text else None


def _near(data: QueryDict, place: Here) -> tuple[tuple[Point, str], int | None]:
    """Where the reader wants to be: a place that they name, or where they are (then anywhere in the city). Raises Invalid."""
    text = data.get("near", "").strip()[:MOST_TEXT]
    if not text:
        return (place.point, ""), None
    found = cities.landmarks(city_id=place.city.id, text=text, near=place.city.centre, limit=1)
    if not found:
        raise Invalid("stay.near", N_("We know no place called “%(text)s”. Try a metro station or a sight."), text=text, field="near")
    return (found[0].point, found[0].name), policies.whole(policy.NEAR_M, place.city.id)


def _points(found: Hotels, near: tuple[Point, str], nights: Asked) -> dict[str, object]:
    marks: list[dict[str, object]] = [{"id": "near", "kind": "you", "lat": near[0].lat, "lng": near[0].lng, "label": near[1]}]
    marks += [
        {"id": (st := ids.seal("st", card.store.id)), "kind": "store", "lat": card.store.point.lat, "lng": card.store.point.lng,
         "label": f"{card.store.name} ¥{card.each // 100}", "href": f"/stores/{st}?{nights.query}"}
        for card in found.cards
    ]  # fmt: skip
    return {"marks": marks, "lines": [], "fit": True}


def hotel(request: Request, store: StoreView) -> HttpResponse:
    """A hotel with its rooms, and what the nights asked for cost by each plan. At most twelve statements, three more
    with rooms that may be paid afterwards."""
    place = here(request)
    context: dict[str, object] = {"here": place, "store": store, **said(None)}
    try:
        nights = asked(request.GET, store.zone, request)
        catalog.ensure_nights(
            zone=store.zone, first=nights.first, count=nights.nights, guests=nights.guests, rooms=nights.rooms, at=request.at
        )
        status = 200
    except Problem as problem:
        nights, status = asked(QueryDict(), store.zone, request), problem.status
        context |= said(problem)
    labels = [gettext(stays.AMENITIES[code][0]) for code in stays.amenities(store.facilities)]
    context |= {
        "asked": nights, "kinds": kinds_of(request, store, nights), "class_word": gettext(stays.CLASSES.get(stays.class_of(store), "")),
        "amenity_words": labels, "metres": metres(place.point, store.point), "check_in": _clock(policy.CHECK_IN_MIN),
        "check_out": _clock(policy.CHECK_OUT_MIN), "at": request.at, "points": _here_is(store),
    }  # fmt: skip
    return page(request, "hotel.html", context, status=status)


@require_GET
def around(request: Request, of: str) -> HttpResponse:
    """A room all around, where its hotel gave such a picture. Raises NotFound."""
    room = catalog.room(offer_id=ids.unseal("of", of))
    if not shows_around(room):
        raise NotFound("room.picture", N_("There is no picture of this room all around."))
    return page(request, "around.html", {"room": room, "back": f"/stores/{ids.seal('st', room.store_id)}"})


def shows_around(room: RoomView) -> bool:
    """Whether there is an equirectangular picture that this site itself serves: others are not shown on its pages."""
    return room.panorama.startswith("/") and not room.panorama.startswith("//")


def _clock(number: object) -> str:
    minutes = policies.whole(number)  # type: ignore[arg-type]
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _here_is(store: StoreView) -> dict[str, object]:
    mark = {"id": "hotel", "kind": "store", "lat": store.point.lat, "lng": store.point.lng, "label": store.name}
    return {"marks": [mark], "lines": [], "centre": [store.point.lat, store.point.lng], "zoom": 14}


def kinds_of(request: Request, store: StoreView, nights: Asked) -> list[Kind]:
    """The rooms of a hotel with what they cost in these nights. Five statements, three more where some can be paid afterwards."""
    rooms = catalog.rooms(store_ids=[store.id]).get(store.id, [])
    plan_ids = [plan.id for room in rooms for plan in room.plans]
    days = catalog.rate_days(first=nights.first, nights=nights.nights, plan_ids=plan_ids)
    seasons = catalog.seasons(store_ids=[store.id]).get(store.id, ())
    left = stock.rooms_left(offer_ids=[room.offer_id for room in rooms], zone=store.zone, first=nights.first, nights=nights.nights)
    may = not_later(request, store) if any(plan.pay == "later" for room in rooms for plan in room.plans) else no_later
    kinds = []
    for room in rooms:
        fewest = min((night.left for night in left.get(room.offer_id, ())), default=None)
        ways = []
        for plan in room.plans:
            price, problem = None, None
            try:
                price = catalog.priced_stay(room, plan.id, nights.first, nights.nights, nights.rooms, nights.guests, days, seasons)
            except Problem as found:
                problem = found
            refused = may(price.total) if price and plan.pay == "later" else None
            ways.append(Way(plan, price, problem, free_until(plan, store.zone, nights.first), refused))
        kinds.append(_kind(room, fewest, tuple(ways)))
    return kinds


def no_later(amount: int) -> Problem | None:
    """Nothing keeps anybody from what nobody offers."""
    return None


def not_later(request: Request, store: StoreView) -> Callable[[int], Problem | None]:
    """What keeps whoever asks from paying so much (minor units) afterwards, in one word and with what would help. Three statements."""
    if request.identity is None:
        sign_in = Forbidden("later.who", N_("Sign in to see whether you may pay afterwards."))
        return lambda amount: sign_in
    currency = cities.city(city_id=store.city_id).currency
    standing = queries.standing(person_id=request.identity.person_id, city_id=store.city_id, at=request.at)
    return lambda amount: next(standing.problems(amount=amount, currency=currency), None)


def free_until(plan: PlanView, zone: str, first: date) -> datetime | None:
    """Until when the plan's stay is cancelled for nothing; None: never."""
    if plan.free_cancel_h is None:
        return None
    return catalog.check_in(zone=zone, first=first) - timedelta(hours=plan.free_cancel_h)


def _kind(room: RoomView, left: int | None, ways: tuple[Way, ...]) -> Kind:
    beds = " + ".join(f"{count} × {gettext(catalog.BEDS[kind])}" for kind, count in room.beds if kind in catalog.BEDS)
    inside = tuple(gettext(catalog.IN_ROOM[code]) for code in room.facilities if code in catalog.IN_ROOM)
    return Kind(room, beds, inside, left, ways, shows_around(room))


def store_of(name: str) -> StoreView:
    """The hotel of an address. Raises NotFound."""
    return merchants.store(store_id=ids.unseal("st", name))
