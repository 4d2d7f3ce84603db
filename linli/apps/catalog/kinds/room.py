"""A kind of room: booked for nights, by one of its plans, priced night by night."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from linli.apps.catalog.kinds.base import Agreed, Kind, LineWant, OfferTerms
from linli.apps.catalog.kinds.nights import check_in, check_out, ensure_fits, ensure_nights, priced_nights
from linli.apps.merchants.queries import ZONE_OF
from linli.engines.stays import Day, Night, Rate, Season
from linli.kernel.errors import N_, Conflict, Invalid
from linli.platform.reads import inner

WISHES = {"quiet": N_("A quiet room"), "child_bed": N_("A child's bed"), "high": N_("A high floor"), "late": N_("Arriving late")}
LONGEST_NOTE, LONGEST_NAME = 100, 60
ALWAYS_MIN = 2 * 366 * 24 * 60  # so long before it begins that it is always due
WHOLE = 10_000

# Seasons, plans and single nights of the offer `o`, as one JSON value.
COLUMNS = """
SELECT {list}(({zone}), t.sleeps, t.child_bed,
  (SELECT {all}({list}(p.id, p.name, p.name_en, p.price, p.weekend_price, p.breakfasts, p.free_cancel_h, p.least_nights, p.most_nights,
    p.long_nights, p.long_percent, p.pay,
    (SELECT {all}({list}(d.day, d.price, d.closed)) FROM catalog_rateday d WHERE d.plan_id = p.id)))
   FROM catalog_rateplan p WHERE p.offer_id = o.id AND p.removed_at IS NULL),
  (SELECT {all}({list}(s.first, s.last, s.percent)) FROM catalog_rateseason s WHERE s.store_id = o.store_id))
FROM catalog_roomtype t WHERE t.offer_id = o.id
""".replace("{zone}", ZONE_OF)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as somebody who books has to do with it; `pay` is when: "now", "at_hotel" or "later"."""

    id: int
    name: str
    name_en: str
    rate: Rate
    breakfasts: int
    free_cancel_h: int | None
    pay: str
    days: Mapping[date, Day]


@dataclass(frozen=True, slots=True)
class Room:
    """What a room adds to its offer: the hotel's zone, for how many it is, its plans by id, its hotel's seasons."""

    zone: str
    sleeps: int
    child_bed: bool
    plans: Mapping[int, Plan]
    seasons: tuple[Season, ...]


def make(row: Any) -> Room:
    """From the JSON of `COLUMNS`."""
    zone, sleeps, child_bed, plans, seasons = row
    found = [Season(_date(first), _date(last), percent) for first, last, percent in _inner(seasons)]
    return Room(
        zone, sleeps, bool(child_bed), {plan[0]: _plan(plan) for plan in _inner(plans)},
        tuple(sorted(found, key=lambda one: (one.last - one.first, one.first))),
    )  # fmt: skip


def _plan(row: Any) -> Plan:
    key, name, name_en, price, weekend, breakfasts, free_cancel_h, least, most, long_nights, long_percent, pay, days = row
    rate = Rate(price, weekend, least, most, long_nights, long_percent)
    told = {_date(day): Day(cost, bool(closed)) for day, cost, closed in _inner(days)}
    return Plan(key, name, name_en, rate, breakfasts, free_cancel_h, pay, told)


def _inner(value: Any) -> Any:
    return inner(value) or ()


def _date(text: str) -> date:
    return date.fromisoformat(text[:10])


def agree(offer: OfferTerms, want: LineWant, at: datetime) -> Agreed:
    """The nights from the day of `starts_at` to that of `ends_at` (in the hotel's zone) by the plan `details["plan"]`; what one room costs.

    The line keeps the plan, every night with its price, what calling off costs, and the guest's wishes when these may be passed on.
    """
    room: Room | None = offer.own
    if room is None or want.starts_at is None or want.ends_at is None:
        raise Invalid("stay.day", N_("Say when you arrive and when you leave."), field="first")
    first, last = (moment.astimezone(ZoneInfo(room.zone)).date() for moment in (want.starts_at, want.ends_at))
    count = (last - first).days
    ensure_nights(zone=room.zone, first=first, count=count, guests=want.guests, rooms=want.qty, at=at)
    plan = room.plans.get(_whole(want.details.get("plan")))
    if plan is None:
        raise Conflict("plan.gone", N_("This room is not sold in that way any more. Choose again."), offer_id=offer.id)
    ensure_fits(offer.name, room.sleeps, guests=want.guests, rooms=want.qty)
    priced = priced_nights(offer.name, plan.rate, first, count, plan.days, room.seasons)
    details = {"plan": plan.id, "plan_name": plan.name, "plan_name_en": plan.name_en, "breakfasts": plan.breakfasts,
               "nights": [[night.day.isoformat(), night.price] for night in priced], "cancel": _cuts(plan, priced),
               **({"pay": plan.pay} if plan.pay != "now" else {}), **_wishes(room, want.details)}  # fmt: skip
    total = sum(night.price or 0 for night in priced)
    return Agreed(total, check_in(zone=room.zone, first=first), check_out(zone=room.zone, last=last), want.guests, details)


def _cuts(plan: Plan, priced: list[Night]) -> list[list[int]]:
    """Not refundable: all is kept whenever; otherwise nothing until its last free moment, and the first night from then on."""
    if plan.free_cancel_h is None:
        return [[ALWAYS_MIN, WHOLE]]
    total = sum(night.price or 0 for night in priced)
    return [[plan.free_cancel_h * 60, -(-(priced[0].price or 0) * WHOLE // total) if total else 0]]


def _wishes(room: Room, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Names and wishes for the hotel. Wishes are personal: without consent they are not passed on, so they are not taken either."""
    wishes, note, name = asked.get("wishes") or [], str(asked.get("note") or "").strip(), str(asked.get("name") or "").strip()
    if not isinstance(wishes, list) or set(map(str, wishes)) - set(WISHES):
        raise Invalid("stay.wish", N_("This wish is not known to hotels."), field="wishes")
    if len(note) > LONGEST_NOTE or len(name) > LONGEST_NAME:
        raise Invalid("stay.note", N_("A wish has at most %(most)s characters."), most=LONGEST_NOTE, field="note")
    if "child_bed" in wishes and not room.child_bed:
        raise Invalid("stay.child_bed", N_("There is no place for a child's bed in this room."), field="wishes")
    if (wishes or note) and asked.get("consent") is not True:
        raise Invalid("stay.consent", N_("Say that your wishes may be passed on to the hotel, or leave them out."), field="consent")
    kept: dict[str, Any] = {"name": name} if name else {}
    return kept | ({"wishes": sorted(map(str, wishes)), "note": note, "consent": True} if wishes or note else {})


def _whole(value: Any) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdigit() else 0


ROOM = Kind("room", N_("Room"), agree, COLUMNS, make)
