"""How much nearness should count: tried on choices that the model has not seen, and nothing where it does not help."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from linli.engines.recommend.judge import gains, top
from linli.engines.recommend.model import Model
from linli.engines.recommend.place import EARTH_KM, Nearby, near
from linli.engines.recommend.problem import Floats, Interactions, Ints
from linli.engines.recommend.score import scores

NEIGHBOURS = 300
REACHES = (2.0, 5.0, 20.0)  # neighbours within which most of the kernel lies
FALL = 1.5  # power with which it falls beyond
WEIGHTS = (0.1, 0.15, 0.2, 0.4, 1.0)
SHOWN = 10

_Judge = tuple[Ints, Ints, npt.NDArray[np.float32]]  # history, what was taken later, scores without place


def fit_near(
    model: Model, known: Interactions, later: Interactions, degrees: npt.ArrayLike, *, judges: int = 8_000, seed: int = 0
) -> Nearby:
    """Kernel and weight with the best recall@10 of `later` (same persons and items as `known`, none of its pairs) by `judges` people.

    `degrees` is (items, 2), latitude and longitude. The weight is 0 unless what half of the judges choose
    helps the other half, both ways round, by more than one standard error.
    """
    where = np.asarray(degrees, dtype=np.float64)
    reach_km, neighbours = _neighbours(where)
    able = np.flatnonzero((np.diff(later.starts) > 0) & (np.diff(known.starts) > 0))
    people = np.random.default_rng(seed).choice(able, min(judges, len(able)), replace=False)
    asked = [_judge(model, known, later, int(person)) for person in people]
    off = Nearby(where, neighbours, np.zeros(neighbours.shape[1], np.float32), 0.0, reach_km)
    trials = [Nearby(where, neighbours, nearness, weight, reach_km) for nearness, weight in _trials(neighbours.shape[1])]
    gain = np.stack([_recall(tried, asked) for tried in trials]) - _recall(off, asked)
    return trials[_surest(gain)] if _helps(gain) else off


def _surest(gain: npt.NDArray[np.float64]) -> int:
    """The trial whose gain less one standard error is largest: a strong weight is taken only where it is surely better."""
    return int((gain.mean(axis=1) - gain.std(axis=1) / np.sqrt(gain.shape[1])).argmax())


def _helps(gain: npt.NDArray[np.float64]) -> bool:
    """Whether place helps people who had no part in the choice; `gain` is (trials, judges)."""
    if gain.shape[1] < 4:
        return False
    halves = gain[:, ::2], gain[:, 1::2]
    crossed = np.concatenate([halves[1][_surest(halves[0])], halves[0][_surest(halves[1])]])
    return bool(crossed.mean() > crossed.std(ddof=1) / np.sqrt(len(crossed)))


def _trials(count: int) -> Iterator[tuple[Floats, float]]:
    order = np.arange(count, dtype=np.float32)
    for reach, weight in product(REACHES, WEIGHTS):
        yield (1 + order / np.float32(reach)) ** np.float32(-FALL), weight


def _neighbours(degrees: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.int32]]:
    """How far the tenth nearest typically is (km), and the numbers of the nearest items of each, itself first."""
    latitude, longitude = np.radians(degrees).T
    flat = np.cos(latitude)
    ball = EARTH_KM * np.stack([flat * np.cos(longitude), flat * np.sin(longitude), np.sin(latitude)], axis=1)
    found = cKDTree(ball).query(ball, k=min(NEIGHBOURS, len(ball)))
    km, near_by = (np.asarray(part).reshape(len(ball), -1) for part in found)
    return max(float(np.median(km[:, min(10, km.shape[1] - 1)])), 0.1), near_by.astype(np.int32)


def _judge(model: Model, known: Interactions, later: Interactions, person: int) -> _Judge:
    history = known.items[known.starts[person] : known.starts[person + 1]]
    return history, later.items[later.starts[person] : later.starts[person + 1]], scores(model, history).astype(np.float32)


def _recall(nearby: Nearby, asked: list[_Judge]) -> npt.NDArray[np.float64]:
    return np.array(
        [gains(top(near(nearby, rated.astype(np.float64), taken, None, None), taken, SHOWN), wanted)[0] for taken, wanted, rated in asked]
    )
