"""The numbers that steer the matching of rides."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Params:
    """Metres are straight ones; times in seconds. Raises ValueError for senseless values."""

    pace: float = 0.19  # s a straight metre: 25 km/h, with a detour of 1.3
    near_m: float = 1_500.0  # who has just asked is offered to nobody farther away than this
    widen_m: float = 60.0  # and with each second of waiting to somebody so much farther
    reach_m: float = 15_000.0  # never farther than this
    soon_s: float = 150.0  # a driver who will be free in this time counts, at the place where that will be
    patience_s: float = 240.0  # from so much waiting on, nearness no longer decides who goes first

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"{field.name} must be a number and not negative, not {value}")
        if self.pace == 0 or self.reach_m < self.near_m:
            raise ValueError("pace must be positive and reach_m at least near_m")
