"""What a driver does with a ride; the rest is as with every job."""

from __future__ import annotations

from ninja import Router
from pydantic import Field

from linli.apps.fulfilment import operations
from linli.fronts.api.courier.jobs import EarnedOut
from linli.fronts.api.door import COURIER, Request, endpoint
from linli.fronts.api.forms import Done, In, JobId

router = Router(tags=["courier: rides"])


class RiderStarsIn(In):
    """1 to 5."""

    stars: int = Field(ge=1, le=5)


@endpoint(router, "POST", "/jobs/{job}/finish", who=COURIER, out=EarnedOut, summary="Finish a ride")
def finish(request: Request, job: JobId) -> EarnedOut:
    """The rider is there; twice is no error and pays once. A ride is started by `pick-up` with the code that the rider says."""
    return EarnedOut(earned=operations.finish_ride(courier_id=request.actor.person_id, job_id=job, at=request.at))


@endpoint(router, "POST", "/jobs/{job}/no-show", who=COURIER, out=EarnedOut, summary="Nobody came")
def no_show(request: Request, job: JobId) -> EarnedOut:
    """Ends a ride whose rider did not come within the free waiting time."""
    return EarnedOut(earned=operations.no_show(courier_id=request.actor.person_id, job_id=job, at=request.at))


@endpoint(router, "POST", "/jobs/{job}/rate", who=COURIER, out=Done, summary="Rate a rider")
def rate(request: Request, job: JobId, body: RiderStarsIn) -> Done:
    """Says how the rider was, once the ride is over; saying it again changes it."""
    operations.rate_rider(courier_id=request.actor.person_id, job_id=job, stars=body.stars)
    return Done()
