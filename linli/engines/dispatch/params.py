"""The numbers that steer dispatch. The platform fills them from `policy`; the defaults are for tests and first tries."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Params:
    """Weights are per second; times in seconds; distances in metres. Raises ValueError for senseless values."""

    ride: float = 0.3  # a courier's second on the road
    wait: float = 0.2  # a courier's second in front of a kitchen
    cool: float = 0.5  # a second that ready food waits for its courier
    door: float = 1.0  # a second until the food is at the door
    late: float = 4.0  # a second after the promise, on top
    fair: float = 0.0  # head start for a second that a courier has had nothing to do
    pickup_s: float = 60.0  # collecting an order: parking, walking in, checking
    drop_s: float = 90.0  # handing one over: parking, stairs, door
    reach_m: float = 6_000.0  # a courier farther from the store is not asked
    delay_s: float = 1_800.0  # food does not lie longer than this for a courier who is busy
    slack_s: float = 180.0  # a courier who would wait longer at the store is decided later
    bundle: int = 3  # orders of one store in one offer, at most
    bundle_ready_s: float = 300.0  # ready moments in a bundle are this close
    bundle_detour_s: float = 360.0  # nobody's food rides longer than this for the others in a bundle
    orders: int = 4  # orders that one courier carries or has accepted, at most
    candidates: int = 6  # couriers for whom an exact sequence is worked out, per bundle
    nearest: bool = False  # the baseline: each order at once to the nearest courier who has nothing to do, no bundles, no waiting

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not math.isfinite(value) or value < 0:
                raise ValueError(f"{field.name} must be a number and not negative, not {value}")
        if not (1 <= self.bundle <= 3 and 1 <= self.orders <= 4):
            raise ValueError("bundle must be 1 to 3 and orders 1 to 4, so that a route keeps to eight stops")

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which `from_json` makes the same parameters."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Params:
        """The parameters that `to_json` wrote. Raises TypeError for unknown names."""
        return Params(**data)
