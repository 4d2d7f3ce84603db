"""Writing rooms, the plans that they are sold by, and their prices by date and season."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from linli.apps.catalog import load
from linli.apps.catalog.events import OfferChanged
from linli.apps.catalog.load import OfferRow
from linli.apps.catalog.models import RateDay, RatePlan, RateSeason, RoomType
from linli.apps.catalog.queries.rooms import BEDS, IN_ROOM, PAY
from linli.apps.merchants.queries import ensure_manages
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Invalid, NotFound
from linli.kernel.ids import new_ids
from linli.platform import audit, outbox

LONGEST_CHANGE = 366  # nights whose price is set in one go
SECTION, SECTION_EN = "客房", "Rooms"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """A way to buy a room; `external_ref` is its key within the room. Prices in minor units a night."""

    external_ref: str
    name: str
    price: int
    name_en: str = ""
    weekend_price: int | None = None  # None: as on other nights
    breakfasts: int = 0
    free_cancel_h: int | None = None
    least_nights: int = 1
    most_nights: int = 28
    long_nights: int | None = None
    long_percent: int = 0
    made_up_price: bool = False
    pay: str = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRow:
    """A kind of room to be put; `external_ref` is its key within the hotel."""

    store_id: int
    external_ref: str
    name: str
    sleeps: int
    plans: tuple[PlanRow, ...]
    name_en: str = ""
    description: str = ""
    beds: tuple[tuple[str, int], ...] = ()
    area_m2: int | None = None
    window: bool = True
    child_bed: bool = False
    facilities: tuple[str, ...] = ()
    panorama: str = ""
    made_up: bool = False


@dataclass(frozen=True, slots=True)
class SeasonRow:
    """From the night of `first` to that of `last` the hotel asks `percent` of its usual prices."""

    store_id: int
    name: str
    first: date
    last: date
    percent: int


@transaction.atomic
def bulk_put_rooms(*, rows: Sequence[RoomRow], at: datetime) -> list[int]:
    """Write many rooms of any hotels (new, or again by `external_ref`); their offer ids in the order of `rows`. No events.

    Plans that a row no longer names are taken away. Raises Invalid for a room without a plan, and for what no room or plan can be.
    """
    for row in rows:
        _check(row)
    if not rows:
        return []
    offers = load.put(rows=[_offer(row) for row in rows], at=at)
    _put_types(rows, offers)
    _put_plans(rows, offers, at)
    return offers


def _check(row: RoomRow) -> None:
    if not 1 <= row.sleeps <= 20:
        raise Invalid("room.sleeps", N_("A room is for 1 to 20 guests."), field="sleeps")
    if unknown := {kind for kind, _ in row.beds} - set(BEDS) | set(row.facilities) - set(IN_ROOM):
        raise Invalid("room.code", N_("“%(code)s” is not known of rooms."), code=min(unknown), field="facilities")
    if not row.plans or len({plan.external_ref for plan in row.plans}) < len(row.plans):
        raise Invalid("room.plans", N_("A room needs a price, and no two of one key."), field="plans")
    for plan in row.plans:
        _check_plan(plan)


def _check_plan(plan: PlanRow) -> None:
    if plan.price <= 0 or (plan.weekend_price is not None and plan.weekend_price <= 0):
        raise Invalid("plan.price", N_("A night costs more than nothing."), field="price")
    if not 1 <= plan.least_nights <= plan.most_nights <= 90 or not 0 <= plan.long_percent <= 90:
        raise Invalid("plan.nights", N_("A plan is for 1 to 90 nights, with at most 90 %% off for long stays."), field="least_nights")
    _check_pay(plan.pay, plan.free_cancel_h)


def _check_pay(pay: str, free_cancel_h: int | None) -> None:
    if pay not in PAY:
        raise Invalid("plan.pay", N_("Choose whether guests pay when they book, at the hotel or after the stay."), field="pay")
    if pay == "at_hotel" and free_cancel_h is None:
        raise Invalid(
            "plan.pay_refundable", N_("What is paid at the hotel can always be called off: nothing was charged that could be kept."),
            field="pay",
        )  # fmt: skip


def _offer(row: RoomRow) -> OfferRow:
    least = min(row.plans, key=lambda plan: plan.price)
    return OfferRow(
        store_id=row.store_id, external_ref=row.external_ref, section=SECTION, section_en=SECTION_EN, name=row.name, name_en=row.name_en,
        description=row.description, price=least.price, made_up_price=least.made_up_price, kind="room",
    )  # fmt: skip


def _put_types(rows: Sequence[RoomRow], offers: Sequence[int]) -> None:
    fields = ("sleeps", "area_m2", "window", "child_bed", "panorama", "made_up")
    RoomType.objects.bulk_create(
        [
            RoomType(
                offer_id=offer_id, beds=[list(bed) for bed in row.beds], facilities=list(row.facilities),
                **{name: getattr(row, name) for name in fields},
            )
            for row, offer_id in zip(rows, offers, strict=True)
        ],
        update_conflicts=True, unique_fields=["offer"], update_fields=["beds", "facilities", *fields], batch_size=500,
    )  # fmt: skip


_PLAN = [
    "name", "name_en", "price", "weekend_price", "breakfasts", "free_cancel_h", "least_nights", "most_nights", "long_nights",
    "long_percent", "made_up_price", "pay",
]  # fmt: skip


def _put_plans(rows: Sequence[RoomRow], offers: Sequence[int], at: datetime) -> None:
    RatePlan.objects.filter(offer_id__in=offers).update(removed_at=at)
    drafts = [(offer_id, sort, plan) for row, offer_id in zip(rows, offers, strict=True) for sort, plan in enumerate(row.plans)]
    RatePlan.objects.bulk_create(
        [_plan(key, *draft) for key, draft in zip(new_ids(at, len(drafts)), drafts, strict=True)],
        update_conflicts=True, unique_fields=["offer", "external_ref"], update_fields=[*_PLAN, "sort", "removed_at"], batch_size=500,
    )  # fmt: skip


def _plan(key: int, offer_id: int, sort: int, row: PlanRow) -> RatePlan:
    values: dict[str, Any] = {name: getattr(row, name) for name in _PLAN}
    values["weekend_price"] = row.weekend_price or row.price
    return RatePlan(id=key, offer_id=offer_id, external_ref=row.external_ref, sort=sort, **values)


@transaction.atomic
def bulk_put_seasons(*, rows: Sequence[SeasonRow]) -> None:
    """Write seasons, new or again (by hotel and dates). No events. Raises Invalid for one that is reversed or out of reason."""
    if any(row.last < row.first or not 10 <= row.percent <= 500 for row in rows):
        raise Invalid("season.range", N_("A season ends after it begins, and asks 10 to 500 %% of the usual price."), field="percent")
    RateSeason.objects.bulk_create(
        [RateSeason(store_id=row.store_id, name=row.name, first=row.first, last=row.last, percent=row.percent) for row in rows],
        update_conflicts=True, unique_fields=["store", "first", "last"], update_fields=["name", "percent"], batch_size=500,
    )  # fmt: skip


@transaction.atomic
def set_nights(
    *, plan_id: int, first: date, last: date, price: int | None = None, closed: bool = False, actor: Actor, at: datetime
) -> None:
    """What a plan asks for every night from `first` to `last` (None: its usual price), or that it is not sold then.

    Raises NotFound, Forbidden, Invalid for reversed dates, more than a year, or a price of nothing.
    """
    plan = RatePlan.objects.filter(id=plan_id, removed_at=None).values_list("offer_id", "offer__store_id").first()
    if plan is None:
        raise NotFound("plan.unknown", N_("There is no such price."))
    offer_id, store_id = plan
    ensure_manages(actor=actor, store_id=store_id)
    count = (last - first).days + 1
    if not 1 <= count <= LONGEST_CHANGE:
        raise Invalid("nights.range", N_("The last night comes after the first, at most a year later."), field="last")
    if price is not None and not 0 < price <= 10_000_000_00:
        raise Invalid("plan.price", N_("A night costs more than nothing."), field="price")
    days = [first + timedelta(days=turn) for turn in range(count)]
    if price is None and not closed:
        RateDay.objects.filter(plan_id=plan_id, day__in=days).delete()
    else:
        RateDay.objects.bulk_create(
            [RateDay(plan_id=plan_id, day=day, price=price, closed=closed) for day in days],
            update_conflicts=True, unique_fields=["plan", "day"], update_fields=["price", "closed"],
        )  # fmt: skip
    told = {"first": first.isoformat(), "last": last.isoformat(), "price": price, "closed": closed}
    audit.record(actor=actor, action="plan.nights", subject=f"rp:{plan_id}", at=at, before=None, after=told)
    outbox.tell(OfferChanged(store_id=store_id, offer_id=offer_id), at=at)


@transaction.atomic
def set_pay(*, plan_id: int, pay: str, actor: Actor, at: datetime) -> None:
    """Say when guests pay who book by the plan from now on: one of `PAY`. Stays that are booked keep what was agreed.

    Raises NotFound, Forbidden, Invalid "plan.pay", and "plan.pay_refundable" for a plan without refund.
    """
    plan = RatePlan.objects.select_for_update().select_related("offer").filter(id=plan_id, removed_at=None).first()
    if plan is None:
        raise NotFound("plan.unknown", N_("There is no such price."))
    ensure_manages(actor=actor, store_id=plan.offer.store_id)
    _check_pay(pay, plan.free_cancel_h)
    before, plan.pay = plan.pay, pay
    plan.save(update_fields=["pay"])
    audit.record(actor=actor, action="plan.pay", subject=f"rp:{plan_id}", at=at, before={"pay": before}, after={"pay": pay})
    outbox.tell(OfferChanged(store_id=plan.offer.store_id, offer_id=plan.offer_id), at=at)
