"""What is booked for a time: hotels and their rooms by nights, times that are free with somebody or for a table, and moving it later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from ninja import Query, Router
from pydantic import AwareDatetime, Field

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import OfferTerms, PlanView, RoomView, ServiceView
from linli.apps.city import queries as city
from linli.apps.discovery.queries import stays
from linli.apps.discovery.queries.stays import HotelCard, StayWant
from linli.apps.merchants import queries as merchants
from linli.apps.merchants.queries import StoreView
from linli.apps.orders import operations, queries
from linli.apps.stock import queries as stock
from linli.engines.stays import Sort
from linli.fronts.api.consumer.places import point_of
from linli.fronts.api.door import ANYBODY, CONSUMER, Request, endpoint
from linli.fronts.api.faults import FaultOut
from linli.fronts.api.forms import (
    BookingId,
    CityId,
    In,
    Lat,
    Lng,
    Minor,
    OfferId,
    OrderId,
    Out,
    PlanId,
    ResourceId,
    SpotOut,
    StoreId,
)  # fmt: skip
from linli.kernel.errors import N_, NotFound, Problem

router = Router(tags=["bookings"])
MOST_DAYS = 31
Guests = Annotated[int, Field(ge=1, le=200)]
Rooms = Annotated[int, Field(ge=1, le=99)]


class NightOut(Out):
    """A night, named by the day it begins on, and what one room costs."""

    day: date
    price: Minor


class PlanOut(Out):
    """A way to book a room, priced for the nights asked for; `problem` says why it cannot be had, then there is no price."""

    id: PlanId
    name: str
    name_en: str
    breakfasts: int
    pay: Literal["now", "at_hotel", "later"] = Field(
        description="When it is paid. A stay paid `at_hotel` is ordered with the method `desk`, one paid `later` with `later`; "
        "nothing is charged for it now, in a checkout of several carts neither. What is paid "
        "later is asked for after check-out: `POST /orders/{id}/owed`."
    )
    free_cancel_h: int | None = Field(description="Hours before check-in until which calling off costs nothing; null for never.")
    free_until: datetime | None = Field(description="Until when that is, for these nights; null for never, and when it is past.")
    refused: FaultOut | None = Field(description="Why whoever asks may not pay `later`, and what would make it possible.")
    nights: list[NightOut]
    total: int | None = Field(description="For all rooms and nights, minor units.")
    problem: FaultOut | None


class RoomOut(Out):
    """A kind of room; `left` is how many there still are in the fullest of the nights, null when nobody counts."""

    offer_id: OfferId
    name: str
    name_en: str
    sleeps: int
    area_m2: int | None
    window: bool
    child_bed: bool
    facilities: list[str]
    left: int | None
    plans: list[PlanOut]


class RoomsOut(Out):
    """The rooms of a hotel for some nights. A line for the cart has `starts_at`, `ends_at`, and `details.plan` with the plan's id."""

    store_id: StoreId
    currency: str
    starts_at: datetime = Field(description="When guests are let in.")
    ends_at: datetime = Field(description="When they leave.")
    rooms: list[RoomOut]


class HotelOut(Out):
    """A hotel with its cheapest room and plan that fit. `each` is a room and night, `total` all rooms and nights."""

    store_id: StoreId
    name: str
    name_en: str
    point: SpotOut
    rating: int
    hotel_class: int = Field(description="2 budget to 5 luxury; 0 when the hotel does not say.")
    facilities: list[str]
    metres: int
    offer_id: OfferId
    room: str
    room_en: str
    plan_id: PlanId
    plan: str
    plan_en: str
    each: Minor
    total: Minor
    left: int | None = Field(description="How many rooms are left where that is few.")


class HotelsOut(Out):
    """A page of hotels; counts are over all that fit. `full` would fit but are sold out in these nights."""

    items: list[HotelOut]
    total: int
    full: int
    currency: str
    cheapest: int | None
    dearest: int | None
    classes: dict[int, int]
    facilities: dict[str, int]
    next_cursor: str | None


class StaffOut(Out):
    """Somebody who can do it."""

    id: ResourceId
    name: str
    name_en: str


class TimedOut(Out):
    """A service or a table that is booked for a time. `minutes`: of a service; `most_guests`: of a table."""

    offer_id: OfferId
    kind: Literal["service", "table"]
    name: str
    name_en: str
    price: Minor
    minutes: int | None
    at_home: bool
    most_guests: int | None
    ahead_days: int


class FreeSlotOut(Out):
    """A time that is free, and with whom of the staff; `starts_at`, `guests` and `details.staff` go into the line for the cart."""

    starts_at: datetime
    ends_at: datetime
    staff: list[ResourceId]


class SlotsOut(Out):
    """The free times of some days, by the clock of the store's `zone`, and who can do it."""

    offer_id: OfferId
    zone: str
    team: list[StaffOut]
    slots: list[FreeSlotOut]


class BookingOut(Out):
    """What stands in a store's calendar for an order. `over` is what was called off."""

    id: BookingId
    offer_id: OfferId
    starts_at: datetime
    ends_at: datetime
    guests: int
    with_name: str
    over: bool


