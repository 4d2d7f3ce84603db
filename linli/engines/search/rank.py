"""Answers to a question, the best first: what the words say, how near, how good, how popular just now, at what price, to whose taste."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from linli.engines.search.candidates import Reach, Units, all_offers, all_stores, answering, best_offers, reach
from linli.engines.search.index import Index
from linli.engines.search.params import Params
from linli.engines.search.problem import Facets, Filters, Hit, Problem, Result
from linli.engines.search.reading import MENDED, TIERS, TYPED, Reading, Readings
from linli.engines.search.words import Query, read

_MOST_DISHES = 3
_TIE = 1e6  # metres that make one step of what is sorted by first: farther than anything is
_POOL = 30  # times the answers wanted are shared out among their stores
_TURN = 1e3  # more than all reasons together, less than being closed
_BANDS = (1, 2, 3, 4)

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class _Answers:
    """What one part gives for one reading."""

    reach: Reach
    reading: Reading | None
    units: Units

    def final(self) -> Units:
        """The units whose stores pass every filter."""
        kept = self.reach.chosen()[self.units.at]
        offers = self.units.offers
        return Units(self.units.at[kept], None if offers is None else offers[kept], self.units.text[kept])


def rank(index: Index, problem: Problem) -> Result:
    """The best answers to `problem`. Exact ones come first; when they are few, or none, freer readings and wider limits add theirs.

    Text of nothing but marks or pictures finds nothing; empty text finds everything. Allergens are never loosened.
    """
    query = read(problem.text)
    if problem.text.strip() and not query.terms:  # marks and pictures only: nobody is called that
        return Result((), 0, Facets(), "", query.shortened)
    readings = [part.reader.readings(query) for part in index.parts]
    result = _ranked(index, problem, query, readings, index.params.few)
    if result.hits or not query.terms:
        return result
    for name, wider in _loosened(problem, index.params):
        again = _ranked(index, wider, query, readings, 1)
        if again.hits:
            return replace(again, total=0, facets=result.facets, loosened=(*again.loosened, name))
    return result


def nearest(index: Index, problem: Problem) -> list[int]:
    """The ids of the stores within reach that pass every filter, the nearest first, at most `limit`; as `rank` has them for no text by
    distance, with nothing else worked out and nothing loosened."""
    found: list[tuple[float, int]] = []
    for part in index.parts:
        seen = reach(part, problem)
        kept = seen.chosen()
        found += zip(seen.metres[kept].tolist(), part.segment["store_id"][seen.rows[kept]].tolist(), strict=True)
    return [store for _, store in sorted(found)[: problem.limit]]


def _loosened(problem: Problem, params: Params) -> Iterator[tuple[str, Problem]]:
    """The question with a wider radius, then with its filters gone but for what the person may not eat."""
    yield "radius", replace(problem, radius_m=problem.radius_m * params.wider)
    filters = Filters(kinds=problem.filters.kinds, without=problem.filters.without)
    if filters != problem.filters:
        yield "filters", replace(problem, filters=filters)


def _ranked(index: Index, problem: Problem, query: Query, readings: list[Readings], few: int) -> Result:
    """The answers of the most literal reading, and while they are fewer than `few`, those of the next."""
    tiers = _tiers(index, problem, query, readings)
    exact = next(tiers)
    hits, seen = _top(exact, problem, index.params, set())
    total, facets = _count(exact), _facets(exact)
    for answers in tiers if total < min(few, problem.limit) else ():
        more, seen = _top(answers, problem, index.params, seen)
        hits = [*hits, *more][: problem.limit]
        if not total and more and more[0][0].tier != MENDED:  # cut into its words it is the same question
            total, facets = _count(answers), _facets(answers)
            if total >= few:
                break
    shown = tuple(hit for hit, _ in hits)
    better = _did_you_mean(hits, query) if not total and hits else ""
    return Result(shown, total, facets, query.text, query.shortened, better, ("words",) if shown and not total else ())


def _count(found: list[_Answers]) -> int:
    return sum(len(answers.final().at) for answers in found)


def _tiers(index: Index, problem: Problem, query: Query, readings: list[Readings]) -> Iterator[list[_Answers]]:
    """What each reading of the question finds, the most literal first."""
    reaches = [reach(part, problem) for part in index.parts]
    if not query.terms:
        yield [
            _Answers(seen, None, all_stores(seen, problem.filters) if problem.by_store else all_offers(seen, problem.filters))
            for seen in reaches
        ]
        return
    for tier in range(len(TIERS)):
        found = [(seen, reading) for seen, ways in zip(reaches, readings, strict=True) if (reading := ways.of(tier))]
        if found:
            yield [_Answers(seen, reading, answering(seen, reading, problem, index.params)) for seen, reading in found]


Row = tuple[Hit, tuple[_Answers, int]]


def _top(found: list[_Answers], problem: Problem, params: Params, seen: set[tuple[int, int]]) -> tuple[list[Row], set[tuple[int, int]]]:
    """The best units of all parts that were not seen before, with all that are seen now."""
    rows: list[tuple[float, float, int, Row]] = []
    for answers in found:
        units = answers.final()
        if not len(units.at):
            continue
        parts = _parts(answers.reach, units, problem, params)
        costs = _costs(answers.reach, units, problem, parts)
        want = problem.limit + len(seen)
        if units.offers is not None and problem.sort == "smart":
            costs = _in_turn(costs, units.at, params.each, _POOL * want)
        best = np.argpartition(costs, want)[: want + 1] if len(costs) > want + 1 else np.arange(len(costs))
        for unit in best.tolist():
            row = _row(answers, units, unit, parts, problem)
            key = (row[0].store_id, row[1][1])
            if key not in seen:
                rows.append((float(costs[unit]), row[0].metres, row[0].store_id, row))
    chosen = [row for *_, row in sorted(rows, key=lambda item: item[:3])[: problem.limit]]
    return chosen, seen | {(row[0].store_id, row[1][1]) for row in chosen}


def _parts(reach: Reach, units: Units, problem: Problem, params: Params) -> dict[str, Floats]:
    """What each reason gives to each unit's score."""
    segment, rows, far = reach.part.segment, reach.rows[units.at], reach.metres[units.at]
    column = segment["store_popularity"][rows] if units.offers is None else segment["popularity"][units.offers]
    now = column[np.arange(len(rows)), reach.part_of_day[units.at]]
    if problem.popular:
        now = now + problem.popular.of(segment["store_id"][rows])
    parts = {
        "text": params.text * units.text,
        "near": params.near * np.exp(-far / params.near_m) - far / params.far_m,
        "quality": params.quality * segment["quality"][rows],
        "popular": params.popular * now / (now + params.popular_half),
    }
    if problem.usual_price:
        price = segment["per_head"][rows] if units.offers is None else segment["offer_price"][units.offers]
        fits = np.exp(-np.abs(np.log(np.maximum(price, 1) / problem.usual_price)))
        parts["price"] = params.price * np.where(price > 0, fits, 0.0)
    if problem.taste or problem.less:
        parts["taste"] = params.taste * _liked(reach, rows, problem)
    return parts


