"""What a provider of travel times has to be able to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from linli.kernel.geo import Point

Floats = NDArray[np.float64]


class Unavailable(Exception):
    """The provider cannot say just now; the words say why."""


@dataclass(frozen=True, slots=True)
class Ask:
    """From where to where, by what, when. `speed` (m/s) is the vehicle's usual one, `rush` the share of it that this hour allows,
    `weather` the share that the conditions allow, `detour` the usual way over the straight line."""

    city_id: int
    origins: Sequence[Point]
    destinations: Sequence[Point]
    vehicle: str
    at: datetime
    hour: int  # of the city's own clock
    speed: float
    rush: float
    weather: float
    detour: float

    @property
    def metres_per_second(self) -> float:
        """How fast one gets on by usual streets."""
        return self.speed * self.rush * self.weather


class Provider(Protocol):
    """`name` is what `LINLI_WAYS` calls it. One that is not `local` waits for others, which nobody may do who holds a lock."""

    name: str
    local: bool

    def seconds(self, ask: Ask) -> Floats:
        """Seconds from each origin (rows) to each destination, infinite where no way leads. Raises Unavailable."""
        ...
