"""Fit a recommender: choose the settings on interactions held out of the training data, then build the model on all of it.

Nothing is trained by gradient: a model is the graph and its degrees, and what is learned of somebody is learned when they ask. So a fit
takes seconds, and most of them go to trying settings on people part of whose history was put aside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from linli.engines.recommend.judge import SHOWN, gains, top
from linli.engines.recommend.model import Model
from linli.engines.recommend.problem import Floats, Interactions, Ints, Params, Settings
from linli.engines.recommend.score import scores, spread, with_waves

ITEM_DAMPS = (0.4, 0.6, 0.8)
PERSON_DAMPS = (0.2, 0.35, 0.5)
VOICE_DAMPS = (-0.2, 0.0, 0.2, 0.4)
RIDGES = (1.0, 3.0, 10.0, 30.0)
OUT_DAMPS = (-0.1, 0.0, 0.1, 0.2, 0.3, 0.4)
ASKED = (300, 500)
WAVES = (0.1, 0.2, 0.3)


def fit(interactions: Interactions, params: Params | None = None, *, seed: int = 0) -> Model:
    """The model of `interactions`; its `metrics` hold what the chosen settings reached on what was held out, and how many were tried."""
    params = params or Params()
    if params.settings is not None:
        return build(interactions, params.settings, params, seed)
    rng = np.random.default_rng(seed)
    settings, metrics = _choose(interactions, params, rng)
    settings = replace(settings, waves=_waves(interactions, settings, params, rng))
    return replace(build(interactions, settings, params, seed), metrics=metrics)


def build(interactions: Interactions, settings: Settings, params: Params, seed: int) -> Model:
    """The model with settings that are known."""
    model = _graph(interactions, settings)
    _, factors = largest(_damped(interactions, model), params.factors, params.turns, seed)
    return replace(model, factors=factors)


def _graph(interactions: Interactions, settings: Settings) -> Model:
    turned = Interactions.of(interactions.items, interactions.rows(), (interactions.count, interactions.persons))
    popular = np.maximum(np.diff(turned.starts), 1.0)
    busy = np.maximum(np.diff(interactions.starts), 1.0)
    item_in, weight = popular**-settings.item_damp, busy**-settings.person_damp
    own = np.bincount(interactions.rows(), item_in[interactions.items], minlength=interactions.persons) * weight**2
    weight /= max(float(np.sqrt(own.mean())), 1e-12)
    return Model(
        person_starts=interactions.starts, person_items=interactions.items.astype(np.int32),
        item_starts=turned.starts, item_persons=turned.items.astype(np.int32),
        item_in=item_in.astype(np.float32), person_weight=weight.astype(np.float32),
        person_voice=(weight * busy**-settings.voice_damp).astype(np.float32),
        item_out=(popular**-settings.out_damp).astype(np.float32),
        factors=np.zeros((interactions.count, 1), np.float32), settings=settings,
    )  # fmt: skip


def _damped(interactions: Interactions, model: Model) -> csr_array:
    """(persons, items) Who took what, items that few took and persons who took little counting more."""
    busy = np.maximum(np.diff(interactions.starts), 1).astype(np.float32)
    data = model.item_in[interactions.items] * np.repeat(busy**-0.5, np.diff(interactions.starts))
    return csr_array((data, interactions.items, interactions.starts), shape=(interactions.persons, interactions.count))


def largest(matrix: csr_array, count: int, turns: int, seed: int) -> tuple[Floats, Floats]:
    """The `count` largest squared singular values and their right vectors, by power iteration on a block (Halko et al. 2011)."""
    count = min(count, *matrix.shape)
    across = matrix.T.tocsr()
    block = np.random.default_rng(seed).standard_normal((matrix.shape[1], min(count + 16, *matrix.shape))).astype(np.float32)
    for _ in range(turns):
        block = _orthonormal(across @ (matrix @ block))
    seen = matrix @ block
    values, turn = np.linalg.eigh((seen.T @ seen).astype(np.float64))
    order = np.argsort(-values)[:count]
    return np.maximum(values[order], 0).astype(np.float32), (block @ turn[:, order].astype(np.float32)).astype(np.float32)


def _orthonormal(block: Floats) -> Floats:
    """By the eigenvectors of its small Gram matrix: a tenth of the time of a QR of something so tall."""
    values, turn = np.linalg.eigh(block.T.astype(np.float64) @ block)
    straight: Floats = block @ (turn / np.sqrt(np.maximum(values, values[-1] * 1e-10))).astype(np.float32)
    return straight


@dataclass
class _Trial:
    """The judges: their kept histories and what was held out; and the best settings so far."""

    kept: Interactions
    histories: list[Ints]
    held: list[Ints]
    params: Params
    best: Settings
    reached: npt.NDArray[np.float64] | float = -1.0  # by each judge
    tried: int = 0
    seen: set[Settings] = field(default_factory=set)

    def said(self, settings: Settings) -> Floats:
        """(judges, items) The scores before popularity is divided out."""
        model = _graph(self.kept, replace(settings, out_damp=0.0))
        return np.stack([scores(model, history).astype(np.float32) for history in self.histories])

    def values(self, rated: Iterable[Floats]) -> npt.NDArray[np.float64]:
        """(judges,) Mean of recall and NDCG of each."""
        found = [gains(top(row, history, SHOWN), held) for row, history, held in zip(rated, self.histories, self.held, strict=True)]
        return np.asarray(np.mean(found, axis=1))

    def offer(self, settings: Settings, rated: Iterable[Floats]) -> None:
        """Taken when better than the best so far by more than two standard errors of the difference: one of 40 trials is by chance."""
        self.tried += 1
        values = self.values(rated)
        gain = values - self.reached
        if self.tried == 1 or gain.mean() > 2 * gain.std() / np.sqrt(len(gain)):
            self.best, self.reached = settings, values


def _choose(interactions: Interactions, params: Params, rng: np.random.Generator) -> tuple[Settings, dict[str, float]]:
    """One setting after another, from those of `Settings`; what the first is worth depends on the later ones, so it has a second turn."""
    trial = _trial(interactions, params, rng)
    popular = np.maximum(np.bincount(trial.kept.items, minlength=trial.kept.count), 1.0).astype(np.float32)
    trial.offer(trial.best, (row * popular**-trial.best.out_damp for row in trial.said(trial.best)))
    turns: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("ridge", RIDGES), ("voice_damp", VOICE_DAMPS), ("person_damp", PERSON_DAMPS), ("item_damp", ITEM_DAMPS), ("ridge", RIDGES),
        ("asked", ASKED),
    )  # fmt: skip
    for name, values in turns:
        for value in values:
            _try(trial, popular, replace(trial.best, **{name: value}))
    return trial.best, {"held_out": float(np.mean(trial.reached)), "tried": float(trial.tried)}


def _trial(interactions: Interactions, params: Params, rng: np.random.Generator) -> _Trial:
    """Half of the judges miss choices drawn at random, half a bout of alike ones (blocks, as Roberts et al. 2017 have it).

    What comes later is rarely a random part of what came before: with its companions still in the history a choice is too easy to find,
    and damping that only pays there would be chosen. Nobody knows which of the two the future is more like.
    """
    sizes = np.diff(interactions.starts)
    able = np.flatnonzero(sizes >= 5)
    judges = np.sort(rng.choice(able, min(params.judges, len(able)), replace=False))
    kept = np.ones(len(interactions.items), dtype=np.bool_)
    whole = _graph(interactions, Settings())
    for turn, person in enumerate(judges):
        begin, size = interactions.starts[person], sizes[person]
        count = max(1, round(params.held * size))
        own = interactions.items[begin : begin + size]
        kept[begin + (_bout(whole, own, count, rng) if turn % 2 else rng.choice(size, count, replace=False))] = False
    own_parts = [slice(interactions.starts[person], interactions.starts[person + 1]) for person in judges]
    histories, held = ([interactions.items[part][marks[part]] for part in own_parts] for marks in (kept, ~kept))
    return _Trial(interactions.keep(kept), histories, held, params, Settings())


def _bout(model: Model, own: Ints, count: int, rng: np.random.Generator) -> Ints:
    """The places in `own` of an item drawn from it and of those most often taken together with that, by the cosine of who took them."""
    drawn = int(rng.integers(len(own)))
    takers = model.item_persons[model.item_starts[own[drawn]] : model.item_starts[own[drawn] + 1]]
    at, _ = spread(model.person_starts, takers)
    both = np.bincount(model.person_items[at], minlength=model.items)[own]
    cosine = both / np.sqrt(np.diff(model.item_starts)[own])
    cosine[drawn] = np.inf
    return np.argsort(-cosine, kind="stable")[:count]


def _waves(interactions: Interactions, settings: Settings, params: Params, rng: np.random.Generator) -> float:
    """The weight of the waves whose gain less one standard error is largest; 0 when none has more than that."""
    trial = _trial(interactions, replace(params, judges=params.more_judges), rng)
    model = build(trial.kept, settings, params, int(rng.integers(2**31)))
    gain = []
    for history, held in zip(trial.histories, trial.held, strict=True):
        rated = scores(model, history)
        tried = (rated, *(with_waves(model, history, rated, None, weight) for weight in WAVES))
        plain, *waved = (np.mean(gains(top(row, history, SHOWN), held)) for row in tried)
        gain.append([value - plain for value in waved])
    each = np.array(gain)
    sure = each.mean(axis=0) - each.std(axis=0) / np.sqrt(len(each))
    return WAVES[int(sure.argmax())] if sure.max() > 0 else 0.0


def _try(trial: _Trial, popular: Floats, settings: Settings) -> None:
    base = replace(settings, out_damp=0.0)
    if base in trial.seen:
        return
    trial.seen.add(base)
    said = trial.said(settings)
    for damp in OUT_DAMPS:
        if abs(damp - trial.best.out_damp) < 0.15:
            trial.offer(replace(settings, out_damp=damp), (row * popular**-damp for row in said))
