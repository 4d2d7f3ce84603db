"""What runs every few seconds for each courier and each tick, written by hand once for both databases."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from linli.kernel.geo import Point

_OPEN = """
SELECT id, courier_id, state, pickup_store_id, pickup_lat, pickup_lng, drop_lat, drop_lng, ready_at, ready, promise_at, load, declines,
  pinned_id, banned, begun_at, drift, spread
FROM fulfilment_job WHERE city_id = %s AND kind = 'delivery' AND state IN ('accepted', 'arrived', 'offered', 'picked_up', 'waiting')
ORDER BY id
"""
_ON_DUTY = """
SELECT person_id, vehicle, capacity, lat, lng, idle_since, version, until_at
FROM fulfilment_courier WHERE city_id = %s AND state = 'on' AND drives = '' AND lat IS NOT NULL ORDER BY person_id
"""
_RIDER = "SELECT person_id, city_id, state, position_at, heard_at FROM fulfilment_courier WHERE person_id = %s {lock}"
_TRACK = "INSERT INTO fulfilment_track (courier_id, lat, lng, at) VALUES {rows}"
_MOVE = "UPDATE fulfilment_courier SET lat = %s, lng = %s, position_at = %s, heard_at = %s WHERE person_id = %s"
_CARRIED = "SELECT ref FROM fulfilment_job WHERE courier_id = %s AND state IN ('accepted', 'arrived', 'picked_up') ORDER BY id"


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A job that is not finished, as far as a tick must know it; the fields are those of `models.Job`."""

    pk: int
    courier_id: int | None
    state: str
    pickup_store_id: int
    pickup_lat: float
    pickup_lng: float
    drop_lat: float
    drop_lng: float
    ready_at: datetime
    ready: bool
    promise_at: datetime
    load: int
    declines: Sequence[Mapping[str, Any]]
    pinned_id: int | None
    banned: Sequence[int]
    begun_at: datetime | None
    drift: float
    spread: float


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A courier on duty whose place is known, as far as a tick must know; the fields are those of `models.Courier`."""

    pk: int
    vehicle: str
    capacity: int
    lat: float
    lng: float
    idle_since: datetime | None
    version: int
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Rider:
    """A courier whose row is locked, as far as one who moves is concerned."""

    pk: int
    city_id: int
    state: str
    position_at: datetime | None
    heard_at: datetime | None


def _rows(text: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall())


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _aware(moment: datetime | None) -> datetime | None:
    """A moment as the driver gives it; SQLite's leaves out the zone, which is always UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment


def _with(row: Sequence[Any], changes: Mapping[int, Callable[[Any], Any]]) -> list[Any]:
    """The row with some of its places read as we want them."""
    values = list(row)
    for place, read in changes.items():
        values[place] = read(values[place])
    return values


def open_jobs(city_id: int) -> list[OpenJob]:
    """The jobs of the city that are not finished, by id. One statement."""
    read: dict[int, Callable[[Any], Any]] = {8: _aware, 9: bool, 10: _aware, 12: json.loads, 14: json.loads, 15: _aware}
    return [OpenJob(*_with(row, read)) for row in _rows(_OPEN, [city_id])]


def on_duty(city_id: int) -> list[OnDuty]:
    """The couriers of the city who are on duty and whose place is known, by id. One statement."""
    return [OnDuty(*_with(row, {5: _aware, 7: _aware})) for row in _rows(_ON_DUTY, [city_id])]


def rider(courier_id: int) -> Rider | None:
    """The courier, locked until the transaction ends (SQLite's one writer holds that lock already). One statement."""
    lock = "FOR UPDATE" if connection.features.has_select_for_update else ""
    found = _rows(_RIDER.format(lock=lock), [courier_id])
    return Rider(*_with(found[0], {3: _aware, 4: _aware})) if found else None


def track(courier_id: int, places: Sequence[tuple[Point, datetime]]) -> None:
    """Take down where a courier was. One statement."""
    values = [value for point, at in places for value in (courier_id, point.lat, point.lng, _moment(at))]
    with connection.cursor() as cursor:
        cursor.execute(_TRACK.format(rows=", ".join(["(%s, %s, %s, %s)"] * len(places))), values)


def move(courier_id: int, point: Point, at: datetime, heard_at: datetime) -> None:
    """Where the courier is now. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [point.lat, point.lng, _moment(at), _moment(heard_at), courier_id])


def carried(courier_id: int) -> list[str]:
    """What the jobs are for that the courier is on the way with. One statement."""
    return [ref for (ref,) in _rows(_CARRIED, [courier_id])]
