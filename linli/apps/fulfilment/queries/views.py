"""What others see of couriers and jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.apps.fulfilment.models import Courier, Job
from linli.apps.fulfilment.states import DELIVERY, JOB, RIDES
from linli.kernel.geo import Point


@dataclass(frozen=True, slots=True)
class CourierView:
    """A courier; `point` and `position_at` are None until it has ever said where it is.

    The shift is meant to end at `until_at`, if it has said; with nothing to do it had better wait at `wait_at`, up to `wait_until`.
    """

    id: int
    city_id: int
    vehicle: str
    capacity: int
    state: str
    point: Point | None
    position_at: datetime | None
    strikes: int
    joined_at: datetime
    drives: str = ""
    plate: str = ""
    until_at: datetime | None = None
    wait_at: Point | None = None
    wait_until: datetime | None = None

    @property
    def on(self) -> bool:
        """Whether the courier is on duty."""
        return self.state == "on"


@dataclass(frozen=True, slots=True)
class JobView:
    """A job. `pickup_code` is what the store asks for, `drop_code` what the consumer says at the door: show each only to its owner."""

    id: int
    ref: str
    city_id: int
    state: str
    courier_id: int | None
    store_id: int
    pickup_name: str
    pickup_address: str
    pickup: Point
    drop_name: str
    drop_phone: str
    drop_address: str
    drop_detail: str
    drop: Point
    ready_at: datetime
    ready: bool
    promise_at: datetime
    load: int
    pickup_code: str
    drop_code: str
    fee: int
    tip: int
    cash_due: int
    created_at: datetime
    offered_at: datetime | None
    answer_by: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    picked_up_at: datetime | None
    delivered_at: datetime | None
    closed_at: datetime | None
    proof: Mapping[str, Any]
    declines: tuple[Mapping[str, Any], ...]
    tick_id: int | None
    kind: str = DELIVERY
    pinned_id: int | None = None
    banned: tuple[int, ...] = ()

    @property
    def permits(self) -> frozenset[str]:
        """What its state permits."""
        return JOB.capabilities.get(self.state, frozenset())

    @property
    def rides(self) -> bool:
        """Whether it brings somebody, not something."""
        return self.kind in RIDES

    def left(self, courier_id: int) -> bool:
        """Whether this courier had it, or was asked, and has it no more."""
        return self.courier_id != courier_id and any(row["courier"] == courier_id for row in self.declines)

    def events(self, role: str) -> tuple[str, ...]:
        """What somebody in `role` may do with it now."""
        return JOB.events(self.state, role)


@dataclass(frozen=True, slots=True)
class StopView:
    """One stop of a courier's route: when it will be there (`arrive_at`) and go on, and by when it should be done (`due_at`)."""

    job: JobView
    kind: str
    point: Point
    arrive_at: datetime
    leave_at: datetime
    due_at: datetime

    @property
    def late(self) -> bool:
        """Whether the promise will be missed as things stand."""
        return self.kind == "drop" and self.leave_at > self.due_at


@dataclass(frozen=True, slots=True)
class EtaView:
    """When it will be at the door. `source`: delivered (it was), route (a courier's exact way), estimate (no courier yet), none (never)."""

    from_at: datetime
    to_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class PayLineView:
    """One component of what a courier earned: base, distance, night, weather or tip."""

    id: int
    job_id: int
    ref: str
    store: str
    kind: str
    amount: int
    at: datetime


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """Where a courier was."""

    id: int
    point: Point
    at: datetime


@dataclass(frozen=True, slots=True)
class Live:
    """The street as it is: couriers on duty, and jobs that are not finished (the soonest promised first)."""

    couriers: tuple[CourierView, ...]
    jobs: tuple[JobView, ...]


def courier_view(row: Courier) -> CourierView:
    """The view of a row."""
    point = Point(row.lat, row.lng) if row.lat is not None and row.lng is not None else None
    return CourierView(
        row.pk, row.city_id, row.vehicle, row.capacity, row.state, point, row.position_at, row.strikes, row.joined_at, row.drives,
        row.plate, row.until_at, Point(row.wait_lat, row.wait_lng) if row.wait_lat is not None and row.wait_lng is not None else None,
        row.wait_until,
    )  # fmt: skip


def job_view(row: Job) -> JobView:
    """The view of a row."""
    return JobView(
        id=row.pk, ref=row.ref, city_id=row.city_id, state=row.state, courier_id=row.courier_id, store_id=row.pickup_store_id,
        pickup_name=row.pickup_name, pickup_address=row.pickup_address, pickup=Point(row.pickup_lat, row.pickup_lng),
        drop_name=row.drop_name, drop_phone=row.drop_phone, drop_address=row.drop_address, drop_detail=row.drop_detail,
        drop=Point(row.drop_lat, row.drop_lng), ready_at=row.ready_at, ready=row.ready, promise_at=row.promise_at, load=row.load,
        pickup_code=row.pickup_code, drop_code=row.drop_code, fee=row.fee, tip=row.tip, cash_due=row.cash_due,
        created_at=row.created_at, offered_at=row.offered_at, answer_by=row.answer_by, accepted_at=row.accepted_at,
        arrived_at=row.arrived_at, picked_up_at=row.picked_up_at, delivered_at=row.delivered_at, closed_at=row.closed_at,
        proof=row.proof, declines=tuple(row.declines), tick_id=row.tick_id, kind=row.kind,
        pinned_id=row.pinned_id, banned=tuple(row.banned),
    )  # fmt: skip
