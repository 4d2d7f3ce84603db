"""The numbers that say how far somebody is sent, and for what."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Params:
    """Raises ValueError for senseless values."""

    pace: float = 0.19  # s a straight metre: 25 km/h, with a detour of 1.3
    most_s: float = 2_850.0  # nobody is sent farther than this
    worth_s: float = 7_200.0  # way that is worth while to be needed for certain, where one would not be needed at all
    soon_s: float = 600.0  # who is free within this counts where that will be

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"{field.name} must be a number and not negative, not {value}")
        if self.pace == 0:
            raise ValueError("pace must be positive")
