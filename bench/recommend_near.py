"""Recommendation with the place of things: recall at 10 with and without it, and of popularity alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from linli.engines.recommend import Interactions
from linli.engines.recommend.fit import fit
from linli.engines.recommend.fit_near import SHOWN, fit_near
from linli.engines.recommend.judge import gains, top
from linli.engines.recommend.place import near
from linli.engines.recommend.score import scores

FEW = 3_000


def read(data: Path) -> tuple[dict[str, Interactions], npt.NDArray[np.float64]]:
    """`train`, `tune` and `test` (person, item, count a line), and (items, 2) degrees from `poiCoos` (item, latitude, longitude)."""
    parts = {name: np.loadtxt(data / f"{name}.txt", ndmin=2).astype(np.int64) for name in ("train", "tune", "test")}
    places = np.loadtxt(data / "poiCoos.txt", ndmin=2)
    persons = 1 + max(int(part[:, 0].max()) for part in parts.values())
    items = 1 + max(int(places[:, 0].max()), *(int(part[:, 1].max()) for part in parts.values()))
    degrees = np.zeros((items, 2))
    degrees[places[:, 0].astype(np.int64)] = places[:, 1:3]
    return {name: Interactions.of(part[:, 0], part[:, 1], (persons, items)) for name, part in parts.items()}, degrees


def run(data: Path, *, seed: int, limit: float | None) -> dict[str, Any]:
    """Figures over everybody, rows for 3,000 people drawn by `seed` and for everybody; `limit` is not used.

    The model is fitted on `train` alone, the weight of place is chosen on `tune`, and `test` is judged once. Histories are those of
    `train`, so the items of `tune` may be shown (and are then wrong) with place and without it. The last row is a control: places say
    nothing once they are shuffled, so their weight is to be 0.
    """
    parts, degrees = read(data)
    train, test = parts["train"], parts["test"]
    model = fit(train, seed=seed)
    nearby = fit_near(model, train, parts["tune"], degrees, seed=seed)
    elsewhere = np.random.default_rng(seed).permutation(degrees)
    shuffled = fit_near(model, train, parts["tune"], elsewhere, seed=seed)
    popular = np.diff(model.item_starts).astype(np.float64)
    found = []
    people = np.flatnonzero(np.diff(test.starts))
    for person in people:
        taken, wanted = (part.items[part.starts[person] : part.starts[person + 1]] for part in (train, test))
        rated = scores(model, taken)
        answers = (near(nearby, rated, taken, None, None), rated, popular, near(shuffled, rated, taken, None, None))
        found.append([gains(top(answer, taken, SHOWN), wanted)[0] for answer in answers])
    recall = np.array(found)
    few = np.random.default_rng(seed).choice(len(people), min(FEW, len(people)), replace=False)
    names = ("recall@10", "recall@10_without_place", "popularity_recall@10")
    rows: list[dict[str, Any]] = []
    for instance, chosen in ((f"{len(few)} people", few), ("everybody", np.arange(len(people)))):
        rows.append({"instance": instance, **dict(zip(names, recall[chosen, :3].mean(axis=0).tolist(), strict=True))})
        rows[-1] |= {"people": len(chosen), "place_weight": nearby.weight, "reach_km": nearby.reach_km}
    rows.append({"instance": "places shuffled", "recall@10": float(recall[:, 3].mean()), "place_weight": shuffled.weight})
    rows[-1] |= {"recall@10_without_place": float(recall[:, 1].mean())}
    figures = {name: rows[1][name] for name in names[:2]}
    return {"figures": figures, "rows": rows, "reference": {"recall@10": ">= 1.05 x without place", "recall@10_without_place": 0.0767}}
