"""A driver: a courier at the wheel of a car, who waits for people instead of kitchens."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.simulator.world import doors
from linli.simulator.world.courier import Courier
from linli.simulator.world.doors import Json, Refused

_KMH = 25 / 3.6  # metres a second by day, lights included
_LATEST_S = 420  # after so long at the pickup a driver says that nobody came


class Driver(Courier):
    """Drives by the same plan as everybody on the street; the rider says the code."""

    speed = _KMH
    declines = ("far", "direction", "break")

    def _arrived(self, stop: Json, at: datetime) -> None:
        if self._leg:
            self._point, self._leg = self._leg.target, None
        rng = self.world.rng("kerb", self.key, self._epoch)
        if stop["kind"] == "pickup":
            try:
                job = self.door.arrive(stop["job_id"])
            except Refused:
                self._next_soon(at)
                raise
            self._at_epoch(at + timedelta(seconds=rng.uniform(20, 150)), lambda at: self._start(job, at, at + timedelta(seconds=_LATEST_S)))
        else:
            self._at_epoch(at + timedelta(seconds=rng.uniform(15, 45)), lambda at: self._finish(stop["job_id"], at))

    def _start(self, job: Json, at: datetime, latest: datetime) -> None:
        """Ask for the code; whoever rides says it, or never comes."""
        number = doors.number("jb", job["id"])
        code = self.world.start_code(self.jobs.get(number, 0))
        if not code:
            if at >= latest:
                self.door.no_show(job["id"])
                self._done(number, at)
            else:
                self._at_epoch(at + timedelta(seconds=60), lambda at: self._start(job, at, latest))
            return
        try:
            self.door.pick_up(job["id"], code)
        except Refused:
            self._next_soon(at)
            raise
        self._next(at)

    def _finish(self, job: str, at: datetime) -> None:
        number = doors.number("jb", job)
        rng = self.world.rng("end", self.key, self._epoch)
        try:
            self.door.finish(job)
        except Refused:
            self._next_soon(at)
            raise
        if rng.random() < 0.5:
            self.door.rate(job, rng.choice((4, 5, 5, 5)))
        self._done(number, at)

    def _done(self, number: int, at: datetime) -> None:
        self.jobs.pop(number, None)
        if self.jobs:
            self._next(at)
        else:
            self._epoch += 1
            self._idle(at)
