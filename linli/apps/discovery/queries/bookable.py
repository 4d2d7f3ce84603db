"""What of a kept trip can be booked here: nights, entry tickets and tables, each for the time that the plan gives it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import OfferTerms, TableView, TicketView
from linli.apps.discovery.queries import stays
from linli.apps.discovery.queries.saved_trips import TripView
from linli.apps.discovery.queries.stays import HotelCard, StayWant
from linli.apps.discovery.queries.trips import Stop
from linli.apps.merchants.queries import StoreView
from linli.apps.stock import queries as stock
from linli.kernel.errors import Problem
from linli.platform.ids import seal

HOTELS = 3  # shown to choose from
SLEEP = 2  # people a room, when rooms are looked for
EARLY, LATE = timedelta(minutes=60), timedelta(minutes=90)  # how far from the planned meal a table may begin


@dataclass(frozen=True, slots=True)
class Bookable:
    """One thing to put into a cart. `total` is what it costs for all of the party, in minor units; `day` counted from 0."""

    kind: Literal["room", "ticket", "table"]
    mode: str
    store: StoreView
    offer_id: int
    name: str
    name_en: str
    day: int
    starts_at: datetime
    ends_at: datetime | None
    qty: int
    guests: int
    total: int
    details: Mapping[str, Any] = field(default_factory=dict)
    hotel: HotelCard | None = None

    @property
    def key(self) -> str:
        """What a form says to choose it."""
        return f"{seal('of', self.offer_id)}.{int(self.starts_at.timestamp())}"


def bookable(*, kept: TripView, at: datetime) -> list[Bookable]:
    """What can be booked of the plan, hotels first, then day by day. Statements: those of a hotel search, two for all stops, and one or
    those of `stock.free_slots` for each stop that sells tickets or has tables."""
    return [*_rooms(kept, at), *_stops(kept, at)]


def nights_of(kept: TripView) -> int:
    """How many nights the trip has: one less than days, at least one."""
    return max(1, kept.trip.wish.days - 1)


def _rooms(kept: TripView, at: datetime) -> Iterator[Bookable]:
    """The cheapest room of the trip's hotel, or hotels to choose from near where one sets out."""
    wish, nights = kept.trip.wish, nights_of(kept)
    rooms = -(-wish.party // SLEEP)
    chosen = kept.home.hotel_id
    want = StayWant(
        first=wish.starts, nights=nights, guests=wish.party, rooms=rooms, near=kept.home.point, text=kept.home.name if chosen else ""
    )
    try:
        found = stays.hotels(city_id=kept.city_id, want=want, at=at, limit=HOTELS)
    except Problem:  # nights in the past, or a party that no hotel takes: then there is nothing to book
        return
    for card in found.cards:
        if chosen in {None, card.store.id}:
            first, last = wish.starts, wish.starts + timedelta(days=nights)
            yield Bookable(
                "room", "stay", card.store, card.room.offer_id, card.room.name, card.room.name_en, 0,
                catalog.check_in(zone=card.store.zone, first=first), catalog.check_out(zone=card.store.zone, last=last), rooms, wish.party,
                card.total, {"plan": card.plan.id}, card,
            )  # fmt: skip


def _stops(kept: TripView, at: datetime) -> Iterator[Bookable]:
    stops = [(turn, day, stop) for turn, (day, some, _) in enumerate(kept.trip.days) for stop in some if stop.store.active]
    offers = catalog.timed_terms_of(store_ids={stop.store.id for _, _, stop in stops}, kinds=("ticket", "table"))
    for turn, day, stop in stops:
        for offer in offers.get(stop.store.id, ()):
            found = None
            if offer.on_sale and isinstance(offer.own, TicketView):
                found = _ticket(offer, stop, turn, day, kept.trip.wish.party, at)
            elif offer.on_sale and isinstance(offer.own, TableView) and stop.visit.meal:
                found = _table(offer, stop, turn, day, kept.trip.wish.party, at)
            if found is not None:
                yield found
                break


def _moment(store: StoreView, day: date, minutes: int) -> datetime:
    return datetime.combine(
        day + timedelta(days=minutes // 1440), time(minutes % 1440 // 60, minutes % 60), ZoneInfo(store.zone)
    ).astimezone(UTC)


def _ticket(offer: OfferTerms, stop: Stop, turn: int, day: date, party: int, at: datetime) -> Bookable | None:
    """For the entry slot that one arrives in."""
    begins = _moment(stop.store, day, stop.visit.begins)
    slots = catalog.ticket_slots(offer=offer, day=day, at=at)
    slot = next(((first, last) for first, last in slots if first <= begins < last), None)
    if slot is None or party > offer.own.most:
        return None
    left = stock.left_at(offer_id=offer.id, moments=[slot[0]])[slot[0]]
    if left is not None and left < party:
        return None
    return Bookable(
        "ticket", "voucher", stop.store, offer.id, offer.name, offer.name_en, turn, slot[0], slot[1], party, 0, offer.price * party
    )  # fmt: skip


def _table(offer: OfferTerms, stop: Stop, turn: int, day: date, party: int, at: datetime) -> Bookable | None:
    """The free table nearest to the planned meal."""
    if party > offer.own.most_guests:
        return None
    begins = _moment(stop.store, day, stop.visit.begins)
    free = stock.free_slots(offer_id=offer.id, first=max(at, begins - EARLY), last=begins + LATE, at=at, guests=party)
    nearest = min(free, key=lambda slot: abs(slot.starts_at - begins), default=None)
    if nearest is None:
        return None
    deposit = offer.price * party if party >= offer.own.deposit_from else 0
    return Bookable(
        "table", "table", stop.store, offer.id, offer.name, offer.name_en, turn, nearest.starts_at, nearest.ends_at, 1, party, deposit
    )
