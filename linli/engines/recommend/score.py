"""What a history says of every item: numpy alone, so that a web process needs nothing heavier.

The persons most alike to somebody are asked what they took. Their words are weighted by a ridge regression of that somebody's history on
theirs (the dual of Steck, Embarrassingly shallow autoencoders, 2019, within a neighbourhood as Ning and Karypis, SLIM, 2011, have it):
people who say the same share one voice, and what everybody takes is explained away. Without the regression it would be a walk of two steps
on the graph, damped by popularity (Fu et al., Revisiting neighborhood-based link prediction, 2022). A new click changes the history, and so
the next answer, without a fit.

Whom nobody near resembles is helped by everybody: to the best scores is added what the slowest waves of the whole graph carry from the
history (an ideal low-pass filter, Shen et al., How powerful is graph convolution for recommendation?, 2021), as far as that helped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linli.engines.recommend.model import Model
from linli.engines.recommend.problem import Ints

Scores = npt.NDArray[np.float64]

TOLD = 60_000  # takers of a history's items, at most, taken together: the rarest items, which say most, are told first
HEARD = 50_000  # choices of those who are asked, at most, taken together
WIDE = 200  # best scores that the waves are added to
WAVE_DAMP = 0.3  # what they say of an item is divided by its popularity to this
STEPS = 2  # of conjugate gradients; more change no list that matters, for the ridge keeps the equations even


def spread(starts: Ints, rows: npt.NDArray[np.integer]) -> tuple[Ints, Ints]:
    """Where the entries of `rows` stand in a compressed table, one row after another; and how many each row has."""
    begins = starts[rows]
    sizes = starts[rows + 1] - begins
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(begins - ends + sizes, sizes), sizes


def likeness(model: Model, history: Ints) -> Scores:
    """(persons,) What each person shares with somebody with `history`, the rarer the more."""
    history = _told(model, history)
    at, sizes = spread(model.item_starts, history)
    shared = np.bincount(model.item_persons[at], np.repeat(model.item_in[history], sizes), minlength=model.persons)
    return np.asarray(shared, dtype=np.float64)


def _told(model: Model, history: Ints) -> Ints:
    """What of a history is told: all of it, but for those who took very much (or a program), and their most popular items."""
    takers = model.item_starts[history + 1] - model.item_starts[history]
    if int(takers.sum()) <= TOLD:
        return history
    order = np.argsort(takers, kind="stable")
    return history[np.sort(order[: max(1, int(np.searchsorted(np.cumsum(takers[order]), TOLD, side="right")))])]


@dataclass(frozen=True, slots=True)
class Voices:
    """Those who are asked, how much each one's word counts (below 0 where others say more of the same), and what they took."""

    asked: Ints
    word: Scores
    items: Ints  # of the first, then of the second, and so on
    sizes: Ints  # how many each took


def say(model: Model, history: Ints, alike: Scores) -> Voices:
    """Who answers somebody with `history`, to whom all are `alike`."""
    near = alike * model.person_weight
    asked = np.flatnonzero(near)
    most = model.settings.asked
    if len(asked) > most:
        asked = asked[np.argpartition(near[asked], -most)[-most:]]
    asked = _heard(model, asked, near)
    asked = asked[~_same(model, history, alike, asked)]
    at, sizes = spread(model.person_starts, asked)
    items = model.person_items[at].astype(np.int64)
    return Voices(asked, _regressed(model, asked, near[asked], items, sizes) * model.person_voice[asked], items, sizes)


def _heard(model: Model, asked: Ints, near: Scores) -> Ints:
    """The most alike of those asked, until what they took adds up to `HEARD`: so an answer costs the same where people take much."""
    sizes = model.person_starts[asked + 1] - model.person_starts[asked]
    if int(sizes.sum()) <= HEARD:
        return asked
    order = np.argsort(-near[asked], kind="stable")
    return np.sort(asked[order[: max(1, int(np.searchsorted(np.cumsum(sizes[order]), HEARD, side="right")))]])


def _same(model: Model, history: Ints, alike: Scores, asked: Ints) -> npt.NDArray[np.bool_]:
    """Who took exactly the history, such as its owner: nothing can be learned from them, and they would explain all of it."""
    everything = float(model.item_in[_told(model, history)].sum(dtype=np.float64)) * (1 - 1e-6)
    sizes = model.person_starts[asked + 1] - model.person_starts[asked]
    return np.asarray((alike[asked] >= everything) & (sizes == len(history)))


def _regressed(model: Model, asked: Ints, near: Scores, items: Ints, sizes: Ints) -> Scores:
    """(asked,) The weights w of (likeness of those asked to each other + ridge) w = their likeness to the history."""
    if not len(asked):
        return np.empty(0)
    begins = np.cumsum(sizes) - sizes
    inside = model.item_in[items]
    own = model.person_weight[asked]
    weights, rest = np.zeros(len(asked)), near
    way, left = rest, float(rest @ rest)
    for _ in range(STEPS):
        along = np.bincount(items, np.repeat(own * way, sizes), minlength=model.items)
        turned = np.add.reduceat(along[items] * inside, begins) * own + model.settings.ridge * way
        step = left / max(float(way @ turned), 1e-30)
        weights, rest = weights + step * way, rest - step * turned
        before, left = left, float(rest @ rest)
        way = rest + left / max(before, 1e-30) * way
    return weights


def scores(model: Model, history: npt.ArrayLike, candidates: Ints | None = None) -> Scores:
    """(items,) or (candidates,) The score of each; the items of the history are scored like others. An empty history scores 0.

    Where the model has waves, scores are to be compared within one answer only.
    """
    taken = np.asarray(history, dtype=np.int64)
    if not len(taken):
        return np.zeros(model.items if candidates is None else len(candidates))
    voices = say(model, taken, likeness(model, taken))
    said = np.asarray(np.bincount(voices.items, np.repeat(voices.word, voices.sizes), minlength=model.items), dtype=np.float64)
    rated = said * model.item_out if candidates is None else said[candidates] * model.item_out[candidates]
    return with_waves(model, taken, rated, candidates, model.settings.waves) if model.settings.waves else rated


def with_waves(model: Model, taken: Ints, rated: Scores, candidates: Ints | None, weight: float) -> Scores:
    """The scores, the best of what was not taken yet raised by what the waves say, both measured by how much they differ among those."""
    fresh = rated.copy()
    fresh[taken if candidates is None else np.isin(candidates, taken)] = -np.inf
    best = np.argpartition(fresh, -WIDE)[-WIDE:] if len(fresh) > WIDE else np.arange(len(fresh))
    best = best[np.isfinite(fresh[best])]
    if not len(best):
        return rated
    items = best if candidates is None else candidates[best]
    told = _told(model, taken)
    heard = model.item_in[told] @ model.factors[told]
    takers = np.maximum(model.item_starts[items + 1] - model.item_starts[items], 1)
    carried = (model.factors[items] @ heard) * takers**-WAVE_DAMP
    carried -= carried.min()  # so that nothing falls below what the waves were not asked about
    raised = rated.copy()
    raised[best] += weight * float(rated[best].std()) / max(float(carried.std()), 1e-30) * carried
    return raised
