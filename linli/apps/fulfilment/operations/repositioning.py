"""Where couriers with nothing to do had better wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.fulfilment import hot, planning
from linli.apps.fulfilment.events import WaitAdvised
from linli.apps.fulfilment.hot import OnDuty, OpenJob
from linli.apps.fulfilment.models import Courier, Job
from linli.apps.fulfilment.states import DELIVERY, HELD
from linli.engines.reposition import Move, Params, Problem, Worker, solve, zones
from linli.engines.reposition.problem import Place
from linli.platform import outbox, policies, push
from linli.policy import dispatch

_LOOK_BACK, _LOOK_AHEAD = timedelta(minutes=45), timedelta(minutes=20)
_STAYS = timedelta(minutes=20)  # how long a place to wait is a good one, once there
_RESOLUTION = 7  # H3 cells of about 5 square kilometres: a courier reaches every store of its own in some minutes
_BUSY_S = 600.0  # how long a meal in hand takes, about


def advise_waiting(*, city_id: int, at: datetime) -> int:
    """Tell couriers with nothing to do where meals are likely to be wanted, if policy says so; how many are told.

    What is expected is what was asked for lately, store by store. Who is under way to where it was told to wait counts as being there.
    """
    if not policies.value(dispatch.REPOSITION, city_id):
        return 0
    since = Job.objects.filter(city_id=city_id, kind=DELIVERY, created_at__gt=at - _LOOK_BACK, created_at__lte=at)
    asked = list(since.order_by("pk").values_list("pickup_lat", "pickup_lng"))
    fleet = hot.on_duty(city_id)
    if not asked or not fleet:
        return 0
    pace = max(planning.paces(city_id, {row.vehicle for row in fleet}, at).values())
    problem = Problem(zones(asked, _LOOK_AHEAD / _LOOK_BACK, _RESOLUTION), tuple(_workers(city_id, fleet, at)), _RESOLUTION)
    most_s = policies.whole(dispatch.REPOSITION_MAX_MIN, city_id) * 60.0
    moves = solve(problem, Params(pace=pace, most_s=most_s)).moves
    return sum(_advise(move, at) for move in moves)


def _workers(city_id: int, fleet: list[OnDuty], at: datetime) -> Iterator[Worker]:
    held: dict[int, list[OpenJob]] = {}
    for job in hot.open_jobs(city_id):
        if job.courier_id is not None:
            held.setdefault(job.courier_id, []).append(job)
    told = Courier.objects.filter(city_id=city_id, state="on", wait_until__gt=at).values_list("pk", "wait_lat", "wait_lng")
    waits: dict[int, Place] = {pk: (lat, lng) for pk, lat, lng in told if lat is not None and lng is not None}
    for row in fleet:
        jobs = held.get(row.pk)
        if jobs:
            last = max(jobs, key=lambda job: job.promise_at)
            yield Worker(row.pk, (last.drop_lat, last.drop_lng), _BUSY_S * len(jobs))
        elif row.until_at is None or row.until_at > at + _LOOK_AHEAD:
            yield Worker(row.pk, waits.get(row.pk, (row.lat, row.lng)))


@transaction.atomic
def _advise(move: Move, at: datetime) -> bool:
    """Whether the courier, who may have got something to do meanwhile, was told."""
    lat, lng = move.place
    until = at + timedelta(seconds=move.seconds) + _STAYS
    idle = Courier.objects.filter(pk=move.worker, state="on").exclude(pk__in=Job.objects.filter(state__in=HELD).values("courier_id"))
    if not idle.update(wait_lat=lat, wait_lng=lng, wait_until=until):
        return False
    push.publish(topic=f"courier:{move.worker}", event="wait", data={"lat": lat, "lng": lng}, at=at)
    outbox.tell(WaitAdvised(courier_id=move.worker, lat=lat, lng=lng, until=until), at=at)
    return True
