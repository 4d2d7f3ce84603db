"""What a delivery earns its courier and a ride its driver, component by component."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from linli.apps.city import queries as city
from linli.apps.fulfilment.models import Job, PayLine
from linli.apps.fulfilment.states import RIDES
from linli.kernel.geo import Point, metres
from linli.kernel.money import share
from linli.platform import policies
from linli.policy import money, rides

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


def pay_for_nothing(job: Job, *, fee: int, at: datetime) -> int:
    """Write what a driver gets, once, out of the `fee` for a ride that was called off; returns it in minor units."""
    amount = share(fee, Decimal(policies.whole(rides.DRIVER_BP, job.city_id)) / 10_000) + waiting(job, at)
    if amount and job.courier_id is not None:
        values = {"amount": amount, "courier_id": job.courier_id, "at": at}
        PayLine.objects.get_or_create(job=job, kind="cancelled", defaults=values)
    return amount


def waiting(job: Job, until: datetime) -> int:
    """What a driver earns for waiting at the pickup longer than the free time, up to `until`."""
    if job.arrived_at is None:
        return 0
    minutes = int((until - max(job.arrived_at, job.ready_at)).total_seconds() // 60) - policies.whole(rides.WAIT_FREE_MIN, job.city_id)
    return max(0, minutes) * policies.whole(rides.WAIT_PER_MIN, job.city_id)


def components(job: Job, at: datetime) -> dict[str, int]:
    """What bringing `job` at `at` earns, by kind, in minor units; zeros where a component does not apply."""
    if job.kind in RIDES:
        fare = share(job.fee, Decimal(policies.whole(rides.DRIVER_BP, job.city_id)) / 10_000)
        return {"fare": fare, "waiting": waiting(job, job.picked_up_at or at), "tip": job.tip}
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
