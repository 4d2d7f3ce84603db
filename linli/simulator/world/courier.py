"""A courier: goes on and off duty, answers offers, rides, waits at counters, climbs stairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import sqrt
from typing import ClassVar
from zoneinfo import ZoneInfo

from linli.apps.fulfilment.queries import JobView
from linli.kernel.geo import Point, metres, towards
from linli.simulator.world import doors, pictures
from linli.simulator.world.agenda import Action
from linli.simulator.world.counters import Rider
from linli.simulator.world.doors import Json, Refused
from linli.simulator.world.house import mistaken, must_fail
from linli.simulator.world.moods import draw
from linli.simulator.world.world import World

_DETOUR = 1.33
_SPEED = 4.6  # metres a second on an electric bicycle, stops included
_RUSH = {7: 0.85, 8: 0.85, 11: 0.88, 12: 0.88, 17: 0.82, 18: 0.8, 19: 0.85}
_DECLINES = ("far", "heavy", "direction", "break")


@dataclass(frozen=True, slots=True)
class Leg:
    """A ride that is going on."""

    origin: Point
    target: Point
    leaves: datetime
    arrives: datetime

    def where(self, at: datetime) -> Point:
        """Where the rider is at `at`."""
        whole = (self.arrives - self.leaves).total_seconds()
        share = 1.0 if whole <= 0 else min(1.0, max(0.0, (at - self.leaves).total_seconds() / whole))
        return towards(self.origin, self.target, share)


@dataclass
class Courier:
    """A courier of the crowd; `jobs` are those it has accepted, by their number, with the order each is for."""

    world: World
    key: str
    person_id: int
    door: Rider
    base: Point
    jobs: dict[int, int] = field(default_factory=dict)
    on: bool = False
    busy_s: float = 0.0
    on_s: float = 0.0
    speed: ClassVar[float] = _SPEED
    declines: ClassVar[tuple[str, ...]] = _DECLINES
    _point: Point | None = None
    _leg: Leg | None = None
    _waits_for: Json | None = None
    _epoch: int = 0
    _beat: int = 0
    _asked: int = 0
    _since: datetime | None = None
    _busy_since: datetime | None = None
    _leaving: bool = False
    _until: datetime | None = None
    _drifts: bool = False  # on the way to where it was told to wait, which it may break off

    # duty

    def starts(self, at: datetime, until: datetime | None = None) -> None:
        """Go on duty where the shift begins, and say until when if that is known."""
        if self.on:
            return
        self._until = until or self._until
        self._point, self._leg, self._leaving = self._point or self.base, None, False
        self.door.online(self._point.lat, self._point.lng, self._until if self._until and self._until > at else None)
        self.on, self._since = True, at
        self._heartbeat(at)

    def resume(self, point: Point | None, jobs: Sequence[JobView], at: datetime) -> None:
        """Go on with a shift that was going on when the city stopped."""
        self.on, self._since, self._point = True, at, point or self.base
        self.jobs.update({job.id: int(job.ref.partition(":")[2]) for job in jobs})
        self._busy_since = at if jobs else None
        self._heartbeat(at)
        if jobs:
            self.world.soon(at, 5, self._next)

    def ends(self, at: datetime) -> None:
        """Go off duty, once everything is delivered."""
        if not self.on:
            return
        if self.jobs:
            self._leaving = True
            return
        self._stand_still(at)
        self._off(at)
        self.door.offline()

    def _off(self, at: datetime) -> None:
        if self.on and self._since is not None:
            self.on_s += (at - self._since).total_seconds()
        self.on, self._since = False, None
        self._epoch += 1
        self._beat += 1

    def _heartbeat(self, at: datetime) -> None:
        """Say where one is, again and again, oftener on the move."""
        self._beat += 1
        beat, setting = self._beat, self.world.setting
        pause = setting.report_s if self._leg else setting.idle_report_s

        def say(at: datetime) -> None:
            if self._beat != beat or not self.on:
                return
            self._heartbeat(at)
            point = self.where(at)
            self.door.report([(round(point.lat, 6), round(point.lng, 6), at)])

        self.world.soon(at, pause, say)

    def where(self, at: datetime) -> Point:
        """Where the courier is."""
        return self._leg.where(at) if self._leg else (self._point or self.base)

    # offers

    def asked(self, job_id: int, order_id: int, at: datetime) -> None:
        """An offer has come; answer it, or not."""
        if job_id in self.jobs or not self.on:
            return
        self._asked += 1
        rng, moods = self.world.rng("offer", self.key, self._asked), self.world.setting.moods
        shares = {"declines": moods.declines, "ignores": moods.ignores, "gives up": moods.gives_up, "vanishes": moods.vanishes}
        plan = "declines" if self._leaving else draw(shares, rng, "accepts")
        self.world.decide(at, self.key, plan)
        job = doors.sealed("jb", job_id)
        if plan == "declines":
            self.world.soon(at, rng.uniform(3, 20), lambda _: self.door.answer(job, accept=False, reason=rng.choice(self.declines)))
        elif plan != "ignores":
            self.jobs[job_id] = order_id
            self.world.soon(at, rng.uniform(3, 25), lambda at: self._accept(job_id, job, plan, at))

    def _forget(self, job_id: int) -> None:
        self.jobs.pop(job_id, None)

    def _accept(self, job_id: int, job: str, plan: str, at: datetime) -> None:
        try:
            self.door.answer(job, accept=True)
        except Refused:
            self._forget(job_id)
            raise
        if self._busy_since is None:
            self._busy_since = at
        if plan == "vanishes":
            self._vanish(at)
            return
        if plan == "gives up":
            self.world.soon(at, 120, lambda at: self._give_up(job_id, job, at))
        self._stand_still(at)
        if self._leg is None and not self._waits_for:
            self._next(at)

    def sent(self, job_id: int, order_id: int, at: datetime) -> None:
        """An operator has decided that this courier brings it."""
        self.jobs[job_id] = order_id
        self._busy_since = self._busy_since or at
        self._stand_still(at)
        if self._leg is None and not self._waits_for:
            self.world.soon(at, 10, self._next)

    def _give_up(self, job_id: int, job: str, at: datetime) -> None:
        if job_id not in self.jobs:
            return
        self.door.give_up(job, "vehicle")
        self.lost(job_id, at)

    def _vanish(self, at: datetime) -> None:
        """The phone is dead; after a while the courier is back."""
        self._point, self._leg, self._waits_for, self._drifts = self.where(at), None, None, False
        self.jobs.clear()
        self._off(at)
        self.world.soon(at, 2700, self.starts)

    def lost(self, job_id: int, at: datetime) -> None:
        """A job is somebody else's now, or nobody's."""
        if self.jobs.pop(job_id, None) is None:
            return
        if self._waits_for and self._waits_for["id"] == doors.sealed("jb", job_id):
            self._waits_for = None
            self._next(at)

    def called_off(self, order_id: int, at: datetime) -> None:
        """An order is over before it was delivered; on the way to it one learns at the door."""
        for job_id in [job_id for job_id, wanted in self.jobs.items() if wanted == order_id]:
            self.lost(job_id, at)

    # nothing to do

    def advised(self, place: Point, at: datetime) -> None:
        """There is a better place to wait: go there, unless there is something to do after all."""
        if not self.on or self.jobs or self._leaving or self._waits_for or (self._leg and not self._drifts):
            return
        self._epoch += 1
        origin = self.where(at)
        self._leg, self._drifts = Leg(origin, place, at, at + timedelta(seconds=self._ride_s(origin, place, at))), True
        self._heartbeat(at)
        self._at_epoch(self._leg.arrives, self._stand_still)

    def _stand_still(self, at: datetime) -> None:
        if self._drifts:
            self._point, self._leg, self._drifts = self.where(at), None, False
            self.door.report([(round(self._point.lat, 6), round(self._point.lng, 6), at)])

    # the road

    def _next(self, at: datetime) -> None:
        """Go on to the next stop of the plan."""
        self._epoch += 1
        plan = self.door.plan()
        if plan:
            self._ride(plan[0], at)
        else:
            self._idle(at)

    def _ride(self, stop: Json, at: datetime) -> None:
        """Set off for a stop."""
        target = Point(stop["point"]["lat"], stop["point"]["lng"])
        origin = self.where(at)
        self._leg = Leg(origin, target, at, at + timedelta(seconds=self._ride_s(origin, target, at)))
        self._heartbeat(at)
        self._at_epoch(self._leg.arrives, lambda at: self._arrived(stop, at))

    def _at_epoch(self, moment: datetime, act: Action) -> None:
        epoch = self._epoch
        self.world.when(moment, lambda at: act(at) if self._epoch == epoch else None)

    def _ride_s(self, origin: Point, target: Point, at: datetime) -> float:
        rng = self.world.rng("ride", self.key, self._epoch)
        rush = _RUSH.get(at.astimezone(ZoneInfo(self.world.setting.zone)).hour, 1.0)
        speed = self.speed * rush * min(1.2, max(0.8, rng.gauss(1.0, 0.08)))
        return 20 + metres(origin, target) * _DETOUR / speed

    def _arrived(self, stop: Json, at: datetime) -> None:
        if self._leg:
            self._point, self._leg = self._leg.target, None
        rng = self.world.rng("stop", self.key, self._epoch)
        if stop["kind"] == "pickup":
            try:
                job = self.door.arrive(stop["job_id"])
            except Refused:
                self._next_soon(at)
                raise
            if job["ready"]:
                self._at_epoch(at + timedelta(seconds=rng.uniform(20, 80)), lambda at: self._pick_up(job, at))
            else:
                self._wait(job, at)
        else:
            stairs = 25 + 100 * sqrt(rng.random())
            self._at_epoch(at + timedelta(seconds=stairs), lambda at: self._hand_over(stop["job_id"], at))

    def _next_soon(self, at: datetime) -> None:
        self._at_epoch(at + timedelta(seconds=5), self._next)

    def _wait(self, job: Json, at: datetime) -> None:
        """At the counter: look again every two minutes, unless the kitchen calls."""
        self._waits_for = job

        def look(at: datetime) -> None:
            seen = self.door.job(job["id"])
            if seen["ready"]:
                self._pick_up(seen, at)
            else:
                self._at_epoch(at + timedelta(seconds=120), look)

        self._at_epoch(at + timedelta(seconds=120), look)

    def called(self, order_id: int, at: datetime) -> None:
        """A kitchen says that an order is ready."""
        waited = self._waits_for
        if waited and self.jobs.get(doors.number("jb", waited["id"])) == order_id:
            self._waits_for = None
            self._at_epoch(at + timedelta(seconds=25), lambda at: self._pick_up(waited, at))

    def _pick_up(self, job: Json, at: datetime) -> None:
        self._waits_for = None
        house = self.world.houses.get(doors.number("st", job["store_id"]))
        order_id = self.jobs.get(doors.number("jb", job["id"]), 0)
        rng = self.world.rng("bag", self.key, self._epoch)
        try:
            code = house.bag(doors.sealed("or", order_id)) if house and order_id else ""
            if rng.random() < self.world.setting.moods.wrong_code and code:
                must_fail(lambda: self.door.pick_up(job["id"], mistaken(code)))
            self.door.pick_up(job["id"], code)
        except Refused:
            self._next_soon(at)
            raise
        if len(self.jobs) > 1:
            self._next(at)
        else:  # nothing else to think about: straight to the door
            self._epoch += 1
            self._ride({"job_id": job["id"], "kind": "drop", "point": job["drop"]}, at)

    def _hand_over(self, job: str, at: datetime) -> None:
        number = doors.number("jb", job)
        meal = self.world.meals.get(self.jobs.get(number, 0))
        rng = self.world.rng("door", self.key, self._epoch)
        try:
            if meal is None or rng.random() < 0.04:  # a visitor's order, or nobody opens: left at the door with a photo
                self.door.deliver(job, "photo", self.door.photo(pictures.of_a_door()))
            else:
                if rng.random() < self.world.setting.moods.wrong_code:
                    must_fail(lambda: self.door.deliver(job, "code", mistaken(meal.code)))
                self.door.deliver(job, "code", meal.code)
        except Refused:
            self._next_soon(at)
            raise
        self.jobs.pop(number, None)
        if rng.random() < self.world.setting.moods.takes_a_break and not self.jobs:
            self.world.decide(at, self.key, "takes a break")
            self.world.soon(at, 1, self.ends)
            self.world.soon(at, 1200, self.starts)
        if self.jobs:
            self._next(at)
        else:
            self._epoch += 1
            self._idle(at)

    def _idle(self, at: datetime) -> None:
        self._drifts = False
        if self._busy_since is not None:
            self.busy_s += (at - self._busy_since).total_seconds()
            self._busy_since = None
        if not self.jobs:
            self._point, self._leg = self.where(at), None
            self._heartbeat(at)
            if self._leaving:
                self.ends(at)
