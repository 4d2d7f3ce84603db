"""Being a courier: joining, going on and off duty, saying where one is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.city.queries import VEHICLES
from linli.apps.fulfilment import hot, live
from linli.apps.fulfilment.hot import Rider
from linli.apps.fulfilment.locks import lock_couriers, plan_changed
from linli.apps.fulfilment.models import Courier, Job, Shift
from linli.apps.fulfilment.release import release
from linli.apps.fulfilment.states import CARS, HELD, ON_ROUTE
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.kernel.geo import Point

_AHEAD = timedelta(seconds=60)  # how far a phone's clock may be ahead of ours
_LONGEST = timedelta(hours=24)
_POINTS = 500  # positions in one report, at most


@transaction.atomic
def add_courier(*, person_id: int, city_id: int, vehicle: str, capacity: int, drives: str = "", plate: str = "", at: datetime) -> None:
    """Make a person a courier, or change vehicle and capacity of one; with a car of class `drives` (of `CARS`) a driver, who brings people
    in its `capacity` seats. Raises Invalid for an unknown vehicle or class, a driver without a car or plate, or no capacity."""
    if vehicle not in VEHICLES:
        raise Invalid("courier.vehicle", N_("“%(vehicle)s” is not a vehicle that is known here."), vehicle=vehicle[:20], field="vehicle")
    if not 1 <= capacity <= 40:
        raise Invalid("courier.capacity", N_("A courier carries from 1 to 40 units."), field="capacity")
    if drives not in ("", *CARS):
        raise Invalid("driver.class", N_("“%(drives)s” is not a class of cars that is known here."), drives=drives[:20], field="drives")
    if drives and (vehicle != "car" or not 5 <= len(plate) <= 12):
        raise Invalid("driver.car", N_("A driver needs a car with its number plate."), field="plate")
    values = {"city_id": city_id, "vehicle": vehicle, "capacity": capacity, "drives": drives, "plate": plate.upper()}
    Courier.objects.update_or_create(person_id=person_id, defaults=values, create_defaults={**values, "joined_at": at})


def _locked(courier_id: int) -> Courier:
    courier = lock_couriers([courier_id]).get(courier_id)
    if courier is None:
        raise _unknown()
    return courier


def _unknown() -> NotFound:
    return NotFound("courier.unknown", N_("There is no such courier."))


@transaction.atomic
def go_online(*, courier_id: int, point: Point, until: datetime | None = None, at: datetime) -> None:
    """Begin (or go on with) a shift at `point`, to end at `until`: nothing is offered that could not be brought by then.

    Doing it twice changes nothing but the position and, if one is given, the end. Raises Invalid for an end that is past or more than a
    day away, NotFound.
    """
    if until is not None and not at < until <= at + _LONGEST:
        raise Invalid("shift.until", N_("A shift ends after now, and within a day."), field="until")
    courier = _locked(courier_id)
    courier.until_at = until or courier.until_at
    fresh = courier.state == "off"
    courier.state, courier.lat, courier.lng, courier.position_at, courier.heard_at = "on", point.lat, point.lng, at, at
    if fresh:
        courier.idle_since = at
        Shift.objects.create(courier=courier, on_at=at)
    courier.version += 1
    courier.save()
    hot.track(courier_id, [(point, at)])
    live.courier_moved(courier_id=courier_id, city_id=courier.city_id, state="on", point=point, at=at)


@transaction.atomic
def go_offline(*, courier_id: int, at: datetime) -> None:
    """End the shift; open offers go to others. Raises Conflict while something accepted is not finished, NotFound."""
    courier = _locked(courier_id)
    jobs = Job.objects.filter(courier=courier, state__in=HELD)
    if jobs.filter(state__in=ON_ROUTE).exists():
        raise Conflict("courier.busy", N_("Finish or hand back your deliveries first; then you can go offline."))
    for job in jobs.select_for_update().order_by("pk"):
        release(job, event="decline", reason="offline", actor=Actor("courier", courier_id), at=at)
    end_shift(courier, at=at)


def end_shift(courier: Courier, *, at: datetime) -> None:
    """Take a courier, whose row is locked, off duty."""
    Shift.objects.filter(courier=courier, off_at__isnull=True).update(off_at=at)
    courier.state, courier.idle_since, courier.until_at = "off", None, None
    courier.wait_lat = courier.wait_lng = courier.wait_until = None
    courier.save(update_fields=["state", "idle_since", "until_at", "wait_lat", "wait_lng", "wait_until"])
    Job.objects.filter(pinned=courier, state="waiting").update(pinned=None)
    plan_changed(courier.pk)
    point = Point(courier.lat, courier.lng) if courier.lat is not None and courier.lng is not None else None
    live.courier_moved(courier_id=courier.pk, city_id=courier.city_id, state="off", point=point, at=at)


@transaction.atomic
def report(*, courier_id: int, points: Sequence[tuple[Point, datetime]], at: datetime) -> int:
    """Take down where the courier has been; returns how many positions were new.

    Positions older than the last one known, or from the future, are left out. Raises Invalid for too many, Conflict off duty.
    """
    if len(points) > _POINTS:
        raise Invalid("track.long", N_("At most %(most)s positions at a time."), most=_POINTS, field="points")
    courier = _rider(courier_id)
    if courier.state != "on":
        raise Conflict("courier.off", N_("Go online first."))
    known = courier.position_at or at
    fresh = sorted(((point, when) for point, when in points if known < when <= at + _AHEAD), key=lambda pair: pair[1])
    if not fresh:
        return 0
    hot.track(courier_id, [(point, min(when, at)) for point, when in fresh])
    _move(courier, fresh[-1][0], at=min(fresh[-1][1], at))
    return len(fresh)


def seen(*, courier_id: int, at: datetime) -> None:
    """The courier's page is open: a sign of life without a position. Nothing happens off duty."""
    Courier.objects.filter(pk=courier_id, state="on", heard_at__lt=at).update(heard_at=at)


def be_at(*, courier_id: int, point: Point, at: datetime) -> None:
    """The courier is at `point` now, whatever the phone says. Five statements."""
    hot.track(courier_id, [(point, at)])
    _move(_rider(courier_id), point, at=at)


def _rider(courier_id: int) -> Rider:
    courier = hot.rider(courier_id)
    if courier is None:
        raise _unknown()
    return courier


def _move(courier: Rider, point: Point, *, at: datetime) -> None:
    hot.move(courier.pk, point, at, max(at, courier.heard_at or at))
    refs = hot.carried(courier.pk)
    live.courier_moved(courier_id=courier.pk, city_id=courier.city_id, state=courier.state, point=point, refs=refs, at=at)
