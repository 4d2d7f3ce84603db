"""What goes well with what, within one store: pairs of offers that are ordered together more often than by chance.

A pair is kept when it came `least` times, its lift is above 1 and the chi-square of its two-by-two table is beyond what chance does in
one of twenty (3.84, one degree of freedom; Brin, Motwani and Silverstein 1997).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from linli.engines.recommend.problem import Floats, Ints

CHANCE = 3.84


@dataclass(frozen=True)
class Together:
    """For offer `offers[i]` the partners `others[starts[i]:starts[i + 1]]` with their lift, the strongest first."""

    offers: Ints
    starts: Ints
    others: Ints
    lifts: Floats

    def of(self, offer: int) -> list[tuple[int, float]]:
        """The partners of an offer and their lift; none for one that is not known."""
        at = int(np.searchsorted(self.offers, offer))
        if at == len(self.offers) or self.offers[at] != offer:
            return []
        part = slice(self.starts[at], self.starts[at + 1])
        return [(int(other), float(lift)) for other, lift in zip(self.others[part], self.lifts[part], strict=True)]

    def save(self, folder: Path) -> None:
        """Write the arrays."""
        for name in ("offers", "starts", "others", "lifts"):
            np.save(folder / f"together-{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> Together:
        """Read them, memory-mapped. Raises FileNotFoundError."""
        return cls(*(np.load(folder / f"together-{name}.npy", mmap_mode="r") for name in ("offers", "starts", "others", "lifts")))


def together(baskets: Iterable[tuple[int, Sequence[int]]], *, least: int = 3, most: int = 6) -> Together:
    """The pairs in `baskets` (store, offers each once) that are no chance; at most `most` partners of an offer."""
    orders, alone, both = Counter[int](), Counter[int](), Counter[tuple[int, int]]()
    store_of: dict[int, int] = {}
    for store, offers in baskets:
        orders[store] += 1
        alone.update(offers)
        both.update(combinations(sorted(set(offers)), 2))
        store_of.update(dict.fromkeys(offers, store))
    partners: dict[int, list[tuple[float, int]]] = {}
    for (one, other), count in both.items():
        whole = orders[store_of[one]]
        lift = count * whole / (alone[one] * alone[other])
        if count >= least and lift > 1 and _distance(count, alone[one], alone[other], whole) > CHANCE:
            partners.setdefault(one, []).append((-lift, other))
            partners.setdefault(other, []).append((-lift, one))
    return _packed({offer: sorted(found)[:most] for offer, found in partners.items()})


def _distance(both: int, one: int, other: int, whole: int) -> float:
    """Chi-square of the two-by-two table; 0 where one of the two is in every basket, since then nothing can be said."""
    below = one * other * (whole - one) * (whole - other)
    return whole * (both * whole - one * other) ** 2 / below if below else 0.0


def _packed(partners: dict[int, list[tuple[float, int]]]) -> Together:
    offers = sorted(partners)
    rows = [pair for offer in offers for pair in partners[offer]]
    starts = np.cumsum([0, *(len(partners[offer]) for offer in offers)])
    others, lifts = np.array([other for _, other in rows], np.int64), np.array([-lift for lift, _ in rows], np.float32)
    return Together(np.array(offers, np.int64), starts.astype(np.int64), others, lifts)
