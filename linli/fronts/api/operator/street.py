"""The street: what is waited for, who is where, and who brings what."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from ninja import Router
from pydantic import AwareDatetime, Field

from linli.apps.city import operations as roads
from linli.apps.city import queries as city
from linli.apps.fulfilment import operations, queries
from linli.apps.orders import queries as orders
from linli.apps.orders.queries import OrderView
from linli.fronts.api.consumer.orders import OrderBase, fields_of
from linli.fronts.api.door import OPERATOR, Request, endpoint
from linli.fronts.api.forms import CityId, CourierId, Done, In, IncidentId, JobId, Out, PersonId, SpotOut, StoreId
from linli.kernel.geo import Point
from linli.platform import ids, push

router = Router(tags=["operator: street"])


class WaitingOut(OrderBase):
    """An order that somebody waits for; `late_s` is how far past its promise it is."""

    person_id: PersonId
    courier_id: CourierId | None
    late_s: int


class BoardOut(Out):
    """What is waited for, the latest first, and how many orders of today are in which state."""

    orders: list[WaitingOut]
    counts: dict[str, int]


class RiderOut(Out):
    """A courier on duty."""

    id: CourierId
    vehicle: str
    capacity: int
    state: str
    point: SpotOut | None
    position_at: datetime | None
    strikes: int


class StreetJobOut(Out):
    """A job on the street; `ref` names what it is for."""

    id: JobId
    ref: str
    state: str
    courier_id: CourierId | None
    store_id: StoreId
    pickup_name: str
    pickup: SpotOut
    drop: SpotOut
    ready_at: datetime
    ready: bool
    promise_at: datetime
    answer_by: datetime | None
    declines: int


class StreetOut(Out):
    """The street as it is; `live` streams what changes."""

    couriers: list[RiderOut]
    jobs: list[StreetJobOut]
    live: str


class AssignIn(In):
    """Who brings it, and why it is decided by hand."""

    courier_id: CourierId
    reason: str = Field(min_length=1, max_length=200)


class TickOut(Out):
    """A tick in numbers."""

    id: int
    at: datetime
    counts: dict[str, Any]
    ms: int


class TickPage(Out):
    """Some ticks, newest first."""

    items: list[TickOut]
    next_cursor: str | None


class IncidentIn(In):
    """Roads within `radius_m` of a place that allow `speed_factor` of their usual speed (0: closed) until a moment."""

    lat: float = Field(ge=-90, le=90)
    lng: float = Field(ge=-180, le=180)
    radius_m: int = Field(ge=10, le=20_000)
    speed_factor: Decimal = Field(ge=0, lt=1, max_digits=3, decimal_places=2)
    until_at: AwareDatetime
    note: str = Field(default="", max_length=120)


class IncidentOut(Out):
    """An incident that counts now."""

    id: IncidentId
    point: SpotOut
    radius_m: int
    speed_factor: Decimal
    note: str
    from_at: datetime
    until_at: datetime


class StreetsOut(Out):
    """Which provider of travel times is chosen, which answers just now, why not the chosen one, and what slows or closes roads."""

    chosen: str
    answers: str
    missed: str
    incidents: list[IncidentOut]


class IncidentNoted(Out):
    """The incident that was noted."""

    id: IncidentId


def waiting_out(view: OrderView, at: datetime) -> WaitingOut:
    """An order as the operator sees it."""
    return WaitingOut(**fields_of(view, "operator"), person_id=view.person_id, courier_id=view.courier_id, late_s=view.late_s(at))


def _job(view: queries.JobView) -> StreetJobOut:
    kind, _, number = view.ref.partition(":")
    plain = {name: getattr(view, name) for name in StreetJobOut.model_fields if name not in {"ref", "pickup", "drop", "declines"}}
    ref = ids.seal(kind, int(number)) if number.isdigit() else view.ref
    return StreetJobOut(**plain, ref=ref, pickup=SpotOut.of(view.pickup), drop=SpotOut.of(view.drop), declines=len(view.declines))


def _city(city_id: int | None) -> int:
    return city_id or city.default_city().id


@endpoint(router, "GET", "/board", who=OPERATOR, out=BoardOut, summary="What is waited for")
def board(request: Request, city_id: CityId | None = None, limit: Annotated[int, Field(ge=1, le=200)] = 100) -> BoardOut:
    """The city's orders that somebody waits for, the latest against its promise first."""
    here = city.city(city_id=_city(city_id))
    midnight = request.at.astimezone(ZoneInfo(here.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    found = orders.board(city_id=here.id, at=request.at, limit=limit)
    return BoardOut(orders=[waiting_out(view, request.at) for view in found], counts=orders.counts(city_id=here.id, since=midnight))


@endpoint(router, "GET", "/live", who=OPERATOR, out=StreetOut, summary="The street now")
def live(request: Request, city_id: CityId | None = None) -> StreetOut:
    """Who is on duty and what is under way."""
    here = _city(city_id)
    found = queries.live(city_id=here, at=request.at)
    return StreetOut(
        couriers=[RiderOut.of(view) for view in found.couriers],
        jobs=[_job(view) for view in found.jobs],
        live=f"/live?t={push.topic_token(f'city:{here}')}",
    )


@endpoint(router, "POST", "/jobs/{job}/assign", who=OPERATOR, out=Done, summary="Assign by hand")
def assign(request: Request, job: JobId, body: AssignIn) -> Done:
    """Gives a job that is not on board yet to a courier, whoever has it now. Audited."""
    operations.assign(job_id=job, courier_id=body.courier_id, actor=request.actor, at=request.at, reason=body.reason)
    return Done()


@endpoint(router, "GET", "/ticks", who=OPERATOR, out=TickPage, summary="What dispatch decided")
def ticks(
    request: Request, city_id: CityId | None = None, cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=100)] = 50
) -> TickPage:
    """The ticks that had something to decide, newest first."""
    page = queries.ticks(city_id=_city(city_id), cursor=cursor, limit=limit)
    return TickPage(items=[TickOut.of(view) for view in page.items], next_cursor=page.next_cursor)


