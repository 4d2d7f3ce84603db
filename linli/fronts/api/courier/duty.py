"""On and off duty, and where one is."""

from __future__ import annotations

from datetime import datetime

from ninja import Router
from pydantic import AwareDatetime, Field

from linli.apps.fulfilment import operations, queries
from linli.fronts.api.courier.jobs import JobOut, job_out
from linli.fronts.api.door import COURIER, Request, endpoint
from linli.fronts.api.forms import CityId, In, Lat, Lng, Out, Spot, SpotOut
from linli.kernel.geo import Point
from linli.platform import push

router = Router(tags=["courier: duty"])


class CourierOut(Out):
    """A courier."""

    city_id: CityId
    vehicle: str
    capacity: int
    state: str = Field(description="on or off")
    point: SpotOut | None
    position_at: datetime | None
    strikes: int
    until_at: datetime | None = Field(description="when the shift is meant to end, if the courier has said")
    wait_at: SpotOut | None = Field(description="with nothing to do, wait here; a hint")
    wait_until: datetime | None


class MeOut(Out):
    """How I stand, and where my news is streamed (Server-Sent Events)."""

    courier: CourierOut
    live: str


class OnlineIn(Spot):
    """Where a shift begins, and when it is meant to end: nothing is offered that could not be brought by then."""

    until: AwareDatetime | None = None


class FixIn(In):
    """Where I was when."""

    lat: Lat
    lng: Lng
    at: AwareDatetime


class FixesIn(In):
    """Positions since the last report, in any order."""

    points: list[FixIn] = Field(min_length=1, max_length=500)


class ReportedOut(Out):
    """How many positions were new, and what I am being asked, so that nobody has to ask twice."""

    taken: int
    offers: list[JobOut]


def _me(request: Request) -> MeOut:
    view = queries.courier(courier_id=request.actor.person_id)
    return MeOut(courier=CourierOut.of(view), live=f"/live?t={push.topic_token(f'courier:{view.id}')}")


@endpoint(router, "GET", "", who=COURIER, out=MeOut, summary="How I stand")
def me(request: Request) -> MeOut:
    """Vehicle, capacity, on or off duty, last position."""
    return _me(request)


@endpoint(router, "POST", "/online", who=COURIER, out=MeOut, summary="Go on duty")
def online(request: Request, body: OnlineIn) -> MeOut:
    """Begins a shift where I am; twice changes nothing but the position, and the end if one is given."""
    operations.go_online(courier_id=request.actor.person_id, point=Point(body.lat, body.lng), until=body.until, at=request.at)
    return _me(request)


@endpoint(router, "POST", "/offline", who=COURIER, out=MeOut, summary="Go off duty")
def offline(request: Request) -> MeOut:
    """Ends the shift; open offers go to others. Not while something accepted is unfinished."""
    operations.go_offline(courier_id=request.actor.person_id, at=request.at)
    return _me(request)


@endpoint(router, "POST", "/positions", who=COURIER, out=ReportedOut, summary="Report positions")
def positions(request: Request, body: FixesIn) -> ReportedOut:
    """Takes down where I have been (old and future positions are left out) and says what I am being asked."""
    courier_id = request.actor.person_id
    points = [(Point(fix.lat, fix.lng), fix.at) for fix in body.points]
    taken = operations.report(courier_id=courier_id, points=points, at=request.at)
    return ReportedOut(taken=taken, offers=[job_out(view) for view in queries.offers(courier_id=courier_id)])
