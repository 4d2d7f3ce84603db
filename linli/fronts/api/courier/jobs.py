"""Offers, jobs and the route."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Router
from pydantic import Field

from linli.apps.fulfilment import operations, queries
from linli.apps.fulfilment.operations import Proof
from linli.apps.fulfilment.queries import JobView, StopView
from linli.fronts.api.door import COURIER, Request, endpoint
from linli.fronts.api.forms import Done, In, JobId, Minor, Out, SpotOut, StoreId
from linli.kernel.errors import N_, NotFound
from linli.platform import files

router = Router(tags=["courier: jobs"])

_HIDDEN = 4  # letters at the end of a phone number: they are the code that proves the delivery


class JobOut(Out):
    """A job as its courier sees it. The codes are not in it: the store's bag has one, the person says the other."""

    id: JobId
    kind: str = Field(description="delivery, ride, or pool (a shared ride).")
    state: str
    store_id: StoreId
    pickup_name: str
    pickup_address: str
    pickup: SpotOut
    drop_name: str
    drop_phone: str = Field(description="Without its last four digits, which the person says at the door.")
    drop_address: str
    drop_detail: str
    drop: SpotOut
    ready_at: datetime
    ready: bool
    promise_at: datetime
    load: int
    fee: Minor
    tip: Minor
    cash_due: Minor = Field(description="To be collected at the door.")
    answer_by: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    picked_up_at: datetime | None
    delivered_at: datetime | None


class StopOut(Out):
    """A stop of the route: when it will be there and go on, and by when it should be done."""

    job_id: JobId
    kind: str
    point: SpotOut
    arrive_at: datetime
    leave_at: datetime
    due_at: datetime


class AnswerIn(In):
    """Yes, or no and why: far, heavy, break, direction or other."""

    accept: bool
    reason: str = Field("", max_length=24)


class BagIn(In):
    """The code on the bag."""

    code: str = Field(max_length=12)


class ProofIn(In):
    """The code that the person says, or the name of a photo sent before."""

    kind: Literal["code", "photo"]
    value: str = Field(max_length=80)


class GiveUpIn(In):
    """Why: accident, vehicle, store_closed, not_ready, no_answer, wrong_address, spilled or other."""

    reason: str = Field(max_length=24)


class EarnedOut(Out):
    """What the delivery earned."""

    earned: Minor


class ProofPhotoOut(Out):
    """The name to deliver with."""

    name: str


def job_out(view: JobView) -> JobOut:
    """A job for its courier."""
    plain = {name: getattr(view, name) for name in JobOut.model_fields if name not in {"pickup", "drop", "drop_phone"}}
    phone = view.drop_phone[:-_HIDDEN] + "*" * _HIDDEN if view.drop_phone else ""
    return JobOut(**plain, drop_phone=phone, pickup=SpotOut.of(view.pickup), drop=SpotOut.of(view.drop))


def _mine(request: Request, job_id: int) -> JobOut:
    view = queries.job(job_id=job_id)
    if view.courier_id != request.actor.person_id:
        raise NotFound("job.unknown", N_("There is no such job."))
    return job_out(view)


@endpoint(router, "GET", "/offers", who=COURIER, out=list[JobOut], summary="What I am asked")
def offers(request: Request) -> list[JobOut]:
    """The jobs offered to me, the soonest to be answered first."""
    return [job_out(view) for view in queries.offers(courier_id=request.actor.person_id)]


@endpoint(router, "GET", "/jobs", who=COURIER, out=list[JobOut], summary="My jobs")
def jobs(request: Request) -> list[JobOut]:
    """What I have accepted and not finished, the soonest promised first."""
    return [job_out(view) for view in queries.open_jobs(courier_id=request.actor.person_id)]


@endpoint(router, "GET", "/plan", who=COURIER, out=list[StopOut], summary="My route")
def plan(request: Request) -> list[StopOut]:
    """My stops in the best order with times."""
    return [_stop_out(stop) for stop in queries.plan(courier_id=request.actor.person_id, at=request.at)]


def _stop_out(stop: StopView) -> StopOut:
    point = SpotOut.of(stop.point)
    return StopOut(job_id=stop.job.id, kind=stop.kind, point=point, arrive_at=stop.arrive_at, leave_at=stop.leave_at, due_at=stop.due_at)


@endpoint(router, "GET", "/jobs/{job}", who=COURIER, out=JobOut, summary="A job")
def job(request: Request, job: JobId) -> JobOut:
    """One of my jobs."""
    return _mine(request, job)


@endpoint(router, "POST", "/jobs/{job}/answer", who=COURIER, out=Done, summary="Answer an offer")
def answer(request: Request, job: JobId, body: AnswerIn) -> Done:
    """Says yes or no in time; without an answer somebody else is asked."""
    operations.answer(courier_id=request.actor.person_id, job_id=job, accept=body.accept, reason=body.reason, at=request.at)
    return Done()


@endpoint(router, "POST", "/jobs/{job}/arrive", who=COURIER, out=JobOut, summary="I am at the store")
def arrive(request: Request, job: JobId) -> JobOut:
    """Says that I am at the store; twice is no error."""
    operations.arrive(courier_id=request.actor.person_id, job_id=job, at=request.at)
    return _mine(request, job)


@endpoint(router, "POST", "/jobs/{job}/pick-up", who=COURIER, out=JobOut, summary="Pick up")
def pick_up(request: Request, job: JobId, body: BagIn) -> JobOut:
    """Takes it from the store by the code on its bag; twice is no error."""
    operations.pick_up(courier_id=request.actor.person_id, job_id=job, code=body.code, at=request.at)
    return _mine(request, job)


@endpoint(router, "POST", "/photos", who=COURIER, out=ProofPhotoOut, status=201, summary="Send a photo", takes="image/jpeg")
def photo(request: Request) -> ProofPhotoOut:
    """Keeps a JPEG, PNG or WebP (the body itself, at most 12 MB), without where and with what it was taken."""
    return ProofPhotoOut(name=files.keep_picture(request.read(), folder="proofs"))


@endpoint(router, "POST", "/jobs/{job}/deliver", who=COURIER, out=EarnedOut, summary="Deliver")
def deliver(request: Request, job: JobId, body: ProofIn) -> EarnedOut:
    """Hands it over by the person's code or with a photo; twice is no error and pays once."""
    proof = Proof(body.kind, body.value)
    return EarnedOut(earned=operations.deliver(courier_id=request.actor.person_id, job_id=job, proof=proof, at=request.at))


@endpoint(router, "POST", "/jobs/{job}/give-up", who=COURIER, out=Done, summary="Give a job back")
def give_up(request: Request, job: JobId, body: GiveUpIn) -> Done:
    """Before it is picked up somebody else is asked; after that it has failed."""
    operations.give_up(courier_id=request.actor.person_id, job_id=job, reason=body.reason, at=request.at)
    return Done()
