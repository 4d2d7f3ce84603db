"""The demo city while somebody watches: its people live by the shared clock and use the running server over the network."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
from django.db import DatabaseError, connection

from linli.apps.city import queries as cities
from linli.apps.city.queries import CityView
from linli.platform import clock
from linli.simulator.demo import people
from linli.simulator.world import dispatcher, outings, resuming, settling, shape, visitors
from linli.simulator.world.agenda import Action
from linli.simulator.world.ears import Ears
from linli.simulator.world.hearing import pass_on
from linli.simulator.world.moods import Moods
from linli.simulator.world.outings import LIVELY, Outings
from linli.simulator.world.world import Setting, World

log = logging.getLogger("linli.city")

FIRST_HOUR, FIRST_MINUTE = 11, 15  # what the city's clock shows when it is first started: just before lunch
NIGHT = (1, 7)  # local hours in which almost everything is closed
NIGHT_TIMES = 6.0  # so much faster does a night pass
ORDERS_A_DAY = 420  # at twenty times the pace of life this is an order every three seconds at noon
COURIERS = 44
RIDES_A_DAY, DRIVERS = 260, 30
_LOOP_S = 0.15
_ANCHOR_S = 15.0  # how often the shown time is written down, for the next start
_FORGOTTEN_S = 120.0  # a clock that was written down longer ago than this belongs to a city that stopped
_STANDSTILL = 0.0001
_LAG = timedelta(minutes=3)  # shown time that the people may be behind before fewer get hungry


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the city lives, from which seed."""

    speed: float
    seed: int
    orders_a_day: int = ORDERS_A_DAY
    couriers: int = COURIERS
    outings: Outings = LIVELY


class LiveCity:
    """One city that is kept alive until it is told to stop."""

    def __init__(self, pace: Pace, stop: threading.Event, base_url: str) -> None:
        self._pace = pace
        self._stop = stop
        self._client = httpx.Client(base_url=base_url, timeout=20, trust_env=False)
        self._anchored = 0.0
        self._speed = pace.speed

    def run(self) -> None:
        """Live until told to stop; then leave the clock standing."""
        city = cities.default_city()
        start_clock(city.zone, self._pace.speed)
        try:
            if self._wait_for_server():
                self._live(city)
        finally:
            clock.set_pace(clock.now(), _STANDSTILL)
            self._client.close()

    def _wait_for_server(self) -> bool:
        while not self._stop.is_set():
            try:
                if self._client.get("/health/ready").status_code == httpx.codes.OK:
                    return True
            except httpx.HTTPError:
                pass
            self._stop.wait(0.5)
        return False

    def _live(self, city: CityView) -> None:
        now, ears = clock.now(), Ears()
        world = self._settle(city, now)
        hunger = random.Random(f"{self._pace.seed}|hunger|{now:%F %H}")
        last, ways = now, _ways(world, self._pace)
        while not self._stop.wait(_LOOP_S):
            now = clock.now()
            self._keep_pace(now, city.zone)
            _guarded(lambda: self._turn(world, ears))
            lag = now - (world.agenda.next_at or now)
            if lag < _LAG:
                for a_day, turn in ways:
                    _let(world, turn, a_day, hunger, last, now)
            last = now

    def _settle(self, city: CityView, now: datetime) -> World:
        setting = Setting(self._pace.seed, Moods(), city.id, city.zone, city.centre, report_s=50, idle_report_s=140)
        world = World(setting, self._client)
        settling.fill(world, consumers=people.CONSUMERS, couriers=self._pace.couriers, drivers=DRIVERS, at=now)
        settling.open_counters(world, now)
        resuming.take_up(world, now)
        _duty(world, now)
        dispatcher.sit_down(world, now)
        visitors.watch(world, self._pace.speed, now)
        return world

    def _turn(self, world: World, ears: Ears) -> None:
        """Hear what is new, and do what is due."""
        for event, _ in ears.news():
            pass_on(world, event, clock.now())
        world.forget_decisions()
        began = time.monotonic()
        while (due := world.agenda.next_at) is not None and due <= clock.now() and time.monotonic() - began < 1.0:
            if self._stop.is_set():
                return
            world.agenda.pop()(clock.now())

    def _keep_pace(self, now: datetime, zone: str) -> None:
        night = NIGHT[0] <= now.astimezone(ZoneInfo(zone)).hour < NIGHT[1]
        speed = self._pace.speed * (NIGHT_TIMES if night else 1.0)
        if speed != self._speed or time.monotonic() - self._anchored > _ANCHOR_S:
            clock.set_pace(now, speed)
            self._speed, self._anchored = speed, time.monotonic()


def _guarded(act: Callable[[], None]) -> None:
    """A moment of trouble with the database ends nothing: the city goes on."""
    try:
        act()
    except DatabaseError:
        log.exception("city.database")
        connection.close()
        time.sleep(0.5)


def start_clock(zone: str, speed: float) -> None:
    """Set the shared clock going: where it stood when the city stopped; the first time just before the next lunch."""
    kept = clock.kept()
    if kept is None:
        clock.set_pace(next_lunch(clock.now(), zone), speed)
    elif (clock.real_now() - kept.real).total_seconds() > _FORGOTTEN_S:
        clock.set_pace(kept.shown, speed)
    else:
        clock.set_pace(kept.now(), speed)


def next_lunch(at: datetime, zone: str) -> datetime:
    """The next moment at which a local clock shows a quarter past eleven."""
    local = at.astimezone(ZoneInfo(zone))
    lunch = local.replace(hour=FIRST_HOUR, minute=FIRST_MINUTE, second=0, microsecond=0)
    return lunch if lunch > local else lunch + timedelta(days=1)


def _ways(world: World, pace: Pace) -> list[tuple[float, Callable[[random.Random], Action]]]:
    """How often a day people want what, and whose turn it is. They ride about when they eat."""
    return [
        (pace.orders_a_day, lambda rng: rng.choice(list(world.diners.values())).hungry),
        (RIDES_A_DAY, lambda rng: rng.choice(list(world.passengers.values())).travels),
        *((pace.orders_a_day * share, turn) for _, share, turn in outings.turns(world, pace.outings)),
    ]


def _let(world: World, turn: Callable[[random.Random], Action], a_day: float, rng: random.Random, last: datetime, now: datetime) -> None:
    """Let as many have their turn as the hour brings."""
    wanted = shape.density(now, world.setting.zone, a_day) * (now - last).total_seconds()
    while wanted > 0:
        if rng.random() < wanted:
            world.soon(now, 0, turn(rng))
        wanted -= 1


def _duty(world: World, at: datetime) -> None:
    """Send couriers on and off duty as the hour wants, every ten minutes."""
    world.soon(at, 600, lambda at: _duty(world, at))
    share = shape.DUTY_BY_HOUR[at.astimezone(ZoneInfo(world.setting.zone)).hour]
    riders = list(world.couriers.values())
    for number, rider in enumerate(riders):
        wanted = (number + 0.5) / len(riders) < max(share, 0.12)
        if wanted != rider.on:
            world.soon(at, world.rng("duty", number, at).uniform(0, 300), rider.starts if wanted else rider.ends)
