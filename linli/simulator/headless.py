"""A whole day without waiting: the next event decides what time it is; requests go through the WSGI application in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import httpx
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from linli.apps.city import queries as cities
from linli.apps.orders import queries as orders
from linli.kernel.actors import SYSTEM
from linli.kernel.time import ManualClock
from linli.platform import clock, http, invariants, jobs, policies
from linli.policy import dispatch
from linli.simulator.world import dispatcher, outings, settling, shape
from linli.simulator.world.ears import Ears
from linli.simulator.world.hearing import pass_on
from linli.simulator.world.moods import Moods
from linli.simulator.world.outings import NONE, Outings
from linli.simulator.world.tally import Tally
from linli.simulator.world.world import Setting, World

_LONGEST_TAIL = timedelta(hours=8)  # how long after the last meal was wanted the city may still be busy
_SETTLE = timedelta(minutes=15)  # for refunds and notices that follow the last order
# Numbers of policy that a long day without an audience can afford to be coarser in: dispatch ticks, and how long a courier may be silent.
COARSER = ((dispatch.TICK_S, 20), (dispatch.SILENT_S, 1800))

# Refusals that nobody's mood explains.
_NEVER = frozenset({"twice", "wrong.code", "no answer", "unreadable", "server.error", "role.missing", "sign_in.required", "limit.reached"})


@dataclass(frozen=True, slots=True)
class Day:
    """What is simulated: `orders` wishes for a meal within `hours` from `start`, by so many people; `outings` and `rides` come besides."""

    orders: int
    start: datetime
    hours: float
    seed: int
    consumers: int
    couriers: int
    moods: Moods = field(default_factory=Moods)
    rides: int = 0
    drivers: int = 0
    outings: Outings = NONE
    policy: tuple[tuple[str, str], ...] = ()  # numbers of policy that are otherwise on this day, as they are typed


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of the day, what nobody can explain (must be empty), and what everybody decided."""

    figures: dict[str, Any]
    unexplained: list[str]
    decisions: list[str]

    def to_json(self) -> dict[str, Any]:
        """All but the decisions, as plain data."""
        return {**self.figures, "unexplained": self.unexplained}


def simulate(day: Day, *, progress: Callable[[str, float], None] = lambda _text, _share: None) -> Outcome:
    """Run the day in the database at hand, which holds the demo city and no orders yet."""
    began = time.monotonic()
    manual = ManualClock(day.start)
    transport = httpx.WSGITransport(app=WSGIHandler(), raise_app_exceptions=True)
    with _one_connection(), clock.use(manual), http.use(transport), httpx.Client(transport=transport, base_url=settings.BASE_URL) as client:
        _coarsen(day)
        world, tally, ears = _world(day, client), Tally(), Ears()
        _plan_meals(world, day)
        _plan_outings(world, day)
        _plan_shifts(world, day)
        dispatcher.sit_down(world, day.start)
        jobs.start_periodic(day.start)
        jobs.postpone("platform.invariants", until=day.start + timedelta(days=30))  # all of them are checked at the end
        turns = _run(world, tally, ears, manual, day, progress)
        unexplained = _unexplained(world, tally, clock.now())
        came = tally.figures(world.promised)
        figures = {**_told(day), **came, **_people(world, tally), "turns": turns, "seconds": round(time.monotonic() - began, 1)}
        return Outcome(figures, unexplained, world.decisions)


