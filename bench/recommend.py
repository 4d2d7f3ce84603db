"""Recommendation from what people took: recall and NDCG at 20, fit and serving time, beside ALS with 256 factors in the same run."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, load_npz

from linli.engines.recommend import Interactions, Model
from linli.engines.recommend.fit import fit
from linli.engines.recommend.judge import SHOWN, gains, top
from linli.engines.recommend.score import scores

ALS = {"alpha": 40.0, "regularization": 1.0}  # tuned on held-out training data; its own defaults reach a third less
NEAR = 1_000  # candidates of the second serving time
TIMED = 1_000  # people whose lists are timed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, help="judge this many, drawn by the seed, instead of everybody")


def read(path: Path) -> Interactions:
    """The interactions of a sparse matrix of persons by items (`scipy.sparse.save_npz`)."""
    matrix = load_npz(path).tocoo()
    return Interactions.of(matrix.row, matrix.col, matrix.shape)


def own(known: Interactions, person: int) -> npt.NDArray[np.int64]:
    return known.items[known.starts[person] : known.starts[person + 1]]


def judge(lists: Iterable[tuple[int, npt.NDArray[np.int64]]], test: Interactions) -> tuple[float, float]:
    """Mean recall and NDCG at 20 of (person, list) pairs."""
    recall, ndcg = np.mean([gains(shown, own(test, person)) for person, shown in lists], axis=0)
    return float(recall), float(ndcg)


def serving_ms(serve: Callable[[int], object], people: npt.NDArray[np.int64]) -> dict[str, float]:
    """CPU milliseconds of one answer: median and 99th percentile."""
    spent = []
    for person in people.tolist():
        began = time.process_time_ns()
        serve(person)
        spent.append((time.process_time_ns() - began) / 1e6)
    return {"p50": float(np.percentile(spent, 50)), "p99": float(np.percentile(spent, 99))}


def serve_near(model: Model, train: Interactions, person: int, rng: np.random.Generator) -> Callable[[], object]:
    """The list of one person out of 1,000 candidates."""
    history, near = own(train, person), np.unique(rng.integers(0, model.items, NEAR))

    def answer() -> object:
        rated = scores(model, history, near)
        rated[np.isin(near, history)] = -np.inf
        return near[np.argsort(-rated)[:SHOWN]]

    return answer


def als(train: Interactions, seed: int) -> Callable[[npt.NDArray[np.int64]], Iterable[tuple[int, npt.NDArray[np.int64]]]] | None:
    """Lists by `implicit`'s alternating least squares, 256 factors and the settings of `ALS`; None where it is not installed."""
    try:
        from implicit.cpu.als import AlternatingLeastSquares
    except ImportError:
        return None
    shape = (train.persons, train.count)
    matrix = csr_matrix((np.ones(len(train.items), np.float32), (train.rows(), train.items)), shape=shape)
    model = AlternatingLeastSquares(factors=256, random_state=seed, num_threads=1, **ALS)
    model.fit(matrix, show_progress=False)

    def lists(people: npt.NDArray[np.int64]) -> Iterable[tuple[int, npt.NDArray[np.int64]]]:
        for part in np.array_split(people, -(-len(people) // 1_000)):
            rated = model.user_factors[part] @ model.item_factors.T
            yield from ((int(person), top(row, own(train, person), SHOWN)) for person, row in zip(part, rated, strict=True))

    return lists


def measure(name: str, train: Interactions, test: Interactions, seed: int, people: int | None) -> dict[str, Any]:
    """One row: figures of one data set."""
    began = time.process_time()
    model = fit(train, seed=seed)
    row: dict[str, Any] = {"instance": name, "fit_cpu_s": time.process_time() - began}
    rng = np.random.default_rng(seed)
    judged = np.flatnonzero(np.diff(test.starts))
    judged = judged if people is None or people >= len(judged) else np.sort(rng.choice(judged, people, replace=False))
    lists = ((int(person), top(scores(model, own(train, person)), own(train, person), SHOWN)) for person in judged)
    row["recall@20"], row["ndcg@20"] = judge(lists, test)
    timed = rng.choice(judged, min(TIMED, len(judged)), replace=False)
    whole = serving_ms(lambda person: top(scores(model, own(train, person)), own(train, person), SHOWN), timed)
    asked = {int(person): serve_near(model, train, int(person), rng) for person in timed}
    near = serving_ms(lambda person: asked[person](), timed)
    row |= {"serve_all_p50_ms": whole["p50"], "serve_all_p99_ms": whole["p99"]}
    row |= {"serve_1000_p50_ms": near["p50"], "serve_1000_p99_ms": near["p99"]}
    row |= {"people": len(judged), **model.metrics, **{f"set_{key}": value for key, value in vars_of(model).items()}}
    began = time.process_time()
    reference = als(train, seed)
    if reference is not None:
        row["als_fit_cpu_s"] = time.process_time() - began
        row["als_recall@20"], row["als_ndcg@20"] = judge(reference(judged), test)
    return row


def vars_of(model: Model) -> dict[str, float]:
    """The settings that the fit chose."""
    return {name: getattr(model.settings, name) for name in model.settings.__slots__}


FIGURES = ("recall@20", "ndcg@20", "fit_cpu_s", "serve_all_p99_ms", "serve_1000_p99_ms", "als_recall@20", "als_ndcg@20")


def run(data: Path, *, seed: int, limit: float | None, people: int | None = None) -> dict[str, Any]:
    """A row for each `NAME_train.npz` beside a `NAME_test.npz` (or `X_train.npz`) in `data`; figures are those of the largest.

    Settings are chosen inside the fit, on interactions held out of the training part; that time is part of `fit_cpu_s`. `limit` is not
    used. Without `implicit` the figures of ALS are left out.
    """
    rows = []
    for path in sorted(data.glob("*_train.npz")):
        train, test = read(path), read(path.with_name(path.name.replace("_train", "_test")))
        rows.append({**measure(path.name.removesuffix("_train.npz"), train, test, seed, people), "size": len(train.items)})
    largest = max(rows, key=lambda row: row["size"])
    figures = {name: largest[name] for name in FIGURES if name in largest}
    return {"figures": figures, "rows": rows, "reference": {"fit_cpu_s": 60, "serve_all_p99_ms": 6, "serve_1000_p99_ms": 1.5}}