@endpoint(router, "GET", "/streets", who=OPERATOR, out=StreetsOut, summary="Travel times and road incidents")
def streets(request: Request, city_id: CityId | None = None) -> StreetsOut:
    """Who says how long ways take, and what is in the way now, the latest first."""
    here = _city(city_id)
    ways = city.ways_now(city_id=here, at=request.at)
    found = [
        IncidentOut(**{name: getattr(view, name) for name in IncidentOut.model_fields if name != "point"}, point=SpotOut.of(view.point))
        for view in city.incidents(city_id=here, at=request.at)
    ]
    return StreetsOut(chosen=ways.chosen, answers=ways.answers, missed=ways.missed, incidents=found)


@endpoint(router, "POST", "/streets/incidents", who=OPERATOR, out=IncidentNoted, summary="Note a road incident")
def report_incident(request: Request, body: IncidentIn, city_id: CityId | None = None) -> IncidentNoted:
    """From now on ways are reckoned around it, where travel times come from the city's own road graph. Audited."""
    made = roads.report_incident(
        city_id=_city(city_id), point=Point(body.lat, body.lng), radius_m=body.radius_m, speed_factor=body.speed_factor, note=body.note,
        until_at=body.until_at, actor=request.actor, at=request.at,
    )  # fmt: skip
    return IncidentNoted(id=made)


@endpoint(router, "POST", "/streets/incidents/{incident}/end", who=OPERATOR, out=Done, summary="End a road incident")
def end_incident(request: Request, incident: IncidentId) -> Done:
    """The roads are free again; ending it twice is no error. Audited."""
    roads.end_incident(incident_id=incident, actor=request.actor, at=request.at)
    return Done()
