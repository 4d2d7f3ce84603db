"""Choosing a time: a service with somebody or a table for so many; then to the checkout, like everything else. And moving it later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods

from linli.apps.accounts import queries as accounts
from linli.apps.accounts.queries import AddressView
from linli.apps.catalog.queries import OfferTerms, ServiceView, TableView
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.apps.orders import operations, queries
from linli.apps.stock import queries as calendar
from linli.apps.stock.queries import FreeSlot
from linli.fronts.web.consumer import forms
from linli.fronts.web.consumer.here import here
from linli.fronts.web.consumer.pages import page, part, said, wants_part
from linli.fronts.web.identity import Request, signed_in
from linli.kernel import time as clocks
from linli.kernel.errors import N_, NotFound, Problem
from linli.kernel.geo import metres
from linli.platform import ids, policies
from linli.policy import promises

MOST = 60  # places shown
DAYS = 14  # shown at once
WEEKS = (1, 4, 8, 12)  # a series is so many weeks long
PARTS = ((0, N_("Morning")), (12, N_("Afternoon")), (17, N_("Evening")))  # from which hour on


@dataclass(frozen=True, slots=True)
class Day:
    """A day that can be chosen; `address` is the page with it, `free` how many times it has."""

    day: date
    free: int
    address: str
    on: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen so far."""

    day: date
    staff: int | None
    guests: int
    address: AddressView | None
    weeks: int


def _choice(request: Request, data: Mapping[str, str], terms: OfferTerms, today: date) -> Choice:
    typed = str(data.get("day", ""))
    try:
        day = max(today, date.fromisoformat(typed)) if typed else today
    except ValueError:
        day = today
    most = terms.own.most_guests if isinstance(terms.own, TableView) else 1
    book = accounts.addresses(person_id=request.identity.person_id) if request.identity and _at_home(terms) else []
    wanted = forms.sealed(data, "address", "ad")
    address = next(
        (entry for entry in book if entry.id == wanted), next((entry for entry in book if entry.is_default), next(iter(book), None))
    )
    weeks = forms.whole(data, "weeks", 1)
    guests = min(max(1, forms.whole(data, "guests", min(2, most))), max(1, most))
    return Choice(day, forms.sealed(data, "staff", "rs"), guests, address, weeks if weeks in WEEKS else 1)


def _at_home(terms: OfferTerms) -> bool:
    return isinstance(terms.own, ServiceView) and terms.own.at_home


def _free(terms: OfferTerms, store: StoreView, choice: Choice, first: date, days: int, at: datetime) -> list[FreeSlot]:
    start, end = (clocks.moment(datetime.combine(day, time()), store.zone) for day in (first, first + timedelta(days=days)))
    place = choice.address.point if choice.address else None
    return calendar.free_slots(
        offer_id=terms.id, first=start, last=end, at=at, guests=choice.guests, staff=choice.staff, place=place
    )  # fmt: skip


