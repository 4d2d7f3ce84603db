"""The calendar of a store."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from ninja import Router
from pydantic import Field

from linli.apps.merchants import queries as merchants
from linli.apps.orders import operations, queries
from linli.apps.stock import queries as stock
from linli.fronts.api.consumer.bookings import BookingOut, MoveIn, bookings_out
from linli.fronts.api.door import MERCHANT, Request, endpoint
from linli.fronts.api.forms import BookingId, In, OrderId, Out, StoreId
from linli.fronts.api.merchant.orders import StoreOrderOut, store_order
from linli.kernel.errors import N_, NotFound

router = Router(tags=["merchant: bookings"])
Event = Literal["arrive", "finish", "leave", "no_show"]


class StepIn(In):
    """They are here (`arrive`), have had it (`finish` a service, `leave` a table), or nobody came (`no_show`)."""

    event: Event


class CheckInIn(In):
    """Which room they have been given; somebody has looked at the identity card or passport of whoever stays."""

    room: str = Field(min_length=1, max_length=12)
    id_seen: Literal[True]


class StoreBookingOut(Out):
    """A line of the store's calendar, and the order it belongs to."""

    order_id: OrderId
    booking: BookingOut


def _order(store: int, booking: int) -> int:
    row = stock.booking(booking_id=booking)
    if row.store_id != store:
        raise NotFound("booking.unknown", N_("There is no such booking."))
    return int(row.ref.partition(":")[2])


@endpoint(router, "GET", "/{store}/bookings", who=MERCHANT, out=list[StoreBookingOut], summary="The store's calendar")
def calendar(
    request: Request, store: StoreId, first: date | None = None, days: Annotated[int, Field(ge=1, le=31)] = 7
) -> list[StoreBookingOut]:
    """What is booked from `first` (today, by the store's clock) on for so many days, by time."""
    zone = ZoneInfo(merchants.store(store_id=store).zone)
    day = first or request.at.astimezone(zone).date()
    start, end = (datetime.combine(one, time(), zone).astimezone(UTC) for one in (day, day + timedelta(days=days)))
    rows = stock.bookings(store_id=store, first=start, last=end)
    return [
        StoreBookingOut(order_id=int(row.ref.partition(":")[2]), booking=out) for row, out in zip(rows, bookings_out(rows), strict=True)
    ]


@endpoint(router, "POST", "/{store}/bookings/{booking}/move", who=MERCHANT, out=BookingOut, summary="Move a booking")
def move_booking(request: Request, store: StoreId, booking: BookingId, body: MoveIn) -> BookingOut:
    """To another time, or to somebody else, at the store's wish; the person hears of it."""
    operations.reschedule(
        order_id=_order(store, booking), booking_id=booking, starts_at=body.starts_at, staff=body.staff_id, actor=request.actor,
        at=request.at,
    )  # fmt: skip
    return bookings_out([stock.booking(booking_id=booking)])[0]


@endpoint(router, "POST", "/{store}/orders/{order}/check-in", who=MERCHANT, out=StoreOrderOut, summary="Check a guest in")
def check_in(request: Request, store: StoreId, order: OrderId, body: CheckInIn) -> StoreOrderOut:
    """The guests of a stay are here and have their room."""
    operations.advance(order_id=order, event="check_in", data=body.model_dump(), actor=request.actor, at=request.at)
    return store_order(queries.order(order_id=order, store_id=store))


@endpoint(router, "POST", "/{store}/orders/{order}/check-out", who=MERCHANT, out=StoreOrderOut, summary="Check a guest out")
def check_out(request: Request, store: StoreId, order: OrderId) -> StoreOrderOut:
    """They have left; nights that they had booked beyond today can be sold again. What is paid later is asked for now."""
    operations.advance(order_id=order, event="check_out", actor=request.actor, at=request.at)
    return store_order(queries.order(order_id=order, store_id=store))


@endpoint(router, "POST", "/{store}/orders/{order}/no-show", who=MERCHANT, out=StoreOrderOut, summary="Say that nobody came")
def no_show(request: Request, store: StoreId, order: OrderId) -> StoreOrderOut:
    """Nobody came for what was booked. A 409 until some while after it began."""
    operations.no_show(order_id=order, actor=request.actor, at=request.at)
    return store_order(queries.order(order_id=order, store_id=store))


@endpoint(router, "POST", "/{store}/orders/{order}/paid-at-desk", who=MERCHANT, out=StoreOrderOut, summary="Say that a stay is paid")
def paid_at_desk(request: Request, store: StoreId, order: OrderId) -> StoreOrderOut:
    """The hotel has taken what is owed for a stay that is paid there; asked again, nothing changes."""
    operations.take_at_desk(order_id=order, actor=request.actor, at=request.at)
    return store_order(queries.order(order_id=order, store_id=store))


@endpoint(router, "POST", "/{store}/bookings/{booking}/step", who=MERCHANT, out=BookingOut, summary="Say who came")
def step_booking(request: Request, store: StoreId, booking: BookingId, body: StepIn) -> BookingOut:
    """Moves the order of the booking on: somebody came, has had it, or did not come."""
    order_id = _order(store, booking)
    if body.event == "no_show":
        operations.no_show(order_id=order_id, actor=request.actor, at=request.at)
    else:
        operations.advance(order_id=order_id, event=body.event, actor=request.actor, at=request.at)
    return bookings_out([stock.booking(booking_id=booking)])[0]
