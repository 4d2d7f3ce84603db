"""Who took what: the interactions a recommender is fitted on, and the few settings it is steered by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Interactions:
    """Persons by items: person p took `items[starts[p]:starts[p + 1]]`, each once. Raises ValueError when that is not so."""

    starts: Ints
    items: Ints
    count: int  # items there are, taken or not

    def __post_init__(self) -> None:
        if self.starts[0] != 0 or self.starts[-1] != len(self.items) or (np.diff(self.starts) < 0).any():
            raise ValueError("the starts of interactions must rise from 0 to their number")
        if len(self.items) and not (self.items.min() >= 0 and self.items.max() < self.count):
            raise ValueError("an item is none of those there are")

    @classmethod
    def of(cls, persons: npt.ArrayLike, items: npt.ArrayLike, shape: tuple[int, int]) -> Interactions:
        """From pairs in any order; a pair that comes again counts once. `shape` is (persons, items)."""
        keys = np.unique(np.asarray(persons, dtype=np.int64) * shape[1] + np.asarray(items, dtype=np.int64))
        starts = np.searchsorted(keys, np.arange(shape[0] + 1) * shape[1])
        return cls(starts.astype(np.int64), keys % max(shape[1], 1), shape[1])

    @property
    def persons(self) -> int:
        return len(self.starts) - 1

    def rows(self) -> Ints:
        """The person of each interaction."""
        return np.repeat(np.arange(self.persons), np.diff(self.starts))

    def keep(self, kept: npt.NDArray[np.bool_]) -> Interactions:
        """The same persons and items with only the interactions marked in `kept`."""
        return Interactions.of(self.rows()[kept], self.items[kept], (self.persons, self.count))


@dataclass(frozen=True, slots=True)
class Settings:
    """The exponents and the ridge of one fitted model, chosen on interactions held out of the training data."""

    item_damp: float = 0.6  # a shared item counts its popularity to minus this
    person_damp: float = 0.35  # likeness to a person is divided by the number of what they took to this
    voice_damp: float = 0.0  # what a person says is divided by that number to this, beside `person_damp`
    ridge: float = 10.0  # how little those alike explain each other's likeness away: 0 wholly, the larger the less
    out_damp: float = 0.1  # a suggestion's score is divided by its popularity to this
    asked: int = 500  # persons alike who are asked, at most; fewer where they have much to say
    waves: float = 0.0  # what the graph's slowest waves say of the best scores, in standard deviations of those


@dataclass(frozen=True, slots=True)
class Params:
    """How a model is fitted. Raises ValueError for senseless values."""

    factors: int = 256  # slowest waves of the graph; variety is judged by the first of them
    turns: int = 4  # of the power iteration that finds them
    judges: int = 1_000  # persons part of whose interactions are held out to choose the settings
    more_judges: int = 3_000  # other such persons, who choose the weight of the waves: what it gains is little
    held: float = 0.2  # which part
    settings: Settings | None = None  # chosen already

    def __post_init__(self) -> None:
        if min(self.factors, self.turns, self.judges, self.more_judges) < 1 or not 0 < self.held < 1:
            raise ValueError("parameters of the recommender are out of their bounds")
