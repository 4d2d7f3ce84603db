"""A made town of people who go out: its check-ins in the format of `bench recommend-near`, with as much pull of what is near as wanted.

    python -m bench.made.checkins FOLDER [--people 2000] [--places 4000] [--pull 1.0] [--seed 1]

Places lie in quarters, are of a kind, and differ in fame; everybody has a home, a second place they are often at, and kinds they like.
Where they go is decided by fame, by liking and, to the power `pull`, by how near it is to one of their two places. With pull 0 near or far
is the same to them, and place should count for nothing.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt

QUARTERS, KINDS, KM_PER_DEGREE = 40, 24, 111.195
TOWN_KM, QUARTER_KM = 12.0, 0.8
PARTS = {"train": 0.7, "tune": 0.1, "test": 0.2}

Town = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]  # person and place of each check-in; degrees


def town(*, people: int, places: int, pull: float, seed: int) -> Town:
    """Who went where, each pair once, and (places, 2) latitude and longitude in degrees."""
    rng = np.random.default_rng(seed)
    quarters = rng.normal(0, TOWN_KM / 2, (QUARTERS, 2))
    where = quarters[rng.integers(0, QUARTERS, places)] + rng.normal(0, QUARTER_KM, (places, 2))
    kind, fame = rng.integers(0, KINDS, places), rng.pareto(1.2, places) + 0.2
    who, what = [], []
    for person in range(people):
        own = quarters[rng.integers(0, QUARTERS, 2)] + rng.normal(0, QUARTER_KM, (2, 2))
        km = np.linalg.norm(where[:, None] - own, axis=2).min(axis=1)
        wanted = fame * rng.dirichlet(np.full(KINDS, 0.15))[kind] * (0.3 + km) ** (-2 * pull)
        count = min(places // 4, 8 + int(rng.lognormal(2.6, 0.6)))
        gone = np.argsort(np.log(wanted + 1e-300) + rng.gumbel(size=places))[-count:]  # without putting back, in proportion
        who.append(np.full(count, person))
        what.append(gone)
    degrees = np.stack([39.9 + where[:, 0] / KM_PER_DEGREE, 116.4 + where[:, 1] / (KM_PER_DEGREE * np.cos(np.radians(39.9)))], axis=1)
    return np.concatenate(who), np.concatenate(what), degrees


def split(who: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.int64]:
    """Of which of `PARTS` each check-in is; everybody has some to learn from."""
    rng, part = np.random.default_rng(seed), np.zeros(len(who), dtype=np.int64)
    for person in np.unique(who):
        mine = np.flatnonzero(who == person)
        part[mine] = np.searchsorted(np.cumsum(list(PARTS.values()))[:-1], rng.permutation(len(mine)) / len(mine), side="right")
    return part


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--places", type=int, default=4_000)
    parser.add_argument("--pull", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    who, what, degrees = town(people=given.people, places=given.places, pull=given.pull, seed=given.seed)
    part = split(who, given.seed)
    given.folder.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(PARTS):
        rows = np.stack([who, what, np.ones_like(who)], axis=1)[part == number]
        np.savetxt(given.folder / f"{name}.txt", rows, fmt="%d", delimiter="\t")
    np.savetxt(
        given.folder / "poiCoos.txt", np.column_stack([np.arange(len(degrees)), degrees]), fmt=("%d", "%.6f", "%.6f"), delimiter="\t"
    )


if __name__ == "__main__":
    main()