class MoveIn(In):
    """To when, and with whom (null: whoever is free)."""

    starts_at: AwareDatetime
    staff_id: ResourceId | None = None


def _hotel(card: HotelCard) -> HotelOut:
    view = card.store
    return HotelOut(
        store_id=view.id, name=view.name, name_en=view.name_en, point=SpotOut(lat=view.point.lat, lng=view.point.lng), rating=view.rating,
        hotel_class=card.class_, facilities=list(card.amenities), metres=round(card.metres), offer_id=card.room.offer_id,
        room=card.room.name, room_en=card.room.name_en, plan_id=card.plan.id, plan=card.plan.name, plan_en=card.plan.name_en,
        each=card.each, total=card.total, left=card.left,
    )  # fmt: skip


@endpoint(router, "GET", "/stays", who=ANYBODY, out=HotelsOut, summary="Hotels for some nights")
def hotels(
    request: Request, first: date, last: date, guests: Guests = 2, rooms: Rooms = 1, city_id: CityId | None = None, lat: Lat | None = None,
    lng: Lng | None = None, radius_m: Annotated[int | None, Field(ge=1, le=100_000)] = None,
    text: Annotated[str, Field(max_length=60)] = "", low: Annotated[int | None, Field(ge=0)] = None,
    high: Annotated[int | None, Field(ge=0)] = None, classes: Annotated[list[int] | None, Query()] = None,
    facilities: Annotated[list[str] | None, Query()] = None, breakfast: bool = False, free_cancel: bool = False, sort: Sort = "smart",
    cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=50)] = 20,
) -> HotelsOut:  # fmt: skip
    """Hotels with rooms left in all nights from `first` to `last` (the day of leaving), cheapest fitting room each, over all of a city.

    `low` and `high` are for a room and night in minor units; `facilities` are codes, of which an answer counts all that there are.
    """
    town = city.city(city_id=city_id) if city_id else city.default_city()
    want = StayWant(
        first=first, nights=(last - first).days, guests=guests, rooms=rooms, near=point_of(lat, lng), radius_m=radius_m, low=low, high=high,
        classes=tuple(classes or ()), facilities=tuple(facilities or ()), breakfast=breakfast, free_cancel=free_cancel, text=text,
        sort=sort,
    )  # fmt: skip
    found = stays.hotels(city_id=town.id, want=want, at=request.at, cursor=cursor, limit=limit)
    return HotelsOut(
        items=[_hotel(card) for card in found.cards], total=found.total, full=found.full, currency=town.currency, cheapest=found.cheapest,
        dearest=found.dearest, classes=dict(found.classes), facilities=dict(found.facilities), next_cursor=found.cursor,
    )  # fmt: skip


@endpoint(router, "GET", "/stores/{store}/rooms", who=ANYBODY, out=RoomsOut, summary="Rooms of a hotel")
def rooms(request: Request, store: StoreId, first: date, last: date, guests: Guests = 2, rooms: Rooms = 1) -> RoomsOut:
    """Each kind of room with its plans, priced night by night for the nights from `first` to `last` (the day of leaving)."""
    view, count = merchants.store(store_id=store), (last - first).days
    catalog.ensure_nights(zone=view.zone, first=first, count=count, guests=guests, rooms=rooms, at=request.at)
    kinds = catalog.rooms(store_ids=[view.id]).get(view.id, [])
    days = catalog.rate_days(first=first, nights=count, plan_ids=[plan.id for room in kinds for plan in room.plans])
    seasons = catalog.seasons(store_ids=[view.id]).get(view.id, ())
    left = stock.rooms_left(offer_ids=[room.offer_id for room in kinds], zone=view.zone, first=first, nights=count)
    currency, starts = city.city(city_id=view.city_id).currency, catalog.check_in(zone=view.zone, first=first)
    me = request.identity.person_id if request.identity else None
    standing = queries.standing(person_id=me, city_id=view.city_id, at=request.at) if me else None

    def priced(room: RoomView, plan: PlanView) -> PlanOut:
        try:
            price = catalog.priced_stay(room, plan.id, first, count, rooms, guests, days, seasons)
        except Problem as problem:
            return _plan(plan, [], None, problem, free(plan), None)
        nights = [NightOut(day=night.day, price=night.price or 0) for night in price.nights]
        refused = next(standing.problems(amount=price.total, currency=currency), None) if standing and plan.pay == "later" else None
        return _plan(plan, nights, price.total, None, free(plan), refused)

    def free(plan: PlanView) -> datetime | None:
        until = None if plan.free_cancel_h is None else starts - timedelta(hours=plan.free_cancel_h)
        return until if until and until > request.at else None

    return RoomsOut(
        store_id=view.id, currency=currency, starts_at=starts,
        ends_at=catalog.check_out(zone=view.zone, last=last),
        rooms=[
            RoomOut(
                offer_id=room.offer_id, name=room.name, name_en=room.name_en, sleeps=room.sleeps, area_m2=room.area_m2, window=room.window,
                child_bed=room.child_bed, facilities=list(room.facilities), plans=[priced(room, plan) for plan in room.plans],
                left=min((night.left for night in left.get(room.offer_id, ())), default=None),
            )
            for room in kinds if room.on_sale
        ],
    )  # fmt: skip


