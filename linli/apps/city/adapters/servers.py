"""Routing servers by HTTP: OSRM's table service and Valhalla's sources_to_targets, in blocks, with a time limit and a breaker."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import numpy as np

from linli.apps.city.adapters.base import Ask, Floats, Unavailable
from linli.apps.city.adapters.breaker import Breaker
from linli.kernel.geo import Point
from linli.platform import http

BLOCK = 50  # origins and destinations in one question; OSRM's usual limit is 100 places
MOST = 160_000  # pairs in one matrix
WITHIN_S = 2.0  # for the whole matrix


class Server(ABC):
    """What both have in common. Their times are those of empty streets; hour and weather slow them as they do all else."""

    name = ""
    local = False

    def __init__(self, url: str, *, within_s: float = WITHIN_S) -> None:
        self.url, self.within_s, self.breaker = url.rstrip("/"), within_s, Breaker()

    def seconds(self, ask: Ask) -> Floats:
        """As `Provider.seconds`."""
        shape = (len(ask.origins), len(ask.destinations))
        if not all(shape):
            return np.zeros(shape)
        if shape[0] * shape[1] > MOST:
            raise Unavailable("too many places at once")
        if self.breaker.open(time.monotonic()):
            raise Unavailable("has not answered lately")
        try:
            found = self._asked(ask, np.empty(shape))
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError, IndexError) as error:
            self.breaker.failed(time.monotonic())
            raise Unavailable(f"{type(error).__name__}: {error}"[:200]) from error
        self.breaker.answered()
        return found / (ask.rush * ask.weather)

    def _asked(self, ask: Ask, found: Floats) -> Floats:
        last = time.monotonic() + self.within_s
        with http.client(self.url, timeout_s=self.within_s) as client:
            for rows in _blocks(len(ask.origins)):
                for columns in _blocks(len(ask.destinations)):
                    left = last - time.monotonic()
                    if left <= 0:
                        raise httpx.ReadTimeout("no time left")
                    answer = self._ask(client, ask.vehicle, ask.origins[rows], ask.destinations[columns], left)
                    answer.raise_for_status()
                    found[rows, columns] = _matrix(self._rows(answer.json()), found[rows, columns].shape)
        return found

    @abstractmethod
    def _ask(self, client: httpx.Client, vehicle: str, origins: Sequence[Point], targets: Sequence[Point], left: float) -> httpx.Response:
        """Ask once; at most `left` seconds."""

    @abstractmethod
    def _rows(self, body: Any) -> Any:
        """The rows of seconds in an answer, None where no way leads. Raises for an answer that is none."""


def _blocks(count: int) -> Iterator[slice]:
    return (slice(first, min(first + BLOCK, count)) for first in range(0, count, BLOCK))


def _matrix(rows: Any, shape: tuple[int, ...]) -> Floats:
    """The numbers of an answer; None is no way. Raises ValueError for an answer of another shape or with times that cannot be."""
    table = np.array([[np.inf if value is None else float(value) for value in row] for row in rows])
    if table.shape != shape or np.isnan(table).any() or (table < 0).any():
        raise ValueError("an answer that is none")
    return table


class Osrm(Server):
    """`/table/v1/driving/…` of OSRM; which vehicle that is, is decided by how its data were prepared."""

    name = "osrm"

    def _ask(self, client: httpx.Client, vehicle: str, origins: Sequence[Point], targets: Sequence[Point], left: float) -> httpx.Response:
        where = ";".join(f"{point.lng:.6f},{point.lat:.6f}" for point in (*origins, *targets))
        numbers = [";".join(map(str, span)) for span in (range(len(origins)), range(len(origins), len(origins) + len(targets)))]
        ask = {"annotations": "duration", "sources": numbers[0], "destinations": numbers[1]}
        return client.get(f"/table/v1/driving/{where}", params=ask, timeout=left)

    def _rows(self, body: Any) -> Any:
        if body["code"] != "Ok":
            raise ValueError(f"OSRM says {str(body['code'])[:40]}")
        return body["durations"]


class Valhalla(Server):
    """`/sources_to_targets` of Valhalla."""

    name = "valhalla"
    _COSTING = {"walk": "pedestrian", "bike": "bicycle", "ebike": "motor_scooter", "car": "auto"}

    def _ask(self, client: httpx.Client, vehicle: str, origins: Sequence[Point], targets: Sequence[Point], left: float) -> httpx.Response:
        sides = {"sources": origins, "targets": targets}
        body = {side: [{"lat": point.lat, "lon": point.lng} for point in points] for side, points in sides.items()}
        return client.post("/sources_to_targets", json={**body, "costing": self._COSTING[vehicle]}, timeout=left)

    def _rows(self, body: Any) -> Any:
        return [[cell["time"] for cell in row] for row in body["sources_to_targets"]]
