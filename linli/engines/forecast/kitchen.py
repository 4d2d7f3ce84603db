"""When a kitchen will be done: what it says, times how much longer than it says it takes, which is log-normal and learned.

The prior is that a kitchen takes what it says, give or take `SPREAD`; each meal moves that (the mean and variance of logarithms, with a
prior of `PRIOR` meals), and old meals fade once there are `MEMORY` of them, so that a new cook is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, isfinite, log, sqrt
from statistics import NormalDist

SPREAD = 0.2  # standard deviation of ln(taken / said) of a kitchen of which nothing is known
PRIOR = 8.0  # meals that this belief weighs
MEMORY = 60.0  # meals that a belief rests on at most
LEAST_S = 60.0  # shorter times say nothing of a kitchen
FARTHEST = log(3.0)  # a meal that took more than three times as long has been forgotten, or nobody said that it was ready
_UNIT = NormalDist()


@dataclass(frozen=True, slots=True)
class Kitchen:
    """What is believed of a kitchen: mean (`drift`) and variance of ln(taken / said), and how many meals that rests on.

    Raises ValueError for numbers that cannot be.
    """

    drift: float = 0.0
    variance: float = SPREAD**2
    weight: float = PRIOR

    def __post_init__(self) -> None:
        if not (isfinite(self.drift) and 0 <= self.variance < 10 and self.weight > 0):
            raise ValueError("a kitchen needs a finite drift, a variance from 0 to 10 and a weight above 0")

    @property
    def spread(self) -> float:
        """Standard deviation of ln(taken / said) of the next meal, with the doubt about the mean."""
        return sqrt(self.variance * (1 + 1 / self.weight))

    def after(self, said_s: float, taken_s: float) -> Kitchen:
        """What is believed after a meal that was said to take `said_s` seconds and took `taken_s`."""
        weight = min(self.weight + 1, MEMORY)
        off = log(max(LEAST_S, taken_s) / max(LEAST_S, said_s)) - self.drift
        off = min(FARTHEST, max(-FARTHEST, off))
        return Kitchen(self.drift + off / weight, (1 - 1 / weight) * (self.variance + off * off / weight), weight)

    def middle_s(self, said_s: float) -> float:
        """Seconds in which a meal is as likely ready as not if `said_s` are said."""
        return said_s * exp(self.drift)


def ready_in(said_s: float, gone_s: float, share: float, *, drift: float, spread: float) -> float:
    """Seconds from the beginning by which the meal is ready in `share` of cases, if after `gone_s` it is not ready; never before that.

    `said_s` is what the kitchen says, `drift` and `spread` what is believed of it (`Kitchen`); with no spread it is ready when that says.
    Raises ValueError for a share that is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError("a share is between 0 and 1")
    middle = max(1.0, said_s) * exp(drift)
    if spread <= 0:
        return max(gone_s, middle)
    past = _UNIT.cdf(log(gone_s / middle) / spread) if gone_s > 1 else 0.0  # nothing is cooked in a second
    chance = min(past + share * (1 - past), 1 - 1e-9)
    return max(gone_s, middle * exp(spread * _UNIT.inv_cdf(max(chance, 1e-9))))
