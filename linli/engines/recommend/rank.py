"""The list that somebody sees: the best scores, told apart by variety, with a few places for newcomers, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linli.engines.recommend.model import Model
from linli.engines.recommend.place import Nearby, near
from linli.engines.recommend.problem import Floats, Ints
from linli.engines.recommend.score import Scores, likeness, say, scores, spread

_ALIKE = 64  # waves by which items are alike; faster ones tell each from all others


@dataclass(frozen=True, slots=True)
class Listing:
    """How a list is made of scores. Raises ValueError for senseless values."""

    count: int = 20
    variety: float = 0.0  # 0 to 1: how much of the score is given up for not being like what stands above
    pool: int = 100  # best scores that variety chooses from
    newcomer_every: int = 10  # of so many places one is a newcomer's, while there are newcomers
    reasons: int = 2  # items of the history named as the reason, at most

    def __post_init__(self) -> None:
        if min(self.count, self.pool) < 1 or not 0 <= self.variety <= 1 or self.newcomer_every < 2 or self.reasons < 0:
            raise ValueError("the numbers of a list are out of their bounds")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One item of a list. `because` are items of the history that brought it, the strongest first; none for what is popular or new."""

    item: int
    score: float
    because: tuple[int, ...] = ()
    newcomer: bool = False


def rank(
    model: Model,
    history: npt.ArrayLike,
    listing: Listing | None = None,
    *,
    candidates: Ints | None = None,
    nearby: Nearby | None = None,
    place: tuple[float, float] | None = None,
    newcomers: Ints | None = None,
    seed: int = 0,
) -> tuple[Suggestion, ...]:
    """The list for somebody with `history` (items, which are not shown again), the best first, out of `candidates` or of everything.

    Without a history it is what most people took, near `place` (latitude, longitude in degrees) where that and `nearby` are given.
    `newcomers` are items too new to have a score: they take turns, drawn by `seed`, at places kept for them.
    """
    listing, taken = listing or Listing(), np.unique(np.asarray(history, dtype=np.int64))
    rated = _rate(model, taken, candidates, nearby, place)
    items = np.arange(model.items) if candidates is None else candidates
    rated = np.where(np.isin(items, taken), -np.inf, rated)
    pool = _best(rated, max(listing.pool, listing.count) if listing.variety else listing.count)
    chosen = _varied(model, items[pool], rated[pool], listing)
    why = _reasons(model, taken, items[pool[chosen]], listing.reasons)
    known = [Suggestion(int(items[pool[k]]), float(rated[pool[k]]), because) for k, because in zip(chosen, why, strict=True)]
    return _with_newcomers(known, newcomers, taken, listing, seed)


def _rate(model: Model, taken: Ints, candidates: Ints | None, nearby: Nearby | None, place: tuple[float, float] | None) -> Scores:
    rated = scores(model, taken, candidates)
    if not rated.any():
        popular = np.diff(model.item_starts).astype(np.float64)
        rated = popular if candidates is None else popular[candidates]
    return rated if nearby is None else near(nearby, rated, taken, candidates, place)


def _best(rated: Scores, count: int) -> Ints:
    count = min(count, int(np.isfinite(rated).sum()))
    if not count:
        return np.empty(0, dtype=np.int64)
    best = np.sort(np.argpartition(-rated, count - 1)[:count])
    return best[np.argsort(-rated[best], kind="stable")]


def _varied(model: Model, items: Ints, rated: Scores, listing: Listing) -> list[int]:
    """Places in the pool, by maximal marginal relevance (Carbonell and Goldstein 1998); likeness is the cosine of factors."""
    if not listing.variety or not len(items):
        return list(range(min(listing.count, len(items))))
    rows: Floats = model.factors[items, :_ALIKE]
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    worth = rated / max(float(rated.max()), 1e-12)
    chosen, nearest = [0], rows @ rows[0]
    while len(chosen) < min(listing.count, len(items)):
        value = (1 - listing.variety) * worth - listing.variety * nearest
        value[chosen] = -np.inf
        chosen.append(int(value.argmax()))
        nearest = np.maximum(nearest, rows @ rows[chosen[-1]])
    return chosen


def _reasons(model: Model, taken: Ints, shown: Ints, count: int) -> list[tuple[int, ...]]:
    """Which items of the history brought each shown one: what the persons who took both said for it."""
    if not len(taken) or not count:
        return [()] * len(shown)
    alike = likeness(model, taken)
    voices = say(model, taken, alike)
    through = np.zeros(model.persons)
    through[voices.asked] = voices.word / alike[voices.asked]
    at, sizes = spread(model.item_starts, taken)
    persons, of = model.item_persons[at], np.repeat(np.arange(len(taken)), sizes)
    why = []
    for item in shown:
        both = np.zeros(model.persons)
        took = model.item_persons[model.item_starts[item] : model.item_starts[item + 1]]
        both[took] = through[took]
        part = np.bincount(of, both[persons], minlength=len(taken)) * model.item_in[taken]
        why.append(tuple(int(taken[j]) for j in np.argsort(-part, kind="stable")[:count] if part[j] > 0))
    return why


def _with_newcomers(known: list[Suggestion], newcomers: Ints | None, taken: Ints, listing: Listing, seed: int) -> tuple[Suggestion, ...]:
    waiting = np.setdiff1d(newcomers if newcomers is not None else [], [*taken, *(one.item for one in known)])
    turns = min(len(waiting), listing.count // listing.newcomer_every)
    for turn, item in enumerate(np.random.default_rng(seed).choice(waiting, turns, replace=False) if turns else []):
        known.insert((turn + 1) * listing.newcomer_every - 1, Suggestion(int(item), 0.0, newcomer=True))
    return tuple(known[: listing.count])
