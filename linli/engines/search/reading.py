"""How a question may be read: as it is typed, cut into the words that names hold, or with its mistakes mended.

A reading gives each of its words a score for every name of a lexicon. Mending compares pieces (units and pairs of units: characters,
or syllables when it was typed or meant by sound), so that a wrong, missing or doubled one costs its share and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from linli.engines.language.pinyin import spell
from linli.engines.search.lexicon import ENGLISH, NATIVE, PINYIN, Lexicon, Scores
from linli.engines.search.slips import SHORTEST, Slips
from linli.engines.search.syllables import ACCENT, Speller, Unit
from linli.engines.search.words import Query, fillers, is_han, runs, stems, synonyms

TIERS = ("as typed", "cut into words", "mended")
TYPED, CUT, MENDED = range(3)
_SAME, _STEM, _CUT = 0.9, 0.95, 0.95  # what another word, a stem, a cut costs
_SINGLES = 1 / 3  # share of the units that may be left alone when a word is cut
_PAIR, _ONE = 2.0, 1.0
_MOST_UNITS = 16
_BY_SOUND = 0.95
_PER_SLIP = 0.1
_FEWEST, _MOST_SLIPPED = 3, 8  # characters of a word in which one that is out of place is looked for
_NEARLY = 0.75  # what is written so nearly right was not meant by sound
_MEANINGS = 4
_SHORTEST = 3  # English words of fewer letters are not respelt
_LONG = 6  # letters from which two may be wrong


@dataclass(frozen=True)
class Word:
    """A word of a reading: its scores by name, and how much of the question it is."""

    text: str
    scores: Scores
    weight: float

    @cached_property
    def names(self) -> NDArray[np.int64]:
        """The numbers of the names with a score."""
        return np.flatnonzero(self.scores > 0)

    def held(self) -> Word:
        """The word as it counts beside misspelt ones: a name holds it or does not."""
        return Word(self.text, (self.scores > 0).astype(np.float32), self.weight)


@dataclass(frozen=True, slots=True)
class Reading:
    """Words that must all be found, or (mended) of which enough must."""

    tier: int
    words: tuple[Word, ...]


class Readings:
    """The readings of one question, kept as they are worked out."""

    def __init__(self, source: Iterator[Reading]) -> None:
        self._source, self._kept = source, dict[int, Reading]()

    def of(self, tier: int) -> Reading | None:
        """The reading of `tier`, or None when there is none."""
        while tier > max(self._kept, default=-1):
            reading = next(self._source, None)
            if reading is None:
                break
            self._kept[reading.tier] = reading
        return self._kept.get(tier)


class Reader:
    """Reads questions with what one lexicon knows."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    @cached_property
    def speller(self) -> Speller:
        """Made when the first mistake is met."""
        return Speller(set(self._sounds.values()))

    @cached_property
    def slips(self) -> Slips:
        """Made when the first mistake is met."""
        return Slips(self._sounds.values())

    @cached_property
    def _sounds(self) -> dict[str, str]:
        return self._lexicon.sounds

    @cached_property
    def _english(self) -> list[str]:
        return self._lexicon.english_words

    def readings(self, query: Query) -> Readings:
        """The readings of `query`, the most literal first; worked out when they are first asked for."""
        return Readings(self._readings(query))

    def _readings(self, query: Query) -> Iterator[Reading]:
        typed = _joined(query.terms, self._lexicon)
        literal = [Word(term, self._typed(term), len(term)) for term in typed]
        yield Reading(TYPED, tuple(literal))
        pieces = self._pieces(typed)
        if pieces and pieces != list(typed):
            yield Reading(CUT, tuple(Word(piece, self._typed(piece) * np.float32(_CUT), len(piece)) for piece in pieces))
        wanted = [word for word in literal if word.text not in fillers()] or literal
        lost = [word for word in wanted if not len(word.names)] or wanted
        yield Reading(MENDED, tuple(self._mended(word) if any(word is other for other in lost) else word.held() for word in wanted))

    def _typed(self, term: str) -> Scores:
        scores = np.zeros(self._lexicon.count, dtype=np.float32)
        self._lexicon.match(term, 1.0, scores)
        for other in synonyms(term):
            self._lexicon.match(other, _SAME, scores)
        for stem in stems(term):
            self._lexicon.match(stem, _STEM, scores)
            for other in synonyms(stem):
                self._lexicon.match(other, _SAME * _STEM, scores)
        return scores

    def _known(self, term: str) -> bool:
        return any(self._lexicon.holds(form) for form in (term, *synonyms(term), *stems(term)))

    def _pieces(self, terms: Sequence[str]) -> list[str]:
        """The terms cut into words that names hold, fillers left out; empty when they cannot be."""
        out: list[str] = []
        for term in terms:
            if term in fillers():
                continue
            if self._known(term) and len(terms) > 1:
                out.append(term)
                continue
            for run in runs(term):
                cut = self._cut(run)
                if not cut:
                    return []
                out += cut
        return [piece for piece in dict.fromkeys(out) if piece not in fillers()]

    def _cut(self, run: str) -> list[str]:
        """The fewest words of names that make up `run`; itself when names hold it and it cannot be cut, empty when nothing does."""
        units = list(run) if is_han(run) else ["".join(unit[0][0]) for unit in self._exact(run)] or [run]
        units = units if len(units) <= 3 * _MOST_UNITS else []
        spans = [(low, high) for high in range(1, len(units) + 1) for low in range(max(0, high - 8), high) if high - low < len(units)]
        texts = ["".join(units[low:high]) for low, high in spans]
        held = {pair for pair, text, span in zip(spans, texts, self._lexicon.spans(texts), strict=True) if len(span) or text in fillers()}
        best: list[tuple[float, int]] = [(0.0, 0)]
        for high in range(1, len(units) + 1):
            costs = [
                (best[low][0] + (2.5 if high - low == 1 else 1.0), low) for low in range(max(0, high - 8), high) if (low, high) in held
            ]
            best.append(min(costs, default=(float("inf"), 0)))
        if not units or best[-1][0] == float("inf"):
            return [run] if self._known(run) else []
        cuts, high = [], len(units)
        while high:
            cuts.append((best[high][1], high))
            high = best[high][1]
        alone = sum(high - low == 1 and units[low] not in fillers() for low, high in cuts)
        if alone > _SINGLES * len(units):
            return [run] if self._known(run) else []
        return ["".join(units[low:high]) for low, high in reversed(cuts)]

    def _exact(self, run: str) -> list[Unit]:
        """`run` as syllables without any mistake; empty when it is none, or is one."""
        units = self.speller.read(run) if run.isascii() and run.isalpha() else []
        return units if len(units) > 1 and all(unit[0][1] == 0 for unit in units) else []

    def _mended(self, word: Word) -> Word:
        scores = word.scores.copy()
        for view in self._views(word.text):
            np.maximum(scores, view, out=scores)
        if float(scores.max(initial=0.0)) < _NEARLY:
            for other in synonyms(word.text):
                for view in self._views(other):
                    np.maximum(scores, view * np.float32(_SAME), out=scores)
        return Word(word.text, scores, word.weight)

    def _views(self, term: str) -> Iterator[Scores]:
        for run in runs(term) if len(runs(term)) <= 4 else ():
            share = np.float32(len(run) / len(term))
            if is_han(run):
                letters = run[:_MOST_UNITS]
                if _FEWEST <= len(run) <= _MOST_SLIPPED:
                    slipped = self._miswritten(run)
                    yield share * slipped
                    if slipped.any():
                        continue
                written = self._coverage([((letter, 0.0),) for letter in letters], NATIVE)
                yield share * written
                if float(written.max(initial=0.0)) < _NEARLY:
                    yield share * np.float32(_BY_SOUND) * self._coverage([self._heard(letter) for letter in letters], PINYIN)
            elif run.isalpha():
                if len(run) >= SHORTEST and run.isascii():
                    slipped = self._slipped(run)
                    yield share * slipped
                    if slipped.any():
                        continue
                units = self.speller.read(run)[:_MOST_UNITS]
                if len(units) > 1:
                    yield share * np.float32(_BY_SOUND) * self._coverage(units, PINYIN)
                yield share * self._respelt(run)

    def _heard(self, letter: str) -> Unit:
        """How a Chinese character may sound to somebody: as it is said, or in another accent."""
        said = self._sounds.get(letter) or spell(letter).full  # no name has it: a dictionary has to be loaded, once
        return tuple(meant for meant in self.speller.meanings(said) if meant[1] <= ACCENT) or ((said, 0.0),)

    def _coverage(self, units: Sequence[Unit], kind: int) -> Scores:
        """For each name the share of the pieces of `units` that it holds, the likelier meanings counting more."""
        pieces: list[tuple[Sequence[Unit], float]] = [(pair, _PAIR) for pair in pairwise(units)]
        if kind == NATIVE or len(units) < 3:  # a syllable alone says little
            pieces += [((unit,), _ONE) for unit in units]
        whole = np.float32(sum(weight for _, weight in pieces) or 1.0)
        total = np.zeros(self._lexicon.count, dtype=np.float32)
        seen = np.zeros(self._lexicon.count, dtype=np.uint8)
        meant = [_meanings(piece) for piece, _ in pieces]
        spans = iter(self._lexicon.spans([text for choices in meant for _, text in choices]))
        for number, ((piece, weight), choices) in enumerate(zip(pieces, meant, strict=True), 1):
            for (cost, _), span in zip(choices, spans, strict=False):
                if not len(span):
                    continue
                names = self._lexicon.names(span, kind)
                # Without a pair in common a name of three units or more cannot hold enough of them.
                fresh = names[total[names] > 0] if len(piece) == 1 and len(units) > 2 else names
                fresh = fresh[seen[fresh] != number]
                seen[fresh] = number
                total[fresh] += np.float32(weight * max(0.3, 1.0 - 0.2 * cost))
        return total / whole

    def _miswritten(self, run: str) -> Scores:
        """The names that hold the characters of `run` with two changed over, or one wrong, missing, or too much."""
        scores = np.zeros(self._lexicon.count, dtype=np.float32)
        short = len(run) == _FEWEST  # of two characters each was meant, but for one typed twice
        spare = {run[:at] + run[at + 1 :] for at in range(len(run)) if not short or run[at] == run[at - 1]}
        swapped = {run[:at] + run[at + 1] + run[at] + run[at + 2 :] for at in range(len(run) - 1)}
        for text in sorted(spare | swapped):
            self._lexicon.match(text, 1.0 - _PER_SLIP, scores)
        self._lexicon.match_but_one(run, 1.0 - _PER_SLIP, scores)
        return scores

    def _slipped(self, run: str) -> Scores:
        """The names that hold what `run` is with one slip less."""
        scores = np.zeros(self._lexicon.count, dtype=np.float32)
        for text, slips in self.slips.meant(self._lexicon, run):
            self._lexicon.match(text, 1.0 - _PER_SLIP * slips, scores)
        return scores

    def _respelt(self, run: str) -> Scores:
        """The names that hold an English word a letter or two away from `run`."""
        scores = np.zeros(self._lexicon.count, dtype=np.float32)
        for word, wrong in self.corrections(run):
            for form in (word, *synonyms(word)):
                (span,) = self._lexicon.spans([form])
                names = self._lexicon.names(span, NATIVE if is_han(form) else ENGLISH)
                scores[names] = np.maximum(scores[names], np.float32(1.0 - 0.15 * wrong))
        return scores

    def corrections(self, run: str) -> list[tuple[str, int]]:
        """English words of names near `run`, with the number of wrong letters, the nearest first."""
        if len(run) < _SHORTEST or not self._english:
            return []
        from rapidfuzz.distance import OSA  # mistakes are rare; a process that meets none need not load it
        from rapidfuzz.process import cdist

        most = 1 if len(run) < _LONG else 2
        wrong = cdist([run], self._english, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)[0]
        near = np.flatnonzero(wrong <= most)
        return [(self._english[place], int(wrong[place])) for place in near[np.argsort(wrong[near], kind="stable")][:3].tolist()]

    def better(self, term: str, name: tuple[str, str, str, str]) -> str:
        """`term` as `name` (native, pinyin, initials, English), which answers it best, spells it."""
        native, pinyin, _, english = name
        if self._lexicon.holds(term):
            return term
        if not is_han(term):
            words = [word for word, _ in self.corrections(term) if word in english.split()]
            if words:
                return words[0]
        if is_han(term):
            units: list[Unit] = [(*self._heard(letter), (letter, 0.0)) for letter in term]
        else:
            units = self.speller.read(term)
        letters = [letter for letter in native if letter != " "]
        said = pinyin.split()
        if len(said) != len(letters):
            return native
        ways = self.slips.meant(self._lexicon, term) if len(term) >= SHORTEST and term.isascii() else []
        for text, _ in sorted(ways, key=lambda way: way[1]):
            if part := _spelled(text, letters, said):
                return part
        return _window(units, letters, said) if units else native


