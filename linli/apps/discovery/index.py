"""The entries of a city in memory, as columns. Each process keeps its own and brings it up to date with what has changed since."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linli.apps.discovery.models import Edition, Entry
from linli.apps.discovery.words import Line, Text, line
from linli.kernel.week import Spans, minute_of_week, span_at

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

# How much a word says where it is found: the store's name most, then what it sells.
IN_NAME, IN_CUISINE, IN_DISH, IN_TAG = 10.0, 6.0, 5.0, 4.0


@dataclass(frozen=True, slots=True)
class DishName:
    """A dish as the list of results names it; `price` in minor units."""

    id: int
    name: str
    name_en: str
    price: int


@dataclass(frozen=True, slots=True)
class Row:
    """One store, parsed once."""

    store_id: int
    kind: str
    lat: float
    lng: float
    zone: str
    cuisine: str
    per_head: int
    rating: int
    prep_minutes: int
    paused_until: datetime | None
    openings: Spans
    rings: tuple[tuple[int, int, int], ...]
    lines: tuple[Line, ...]
    weights: tuple[float, ...]
    dishes: tuple[DishName, ...]  # the last lines are theirs, one each


_COLUMNS = (
    "store_id", "kind", "lat", "lng", "zone", "cuisine", "per_head", "rating", "prep_minutes", "paused_until", "openings", "rings",
    "words", "dishes",
)  # fmt: skip


def _row(values: Sequence[Any]) -> Row:
    *plain, openings, rings, words, dishes = values
    named = [
        (line(words["name"], words["name_en"], words["pinyin"], words["initials"]), IN_NAME),
        (line(plain[5], "", words.get("cuisine_pinyin", ""), words.get("cuisine_initials", "")), IN_CUISINE),
        *((line(tag), IN_TAG) for tag in words["tags"]),
        *((line(name, name_en, pinyin, initials), IN_DISH) for _, name, name_en, pinyin, initials, _ in dishes),
    ]
    names = tuple(DishName(dish[0], dish[1], dish[2], dish[5]) for dish in dishes)
    spans = tuple((start, end) for start, end in openings)
    reaches = tuple((radius, fee, minimum) for radius, fee, minimum in rings)
    plain += [spans, reaches, tuple(item for item, _ in named), tuple(weight for _, weight in named), names]
    return Row(*plain)


class Index:
    """The active stores of one city as of one edition. Never changed once it is made; the next edition is another one."""

    def __init__(self, generation: int, version: int, rows: dict[int, Row]) -> None:
        self.generation, self.version, self.by_id = generation, version, rows
        self.rows = list(rows.values())
        self.ids = self._numbers(row.store_id for row in self.rows)
        self.lat = self._floats(row.lat for row in self.rows)
        self.lng = self._floats(row.lng for row in self.rows)
        self.per_head = self._numbers(row.per_head for row in self.rows)
        self.rating = self._numbers(row.rating for row in self.rows)
        self.prep = self._numbers(row.prep_minutes for row in self.rows)
        self.cuisine = np.array([row.cuisine for row in self.rows], dtype=object)
        self.kind = np.array([row.kind for row in self.rows], dtype=object)
        self._radius, self._fee = self._rings()
        self._lines()

    @staticmethod
    def _floats(values: Iterable[float]) -> Floats:
        return np.fromiter(values, dtype=np.float64)

    @staticmethod
    def _numbers(values: Iterable[int]) -> Numbers:
        return np.fromiter(values, dtype=np.int64)

    def _rings(self) -> tuple[Floats, Floats]:
        width = max((len(row.rings) for row in self.rows), default=0) + 1  # one more, that reaches nobody, keeps argmax honest
        radius, fee = np.full((len(self.rows), width), -1.0), np.full((len(self.rows), width), np.nan)
        for place, row in enumerate(self.rows):
            for number, (reach, cost, _) in enumerate(row.rings):
                radius[place, number], fee[place, number] = reach, cost
        return radius, fee

    def _lines(self) -> None:
        self.text = Text([item for row in self.rows for item in row.lines])
        counts = [len(row.lines) for row in self.rows]
        self.row_of_line = np.repeat(np.arange(len(self.rows)), counts)
        self.weight_of_line = self._floats(weight for row in self.rows for weight in row.weights)
        self.first_line = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    def fees(self, metres: Floats) -> Floats:
        """The delivery fee of each store for its distance; NaN where no ring reaches."""
        reaches = self._radius >= metres[:, None]
        innermost = reaches.argmax(axis=1)
        return np.where(reaches.any(axis=1), self._fee[np.arange(len(self.rows)), innermost], np.nan)

    def open_at(self, at: datetime, among: Numbers) -> Flags:
        """Which of the rows numbered `among` are open; to the minute but for the hours around a clock change (cards look exactly)."""
        minutes = {zone: minute_of_week(at, zone) for zone in {row.zone for row in self.rows}}
        flags = np.zeros(len(self.rows), dtype=np.bool_)
        for place in among.tolist():
            row = self.rows[place]
            paused = row.paused_until is not None and at < row.paused_until
            flags[place] = not paused and span_at(row.openings, minutes[row.zone])[0] is not None
        return flags


_kept: dict[int, Index] = {}
_lock = threading.Lock()


def current(city_id: int) -> Index:
    """The index of the city as it is now: one statement, and one more when something has changed since the last look."""
    edition = Edition.objects.filter(city_id=city_id).values_list("generation", "version").first() or (0, 0)
    kept = _kept.get(city_id)
    if kept is None or (kept.generation, kept.version) != edition:
        with _lock:
            kept = _kept[city_id] = _renewed(city_id, _kept.get(city_id), *edition)
    return kept


def _renewed(city_id: int, kept: Index | None, generation: int, version: int) -> Index:
    if kept is not None and (kept.generation, kept.version) == (generation, version):
        return kept  # another thread was quicker
    base = kept if kept is not None and kept.generation == generation and kept.version <= version else None
    changed = Entry.objects.filter(city_id=city_id, version__gt=base.version if base else -1, version__lte=version).order_by("store_id")
    rows = dict(base.by_id) if base else {}
    values: Iterable[Any] = changed.values_list("active", *_COLUMNS)
    for active, *columns in values:
        rows.pop(columns[0], None)
        if active:
            rows[columns[0]] = _row(columns)
    return Index(generation, version, rows)
