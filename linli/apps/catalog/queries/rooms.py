"""Rooms of hotels, the plans that they are sold by, and what a stay costs night by night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from linli.apps.catalog import hot
from linli.apps.catalog.kinds.nights import ensure_fits, priced_nights
from linli.apps.catalog.models import RateDay, RatePlan, RateSeason, RoomType
from linli.engines.stays import Day, Days, Night, Rate, Season, nights
from linli.kernel.errors import N_, Conflict, NotFound
from linli.platform import reads
from linli.platform.reads import Read, inner

BEDS = {"single": N_("single bed"), "double": N_("double bed"), "king": N_("king-size bed"), "bunk": N_("bunk bed")}
PAY = {
    "now": N_("Paid when booking"),
    "at_hotel": N_("Paid at the hotel"),
    "later": N_("Paid after the stay"),
}  # when a stay by a plan is paid
IN_ROOM = {
    "wifi": N_("Wi-Fi"), "bath": N_("Bathtub"), "aircon": N_("Air conditioning"), "heating": N_("Heating"), "desk": N_("Desk"),
    "tv": N_("Television"), "fridge": N_("Refrigerator"), "kettle": N_("Kettle"), "safe": N_("Safe"), "hairdryer": N_("Hairdryer"),
    "sofa": N_("Seating area"), "quiet": N_("On the quiet side"), "lounge": N_("Executive lounge"), "accessible": N_("Step-free"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanView:
    """A way to buy a room. It is cancelled for nothing until `free_cancel_h` hours before check-in; None: never.
    `pay` is when it is paid, one of `PAY`."""

    id: int
    offer_id: int
    name: str
    name_en: str
    breakfasts: int
    free_cancel_h: int | None
    rate: Rate
    made_up_price: bool
    pay: str


@dataclass(frozen=True, slots=True)
class RoomView:
    """A kind of room of a hotel with its plans, the cheapest first. `beds` are (kind, count); `area_m2` None: not said."""

    offer_id: int
    store_id: int
    name: str
    name_en: str
    description: str
    beds: tuple[tuple[str, int], ...]
    sleeps: int
    area_m2: int | None
    window: bool
    child_bed: bool
    facilities: tuple[str, ...]
    panorama: str
    made_up: bool
    on_sale: bool
    plans: tuple[PlanView, ...]

    def plan(self, plan_id: int) -> PlanView | None:
        """The plan with this number, if the room is sold by it."""
        return next((plan for plan in self.plans if plan.id == plan_id), None)


@dataclass(frozen=True, slots=True)
class StayPrice:
    """What `rooms` rooms cost by a plan: `nights` of one room with their prices, `room` the sum of one room, `total` that of all."""

    plan: PlanView
    nights: tuple[Night, ...]
    rooms: int
    room: int
    total: int


_ROOM = (
    "offer_id", "offer__store_id", "offer__name", "offer__name_en", "offer__description", "beds", "sleeps", "area_m2", "window",
    "child_bed", "facilities", "panorama", "made_up", "offer__on_sale",
)  # fmt: skip
_PLAN = (
    "id", "offer_id", "name", "name_en", "breakfasts", "free_cancel_h", "made_up_price", "price", "weekend_price",
    "least_nights", "most_nights", "long_nights", "long_percent", "pay",
)  # fmt: skip


def rooms(*, store_ids: Collection[int]) -> dict[int, list[RoomView]]:
    """The rooms of each of the hotels, in the order of the menu, sold out or not. Two statements."""
    chosen = RoomType.objects.filter(offer__store_id__in=list(store_ids), offer__removed_at=None).order_by("offer__sort", "offer_id")
    found: dict[int, list[RoomView]] = defaultdict(list)
    for room in _rooms(chosen.values_list(*_ROOM)):
        found[room.store_id].append(room)
    return found


def rooms_of(*, offer_ids: Collection[int]) -> Read[dict[int, RoomView]]:
    """The kinds of rooms with these offer ids that are on a menu, by id. One statement."""
    return hot.rooms(offer_ids, _told)


def _told(rows: Any) -> dict[int, RoomView]:
    return {row[0]: _room_of(*row) for row in rows or ()}


def _room_of(*row: Any) -> RoomView:
    *first, plans = row
    for place in (8, 9, 12, 13):  # what SQLite has as numbers
        first[place] = bool(first[place])
    first[5], first[10] = inner(first[5]), inner(first[10])
    found = sorted(inner(plans) or (), key=lambda plan: (plan[7], plan[0]))
    beds, rest = first[5], first[6:]
    return _room_view([*first[:5], beds, *rest], tuple(_plan_view(plan) for plan in found))


def room(*, offer_id: int) -> RoomView:
    """The kind of room. One statement. Raises NotFound for what is none, or off the menu."""
    found = reads.one(rooms_of(offer_ids=[offer_id]))
    if not found:
        raise NotFound("room.unknown", N_("There is no such room."))
    return found[offer_id]


def _rooms(rows: Iterable[Any]) -> list[RoomView]:
    kept = list(rows)
    plans = _plans([row[0] for row in kept])
    return [_room_view(row, tuple(plans[row[0]])) for row in kept]


def _room_view(row: Any, plans: tuple[PlanView, ...]) -> RoomView:
    *first, beds, sleeps, area, window, child_bed, facilities, panorama, made_up, on_sale = row
    rest = (sleeps, area, window, child_bed, tuple(facilities), panorama, made_up, on_sale)
    values: list[Any] = [*first, tuple((kind, count) for kind, count in beds), *rest, plans]
    return RoomView(*values)


def _plans(offer_ids: Collection[int]) -> dict[int, list[PlanView]]:
    found: dict[int, list[PlanView]] = defaultdict(list)
    if offer_ids:
        chosen = RatePlan.objects.filter(offer_id__in=offer_ids, removed_at=None).order_by("offer_id", "price", "id")
        rows: Iterable[Any] = chosen.values_list(*_PLAN)
        for row in rows:
            found[row[1]].append(_plan_view(row))
    return found


def _plan_view(row: Any) -> PlanView:
    *first, made_up_price, price, weekend, least, most, long_nights, long_percent, pay = row
    values: list[Any] = [*first, Rate(price, weekend, least, most, long_nights, long_percent), bool(made_up_price), pay]
    return PlanView(*values)


def rate_days(*, first: date, nights: int, plan_ids: Collection[int]) -> dict[tuple[int, date], Day]:
    """What these plans ask for single nights from `first` on, by plan and date. One statement."""
    chosen = RateDay.objects.filter(plan_id__in=list(plan_ids), day__gte=first, day__lt=first + timedelta(days=nights))
    return {(plan_id, day): Day(price, closed) for plan_id, day, price, closed in chosen.values_list("plan_id", "day", "price", "closed")}


def all_rate_days(*, first: date, nights: int) -> Read[Days]:
    """What any plan asks for single nights from `first` on, in columns. One statement."""
    return hot.rate_days(first, nights, lambda rows: Days.of(rows or []))


def seasons(*, store_ids: Collection[int]) -> dict[int, tuple[Season, ...]]:
    """The seasons of each of the hotels, the shorter ones first (they count where two overlap). One statement."""
    found: dict[int, list[Season]] = defaultdict(list)
    rows = RateSeason.objects.filter(store_id__in=list(store_ids)).values_list("store_id", "first", "last", "percent")
    for store_id, first, last, percent in rows:
        found[store_id].append(Season(first, last, percent))
    return {key: tuple(sorted(some, key=lambda one: (one.last - one.first, one.first))) for key, some in found.items()}


def usual_prices(
    plan: PlanView, first: date, count: int, days: Mapping[tuple[int, date], Day], seasons: tuple[Season, ...]
) -> tuple[int | None, ...]:
    """What each of `count` nights from `first` on costs by itself; None where it is not sold. Pure."""
    told = {day: one for (of, day), one in days.items() if of == plan.id}
    return tuple(night.usual for night in nights(plan.rate, first, count, days=told, seasons=seasons))


def stay_price(*, room: RoomView, plan_id: int, first: date, count: int, rooms: int, guests: int) -> StayPrice:
    """What the stay costs, to the minor unit. Two statements.

    Raises Conflict "plan.gone", "room.closed", Invalid "stay.guests", "stay.nights" with words for the guest.
    """
    days = rate_days(first=first, nights=count, plan_ids=[plan.id for plan in room.plans])
    found = seasons(store_ids=[room.store_id]).get(room.store_id, ())
    return priced_stay(room, plan_id, first, count, rooms, guests, days, found)


def priced_stay(
    room: RoomView, plan_id: int, first: date, count: int, rooms: int, guests: int, days: Mapping[tuple[int, date], Day],
    found: tuple[Season, ...],
) -> StayPrice:  # fmt: skip
    """`stay_price` from what was read; pure."""
    plan = room.plan(plan_id)
    if plan is None or not room.on_sale:
        raise Conflict("plan.gone", N_("This room is not sold in that way any more. Choose again."), offer_id=room.offer_id)
    ensure_fits(room.name, room.sleeps, guests=guests, rooms=rooms)
    told = {day: one for (of, day), one in days.items() if of == plan.id}
    priced = priced_nights(room.name, plan.rate, first, count, told, found)
    each = sum(night.price or 0 for night in priced)
    return StayPrice(plan, tuple(priced), rooms, each, each * rooms)