def _no_show(terms: OfferTerms, city_id: int) -> tuple[int, int]:
    """From how many minutes after the time on nobody is waited for, and the share of what was paid that is then kept, in hundredths."""
    rules = sorted(getattr(terms.own, "cancel", ()) or ())
    share = int(rules[0][1]) if rules else policies.whole(promises.CANCEL_LATE_BP, city_id)
    return policies.whole(promises.NO_SHOW_MIN, city_id), min(100, share // 100)


def _context(request: Request, data: Mapping[str, str], name: str, of: str) -> dict[str, Any]:
    terms = calendar.timed(offer_id=ids.unseal("of", of))
    store = merchants.store(store_id=ids.unseal("st", name))
    if terms.store_id != store.id:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    zone = ZoneInfo(store.zone)
    today = request.at.astimezone(zone).date()
    choice = _choice(request, data, terms, today)
    found = _free(terms, store, choice, today, max(DAYS, (choice.day - today).days + 1), request.at)
    by_day: dict[date, list[FreeSlot]] = {}
    for slot in found:
        by_day.setdefault(slot.starts_at.astimezone(zone).date(), []).append(slot)
    if not data.get("day") and by_day:
        choice = Choice(min(by_day), choice.staff, choice.guests, choice.address, choice.weeks)
    kept = {"staff": ids.seal("rs", choice.staff) if choice.staff else "", "guests": choice.guests, "weeks": choice.weeks,
            "address": ids.seal("ad", choice.address.id) if choice.address else ""}  # fmt: skip
    address = f"/stores/{name}/book/{of}"
    days = [
        Day(day, len(by_day.get(day, ())), f"{address}?{urlencode({**kept, 'day': day.isoformat()})}", day == choice.day)
        for day in (today + timedelta(days=offset) for offset in range(DAYS))
    ]  # fmt: skip
    team = calendar.who_can(offer_id=terms.id)
    book = accounts.addresses(person_id=request.actor.person_id) if request.identity and _at_home(terms) else []
    return {
        "store": store, "store_id": store.id, "terms": terms, "own": terms.own, "choice": choice, "days": days, "here_is": address,
        "kept": kept, "at_home": _at_home(terms), "book": book,
        "parts": _parts(by_day.get(choice.day, []), zone), "team": team, "is_table": isinstance(terms.own, TableView), "weeks": WEEKS,
        "guests": range(1, terms.own.most_guests + 1) if isinstance(terms.own, TableView) else (), "city": store,
        "no_show": _no_show(terms, store.city_id), "deposit": _deposit(terms, choice.guests), "moving": data.get("moving", ""),
        **said(None),
    }  # fmt: skip


def _deposit(terms: OfferTerms, guests: int) -> int:
    own = terms.own
    return terms.price * guests if isinstance(own, TableView) and guests >= own.deposit_from else 0


def _parts(slots: Sequence[FreeSlot], zone: ZoneInfo) -> list[tuple[str, list[FreeSlot]]]:
    """The times of a day, by parts of the day."""
    found: list[tuple[str, list[FreeSlot]]] = [(word, []) for _, word in PARTS]
    for slot in slots:
        hour = slot.starts_at.astimezone(zone).hour
        found[max(place for place, (begins, _) in enumerate(PARTS) if hour >= begins)][1].append(slot)
    return [(word, times) for word, times in found if times]


@require_GET
def nearby(request: Request) -> HttpResponse:
    """Hair, beauty, help at home, fitness: the places around, the nearest first, of one trade if one is chosen."""
    place, trade = here(request), request.GET.get("trade", "")
    around = sorted(merchants.all_stores(city_id=place.city.id, kinds=("service",)), key=lambda store: metres(store.point, place.point))
    trades = {store.cuisine: store for store in around}  # each with a store that knows what it is called in English
    found = [(store, metres(store.point, place.point)) for store in around if trade in ("", store.cuisine)][:MOST]
    return page(request, "services.html", {"here": place, "found": found, "trades": sorted(trades.items()), "trade": trade}, tab="home")


@require_http_methods(["GET", "HEAD", "POST"])
def book(request: Request, name: str, of: str) -> HttpResponseBase:
    """With whom, when, for how many; a POST puts the chosen time into the cart and goes to the checkout."""
    if request.method == "POST":
        return _chosen(request, name=name, of=of)
    context = _context(request, request.GET, name, of)
    return part(request, "parts/book.html", context) if wants_part(request) else page(request, "book.html", context)


@signed_in
def _chosen(request: Request, name: str, of: str) -> HttpResponse:
    context = _context(request, request.POST, name, of)
    choice, terms, store = context["choice"], context["terms"], context["store"]
    starts_at, mode = forms.moment(request.POST, "starts_at"), queries.FOR_KIND[terms.kind]
    try:
        if request.POST.get("moving"):
            return _moved(request, starts_at, choice)
        operations.clear_mode(person_id=request.actor.person_id, store_id=store.id, mode=mode, at=request.at)
        for start in _series(starts_at, choice.weeks, store.zone):
            operations.add_line(
                person_id=request.actor.person_id, store_id=store.id, offer_id=terms.id, starts_at=start,
                guests=choice.guests if context["is_table"] else 0, details=_details(choice), at=request.at,
            )  # fmt: skip
    except Problem as problem:
        return page(request, "book.html", context | said(problem), status=problem.status)
    return HttpResponseRedirect(f"/checkout/{name}?mode={mode}")


def _series(starts_at: datetime | None, weeks: int, zone: str) -> list[datetime | None]:
    """The same time by the clock on the wall, week after week."""
    if starts_at is None:
        return [None]
    wall = starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return [clocks.moment(wall + timedelta(weeks=week), zone) for week in range(weeks)]


def _details(choice: Choice) -> dict[str, Any]:
    found: dict[str, Any] = {"staff": choice.staff} if choice.staff else {}
    if choice.address:
        where = choice.address
        found["place"] = [where.point.lat, where.point.lng, f"{where.place} {where.detail}", where.contact_name, where.phone]
    return found


def _moved(request: Request, starts_at: datetime | None, choice: Choice) -> HttpResponse:
    booking = calendar.booking(booking_id=ids.unseal("bk", request.POST.get("moving", "")))
    order_id = int(booking.ref.partition(":")[2])
    if starts_at is None:
        raise NotFound("booking.unknown", N_("There is no such booking."))
    operations.reschedule(
        order_id=order_id, booking_id=booking.id, starts_at=starts_at, staff=choice.staff, actor=request.actor, at=request.at
    )  # fmt: skip
    return HttpResponseRedirect(f"/orders/{ids.seal('or', order_id)}")


def of_order(order: queries.OrderView) -> list[tuple[calendar.BookingView, str]]:
    """The bookings of an order that stand, each with where it can be moved."""
    store = ids.seal("st", order.store_id)
    return [
        (row, f"/stores/{store}/book/{ids.seal('of', row.offer_id)}?{urlencode({'moving': ids.seal('bk', row.id)})}")
        for row in calendar.bookings_of(refs=[order.ref]).get(order.ref, ())
        if not row.over
    ]