def _liked(reach: Reach, rows: Numbers, problem: Problem) -> Floats:
    """How much the person likes the stores in `rows`, -1 to 1; not at all where the cuisine is one that they want less of."""
    segment = reach.part.segment
    liked = problem.taste.of(segment["store_id"][rows]) if problem.taste else np.zeros(len(rows))
    unloved = np.array([name in problem.less for name in segment.words["cuisines"]], dtype=np.bool_)
    return np.where(unloved[segment["cuisine"][rows]], -1.0, np.clip(liked, -1.0, 1.0))


def _costs(reach: Reach, units: Units, problem: Problem, parts: dict[str, Floats]) -> Floats:
    """What the units are sorted by, the smallest first; ties go by distance."""
    segment, rows, far = reach.part.segment, reach.rows[units.at], reach.metres[units.at]
    if problem.sort == "distance":
        return far
    if problem.sort == "rating":
        return far - segment["rating"][rows] * _TIE
    if problem.sort == "price":
        price = (segment["per_head"][rows] if units.offers is None else segment["offer_price"][units.offers]).astype(np.float64)
        return far + np.where(price == 0, 1e9, price) * _TIE
    closed = ~reach.open[units.at]
    if problem.sort == "time":
        return closed * 1e9 + segment["prep"][rows] * 60.0 + far * problem.seconds_per_metre
    score: Floats = sum(parts.values(), np.zeros(len(rows)))
    return closed * 1e6 - score


