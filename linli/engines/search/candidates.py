"""Which stores may answer at all, and which units (offers, or stores) hold the words of a reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linli.engines.search.index import Part
from linli.engines.search.params import Params
from linli.engines.search.problem import UNKNOWN, Filters, Problem
from linli.engines.search.reading import MENDED, Reading
from linli.kernel.week import WEEK, minute_of_week

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]

_STORE_SCALE = 1.0  # of a word found in the name, when stores are ranked


@dataclass(frozen=True)
class Reach:
    """The stores of a part within reach of the question, with what filtering and ranking ask of each (one entry a store of `rows`)."""

    part: Part
    rows: Numbers
    metres: Floats
    open: Flags
    band: Numbers
    passes: dict[str, Flags]
    part_of_day: Numbers

    def chosen(self, but: str = "") -> Flags:
        """The stores that pass every filter but the one called `but`."""
        flags = np.ones(len(self.rows), dtype=np.bool_)
        for name, passed in self.passes.items():
            if name != but:
                flags &= passed
        return flags


def reach(part: Part, problem: Problem) -> Reach:
    """Who is near enough, of the right kind, and still there; and which filters each of them passes."""
    segment, filters = part.segment, problem.filters
    rows, metres = segment.near(problem.point, problem.radius_m)
    wanted = np.array([kind in filters.kinds for kind in segment.words["kinds"]], dtype=np.bool_)
    kept = part.alive[rows] & wanted[segment["kind"][rows]]
    rows, metres = rows[kept], metres[kept]
    fees = _fees(part, rows, metres)
    if filters.delivers:
        reached = ~np.isnan(fees)
        rows, metres, fees = rows[reached], metres[reached], fees[reached]
    minutes = _minutes(part, problem.at)
    is_open = _open(part, rows, minutes, problem.at)
    band = np.searchsorted(np.array(problem.band_edges), segment["per_head"][rows], side="left") + 1
    passes = _passes(part, rows, filters, is_open, fees, band)
    part_of_day = (np.searchsorted([300, 600, 900, 1260], minutes % 1440, "right") - 1) % 4
    return Reach(part, rows, metres, is_open, band, passes, part_of_day[segment["zone"][rows]])


def _fees(part: Part, rows: Numbers, metres: Floats) -> Floats:
    """The delivery fee of each store for its distance; NaN where no ring reaches."""
    fees = np.full(len(rows), np.nan)
    for ring in reversed(range(part.segment["ring_m"].shape[1])):  # a column at a time: the innermost has the last word
        reached = part.segment["ring_m"][rows, ring] >= metres
        fees[reached] = part.segment["ring_fee"][rows, ring][reached]
    return fees


def _minutes(part: Part, at: datetime) -> Floats:
    return np.array([minute_of_week(at, zone) for zone in part.segment.words["zones"]] or [0.0])


def _open(part: Part, rows: Numbers, minutes: Floats, at: datetime) -> Flags:
    """Which are open, to the minute but for the hours around a clock change."""
    opens, closes = part.segment["opens"][:, None], part.segment["closes"][:, None]
    now = minutes.astype(np.int32)[:, None]  # what is asked of each week of hours, in each zone
    inside = ((opens <= now) & (now < closes)) | ((opens <= now + WEEK) & (now + WEEK < closes))
    inside = np.any(inside, axis=2)[part.segment["hours"][rows], part.segment["zone"][rows]]
    return np.asarray(inside & (part.segment["paused_until"][rows] <= at.timestamp()))


def _passes(part: Part, rows: Numbers, filters: Filters, is_open: Flags, fees: Floats, band: Numbers) -> dict[str, Flags]:
    found: dict[str, Flags] = {}
    if filters.open_now:
        found["open"] = is_open
    if filters.max_fee is not None:
        found["fee"] = np.nan_to_num(fees, nan=np.inf) <= filters.max_fee
    if filters.cuisine:
        cuisines = part.segment.words["cuisines"]
        number = cuisines.index(filters.cuisine) if filters.cuisine in cuisines else -1
        found["cuisine"] = part.segment["cuisine"][rows] == number
    if filters.band:
        found["band"] = band == filters.band
    return found


@dataclass(frozen=True)
class Units:
    """What is ranked: offers, or stores when `offers` is None. `at` is the place of each one's store in the reach."""

    at: Numbers
    offers: Numbers | None
    text: Floats  # 0 to 1, the share of a perfect answer


