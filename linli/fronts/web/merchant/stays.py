"""The hotel's desk: who arrives, who is here, who leaves; and the nights with their rooms and prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from linli.apps.accounts import queries as accounts
from linli.apps.catalog import operations as catalog_operations
from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import PlanView, RoomView
from linli.apps.orders import operations, queries
from linli.apps.orders.queries import OrderView
from linli.apps.payments import queries as payments
from linli.apps.stock import operations as stock_operations
from linli.apps.stock import queries as stock
from linli.fronts.web.merchant.frame import Room, done, number, page, room, wrong
from linli.kernel.errors import N_, Invalid, NotFound, Problem
from linli.kernel.money import parse as parse_money
from linli.platform import ids

DAYS = 14  # of the grid
MOST_GUESTS = 200
STATES = ("paid", "confirmed", "checked_in", "checked_out")
REASONS = (("sold_out", _("We are full")), ("closing", _("We are closed in these nights")), ("other", _("Another reason")))


@dataclass(frozen=True, slots=True)
class Guest:
    """A booking as the desk sees it: its room line, who comes, the nights, the wishes in words, and the room that was given."""

    order: OrderView
    line: Any
    who: str
    nights: int
    wishes: tuple[str, ...]
    room: str
    owed: int  # to be paid at the desk, minor units


@dataclass(frozen=True, slots=True)
class Cell:
    """One night of one kind of room: left of how many."""

    day: date
    left: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Row:
    """A kind of room in the grid with its nights, and its plans with what each night costs (None: not sold)."""

    view: RoomView
    cells: tuple[Cell, ...]
    plans: tuple[tuple[PlanView, tuple[int | None, ...]], ...]


@require_GET
@room
def desk(request: Room) -> HttpResponse:
    """Today's arrivals, who is here, and today's departures."""
    return page(request, "desk", "stays", **_desk(request))


def _desk(request: Room) -> dict[str, Any]:
    zone = ZoneInfo(request.store.zone)
    today = catalog.tonight(zone=request.store.zone, at=request.at)
    found = queries.for_store(store_id=request.store.id, states=STATES, limit=MOST_GUESTS).items
    stays = [order for order in found if order.mode == "stay"]
    owed = payments.owed(refs=[order.ref for order in stays if order.method == "desk"])
    keys = queries.told_with(order_ids=[order.id for order in stays], event="check_in")
    people = accounts.people(ids={order.person_id for order in stays})
    names = {key: person.name for key, person in people.items()}
    guests = sorted(
        (_guest(order, names.get(order.person_id, ""), keys.get(order.id, {}), owed.get(order.ref, 0)) for order in stays),
        key=lambda one: (one.order.promise_from, one.order.id),
    )
    comes = {one.order.id: one.order.promise_from.astimezone(zone).date() for one in guests}
    goes = {one.order.id: one.order.promise_to.astimezone(zone).date() for one in guests}
    waiting = [one for one in guests if one.order.state == "paid"]
    booked = [one for one in guests if one.order.state == "confirmed"]
    here = [one for one in guests if one.order.state == "checked_in"]
    return {
        "today": today, "reasons": REASONS,
        "tables": (
            (_("To be confirmed"), waiting, False),
            (_("Arriving today"), [one for one in booked if comes[one.order.id] <= today], True),
            (_("Leaving today"), [one for one in here if goes[one.order.id] <= today], True),
            (_("Staying"), [one for one in here if goes[one.order.id] > today], False),
            (_("Left, not marked as paid"), [one for one in guests if one.order.state == "checked_out" and one.owed], False),
            (_("Arriving later"), [one for one in booked if comes[one.order.id] > today], False),
        ),
    }  # fmt: skip


def _guest(order: OrderView, name: str, key: Mapping[str, Any], owed: int) -> Guest:
    line = next(iter(order.items), None)
    details = dict(line.details) if line else {}
    wishes = [gettext(catalog.WISHES[code]) for code in details.get("wishes", ()) if code in catalog.WISHES]
    wishes += [str(details["note"])] if details.get("note") else []
    return Guest(
        order, line, str(details.get("name") or name), len(details.get("nights", ())), tuple(wishes), str(key.get("room", "")), owed
    )


@require_POST
@room
def act(request: Room, order: str, what: str) -> HttpResponse:
    """Confirm, refuse, check in (with the room's number), check out, say that it is paid, or that nobody came."""
    found = queries.order(order_id=ids.unseal("or", order), store_id=request.store.id)
    same: dict[str, Any] = {"order_id": found.id, "actor": request.actor, "at": request.at}
    if what == "confirm":
        operations.accept(**same)
    elif what == "refuse":
        chosen = request.POST.get("reason", "")
        operations.refuse(**same, reason=request.POST.get("words", "").strip() or (chosen if chosen != "other" else ""))
    elif what == "no-show":
        operations.no_show(**same)
    elif what == "check-in":
        operations.advance(**same, event="check_in", data=_key(request))
    elif what == "check-out":
        operations.advance(**same, event="check_out", data={})
    elif what == "paid":
        operations.take_at_desk(**same)
    else:
        raise NotFound("page.unknown", N_("There is nothing at this address."))
    return done(request, "saved", "stays")


def _key(request: Room) -> dict[str, Any]:
    number_ = request.POST.get("room", "").strip()
    if not number_ or len(number_) > 12:
        raise Invalid("desk.room", N_("Say which room it is, with at most 12 characters."), field="room")
    if request.POST.get("id_seen") != "1":
        raise Invalid("desk.id", N_("Look at the guest's identity card or passport first."), field="id_seen")
    return {"room": number_, "id_seen": True}


@require_GET
@room
def nights(request: Room) -> HttpResponse:
    """Two weeks of rooms and prices."""
    return _grid(request)


def _grid(request: Room, problem: Problem | None = None) -> HttpResponse:
    today = catalog.tonight(zone=request.store.zone, at=request.at)
    try:
        first = max(today, date.fromisoformat(request.GET.get("first", "")))
    except ValueError:
        first = today
    days = [first + timedelta(days=turn) for turn in range(DAYS)]
    found = catalog.rooms(store_ids=[request.store.id]).get(request.store.id, [])
    context = {
        "days": days, "rows": _rows(found, request, first), "first": first, "before": max(today, first - timedelta(days=DAYS)),
        "after": first + timedelta(days=DAYS), "last": days[-1], "pays": catalog.PAY,
    }  # fmt: skip
    more = wrong(problem) if problem else {}
    return page(request, "nights", "nights", status=problem.status if problem else 200, **context, **more)


def _rows(found: Sequence[RoomView], request: Room, first: date) -> list[Row]:
    left = stock.rooms_left(offer_ids=[one.offer_id for one in found], zone=request.store.zone, first=first, nights=DAYS)
    plan_ids = [plan.id for one in found for plan in one.plans]
    told = catalog.rate_days(first=first, nights=DAYS, plan_ids=plan_ids)
    seasons = catalog.seasons(store_ids=[request.store.id]).get(request.store.id, ())
    rows = []
    for one in found:
        cells = tuple(Cell(night.day, night.left, night.capacity) for night in left.get(one.offer_id, ()))
        plans = tuple((plan, catalog.usual_prices(plan, first, DAYS, told, seasons)) for plan in one.plans)
        rows.append(Row(one, cells, plans))
    return rows


@require_POST
@room
def change(request: Room) -> HttpResponse:
    """Set how many rooms are sold, or what a plan asks, in a range of nights; or when a plan is paid."""
    posted = request.POST
    try:
        found = {one.offer_id: one for one in catalog.rooms(store_ids=[request.store.id]).get(request.store.id, [])}
        if posted.get("pay"):
            _pay(request, {plan.id for one in found.values() for plan in one.plans})
        elif posted.get("plan"):
            _price(request, {plan.id for one in found.values() for plan in one.plans}, *_days(posted))
        else:
            _count(request, set(found), *_days(posted))
    except Problem as problem:
        return _grid(request, problem)
    return done(request, "saved", "nights")


def _days(posted: Any) -> tuple[date, date]:
    return _day(posted.get("first", "")), _day(posted.get("last", ""))


def _pay(request: Room, mine: set[int]) -> None:
    plan_id = ids.unseal("rp", request.POST.get("plan", ""))
    if plan_id not in mine:
        raise NotFound("plan.unknown", N_("There is no such price."))
    catalog_operations.set_pay(plan_id=plan_id, pay=request.POST.get("pay", ""), actor=request.actor, at=request.at)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("nights.day", N_("Choose the first and the last night."), field="first") from None


def _count(request: Room, mine: set[int], first: date, last: date) -> None:
    offer_id = ids.unseal("of", request.POST.get("room", ""))
    if offer_id not in mine:
        raise NotFound("room.unknown", N_("There is no such room."))
    count = number(request.POST.get("count", ""))
    stock_operations.set_rooms(
        offer_id=offer_id, zone=request.store.zone, first=first, last=last, count=-1 if count is None else count, actor=request.actor,
        at=request.at,
    )  # fmt: skip


def _price(request: Room, mine: set[int], first: date, last: date) -> None:
    plan_id, text = ids.unseal("rp", request.POST.get("plan", "")), request.POST.get("price", "").strip()
    if plan_id not in mine:
        raise NotFound("plan.unknown", N_("There is no such price."))
    catalog_operations.set_nights(
        plan_id=plan_id, first=first, last=last, price=parse_money(text, "CNY") if text else None, closed=request.POST.get("closed") == "1",
        actor=request.actor, at=request.at,
    )  # fmt: skip
