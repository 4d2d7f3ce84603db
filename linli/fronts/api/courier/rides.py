"""What a driver does with a ride; the rest is as with every job."""

from __future__ import annotations

from datetime import datetime, timedelta

from ninja import Router
from pydantic import Field

from linli.apps.fulfilment import operations, queries
from linli.apps.orders import queries as orders
from linli.fronts.api.courier.jobs import EarnedOut
from linli.fronts.api.door import COURIER, Request, endpoint
from linli.fronts.api.forms import Done, In, JobId, Minor, Out

router = Router(tags=["courier: rides"])


class RiderStarsIn(In):
    """1 to 5."""

    stars: int = Field(ge=1, le=5)


class AheadOut(Out):
    """A ride that is booked for later; nothing of the rider."""

    starts_at: datetime
    from_name: str
    to_name: str
    metres: int
    service: str
    fare: Minor


@endpoint(router, "GET", "/rides/ahead", who=COURIER, out=list[AheadOut], summary="Rides booked for later")
def ahead(request: Request) -> list[AheadOut]:
    """Those of the next day in the driver's city, the next first; each is offered to drivers nearby shortly before it begins."""
    driver = queries.courier(courier_id=request.actor.person_id)
    found = orders.rides_ahead(city_id=driver.city_id, until=request.at + timedelta(days=1)) if driver.drives else []
    lines = [(order.promise_from, order.items[0]) for order in found]
    return [
        AheadOut(
            starts_at=starts, from_name=line.details["from"]["name"], to_name=line.details["to"]["name"], metres=line.details["metres"],
            service=line.details["service"], fare=line.amount,
        )
        for starts, line in lines
    ]  # fmt: skip


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