def all_stores(reach: Reach, filters: Filters) -> Units:
    """Every store within reach that sells something the person may have, as an answer to no words at all."""
    rows = np.arange(len(reach.rows))
    if filters.without or filters.max_price is not None:
        at, offers = _offers_of(reach, rows)
        rows = np.unique(at[allowed(reach.part, offers, filters)])
    return Units(rows, None, np.ones(len(rows)))


def all_offers(reach: Reach, filters: Filters) -> Units:
    """Every offer within reach."""
    at, offers = _offers_of(reach, np.arange(len(reach.rows)))
    kept = allowed(reach.part, offers, filters)
    return Units(at[kept], offers[kept], np.ones(int(kept.sum())))


def allowed(part: Part, offers: Numbers, filters: Filters) -> Flags:
    """Which of the offers the person may have and would pay for."""
    flags = np.ones(len(offers), dtype=np.bool_)
    if filters.without:
        holds = part.segment["allergens"][offers]
        flags &= (holds != UNKNOWN) & ((holds & filters.without) == 0)
    if filters.max_price is not None:
        flags &= part.segment["offer_price"][offers] <= filters.max_price
    return flags


def _offers_of(reach: Reach, places: Numbers) -> tuple[Numbers, Numbers]:
    """The offers of the stores at `places`, and each one's place."""
    first = reach.part.segment["first"]
    low, high = first[reach.rows[places]].astype(np.int64), first[reach.rows[places] + 1].astype(np.int64)
    at = np.repeat(places, high - low)
    return at, _ranges(low, high)


def _ranges(low: Numbers, high: Numbers) -> Numbers:
    """The numbers from each low to its high, one after another."""
    sizes = high - low
    starts = np.repeat(low - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) if len(sizes) else np.zeros(0, dtype=np.int64)
    return np.asarray(starts + np.arange(int(sizes.sum())), dtype=np.int64)


def answering(reach: Reach, reading: Reading, problem: Problem, params: Params) -> Units:
    """The units that hold every word of `reading`; of a mended one, enough of them."""
    if reading.tier != MENDED and not all(len(word.names) for word in reading.words):  # a word that no name holds
        nobody = np.zeros(0, dtype=np.int64)
        return Units(nobody, None if problem.by_store else nobody, np.zeros(0))
    return _stores(reach, reading, problem, params) if problem.by_store else _offers(reach, reading, problem, params)


def _at_store(reach: Reach, scores: Scores, params: Params, name: float) -> Scores:
    """How well each store within reach answers a word by its name, cuisine and tags."""
    segment, rows = reach.part.segment, reach.rows
    out: Scores = scores[segment["store_line"][rows]] * np.float32(name)
    if scores[segment.cuisine_lines].any():  # most words are no cuisine and no tag
        np.maximum(out, scores[segment["cuisine_line"][rows]] * np.float32(params.in_cuisine), out=out)
    if scores[segment.tag_lines].any():
        for tag in range(segment["tag_line"].shape[1]):
            np.maximum(out, scores[segment["tag_line"][rows, tag]] * np.float32(params.in_tag), out=out)
    return out


def _offers(reach: Reach, reading: Reading, problem: Problem, params: Params) -> Units:
    by_store = [_at_store(reach, word.scores, params, params.in_store) for word in reading.words]
    at, offers = _driven(reach, reading, by_store, params)
    kept = allowed(reach.part, offers, problem.filters)
    at, offers = at[kept], offers[kept]
    mended = reading.tier == MENDED
    total, whole = np.zeros(len(offers)), sum(word.weight for word in reading.words)
    for word, store in zip(reading.words, by_store, strict=True):
        own = word.scores[reach.part.segment["offer_line"][offers]] * np.float32(params.in_offer)
        best = np.minimum(1.0, own + store[at]) if mended else np.maximum(own, store[at])
        if not mended:
            held = best > 0
            at, offers, total, best = at[held], offers[held], total[held], best[held]
        total += best * (word.weight / whole)
    if mended:
        held = total >= params.enough
        at, offers, total = at[held], offers[held], total[held]
    return Units(at, offers, total)


