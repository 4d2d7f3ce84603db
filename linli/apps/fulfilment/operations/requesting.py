"""Asking for something to be brought, and changing one's mind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from linli.apps.fulfilment import live
from linli.apps.fulfilment.locks import lock_job, plan_changed
from linli.apps.fulfilment.models import Job, PayLine
from linli.apps.fulfilment.pay import pay_for_nothing
from linli.apps.fulfilment.release import note_loss
from linli.apps.fulfilment.states import JOB
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import N_, Conflict, Invalid
from linli.kernel.ids import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PickupStop:
    """Where it is collected."""

    store_id: int
    name: str
    address: str
    lat: float
    lng: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DropStop:
    """Where it goes. `code` is what the consumer says at the door; by default the last four digits of the phone number."""

    name: str
    phone: str
    address: str
    lat: float
    lng: float
    detail: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Cooking:
    """When the kitchen began, and what is believed of ln(taken / said) there (`engines.forecast.kitchen`)."""

    begun_at: datetime
    drift: float
    spread: float


@transaction.atomic
def request(
    *, ref: str, city_id: int, pickup: PickupStop, drop: DropStop, ready_at: datetime, cooking: Cooking | None = None, promise_at: datetime,
    load: int = 1, fee: int = 0, tip: int = 0, cash_due: int = 0, pickup_code: str = "", at: datetime,
) -> int:  # fmt: skip
    """The id of the job that brings `ref`; asking again for the same ref gives the same job. Raises Invalid for senseless amounts."""
    if load < 1 or min(fee, tip, cash_due) < 0:
        raise Invalid("job.amounts", N_("A delivery needs a load of at least one and amounts that are not negative."), field="load")
    job = Job(
        id=new_id(at), ref=ref, city_id=city_id, pickup_store_id=pickup.store_id, pickup_name=pickup.name, pickup_address=pickup.address,
        pickup_lat=pickup.lat, pickup_lng=pickup.lng, drop_name=drop.name, drop_phone=drop.phone, drop_address=drop.address,
        drop_detail=drop.detail, drop_lat=drop.lat, drop_lng=drop.lng, drop_code=drop.code or drop.phone[-4:], ready_at=ready_at,
        begun_at=cooking.begun_at if cooking else None, drift=cooking.drift if cooking else 0.0, spread=cooking.spread if cooking else 0.0,
        promise_at=promise_at, load=min(load, 40), fee=fee, tip=tip, cash_due=cash_due, pickup_code=pickup_code, created_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        known = Job.objects.filter(ref=ref).values_list("pk", flat=True).first()
        if known is None:
            raise
        return known
    live.job_moved(job, at=at)
    return job.pk


@transaction.atomic
def set_ready(*, ref: str, ready_at: datetime, ready: bool, at: datetime) -> None:
    """The store says when it will be ready, or that it is. Nothing happens once it has been picked up. Raises NotFound."""
    job = lock_job(ref=ref)
    if JOB.find(job.state, "pick_up") or job.state in ("waiting", "offered"):
        job.ready_at, job.ready = ready_at, ready
        job.save(update_fields=["ready_at", "ready"])
        live.job_moved(job, at=at)


@transaction.atomic
def set_tip(*, ref: str, tip: int, at: datetime) -> None:
    """The consumer gives `tip` in all; after the delivery it is added to what the courier has earned. Raises Conflict to take it back."""
    job = lock_job(ref=ref)
    if tip < job.tip or job.state in ("cancelled", "failed"):
        raise Conflict("job.tip", N_("A tip can be raised, not lowered, and only while the delivery stands."))
    job.tip = tip
    job.save(update_fields=["tip"])
    if job.state == "delivered" and job.courier_id is not None and tip:
        first = {"amount": tip, "courier_id": job.courier_id, "at": at}
        PayLine.objects.update_or_create(job=job, kind="tip", defaults={"amount": tip}, create_defaults=first)


@transaction.atomic
def set_cash_due(*, ref: str, amount: int, at: datetime) -> None:
    """At the door `amount` is to be collected; nothing happens when nobody will bring it. Raises Conflict when it has been, NotFound."""
    job = lock_job(ref=ref)
    if job.state == "delivered":
        raise Conflict("job.collected", N_("The courier has just handed it over. Please try again in a moment."))
    if job.state not in JOB.final:
        job.cash_due = amount
        job.save(update_fields=["cash_due"])
        live.job_moved(job, at=at)


@transaction.atomic
def cancel(*, ref: str, at: datetime, actor: Actor = SYSTEM, fee: int = 0) -> int:
    """Call the job off; returns what a driver gets of the `fee` for it. Calling it off again is no error.

    Raises Conflict once it is on board, NotFound.
    """
    job = lock_job(ref=ref)
    if job.state == "cancelled":
        return 0
    earned = pay_for_nothing(job, fee=fee, at=at) if fee else 0
    job.state = JOB.step(job.state, "cancel", actor)
    loser, job.courier, job.closed_at, job.answer_by = job.courier_id, None, at, None
    note_loss(job, loser, "cancelled", at=at)
    job.save()
    plan_changed(loser)
    live.job_moved(job, at=at, courier_id=loser)
    return earned
