"""What is searched, what is asked, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from linli.kernel.geo import Point
from linli.kernel.week import Spans

Sort = Literal["smart", "distance", "rating", "price", "time"]
SORTS: tuple[Sort, ...] = ("smart", "distance", "rating", "price", "time")
PARTS_OF_DAY = 4  # morning from 5, noon from 10, evening from 15, night from 21, by the store's own clock
UNKNOWN = -1  # allergens that nobody has declared


@dataclass(frozen=True, slots=True)
class Name:
    """What something is called; `pinyin` has spaces between syllables, `initials` has none."""

    native: str
    english: str = ""
    pinyin: str = ""
    initials: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that is sold. `price` in minor units; `allergens` a bit each, `UNKNOWN` when undeclared; orders by part of the day."""

    id: int
    name: Name
    price: int
    allergens: int = UNKNOWN
    popularity: tuple[float, ...] = (0.0,) * PARTS_OF_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Who sells it. `rating` in tenths of a star (0: none yet), `rings` (radius in metres, fee), the innermost first."""

    id: int
    name: Name
    kind: str
    lat: float
    lng: float
    zone: str
    cuisine: Name = Name("")
    tags: tuple[str, ...] = ()
    per_head: int = 0
    rating: int = 0
    rating_count: int = 0
    prep_minutes: int = 0
    paused_until: datetime | None = None
    openings: Spans = ()
    rings: tuple[tuple[int, int], ...] = ()
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What the answers must be like. Amounts in minor units; `band` is the price band per head, 1 the cheapest, 0 any.

    `delivers` asks for a ring that reaches the point. `without` is a bit for each allergen that must not be in an offer: what nobody
    has declared is left out, too.
    """

    open_now: bool = False
    max_fee: int | None = None
    cuisine: str = ""
    band: int = 0
    delivers: bool = False
    kinds: tuple[str, ...] = ("restaurant",)
    max_price: int | None = None
    without: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A number known of some stores, by their rising ids. Raises ValueError when they do not rise."""

    store_ids: NDArray[np.int64]
    values: NDArray[np.float64]

    def __post_init__(self) -> None:
        if len(self.store_ids) != len(self.values) or (np.diff(self.store_ids) <= 0).any():
            raise ValueError("what is known of stores must be in the order of their ids, each once")

    def of(self, store_ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """The number of each of these stores, 0 where none is known."""
        if not len(self.store_ids):
            return np.zeros(len(store_ids))
        at = np.minimum(np.searchsorted(self.store_ids, store_ids), len(self.store_ids) - 1)
        return np.where(self.store_ids[at] == store_ids, self.values[at], 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A question. With `by_store` stores are ranked, each with its best offers; otherwise single offers are.

    `usual_price` is what the person usually pays for one (minor units), `taste` how much they like each store (-1 to 1), `popular` how
    many orders each has at this part of the day beside those that the offers tell of, `less` the cuisines the person does not care for.
    """

    text: str
    point: Point
    at: datetime
    radius_m: float = 3000.0
    filters: Filters = field(default_factory=Filters)
    sort: Sort = "smart"
    by_store: bool = False
    limit: int = 20
    usual_price: int | None = None
    taste: Known | None = None
    popular: Known | None = None
    less: tuple[str, ...] = ()
    band_edges: tuple[int, ...] = ()
    seconds_per_metre: float = 0.2

    def __post_init__(self) -> None:
        if self.sort not in SORTS or self.limit < 1 or self.radius_m <= 0:
            raise ValueError("no such order, no such radius, or nothing asked for")


@dataclass(frozen=True, slots=True)
class Facets:
    """How many answers there would be with each choice, the other choices kept: (cuisine, count) by count, (band, count), open ones."""

    cuisines: tuple[tuple[str, int], ...] = ()
    bands: tuple[tuple[int, int], ...] = ()
    open_now: int = 0


@dataclass(frozen=True, slots=True)
class Dish:
    """An offer as it stands in a list."""

    id: int
    name: str
    name_en: str
    price: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. `parts` says what each reason gave to `score`; `tier` how freely the words were read (see `reading.TIERS`)."""

    store_id: int
    dishes: tuple[Dish, ...]  # the offer itself, or of a store those that answer best
    metres: float
    open: bool
    tier: int
    score: float
    parts: Mapping[str, float]

    def explain(self) -> str:
        """The reasons in one line, the strongest first."""
        reasons = sorted(self.parts.items(), key=lambda part: -abs(part[1]))
        return " ".join(f"{name} {value:+.2f}" for name, value in reasons if abs(value) >= 0.005)


@dataclass(frozen=True, slots=True)
class Result:
    """The answers in order. `total` counts the exact ones, which come first; the rest are near misses (`tier` tells).

    `did_you_mean` is a better spelling, or empty; `loosened` names what had to be given up to find anything: "words", "radius", "filters".
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Facets
    text: str
    shortened: bool
    did_you_mean: str = ""
    loosened: tuple[str, ...] = ()
