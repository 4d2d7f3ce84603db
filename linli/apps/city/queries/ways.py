"""How long a way takes at a moment, by whatever provider the settings name; by straight lines where it does not say."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection

from linli.apps.city.adapters import STRAIGHT, Ask, Floats, Unavailable, provider
from linli.apps.city.models import City, Conditions
from linli.kernel.errors import N_, Invalid, NotFound
from linli.kernel.geo import Point, metres
from linli.platform import policies
from linli.platform.telemetry import metrics
from linli.policy import dispatch

RUSH_HOURS = frozenset({7, 8, 11, 12, 17, 18, 19})  # local hours with full streets: to work, to lunch, home
_SPEEDS = {"walk": dispatch.WALK_KMH, "bike": dispatch.BIKE_KMH, "ebike": dispatch.BIKE_KMH, "car": dispatch.CAR_KMH}
VEHICLES = tuple(_SPEEDS)


@dataclass(frozen=True, slots=True)
class ConditionsView:
    """Weather, and the share of the usual speed that the streets allow."""

    weather: str
    speed_factor: Decimal


def conditions(*, city_id: int, at: datetime) -> ConditionsView:
    """The street conditions that count at `at`; clear and usual speed if nobody has said anything."""
    row = Conditions.objects.filter(city_id=city_id, at__lte=at).order_by("-at").first()
    return ConditionsView(row.weather, row.speed_factor) if row else ConditionsView("clear", Decimal(1))


@dataclass(frozen=True, slots=True)
class Found:
    """Seconds from each origin (rows) to each destination, infinite where no way leads, and which provider says so.

    `missed` is why the chosen provider could not say (`source` is "straight" then); empty when it could.
    """

    seconds: Floats
    source: str
    missed: str = ""


def travel_seconds(*, city_id: int, origin: Point, destination: Point, vehicle: str, at: datetime) -> int:
    """Seconds from `origin` to `destination`; see `travel_matrix`."""
    return ceil(float(travel_matrix(city_id=city_id, origins=[origin], destinations=[destination], vehicle=vehicle, at=at)[0, 0]))


def travel_matrix(*, city_id: int, origins: Sequence[Point], destinations: Sequence[Point], vehicle: str, at: datetime) -> Floats:
    """Seconds from each origin (rows) to each destination (columns), always finite; a constant number of statements whatever the size.

    Where the provider knows no way, and when it cannot be asked, great-circle distance times the detour factor over the vehicle's speed at
    this hour and in these conditions. Raises Invalid for an unknown vehicle, NotFound for an unknown city.
    """
    ask = _ask(city_id, origins, destinations, vehicle, at)
    found = _found(ask)
    return found.seconds if np.isfinite(found.seconds).all() else np.where(np.isfinite(found.seconds), found.seconds, STRAIGHT.seconds(ask))


def travel_found(*, city_id: int, origins: Sequence[Point], destinations: Sequence[Point], vehicle: str, at: datetime) -> Found:
    """The same, with who says so and with infinity where no way leads. Raises Invalid for an unknown vehicle, NotFound."""
    return _found(_ask(city_id, origins, destinations, vehicle, at))


def pace(*, city_id: int, vehicle: str, at: datetime) -> float:
    """Seconds that a straight metre usually takes by `vehicle`, without asking a provider. Raises Invalid, NotFound."""
    ask = _ask(city_id, (), (), vehicle, at)
    return ask.detour / ask.metres_per_second


def _ask(city_id: int, origins: Sequence[Point], destinations: Sequence[Point], vehicle: str, at: datetime) -> Ask:
    zone = City.objects.filter(pk=city_id).values_list("zone", flat=True).first()
    if zone is None:
        raise NotFound("city.unknown", N_("There is no such city."))
    factor = float(conditions(city_id=city_id, at=at).speed_factor)
    return asking(city_id, zone, factor, origins, destinations, vehicle, at)


def asking(
    city_id: int, zone: str, weather: float, origins: Sequence[Point], destinations: Sequence[Point], vehicle: str, at: datetime
) -> Ask:
    """The question for a city that is known already. Raises Invalid for an unknown vehicle."""
    number = _SPEEDS.get(vehicle)
    if number is None:
        raise Invalid("city.vehicle", N_("“%(vehicle)s” is not a vehicle that is known here."), vehicle=vehicle, field="vehicle")
    hour = at.astimezone(ZoneInfo(zone)).hour
    rush = float(policies.value(dispatch.RUSH_FACTOR, city_id)) if hour in RUSH_HOURS else 1.0
    speed, detour = float(policies.value(number, city_id)) / 3.6, float(policies.value(dispatch.DETOUR, city_id))
    return Ask(city_id, origins, destinations, vehicle, at, hour, speed, rush, weather, detour)


def knows_streets() -> bool:
    """Whether a provider is chosen that knows more than straight lines."""
    return provider() is not STRAIGHT


def _found(ask: Ask) -> Found:
    chosen = provider()
    if chosen is STRAIGHT:
        return Found(STRAIGHT.seconds(ask), STRAIGHT.name)
    try:
        if not chosen.local and connection.in_atomic_block:
            raise Unavailable("nobody waits for it within a transaction")
        seconds, missed = chosen.seconds(ask), ""
    except Unavailable as reason:
        seconds, missed = STRAIGHT.seconds(ask), str(reason)
    metrics.ways.labels(provider=chosen.name, answered="no" if missed else "yes").inc()
    return Found(seconds, STRAIGHT.name if missed else chosen.name, missed)


_KEPT_S, _KEPT_MOST = 300, 20_000
_kept: OrderedDict[tuple[object, ...], float] = OrderedDict()


def one_way(ask: Ask) -> float:
    """Seconds of the single way that is asked about, always finite. What a server has said is believed for five minutes: a price that was
    looked at is ordered with what it was reckoned by, without asking again."""
    chosen = provider()
    if chosen is STRAIGHT:  # what every order asks; making arrays of two points takes longer than the rest of it
        return metres(ask.origins[0], ask.destinations[0]) * ask.detour / ask.metres_per_second
    if chosen.local:
        return _finite(ask)
    ends = [(round(point.lat, 5), round(point.lng, 5)) for point in (ask.origins[0], ask.destinations[0])]
    key = (ask.city_id, *ends, ask.vehicle, ask.weather, int(ask.at.timestamp()) // _KEPT_S)
    if key not in _kept:
        found = _found(ask)
        if found.missed:
            return float(found.seconds[0, 0])
        _kept[key] = float(found.seconds[0, 0])
        while len(_kept) > _KEPT_MOST:
            _kept.popitem(last=False)
    return _kept[key] if np.isfinite(_kept[key]) else float(STRAIGHT.seconds(ask)[0, 0])


def _finite(ask: Ask) -> float:
    found = float(_found(ask).seconds[0, 0])
    return found if np.isfinite(found) else float(STRAIGHT.seconds(ask)[0, 0])
