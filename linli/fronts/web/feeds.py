"""Bookings as calendars that other programs read: for a person, and for a store or one of its staff, at private signed addresses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET
from icalendar import Calendar, Event

from linli.apps.merchants import queries as merchants
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import OrderView
from linli.apps.stock import queries as calendar
from linli.apps.stock.queries import BookingView
from linli.fronts.web.identity import Request
from linli.platform import ids, security

PURPOSE = "calendar"
VALID_S = 400 * 24 * 3600  # a feed that is subscribed to is read for a year and more
BACK, AHEAD = timedelta(days=30), timedelta(days=370)


def address(at: datetime, **of: int) -> str:
    """The private address of a feed: `person=`, `store=` or `staff=` an id."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)  # the same address all day
    return f"/calendar/{security.sign(PURPOSE, dict(of), at=day, valid_for_s=VALID_S)}.ics"


@require_GET
def feed(request: Request, token: str) -> HttpResponse:
    """The bookings of whoever the address is for. Raises Invalid for a forged one, Gone for an old one."""
    of, at = security.read(PURPOSE, token, at=request.at), request.at
    rows, title = _rows(of, at)
    kept = orders.orders(ids=[_order_id(row) for row in rows])
    made = Calendar()
    made.add("prodid", "-//Linli//bookings//")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", title)
    for row in rows:
        order = kept.get(_order_id(row))
        if order is not None and order.state != "placed":
            made.add_component(_event(request, row, order, to_store="person" not in of, at=at))
    response = HttpResponse(made.to_ical(), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=300"
    return response


def _order_id(row: BookingView) -> int:
    return int(row.ref.partition(":")[2])


def _rows(of: dict[str, int], at: datetime) -> tuple[list[BookingView], str]:
    if "store" in of:
        return calendar.bookings(store_id=of["store"], first=at - BACK, last=at + AHEAD), merchants.store(store_id=of["store"]).name
    if "staff" in of:
        who = calendar.staff_member(resource_id=of["staff"])
        return calendar.bookings_with(lead_id=who.id, first=at - BACK, last=at + AHEAD), who.name
    mine = [order.ref for order in _orders(of["person"])]
    found = calendar.bookings_of(refs=mine)
    return [row for rows in found.values() for row in rows if not row.over], gettext("My bookings")


def _orders(person_id: int) -> Iterable[OrderView]:
    return (order for order in orders.orders_of(person_id=person_id, limit=100).items if order.mode in ("appointment", "table", "stay"))


def _event(request: HttpRequest, row: BookingView, order: OrderView, *, to_store: bool, at: datetime) -> Event:
    line = next((line for line in order.lines if line.offer_id == row.offer_id), None)
    entry = Event()
    entry.add("uid", f"{ids.seal('bk', row.id)}@linli")
    entry.add("dtstamp", at)
    entry.add("dtstart", row.starts_at)
    entry.add("dtend", row.ends_at)
    what = line.title if line else ""
    entry.add("summary", f"{what} · {row.lead}" if to_store else f"{what} · {order.store_name}")
    page = f"/merchant/{ids.seal('st', order.store_id)}/orders/" if to_store else "/orders/"
    entry.add("url", request.build_absolute_uri(f"{page}{ids.seal('or', order.id)}"))
    place = line.details.get("place") if line else None
    if place and len(place) > 2:
        entry.add("location", str(place[2]))
    return entry
