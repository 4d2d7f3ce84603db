"""What rides cost here and now: the policy's numbers, the way, and how many people ask per idle driver."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from linli.apps.city import queries as city
from linli.apps.city.queries import CityView
from linli.apps.fulfilment.models import Courier, Job
from linli.apps.fulfilment.states import HELD, RIDES, SERVED_BY, SERVICES
from linli.engines.rides import Fare, Rule, Surge, Tariff, Trip, fare, surge
from linli.engines.rides.fare import Place as Toll
from linli.kernel.errors import N_, Invalid
from linli.kernel.geo import Point, metres
from linli.platform import policies
from linli.policy import dispatch, rides
from linli.policy.number import Number

NIGHT_FROM, NIGHT_TO = 23, 5  # local hours
SHORTEST_M, LONGEST_M = 200, 150_000  # of a ride by street
_PLACES: tuple[Toll, ...] = ("airport", "station")
_CLASS = {"comfort": rides.COMFORT_BP, "six": rides.SIX_BP}


@dataclass(frozen=True, slots=True)
class ClassFare:
    """What one service would cost: `eta_s` until the nearest idle driver of a fitting car could be there, None when there is none."""

    service: str
    fare: Fare
    eta_s: int | None
    idle: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ride before it is called: the way by street, what demand does to it, and a fare for each service."""

    metres: int
    seconds: int
    surge: Surge
    classes: tuple[ClassFare, ...]

    def of(self, service: str) -> ClassFare:
        """The fare of a service. Raises Invalid for an unknown one."""
        for each in self.classes:
            if each.service == service:
                return each
        raise Invalid("ride.class", N_("There is no such kind of ride."), field="service")


def estimate(*, city_id: int, origin: Point, target: Point, at: datetime, starts: datetime | None = None) -> Estimate:
    """What a ride would cost if it were called at `at`, or booked to begin at `starts`: then who is free just now does not count.

    Raises Invalid for a place outside the city, a way too short or too long, and "ride.when" for a time too soon or too far away.
    """
    if starts is not None:
        _ensure_ahead(city_id, starts, at)
    place = city.city(city_id=city_id)
    way = _way(place, origin, target)
    seconds = city.travel_seconds(city_id=city_id, origin=origin, destination=target, vehicle="car", at=starts or at)
    drivers = idle(city_id) if starts is None else []
    demand = surge.around((origin.lat, origin.lng), {} if starts else asked(city_id, at), _places(drivers), rule(city_id))
    night = _night((starts or at).astimezone(ZoneInfo(place.zone)).hour)
    special = _special(city_id, (origin, target))
    classes = []
    for service in SERVICES:
        trip = Trip(way, seconds, night, special, demand.factor, service == "pool")
        near = [row for row in drivers if row.drives in SERVED_BY[service]]
        classes.append(ClassFare(service, fare(trip, tariff(city_id, service)), _eta(city_id, near, origin, at), len(near)))
    return Estimate(way, seconds, demand, tuple(classes))


def _ensure_ahead(city_id: int, starts: datetime, at: datetime) -> None:
    least, most = policies.whole(rides.BOOK_LEAST_MIN, city_id), policies.whole(rides.BOOK_AHEAD_D, city_id)
    if not at + timedelta(minutes=least) <= starts <= at + timedelta(days=most):
        raise Invalid(
            "ride.when", N_("A ride is booked from %(least)s minutes to %(most)s days ahead. For a ride now leave the time empty."),
            field="when", least=least, most=most,
        )  # fmt: skip


def _way(place: CityView, origin: Point, target: Point) -> int:
    if not (place.box.holds(origin) and place.box.holds(target)):
        raise Invalid("ride.outside", N_("We drive within %(city)s only."), city=place.name, field="to")
    way = round(metres(origin, target) * float(policies.value(dispatch.DETOUR, place.id)))
    if way < SHORTEST_M:
        raise Invalid("ride.short", N_("That is only a few steps; you are there already."), field="to")
    if way > LONGEST_M:
        raise Invalid("ride.long", N_("That is too far for one ride."), field="to")
    return way


def _night(hour: int) -> bool:
    return hour >= NIGHT_FROM or hour < NIGHT_TO


def _special(city_id: int, ends: Iterable[Point]) -> Toll:
    """Whether the ride is to or from an airport or a railway station."""
    reach = policies.whole(rides.NEAR_PLACE_M, city_id)
    near = [mark for end in ends for mark in city.landmarks(city_id=city_id, near=end, reach_m=reach, kinds=_PLACES)]
    kinds = {mark.kind for mark in near if mark.metres is not None and mark.metres <= reach}
    return next((kind for kind in _PLACES if kind in kinds), "")


def tariff(city_id: int, service: str) -> Tariff:
    """The prices in force of a service."""

    def whole(number: Number) -> int:
        return policies.whole(number, city_id)

    return Tariff(
        base=whole(rides.BASE), per_km=whole(rides.PER_KM), per_min=whole(rides.PER_MIN), minimum=whole(rides.MINIMUM),
        night_bp=whole(rides.NIGHT_BP), station=whole(rides.STATION), airport=whole(rides.AIRPORT), pool_off_bp=whole(rides.POOL_OFF_BP),
        class_bp=whole(_CLASS[service]) if service in _CLASS else 10_000,
    )  # fmt: skip


def rule(city_id: int) -> Rule:
    """How demand raises fares."""
    cap, slope, calm = (Decimal(policies.value(n, city_id)) for n in (rides.SURGE_CAP, rides.SURGE_SLOPE, rides.SURGE_CALM))
    return Rule(cap, slope, calm, policies.whole(rides.SURGE_LEAST, city_id))


def idle(city_id: int) -> list[Courier]:
    """Drivers on duty with nothing to do, in one statement."""
    busy = Job.objects.filter(city_id=city_id, kind__in=RIDES, state__in=HELD).values("courier_id")
    rows = Courier.objects.filter(city_id=city_id, state="on", lat__isnull=False).exclude(drives="").exclude(pk__in=busy)
    return list(rows.order_by("pk"))


def asked(city_id: int, at: datetime) -> dict[str, int]:
    """Who wanted a ride lately, by part of the city: everybody who called within the policy's time, whatever came of it."""
    since = at - timedelta(minutes=policies.whole(rides.SURGE_WINDOW_MIN, city_id))
    rows = Job.objects.filter(city_id=city_id, kind__in=RIDES, created_at__gt=since, created_at__lte=at)
    return surge.counted(rows.values_list("pickup_lat", "pickup_lng"))


def _places(drivers: Iterable[Courier]) -> dict[str, int]:
    return surge.counted((row.lat, row.lng) for row in drivers if row.lat is not None and row.lng is not None)


def everywhere(city_id: int, at: datetime) -> list[Surge]:
    """Demand and idle drivers in every part of the city where there are any, the highest factor first."""
    return surge.everywhere(asked(city_id, at), _places(idle(city_id)), rule(city_id))


def _eta(city_id: int, drivers: Iterable[Courier], origin: Point, at: datetime) -> int | None:
    """Seconds until the nearest of `drivers` is at `origin`."""
    places = [Point(row.lat, row.lng) for row in drivers if row.lat is not None and row.lng is not None]
    if not places:
        return None
    nearest = min(places, key=lambda point: metres(point, origin))
    if metres(nearest, origin) > policies.whole(rides.REACH_M, city_id):
        return None
    return city.travel_seconds(city_id=city_id, origin=nearest, destination=origin, vehicle="car", at=at)
