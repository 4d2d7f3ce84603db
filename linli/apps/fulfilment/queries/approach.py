"""How soon a courier could stand in a store: what a promise must know where couriers are few or far away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from linli.apps.fulfilment import hot, planning
from linli.apps.fulfilment.hot import OpenJob
from linli.engines.dispatch.space import straight_from
from linli.kernel.geo import Point
from linli.platform import policies
from linli.policy import dispatch, promises

_LOOK_S = 15  # couriers do not move far within this time

Floats = NDArray[np.float64]


def leaves_s(*, city_id: int, place: Point, made_s: float, at: datetime) -> float:
    """In how many seconds a meal that is made in `made_s` can leave the store at `place`, as far as is promised: when it is ready, and
    later by a share (`promises.approach_share`) of what the soonest courier takes longer."""
    share = float(policies.value(promises.APPROACH_SHARE, city_id))
    comes_s = approach_s(city_id=city_id, place=place, at=at) if share else None
    return made_s + share * max(0.0, (comes_s or 0.0) - made_s)


def approach_s(*, city_id: int, place: Point, at: datetime) -> float | None:
    """Seconds until some courier on duty could be at `place` with nothing else left to do; None when nobody is on duty.

    Couriers first do what they have, and meals that wait for one get theirs first. By straight lines, and looked up every 15 s: two
    statements then, and none in between.
    """
    fleet = _fleet(city_id, int(at.timestamp()) // _LOOK_S)
    return fleet.soonest(place.lat, place.lng)[1] if fleet else None


@dataclass(slots=True)
class _Fleet:
    """A row a courier: where it is free (latitude, longitude), in how many seconds, and seconds a straight metre."""

    places: Floats
    free: Floats
    pace: Floats
    pickup_s: float
    drop_s: float

    def soonest(self, lat: float, lng: float) -> tuple[int, float]:
        """Who would be there first, and in how many seconds."""
        arrive = self.free + straight_from(self.places, (lat, lng)) * self.pace
        first = int(arrive.argmin())
        return first, float(arrive[first])

    def bring(self, row: int, job: OpenJob, ready_s: float) -> None:
        """Let the courier do the job after all that it has."""
        if job.state != "picked_up":
            self._ride(row, job.pickup_lat, job.pickup_lng)
            self.free[row] = max(self.free[row], ready_s) + self.pickup_s
        self._ride(row, job.drop_lat, job.drop_lng)
        self.free[row] += self.drop_s

    def _ride(self, row: int, lat: float, lng: float) -> None:
        self.free[row] += straight_from(self.places[row : row + 1], (lat, lng))[0] * self.pace[row]
        self.places[row] = lat, lng


@lru_cache(maxsize=256)
def _fleet(city_id: int, tick: int) -> _Fleet | None:
    at = datetime.fromtimestamp(tick * _LOOK_S, UTC)
    rows = [row for row in hot.on_duty(city_id) if row.until_at is None or row.until_at > at]
    if not rows:
        return None
    paces, share = planning.paces(city_id, {row.vehicle for row in rows}, at), planning.ready_share(city_id)
    fleet = _Fleet(
        np.array([(row.lat, row.lng) for row in rows], float), np.zeros(len(rows)), np.array([paces[row.vehicle] for row in rows]),
        policies.whole(dispatch.PICKUP_S, city_id), policies.whole(dispatch.HANDOVER_S, city_id),
    )  # fmt: skip
    number, waiting = {row.pk: i for i, row in enumerate(rows)}, []
    for job in hot.open_jobs(city_id):
        ready_s = (planning.ready_by(job, at, share) - at).total_seconds()
        if job.courier_id is None:
            waiting.append((ready_s, job.pk, job))
        elif job.courier_id in number:
            fleet.bring(number[job.courier_id], job, ready_s)
    for ready_s, _, job in sorted(waiting):
        fleet.bring(fleet.soonest(job.pickup_lat, job.pickup_lng)[0], job, ready_s)
    return fleet


forget = _fleet.cache_clear