@contextmanager
def _one_connection() -> Iterator[None]:
    """Requests of this process leave its database connection open, as the whole simulation shares it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _coarsen(day: Day) -> None:
    for number, value in COARSER:
        policies.change(
            number_name=number.name, city_id=0, value=value, actor=SYSTEM, at=day.start, reason="simulation without an audience"
        )
    for name, text in day.policy:
        policies.change(number_name=name, city_id=0, value=text, actor=SYSTEM, at=day.start, reason="experiment")


def _world(day: Day, client: httpx.Client) -> World:
    city = cities.default_city()
    ends = day.start + timedelta(hours=day.hours)
    silent = int(policies.value(dispatch.SILENT_S, city.id))
    setting = Setting(day.seed, day.moods, city.id, city.zone, city.centre, report_s=300, idle_report_s=int(silent * 0.8), ends_at=ends,
                      tail=_LONGEST_TAIL)  # fmt: skip
    world = World(setting, client)
    settling.fill(world, consumers=day.consumers, couriers=day.couriers, drivers=day.drivers, at=day.start)
    return world


def _plan_meals(world: World, day: Day) -> None:
    rng = world.rng("meals")
    crowd = list(world.diners.values())
    for moment in shape.moments(day.orders, day.start, day.hours, world.setting.zone, rng):
        world.when(moment, rng.choice(crowd).hungry)
    rng, riders = world.rng("rides"), list(world.passengers.values())
    for moment in shape.moments(day.rides, day.start, day.hours, world.setting.zone, rng):
        world.when(moment, rng.choice(riders).travels)


def _plan_outings(world: World, day: Day) -> None:
    if day.outings == NONE:
        return
    settling.open_counters(world, day.start)
    for name, share, turn in outings.turns(world, day.outings):
        rng = world.rng("outings", name)
        for moment in shape.moments(round(day.orders * share), day.start, day.hours, world.setting.zone, rng):
            world.when(moment, turn(rng))


def _plan_shifts(world: World, day: Day) -> None:
    riders = list(world.couriers.values())
    tail = day.hours + 1.5  # the last meals are still to be brought
    for number, rider in enumerate(riders):
        for start, end in shape.shifts((number + 0.5) / len(riders), day.start, tail, world.setting.zone):
            world.soon(start, world.rng("shift", number).uniform(0, 600), partial(rider.starts, until=end))
            world.soon(end, 1200, rider.ends)


def _run(world: World, tally: Tally, ears: Ears, manual: ManualClock, day: Day, progress: Callable[[str, float], None]) -> int:
    """Until nothing is unfinished after the day's end; returns how many turns it took."""
    end, turns = day.start + timedelta(hours=day.hours), 0
    last = end + _LONGEST_TAIL
    while True:
        now = manual.now()
        if now >= end and not tally.unfinished:
            last = min(last, now + _SETTLE)
        due, planned = jobs.next_due(), world.agenda.next_at
        moment = min(moment for moment in (due, planned, last) if moment is not None)
        if moment >= last:
            return turns
        manual.move_to(moment)
        if due is not None and due <= manual.now():
            jobs.drain(manual.now())
        elif planned is not None:
            world.agenda.pop()(manual.now())
        for event, at in ears.news():
            tally.note(event, at)
            pass_on(world, event, manual.now())
        turns += 1
        if turns % 500 == 0:
            progress(f"{manual.now():%d %H:%M} UTC, {len(tally.orders)} orders", (now - day.start) / (end - day.start))


def _told(day: Day) -> dict[str, Any]:
    return {
        "start": day.start.isoformat(), "hours": day.hours, "seed": day.seed, "wishes": day.orders,
        "rides": day.rides, "drivers": day.drivers,
        "outings": asdict(day.outings),
        "consumers": day.consumers,
        "couriers": day.couriers, "moods": asdict(day.moods),
        "policy": {number.name: value for number, value in COARSER} | dict(day.policy),
    }  # fmt: skip


def _people(world: World, tally: Tally) -> dict[str, Any]:
    on, busy = sum(rider.on_s for rider in world.couriers.values()), sum(rider.busy_s for rider in world.couriers.values())
    return {
        "courier_hours": round(on / 3600, 1),
        "courier_pay_per_hour": round(tally.pay / (on / 3600)) if on else None,
        "courier_utilisation": round(busy / on, 4) if on else None,
        "deliveries_per_courier_hour": round(tally.couriers["job_delivered"] / (on / 3600), 2) if on else None,
        "refusals": dict(world.refusals.most_common()),
    }


def _unexplained(world: World, tally: Tally, at: datetime) -> list[str]:
    """Everything that is not as it must be at the end."""
    found = [f"order {order_id} has no end" for order_id in tally.unfinished]
    found += [
        f"order {order_id} was {record.end} without a reason"
        for order_id, record in tally.orders.items()
        if record.end in {"cancelled", "refused"} and not record.cause
    ]
    found += [f"order {view.number} is still {view.state}" for view in orders.board(city_id=world.setting.city_id, at=at)]
    found += [f"{name}: {sentence}" for name, sentences in invariants.check_all(at).items() for sentence in sentences]
    health = jobs.health(at)
    found += [f"job {job.task} was set aside: {job.cause}" for job in health.errors if job.state == "poison"]
    found += [f"{health.due} jobs are due and not done"] * bool(health.due)
    return found + [f"{count} times: {code}" for code, count in world.refusals.items() if code in _NEVER]