def _meanings(piece: Sequence[Unit]) -> list[tuple[float, str]]:
    """What the units of `piece` may mean together, the cheapest first."""
    if all(len(unit) == 1 for unit in piece):
        return [(sum(unit[0][1] for unit in piece), "".join(unit[0][0] for unit in piece))]
    choices = ((sum(cost for _, cost in choice), "".join(text for text, _ in choice)) for choice in product(*piece))
    return sorted(choices)[:_MEANINGS]


def _spelled(text: str, letters: Sequence[str], said: Sequence[str]) -> str:
    """The part of a name that `text` spells from the beginning of a syllable on; empty when none does."""
    for start in range(len(said)):
        if "".join(said[start:]).startswith(text):
            end = next(end for end in range(start + 1, len(said) + 1) if len("".join(said[start:end])) >= len(text))
            return "".join(letters[start:end])
    return ""


def _window(units: Sequence[Unit], letters: Sequence[str], said: Sequence[str]) -> str:
    """The part of a name that the units fit best."""
    size = min(len(units), len(letters))

    def fits(start: int) -> int:
        pairs = zip(units, letters[start : start + size], said[start : start + size], strict=False)
        return sum(any(meant in (letter, sound) for meant, _ in unit) for unit, letter, sound in pairs)

    start = max(range(len(letters) - size + 1), key=fits, default=0)
    return "".join(letters[start : start + size])


def _joined(terms: Iterable[str], lexicon: Lexicon) -> tuple[str, ...]:
    """The terms with those that only sound like something together put together: `gong bao ji ding`."""
    terms = tuple(terms)
    if len(terms) < 2 or not all(term.isascii() and term.isalpha() for term in terms):
        return terms
    whole = "".join(terms)
    (span,) = lexicon.spans([whole])
    return (whole,) if len(lexicon.names(span, PINYIN)) else terms
