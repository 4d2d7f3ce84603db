"""Whether somebody still comes, and how often they will: the BG/NBD model (Fader, Hardie and Lee 2005, Marketing Science 24(2)).

While somebody is a customer they order at random with a rate of their own (rates are gamma distributed); after each order they may leave
for good (probabilities are beta distributed). Of each person only three numbers count: how many orders came after the first one, when
the last one was, and how long ago the first one was.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

Column = npt.NDArray[np.float64]
_PENALTY = 1e-3  # keeps the search where few people say little
_LEAST, _MOST = -6.0, 6.0  # of the logarithms of the parameters


@dataclass(frozen=True)
class History:
    """A row a person: `repeats` orders after the first, the last of them `recency` days after the first, which was `age` days ago."""

    repeats: Column
    recency: Column
    age: Column

    def __post_init__(self) -> None:
        if not len(self.repeats) == len(self.recency) == len(self.age):
            raise ValueError("one row a person")
        if (self.recency > self.age).any() or (self.recency < 0).any() or (self.repeats < 0).any():
            raise ValueError("the last order lies between the first one and now")


@dataclass(frozen=True, slots=True)
class Lifetime:
    """A fitted model: gamma (`r`, `alpha` in days) of the rates, beta (`a`, `b`) of leaving."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, history: History) -> Column:
        """(persons,) How likely each one is still a customer; 1 for whoever has ordered once only."""
        x, recency, age = history.repeats, history.recency, history.age
        left = self.a / (self.b + np.maximum(x, 1) - 1) * ((self.alpha + age) / (self.alpha + recency)) ** (self.r + x)
        return np.where(x > 0, 1 / (1 + left), 1.0)

    def expected(self, history: History, days: float) -> Column:
        """(persons,) How many orders each one is expected to place within the next `days`."""
        x, later = history.repeats, self.alpha + history.age
        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6
        gone = (later / (later + days)) ** (self.r + x)
        series = hyp2f1(self.r + x, self.b + x, a + self.b + x - 1, days / (later + days))
        made: Column = np.maximum((a + self.b + x - 1) / (a - 1) * (1 - gone * series), 0.0) * self.alive(history)
        return made


def fit(history: History) -> Lifetime:
    """The model under which the histories are likeliest. Raises ValueError for nobody."""
    if not len(history.repeats):
        raise ValueError("nobody to learn from")
    scale = max(float(np.median(history.age)), 1.0)
    x, recency, age = history.repeats, history.recency / scale, history.age / scale

    def unlikely(logs: Column) -> float:
        r, alpha, a, b = np.exp(logs)
        common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        stays = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + age)
        leaves = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + recency)
        both = common + np.where(x > 0, np.logaddexp(stays, leaves), stays)
        return float(-both.mean() + _PENALTY * (logs**2).sum())

    found = minimize(unlikely, np.zeros(4), method="L-BFGS-B", bounds=[(_LEAST, _MOST)] * 4)
    r, alpha, a, b = np.exp(found.x)
    return Lifetime(float(r), float(alpha * scale), float(a), float(b))
