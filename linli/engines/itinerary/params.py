"""What a plan is weighed by, and how long it is searched for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Params:
    """Weights of a plan (in points of a spot's worth) and the size of the search."""

    travel_per_hour: float = 1.0  # points that an hour on the way costs
    again: float = 0.7  # the k-th sight of a kind is worth again ** (k - 1) of its own
    walk_kmh: float = 4.8
    walk_most_m: float = 1_600.0  # beyond this one rides
    detour: float = 1.3  # streets over the straight line
    ride_kmh: float = 28.0  # metro with its stops
    ride_wait_min: float = 12.0  # to the platform, waiting, and from it
    candidates: int = 50  # sights that are looked at
    meals_each: int = 3  # places to eat looked at around a sight
    rounds: int = 240  # of ruin and rebuild
    restarts: int = 6  # searches over few spots, of which the best counts
    exact_most: int = 9  # spots up to which the answer is exact

    def __post_init__(self) -> None:
        if not (0 < self.again <= 1 and self.walk_kmh > 0 and self.ride_kmh > 0 and self.detour >= 1):
            raise ValueError("a share above 0 and up to 1, speeds above 0, a detour of at least 1")
        if self.rounds < 0 or self.restarts < 1:
            raise ValueError("rounds of at least 0, restarts of at least 1")
