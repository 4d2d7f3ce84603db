"""Rides: what they would cost, the call, how one stands, and being safe on the way. Calling off and tips are as with every order."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Router
from pydantic import AwareDatetime, Field

from linli.apps.care import operations as care
from linli.apps.catalog import queries as catalog
from linli.apps.city import queries as city
from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.operations import Spot
from linli.apps.notices import queries as notices
from linli.apps.orders import queries as ordered
from linli.apps.orders.queries import OrderView
from linli.fronts import riding
from linli.fronts.api.consumer.orders import OrderOut, order_out
from linli.fronts.api.door import ANYBODY, CONSUMER, Request, endpoint
from linli.fronts.api.forms import CaseId, CityId, Done, In, Key, Lat, Lng, Minor, OrderId, Out, SpotOut
from linli.kernel.errors import N_, Invalid, NotFound
from linli.kernel.geo import Point

router = Router(tags=["rides"])

Service = Literal["economy", "comfort", "six", "pool"]
Name = Annotated[str, Field(min_length=1, max_length=40)]


class FarePartOut(Out):
    """A part of a fare; only `pool` is negative."""

    kind: str
    amount: Minor


class FareOut(Out):
    """A class: what it costs part by part, until when the nearest car could be there (null: none is free), and the fare to call with."""

    service: str
    seats: int
    total: Minor
    parts: list[FarePartOut]
    eta_s: int | None
    fare: str = Field(description="Signed; it keeps this price until `valid_until`.")


class EstimateOut(Out):
    """What a ride would cost. `factor` is what demand does to it: `people` asked lately around the start, `idle` drivers are free there."""

    metres: int
    seconds: int
    factor: float
    people: int
    idle: int
    valid_until: datetime
    classes: list[FareOut]


class CallIn(In):
    """The class and the fare that was shown for it."""

    service: Service
    fare: str = Field(max_length=2000)
    people: int = Field(1, ge=1, le=6)
    method: str = Field("balance", max_length=24, description="One of the payment methods offered, such as `sandbox`, `balance` or `cash`.")


class DriverOut(Out):
    """Who drives: the car, where it is, and the mean of what riders said (null while few did)."""

    drives: str
    plate: str
    point: SpotOut | None
    stars: float | None
    rated: int


class RideOut(Out):
    """A ride that was called or booked."""

    state: str = Field(
        description="booked (a driver is looked for later), waiting, offered, accepted, arrived, picked_up, delivered, cancelled, failed."
    )
    service: str
    metres: int
    seconds: int
    start_code: str = Field(description="To be said to the driver.")
    deviated_at: datetime | None
    driver_stars: int | None
    driver: DriverOut | None
    cancel_fee: Minor = Field(description="What calling off would cost just now.")
    starts_at: datetime = Field(description="When it begins, or was to begin when it was called.")


class LinkOut(Out):
    """An address for somebody to follow the trip."""

    link: str


class StarsIn(In):
    """1 to 5."""

    stars: int = Field(ge=1, le=5)


class AlarmIn(In):
    """What is wrong, as far as there is time to say."""

    text: str = Field("", max_length=500)


class AlarmOut(Out):
    """The case that support has before it."""

    case: CaseId


@endpoint(router, "GET", "/estimate", who=ANYBODY, out=EstimateOut, summary="What a ride would cost")
def estimate(
    request: Request, from_lat: Lat, from_lng: Lng, to_lat: Lat, to_lng: Lng, from_name: Name = "上车点", to_name: Name = "目的地",
    city_id: CityId | None = None, when: AwareDatetime | None = None,
) -> EstimateOut:  # fmt: skip
    """Every class that is on sale with its fare in parts, before anything is called. `when`: for a ride that is booked to begin then; what
    is ordered at such a fare is offered to drivers shortly before, and can be put into a cart and ordered together with other things."""
    origin, target = Spot(name=from_name, point=Point(from_lat, from_lng)), Spot(name=to_name, point=Point(to_lat, to_lng))
    kept = street.fares_for(city_id=city_id or city.default_city().id, origin=origin, target=target, at=request.at, starts=when)
    found = kept.estimate
    classes = [
        FareOut(
            service=each.found.service, seats=each.sold.seats, total=each.found.fare.total, eta_s=each.found.eta_s, fare=each.token,
            parts=[FarePartOut(kind=part.kind, amount=part.amount) for part in each.found.fare.parts],
        )
        for each in kept.classes
    ]  # fmt: skip
    return EstimateOut(
        metres=found.metres, seconds=found.seconds, factor=float(found.surge.factor), people=found.surge.people, idle=found.surge.idle,
        valid_until=kept.valid_until, classes=classes,
    )  # fmt: skip


@endpoint(router, "POST", "", who=CONSUMER, out=OrderOut, status=201, summary="Call a ride")
def call(request: Request, body: CallIn, key: Key, city_id: CityId | None = None) -> OrderOut:
    """Orders the ride at the fare that was shown. Paid, a driver is looked for; the same fare is called once, however often it is sent."""
    sold = catalog.ride_classes(city_id=city_id or city.default_city().id).get(body.service)
    if sold is None:
        raise Invalid("ride.class", N_("There is no such kind of ride."), field="service")
    order = riding.call(
        person_id=request.actor.person_id, fare=body.fare, sold=(sold.store_id, sold.offer_id), guests=body.people, method=body.method,
        key=key, at=request.at,
    )  # fmt: skip
    return order_out(order)


def _mine(request: Request, order_id: int) -> OrderView:
    order = ordered.order(order_id=order_id, person_id=request.actor.person_id)
    if order.mode != "ride":
        raise NotFound("ride.unknown", N_("There is no such ride."))
    return order


@endpoint(router, "GET", "/{order}", who=CONSUMER, out=RideOut, summary="How a ride stands")
def ride(request: Request, order: OrderId) -> RideOut:
    """Who comes, where the car is, and what calling off would cost."""
    mine = _mine(request, order)
    if mine.called_at is None:
        return _booked(mine, request.at)
    found = street.ride(ref=mine.ref)
    driver = found.driver
    return RideOut(
        state=found.job.state, service=found.service, metres=found.metres, seconds=found.seconds, start_code=mine.pickup_code,
        deviated_at=found.deviated_at, driver_stars=found.driver_stars,
        driver=DriverOut(
            drives=driver.drives, plate=driver.plate, point=SpotOut.of(driver.point) if driver.point else None, stars=driver.stars,
            rated=driver.rated,
        ) if driver else None,
        cancel_fee=street.cancel_terms(ref=mine.ref, at=request.at).fee, starts_at=mine.promise_from,
    )  # fmt: skip


def _booked(mine: OrderView, at: datetime) -> RideOut:
    """A ride for which nobody has been looked for yet."""
    said = mine.items[0].details
    return RideOut(
        state="cancelled" if mine.closed else "booked" if mine.state == "confirmed" else "placed", service=said["service"],
        metres=said["metres"], seconds=said["seconds"], start_code=mine.pickup_code, deviated_at=None, driver_stars=None, driver=None,
        cancel_fee=ordered.call_off(order=mine, at=at).kept, starts_at=mine.promise_from,
    )  # fmt: skip


@endpoint(router, "POST", "/{order}/share", who=CONSUMER, out=LinkOut, summary="Share a trip")
def share(request: Request, order: OrderId) -> LinkOut:
    """A link under which anybody can follow the trip for some hours: the way and the car, nothing of the person."""
    mine = _mine(request, order)
    return LinkOut(link=notices.trip_link(order_id=mine.id, city_id=mine.city_id, at=request.at))


@endpoint(router, "POST", "/{order}/rate", who=CONSUMER, out=Done, summary="Rate a driver")
def rate(request: Request, order: OrderId, body: StarsIn) -> Done:
    """Says how the driver was, once the ride is over; saying it again changes it."""
    mine = _mine(request, order)
    fulfilment.rate_driver(ref=mine.ref, rider_id=mine.person_id, stars=body.stars)
    return Done()


@endpoint(router, "POST", "/{order}/alarm", who=CONSUMER, out=AlarmOut, status=201, summary="Safety button")
def alarm(request: Request, order: OrderId, body: AlarmIn) -> AlarmOut:
    """Something feels unsafe: support has a case before it at once. In danger call the police first."""
    mine = _mine(request, order)
    text = body.text or "…"
    return AlarmOut(case=care.alarm(order_id=mine.id, person_id=mine.person_id, text=text, at=request.at).id)