_PAY: dict[str, Literal["now", "at_hotel", "later"]] = {"now": "now", "at_hotel": "at_hotel", "later": "later"}


def _plan(plan: PlanView, nights: list[NightOut], total: int | None, problem: Any, free_until: datetime | None, refused: Any) -> PlanOut:
    return PlanOut(
        id=plan.id, name=plan.name, name_en=plan.name_en, breakfasts=plan.breakfasts, pay=_PAY[plan.pay],
        free_cancel_h=plan.free_cancel_h, free_until=free_until, nights=nights, total=total, problem=problem, refused=refused,
    )  # fmt: skip


@endpoint(router, "GET", "/stores/{store}/timed", who=ANYBODY, out=list[TimedOut], summary="What can be booked for a time")
def timed(request: Request, store: StoreId) -> list[TimedOut]:
    """The services and tables of a store; ask for the free times of each."""
    merchants.store(store_id=store)
    return [_timed(offer) for offer in catalog.timed_terms(store_id=store, kinds=("service", "table")) if offer.on_sale and offer.own]


def _timed(offer: OfferTerms) -> TimedOut:
    own, service = offer.own, isinstance(offer.own, ServiceView)
    kind: Literal["service", "table"] = "service" if service else "table"
    return TimedOut(
        offer_id=offer.id, kind=kind, name=offer.name, name_en=offer.name_en, price=offer.price, minutes=own.minutes if service else None,
        at_home=service and own.at_home, most_guests=None if service else own.most_guests, ahead_days=own.ahead_days,
    )  # fmt: skip


@endpoint(router, "GET", "/offers/{offer}/slots", who=ANYBODY, out=SlotsOut, summary="Free times")
def slots(
    request: Request, offer: OfferId, first: date | None = None, days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 14,
    guests: Guests = 2, staff_id: ResourceId | None = None, lat: Lat | None = None, lng: Lng | None = None,
) -> SlotsOut:  # fmt: skip
    """The times at which a service (with `staff_id`: with them; at home: at the point) or a table for `guests` is free, from `first` on
    (today), for so many days."""
    terms = stock.timed(offer_id=offer)
    store = merchants.store(store_id=terms.store_id)
    start, end = _span(first or request.at.astimezone(ZoneInfo(store.zone)).date(), days, store)
    place = point_of(lat, lng)
    found = stock.free_slots(offer_id=offer, first=start, last=end, at=request.at, guests=guests, staff=staff_id, place=place)
    team = stock.who_can(offer_id=offer)
    known = {member.id for member in team}
    return SlotsOut(
        offer_id=offer, zone=store.zone, team=[StaffOut(id=one.id, name=one.name, name_en=one.name_en) for one in team],
        slots=[
            FreeSlotOut(starts_at=slot.starts_at, ends_at=slot.ends_at, staff=[key for key in slot.who if key in known]) for slot in found
        ],
    )  # fmt: skip


def _span(first: date, days: int, store: StoreView) -> tuple[datetime, datetime]:
    start, end = (datetime.combine(day, time(), ZoneInfo(store.zone)).astimezone(UTC) for day in (first, first + timedelta(days=days)))
    return start, end


def bookings_out(rows: Iterable[Any]) -> list[BookingOut]:
    """Lines of a calendar as documents."""
    return [
        BookingOut(
            id=row.id, offer_id=row.offer_id, starts_at=row.starts_at, ends_at=row.ends_at, guests=row.guests, with_name=row.lead,
            over=row.over,
        )
        for row in rows
    ]  # fmt: skip


@endpoint(router, "GET", "/orders/{order}/bookings", who=CONSUMER, out=list[BookingOut], summary="Bookings of an order")
def bookings(request: Request, order: OrderId) -> list[BookingOut]:
    """When, and with whom or at which table; what was called off, too."""
    view = queries.order(order_id=order, person_id=request.actor.person_id)
    return bookings_out(stock.bookings_of(refs=[view.ref]).get(view.ref, ()))


@endpoint(router, "POST", "/orders/{order}/bookings/{booking}/move", who=CONSUMER, out=list[BookingOut], summary="Move a booking")
def move(request: Request, order: OrderId, booking: BookingId, body: MoveIn) -> list[BookingOut]:
    """To another time that is free, as long as calling it off would cost nothing; else nothing changes."""
    view = queries.order(order_id=order, person_id=request.actor.person_id)
    if booking not in {row.id for row in stock.bookings_of(refs=[view.ref]).get(view.ref, ())}:
        raise NotFound("booking.unknown", N_("There is no such booking."))
    operations.reschedule(
        order_id=order, booking_id=booking, starts_at=body.starts_at, staff=body.staff_id, actor=request.actor, at=request.at
    )
    return bookings_out(stock.bookings_of(refs=[view.ref]).get(view.ref, ()))