def _in_turn(costs: Floats, stores: Numbers, each: int, most: int) -> Floats:
    """The costs with so much added that of the best `most` each store has its best `each` first, then its next ones.

    Otherwise the menu of the nearest of several stores of a name would be the whole answer.
    """
    pool = np.argpartition(costs, most)[:most] if len(costs) > most else np.arange(len(costs))
    pool = pool[np.lexsort((costs[pool], stores[pool]))]
    begins = np.flatnonzero(np.diff(stores[pool], prepend=-1))
    place = np.arange(len(pool)) - np.repeat(begins, np.diff(begins, append=len(pool)))
    out = costs + _TURN * (len(pool) // each + 1)
    out[pool] = costs[pool] + _TURN * (place // each)
    return out


def _row(answers: _Answers, units: Units, unit: int, parts: dict[str, Floats], problem: Problem) -> Row:
    part, at = answers.reach.part, int(units.at[unit])
    store = int(answers.reach.rows[at])
    if units.offers is None:
        offers, key = best_offers(part, store, answers.reading, problem.filters, _MOST_DISHES), -1
    else:
        offers = [int(units.offers[unit])]
        key = int(part.segment["offer_id"][offers[0]])
    given = {name: float(values[unit]) for name, values in parts.items()}
    tier = answers.reading.tier if answers.reading else TYPED
    hit = Hit(
        int(part.segment["store_id"][store]), tuple(part.segment.dish(offer) for offer in offers), float(answers.reach.metres[at]),
        bool(answers.reach.open[at]), tier, sum(given.values()), given,
    )  # fmt: skip
    return hit, (answers, key)


def _facets(found: list[_Answers]) -> Facets:
    """Stores counted by cuisine, band and being open, for the answers to the most literal reading that has any."""
    cuisines: Counter[str] = Counter()
    bands: Counter[int] = Counter()
    open_now = 0
    for answers in found:
        reach, held = answers.reach, np.zeros(len(answers.reach.rows), dtype=np.bool_)
        held[answers.units.at] = True
        names = reach.part.segment.words["cuisines"]
        numbers = reach.part.segment["cuisine"][reach.rows[held & reach.chosen("cuisine")]]
        for number, count in enumerate(np.bincount(numbers, minlength=len(names)).tolist()):
            cuisines[names[number]] += count
        counts = np.bincount(reach.band[held & reach.chosen("band")], minlength=_BANDS[-1] + 1)
        bands.update({band: int(counts[band]) for band in _BANDS})
        open_now += int((held & reach.chosen("open") & reach.open).sum())
    by_count = sorted(((name, count) for name, count in cuisines.items() if name and count), key=lambda pair: (-pair[1], pair[0]))
    return Facets(tuple(by_count), tuple((band, bands[band]) for band in _BANDS), open_now)


def _did_you_mean(hits: list[Row], query: Query) -> str:
    """The words of the question as the best near miss spells them."""
    hit, (answers, _) = hits[0]
    if answers.reading is None:
        return ""
    segment, reader = answers.reach.part.segment, answers.reach.part.reader
    store = int(segment.places_of([hit.store_id])[0])
    lines = [int(segment["store_line"][store]), int(segment["cuisine_line"][store])]
    lines += [int(segment["offer_line"][row]) for row in range(int(segment["first"][store]), int(segment["first"][store + 1]))]
    better = []
    for word in answers.reading.words:
        line = max(lines, key=lambda number: float(word.scores[number]))
        better.append(reader.better(word.text, segment.lexicon.parts(line)) if word.scores[line] else word.text)
    text = " ".join(dict.fromkeys(better))
    return text if text != query.text else ""