def _driven(reach: Reach, reading: Reading, by_store: list[Scores], params: Params) -> tuple[Numbers, Numbers]:
    """The offers worth looking at: those that hold the rarest word when that is few, otherwise all within reach."""
    segment = reach.part.segment
    if reading.tier == MENDED:
        whole = sum(word.weight for word in reading.words)
        own = sum((word.scores * np.float32(word.weight / whole) for word in reading.words), np.float32(0.0))
        store = sum((scores * (word.weight / whole) for word, scores in zip(reading.words, by_store, strict=True)), np.float32(0.0))
        # What reaches `enough` by the two together has half of it in one.
        choices = [(np.flatnonzero(own >= params.enough / 2), np.flatnonzero(store >= params.enough / 2))]
    else:
        choices = [(word.names, np.flatnonzero(scores)) for word, scores in zip(reading.words, by_store, strict=True)]
    first, line_first = segment["first"], segment["line_first"]

    def size(choice: tuple[Numbers, Numbers]) -> int:
        lines, rows = choice[0], reach.rows[choice[1]]
        return int((line_first[lines + 1] - line_first[lines]).sum() + (first[rows + 1] - first[rows]).sum())

    lines, places = min(choices, key=size)
    everything = int((first[reach.rows + 1] - first[reach.rows]).sum())
    if 2 * size((lines, places)) > everything:
        return _offers_of(reach, np.arange(len(reach.rows)))
    by_line = segment["by_line"][_ranges(line_first[lines].astype(np.int64), line_first[lines + 1].astype(np.int64))]
    held, at = _within(reach, segment["offer_store"][by_line])
    offers = by_line[held].astype(np.int64)
    if not len(places):
        return at[held], offers
    named = np.zeros(len(reach.rows), dtype=np.bool_)
    named[places] = True
    fresh = ~named[at[held]]
    theirs_at, theirs = _offers_of(reach, places)
    return np.concatenate([at[held][fresh], theirs_at]), np.concatenate([offers[fresh], theirs])


def _within(reach: Reach, stores: NDArray[np.int32]) -> tuple[Flags, Numbers]:
    """Which of the stores are within reach, and where they stand there."""
    where = np.full(reach.part.segment.stores, -1, dtype=np.int32)
    where[reach.rows] = np.arange(len(reach.rows), dtype=np.int32)
    at = where[stores]
    return at >= 0, at.astype(np.int64)


def _stores(reach: Reach, reading: Reading, problem: Problem, params: Params) -> Units:
    at, offers = _offers_of(reach, np.arange(len(reach.rows)))
    if problem.filters.without or problem.filters.max_price is not None:
        kept = allowed(reach.part, offers, problem.filters)
        at, offers = at[kept], offers[kept]
    lines = reach.part.segment["offer_line"][offers]
    mended = reading.tier == MENDED
    total, held = np.zeros(len(reach.rows)), np.ones(len(reach.rows), dtype=np.bool_)
    if problem.filters.without:  # there must be something that the person may have
        held = np.bincount(at, minlength=len(reach.rows)) > 0
    whole = sum(word.weight for word in reading.words)
    for word in reading.words:
        best = _at_store(reach, word.scores, params, _STORE_SCALE)
        by_offer = np.zeros(len(reach.rows), dtype=np.float32)
        own = word.scores[lines]
        some = np.flatnonzero(own)
        np.maximum.at(by_offer, at[some], own[some])
        # A misspelt dish is measured by how much of it was found, wherever that is; weighing by place comes with ranking.
        best = np.maximum(best, by_offer if mended else by_offer * np.float32(params.offer_of_store))
        held &= best > 0
        total += best * (word.weight / whole)
    rows = np.flatnonzero(held & (total >= params.enough) if mended else held)
    return Units(rows, None, total[rows])


def best_offers(part: Part, store: int, reading: Reading | None, filters: Filters, most: int) -> list[int]:
    """The offers of the store in row `store` that answer the words best, at most `most`."""
    segment = part.segment
    offers: Any = np.arange(int(segment["first"][store]), int(segment["first"][store + 1]))
    offers = offers[allowed(part, offers, filters)]
    if reading is None or not len(offers):
        return []
    scores = np.sum([word.scores[segment["offer_line"][offers]] for word in reading.words], axis=0)
    held = np.flatnonzero(scores > 0)
    return [int(offers[place]) for place in held[np.lexsort((held, -scores[held]))][:most]]
