"""What is booked: a day by who it is with, and the steps of each: here, done, nobody came; and moving it, by a form or by dragging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.apps.accounts import queries as accounts
from linli.apps.dining import queries as tables
from linli.apps.orders import operations
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import OrderLineView, OrderView
from linli.apps.stock import queries as calendar
from linli.apps.stock.queries import BookingView, Member
from linli.fronts.web import feeds
from linli.fronts.web.merchant.dining import floor_page, led
from linli.fronts.web.merchant.frame import Room, done, page, room
from linli.fronts.web.problems import words
from linli.kernel import time as clocks
from linli.kernel.errors import N_, Conflict, Invalid, NotFound, Problem
from linli.platform import ids

HALF = 30  # minutes a row
SHOWN = (9, 21)  # hours, unless something is booked outside of them
STEPS = {"arrive": "arrived", "finish": "done", "leave": "done", "no_show": "no_show"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking with its order."""

    row: BookingView
    order: OrderView | None
    line: OrderLineView | None
    who: str
    phone: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Half an hour of a column: what begins in it, and whether something goes on in it."""

    entries: tuple[Entry, ...]
    busy: bool
    member: Member


@require_GET
@room
def bookings(request: Room) -> HttpResponse:
    """A day of the calendar, or the seven from it on."""
    return _page(request, request.GET.get("day", ""))


def _page(request: Room, shown: str, problem: Problem | None = None) -> HttpResponse:
    zone = ZoneInfo(request.store.zone)
    day, days = _day(request, shown, zone), 7 if request.GET.get("view") == "week" else 1
    first, last = _midnight(day, request.store.zone), _midnight(day + timedelta(days=days), request.store.zone)
    found = _entries(request, calendar.bookings(store_id=request.store.id, first=first, last=last))
    members = [one for one in calendar.resources(store_id=request.store.id) if one.kind in ("staff", "table")]
    step, view = timedelta(days=days), "week" if days == 7 else "day"
    told = {"problem": words(problem)} if problem else {}
    return page(
        request, "bookings", "bookings", status=problem.status if problem else 200, **told,
        day=day, view=view, members=members, entries=found,
        rows=_rows(found, members, day, zone) if days == 1 else (),
        week=[(day + timedelta(days=n), [e for e in found if e.row.starts_at.astimezone(zone).date() == day + timedelta(days=n)])
              for n in range(days)] if days == 7 else (),
        feed=feeds.address(request.at, store=request.store.id),
        before=f"?view={view}&day={day - step}", after=f"?view={view}&day={day + step}",
    )  # fmt: skip


def _day(request: Room, shown: str, zone: ZoneInfo) -> date:
    try:
        return date.fromisoformat(shown)
    except ValueError:
        return request.at.astimezone(zone).date()


def _midnight(day: date, zone: str) -> datetime:
    return clocks.moment(datetime.combine(day, time()), zone)


def _entries(request: Room, rows: list[BookingView]) -> list[Entry]:
    kept = orders.orders(ids=[int(row.ref.partition(":")[2]) for row in rows])
    people = accounts.people(ids={order.person_id for order in kept.values()})
    entries = []
    for row in rows:
        order = kept.get(int(row.ref.partition(":")[2]))
        if order is None or order.state == "placed":
            continue
        line = next((line for line in order.lines if line.offer_id == row.offer_id), None)
        who = people.get(order.person_id)
        phone = accounts.mask_phone(who.phone) if who else ""
        entries.append(Entry(row, order, line, who.name or phone if who else "", phone))
    return entries


def _rows(entries: list[Entry], members: list[Member], day: date, zone: ZoneInfo) -> list[tuple[str, list[Cell]]]:
    """Each half hour: its time by the clock on the wall, and a cell for each column."""
    minutes = [_minute(entry.row.starts_at, day, zone) for entry in entries]
    ends = [_minute(entry.row.ends_at, day, zone) for entry in entries]
    first = min([SHOWN[0] * 60, *(max(0, minute) for minute in minutes)]) // HALF * HALF
    last = max([SHOWN[1] * 60, *(min(24 * 60, minute) for minute in ends)])
    rows = []
    for begins in range(first, last, HALF):
        cells = []
        for member in members:
            own = [(e, a, b) for e, a, b in zip(entries, minutes, ends, strict=True) if e.row.lead_id == member.id]
            starting = tuple(e for e, a, _ in own if begins <= a < begins + HALF)
            cells.append(Cell(starting, any(a < begins + HALF and b > begins for _, a, b in own), member))
        rows.append((f"{begins // 60:02d}:{begins % 60:02d}", cells))
    return rows


def _minute(at: datetime, day: date, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return (local.date() - day).days * 24 * 60 + local.hour * 60 + local.minute


@require_http_methods(["GET", "HEAD", "POST"])
@room
def moving(request: Room, booking: str) -> HttpResponse:
    """One booking, to be moved: to another time, or to somebody else. From the calendar it was dragged there."""
    row, zone = _mine(request, booking), ZoneInfo(request.store.zone)
    (entry,) = _entries(request, [row]) or (None,)
    if entry is None or entry.order is None:
        raise NotFound("booking.unknown", N_("There is no such booking."))
    typed, problem = request.POST.dict(), None
    if request.method == "POST":
        try:
            return _moved(request, row, entry.order, typed)
        except Problem as refused:
            problem = refused
        if typed.get("from") == "calendar":
            return _page(request, typed.get("day", ""), problem)
    begins = row.starts_at.astimezone(zone)
    team = calendar.who_can(offer_id=row.offer_id) if row.kind == "staff" else []
    usual = {"day": begins.date().isoformat(), "time": f"{begins:%H:%M}", "lead": ids.seal("rs", row.lead_id)}
    return page(
        request, "moving", "bookings", status=problem.status if problem else 200, entry=entry, bk=booking, team=team,
        typed=typed or usual, **({"problem": words(problem)} if problem else {}),
    )  # fmt: skip


def _moved(request: Room, row: BookingView, order: OrderView, typed: dict[str, str]) -> HttpResponse:
    """Raises Invalid for a time that cannot be read, and as `reschedule`."""
    try:
        wall = datetime.combine(date.fromisoformat(typed.get("day", "")), time.fromisoformat(typed.get("time", "")[:5]))
    except ValueError:
        raise Invalid("booking.when", N_("Choose a day and a time."), field="day") from None
    lead = typed.get("lead", "")
    operations.reschedule(
        order_id=order.id, booking_id=row.id, starts_at=clocks.moment(wall, request.store.zone),
        staff=ids.unseal("rs", lead) if lead and row.kind == "staff" else None, actor=request.actor, at=request.at,
    )  # fmt: skip
    return HttpResponseRedirect(f"/merchant/{request.sealed}/bookings?{urlencode({'day': wall.date().isoformat(), 'done': 'moved'})}")


def _mine(request: Room, booking: str) -> BookingView:
    row = calendar.booking(booking_id=ids.unseal("bk", booking))
    if row.store_id != request.store.id:
        raise NotFound("booking.unknown", N_("There is no such booking."))
    return row


@require_POST
@room
def step(request: Room, booking: str, event: str) -> HttpResponse:
    """They are here, they have had it, or nobody came."""
    row = _mine(request, booking)
    if event not in STEPS:
        raise NotFound("booking.unknown", N_("There is no such booking."))
    order_id = int(row.ref.partition(":")[2])
    if event == "arrive" and row.kind == "table" and tables.has_tables(store_id=row.store_id):
        try:
            return led(request, order_id, [])
        except NotFound:
            pass  # not their time: they are here all the same, and sit where they like
        except Conflict as problem:
            return floor_page(request, problem)
    if event == "no_show":
        operations.no_show(order_id=order_id, actor=request.actor, at=request.at)
    else:
        operations.advance(order_id=order_id, event=event, actor=request.actor, at=request.at)
    return done(request, STEPS[event], "bookings")
