"""What is near weighs more, by as much as people's own choices say it should, and by nothing where they say nothing.

Somebody's surroundings are a kernel density over the places of their history (Zhang and Chow, Personalized geo-social recommendation,
2013) whose width adapts: each place passes its weight on to its nearest neighbours, less and less by how many are nearer still, so that a
quarter of a town counts as a village does. Neighbours are found at the fit, so that an answer costs a few table look-ups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linli.engines.recommend.problem import Floats, Ints
from linli.engines.recommend.score import Scores

EARTH_KM = 6371.0
NEXT = 0.01  # what nearness is worth by itself, where taste says nothing or as good as nothing


@dataclass(frozen=True)
class Nearby:
    """Where items are, their nearest neighbours, and how much nearness counts. Items of the same index as the model's."""

    degrees: npt.NDArray[np.float64]  # (items, 2) latitude and longitude
    neighbours: npt.NDArray[np.int32]  # (items, n), itself first
    nearness: Floats  # (n,) the kernel
    weight: float  # power of nearness that taste is multiplied by; 0 leaves the scores as they are
    reach_km: float  # from where somebody is, nearness falls to 1/e in this


def near(nearby: Nearby, rated: Scores, taken: Ints, candidates: Ints | None, place: tuple[float, float] | None) -> Scores:
    """Scores times nearness to the places of `taken`, and to `place` (latitude, longitude) where one is given.

    Nearness is 1 far from all of them and 2 where it is as the mean of all items; its power is the weight, and 1 where that is 0.
    """
    if not nearby.weight and place is None:
        return rated
    around = _beside_mean(around_history(nearby, taken))
    if candidates is not None:
        around = around[candidates]
    if place is not None:
        around = around + _beside_mean(np.exp(-_km(nearby, candidates, place) / nearby.reach_km))
    shares = rated / max(float(rated[rated > 0].sum()), 1e-12)
    unsaid = NEXT * around / len(around)
    return np.asarray((shares + unsaid) * (1.0 + around) ** (nearby.weight or 1.0), dtype=np.float64)


def around_history(nearby: Nearby, taken: Ints) -> Scores:
    """(items,) How near each item is to the places of a history, summed over them."""
    much = np.tile(nearby.nearness, len(taken))
    return np.asarray(np.bincount(nearby.neighbours[taken].ravel(), much, minlength=len(nearby.degrees)), dtype=np.float64)


def _beside_mean(values: Scores) -> Scores:
    return values / max(float(values.mean()), 1e-12)


def _km(nearby: Nearby, candidates: Ints | None, place: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Great-circle distance of each candidate from `place`."""
    there = np.radians(nearby.degrees if candidates is None else nearby.degrees[candidates])
    here = np.radians(place)
    half = (there - here) / 2
    chord = np.sin(half[:, 0]) ** 2 + np.cos(there[:, 0]) * np.cos(here[0]) * np.sin(half[:, 1]) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(chord, 0, 1))), dtype=np.float64)
