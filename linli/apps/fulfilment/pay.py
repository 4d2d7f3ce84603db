"""What a delivery earns its courier, component by component."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from linli.apps.city import queries as city
from linli.apps.fulfilment.models import Job, PayLine
from linli.kernel.geo import Point, metres
from linli.kernel.money import share
from linli.platform import policies
from linli.policy import money

NIGHT_FROM, NIGHT_TO = 22, 6  # local hours
_HARD = frozenset({"rain", "storm", "snow", "heat"})


def pay(job: Job, *, at: datetime) -> int:
    """Write the pay lines of a delivered job, once; returns their sum in minor units."""
    lines = list(PayLine.objects.filter(job=job).values_list("amount", flat=True))
    if lines:
        return sum(lines)
    courier_id = job.courier_id
    assert courier_id is not None  # the database keeps a delivered job's courier
    parts = {kind: amount for kind, amount in components(job, at).items() if amount > 0}
    PayLine.objects.bulk_create(PayLine(courier_id=courier_id, job=job, kind=kind, amount=amount, at=at) for kind, amount in parts.items())
    return sum(parts.values())


def components(job: Job, at: datetime) -> dict[str, int]:
    """What delivering `job` at `at` earns, by kind, in minor units; zeros where a component does not apply."""
    way = Decimal(round(metres(Point(job.pickup_lat, job.pickup_lng), Point(job.drop_lat, job.drop_lng)))) / 1000
    hour = at.astimezone(ZoneInfo(city.city(city_id=job.city_id).zone)).hour
    night = hour >= NIGHT_FROM or hour < NIGHT_TO
    hard = city.conditions(city_id=job.city_id, at=at).weather in _HARD
    return {
        "base": policies.whole(money.COURIER_BASE, job.city_id),
        "distance": share(policies.whole(money.COURIER_PER_KM, job.city_id), way),
        "night": policies.whole(money.COURIER_NIGHT, job.city_id) if night else 0,
        "weather": policies.whole(money.COURIER_WEATHER, job.city_id) if hard else 0,
        "tip": job.tip,
    }
