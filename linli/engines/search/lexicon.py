"""Every distinct name, found by any part of it: one sorted table of all the endings that a word may begin.

Chinese may begin anywhere in a name, pinyin and its initials at a syllable, English at a word. A word is then a range of the table
(a suffix array, Manber and Myers 1990), whatever its length, and so is every piece of a misspelt one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linli.engines.search.problem import Name
from linli.engines.search.words import is_han, letters

Arrays = Mapping[str, NDArray[np.generic]]
Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]

WIDTH = 24  # bytes of an ending that are sorted; what is longer is compared with the name itself
NATIVE, PINYIN, INITIALS, ENGLISH = range(4)
_WEIGHT = np.array([1.0, 0.95, 0.75, 0.95], dtype=np.float32)  # initials are shared by many names
_STEP, _BEGINS = 4, 128  # how the kind, whether it is the beginning, and the length are packed


def _endings(name: Name) -> Iterator[tuple[str, int]]:
    """Each ending of `name` with its kind, the number 128 added where it is the whole."""
    native, english, pinyin = name.native, name.english, name.pinyin.split()
    for at, letter in enumerate(native):
        if letter != " " and (is_han(letter) or at == 0 or native[at - 1] == " " or not native[at - 1].isascii()):
            yield native[at:], NATIVE + (0 if at else _BEGINS)
    if pinyin and any(map(is_han, native)):
        joined, at = "".join(pinyin), 0
        for syllable in pinyin:
            yield joined[at:], PINYIN + (0 if at else _BEGINS)
            at += len(syllable)
        for at in range(len(name.initials) - 1):
            yield name.initials[at:], INITIALS + (0 if at else _BEGINS)
    words = english.split()
    for at in range(len(words)):
        yield " ".join(words[at:]), ENGLISH + (0 if at else _BEGINS)


def plain(name: Name) -> Name:
    """`name` in the letters that are searched; English that only spells the Chinese says nothing new."""
    said = name.pinyin.replace(" ", "")
    english = " ".join(word for word in letters(name.english).split() if word not in said) if name.english != name.native else ""
    return Name(" ".join(letters(name.native).split()), english, name.pinyin, name.initials)


def build(names: Sequence[Name]) -> dict[str, NDArray[np.generic]]:
    """The table of `names`, whose numbers are their places in the sequence, as arrays that can be kept in files."""
    keys: list[bytes] = []
    owners: list[int] = []
    kinds: list[int] = []
    lengths: list[int] = []
    texts: list[bytes] = []
    for number, name in enumerate(map(plain, names)):
        sizes = (len(name.native), len(name.pinyin.replace(" ", "")), len(name.initials), len(name.english))
        for ending, kind in _endings(name):
            keys.append(ending[:WIDTH].encode()[:WIDTH])
            owners.append(number)
            kinds.append(kind)
            lengths.append(sizes[kind % _STEP])
        texts.append("\t".join((name.native, name.pinyin, name.initials, name.english)).encode())
    key = np.array(keys, dtype=f"S{WIDTH}")
    order = _sorted(key)
    return {
        "key": key[order],
        "owner": np.array(owners, dtype=np.int32)[order],
        "kind": np.array(kinds, dtype=np.uint8)[order],
        "length": np.minimum(np.array(lengths, dtype=np.int32), 255).astype(np.uint8)[order],
        "text": np.frombuffer(b"".join(texts), dtype=np.uint8),
        "text_at": np.concatenate([[0], np.cumsum([len(text) for text in texts])]).astype(np.int64),
        "learnt": np.frombuffer(json.dumps(_learnt(names), ensure_ascii=False).encode(), dtype=np.uint8),
    }


def _learnt(names: Sequence[Name]) -> dict[str, Any]:
    """What the names teach about the languages: how characters are said, and which English words there are."""
    counts: dict[str, Counter[str]] = {}
    words: set[str] = set()
    for name in map(plain, names):
        for letter, syllable in _aligned(name.native, name.pinyin):
            counts.setdefault(letter, Counter())[syllable] += 1
        words.update(word for word in name.english.split() if len(word) >= 4)
    return {"sounds": {letter: said.most_common(1)[0][0] for letter, said in counts.items()}, "words": sorted(words)}


def _sorted(key: NDArray[np.bytes_]) -> Numbers:
    """The order of the keys. Three big-endian numbers are compared faster than 24 letters."""
    if not len(key):
        return np.zeros(0, dtype=np.int64)
    parts = key.view(">u8").reshape(-1, WIDTH // 8).astype(np.uint64)
    return np.lexsort((parts[:, 2], parts[:, 1], parts[:, 0]))


@dataclass(frozen=True, slots=True)
class Span:
    """Rows of the table from `low` to `high`."""

    low: int
    high: int

    def __len__(self) -> int:
        return self.high - self.low


class Lexicon:
    """The names of one segment, looked up by parts."""

    def __init__(self, arrays: Arrays) -> None:
        self._arrays = arrays
        self._key = np.asarray(arrays["key"])
        self._owner = np.asarray(arrays["owner"], dtype=np.int32)
        self._kind = np.asarray(arrays["kind"], dtype=np.uint8)
        self._length = np.asarray(arrays["length"], dtype=np.uint8)
        self._text, self._text_at = arrays["text"], np.asarray(arrays["text_at"], dtype=np.int64)
        self.count = len(self._text_at) - 1

    def spans(self, terms: Sequence[str]) -> list[Span]:
        """Where each of `terms` stands in the table; an empty span when no name holds it."""
        if not terms:
            return []
        raw = self._raw(terms)
        beyond = raw.view(np.uint8).copy()
        beyond[beyond == 0] = 0xFF
        low, high = np.searchsorted(self._key, raw, "left"), np.searchsorted(self._key, beyond.view(raw.dtype), "right")
        return [Span(*pair) for pair in zip(low.tolist(), high.tolist(), strict=True)]

    def held(self, terms: Sequence[str]) -> list[bool]:
        """Whether each of `terms` (of what is longer, the first `WIDTH` bytes) stands in the table."""
        if not terms or not len(self._key):
            return [False] * len(terms)
        raw = self._raw(terms)
        low = np.minimum(np.searchsorted(self._key, raw, "left"), len(self._key) - 1)
        asked, found = (keys.view(np.uint8).reshape(-1, WIDTH) for keys in (raw, self._key[low]))
        return [bool(flag) for flag in ((asked == found) | (asked == 0)).all(axis=1).tolist()]

    def _raw(self, terms: Sequence[str]) -> NDArray[np.bytes_]:
        return np.array([term.encode()[:WIDTH] for term in terms], dtype=self._key.dtype)

    def names(self, span: Span, kind: int | None = None) -> NDArray[np.int32]:
        """The numbers of the names in `span`, some more than once; only those found by `kind` when it is given."""
        owners = self._owner[span.low : span.high]
        return owners if kind in {None, NATIVE} else owners[(self._kind[span.low : span.high] & (_STEP - 1)) == kind]

    def holds(self, term: str) -> bool:
        """Whether any name holds `term`."""
        (span,) = self.spans([term])
        return bool(len(span)) and (len(term.encode()) <= WIDTH or bool(len(self._verified(term, span))))

    def match(self, term: str, factor: float, into: Scores) -> None:
        """Raise the scores `into` (one a name, 0 to 1) to how well each name that holds `term` answers it, times `factor`."""
        (span,) = self.spans([term])
        rows: NDArray[Any] | slice = slice(span.low, span.high)
        if len(term.encode()) > WIDTH and len(span):
            rows = span.low + self._verified(term, span)
        self._raise(rows, len(term), factor, into)

    def match_but_one(self, term: str, factor: float, into: Scores) -> None:
        """The same for names that hold `term` with one of its letters, not the first or the last, another one or one more before it."""
        raw = [letter.encode() for letter in term]
        spans = self.spans([term[:at] for at in range(1, len(term) - 1)])
        for at, span in enumerate(spans, 1):
            keys = self._key[span.low : span.high].view(np.uint8).reshape(-1, WIDTH)
            start = len(b"".join(raw[:at])) + len(raw[at])  # the strange letter is as long as the one that is in its place
            for rest in (b"".join(raw[at + 1 :]), b"".join(raw[at:])):
                told = np.frombuffer(rest, dtype=np.uint8)[: max(0, WIDTH - start)]
                if len(told):
                    rows = np.flatnonzero((keys[:, start : start + len(told)] == told).all(axis=1))
                    self._raise(span.low + rows, len(term), factor, into)

    def _raise(self, rows: NDArray[Any] | slice, size: int, factor: float, into: Scores) -> None:
        kind = self._kind[rows]
        shape = 0.55 + 0.15 * (kind >= _BEGINS) + np.float32(0.3 * size) / np.maximum(self._length[rows], size)
        np.maximum.at(into, self._owner[rows], (_WEIGHT[kind % _STEP] * shape * factor).astype(np.float32))

    def _verified(self, term: str, span: Span) -> Numbers:
        owners = self._owner[span.low : span.high].tolist()
        return np.array([place for place, owner in enumerate(owners) if term in self._searched(owner)], dtype=np.int64)

    def _searched(self, number: int) -> str:
        native, pinyin, initials, english = self.parts(number)
        return "\t".join((native, pinyin.replace(" ", ""), initials, english))

    def parts(self, number: int) -> tuple[str, str, str, str]:
        """Native form, pinyin, initials and English of the name, all in the letters that are searched."""
        raw = bytes(self._text[self._text_at[number] : self._text_at[number + 1]]).decode()
        native, pinyin, initials, english = raw.split("\t")
        return native, pinyin, initials, english

    def begun(self, span: Span) -> NDArray[np.int32]:
        """The names in `span` that begin with what was looked for."""
        return self._owner[span.low : span.high][self._kind[span.low : span.high] >= _BEGINS]

    @cached_property
    def _learnt(self) -> dict[str, Any]:
        learnt: dict[str, Any] = json.loads(bytes(self._arrays["learnt"]))
        return learnt

    @property
    def sounds(self) -> dict[str, str]:
        """The syllable of each Chinese character, as most names say it."""
        return dict(self._learnt["sounds"])

    @property
    def english_words(self) -> list[str]:
        """Every English word of four letters or more, once."""
        return list(self._learnt["words"])


def _aligned(native: str, pinyin: str) -> Iterator[tuple[str, str]]:
    """Each Chinese character of `native` with its syllable, where the two agree in number."""
    pieces: list[str] = []
    for letter in native:
        if is_han(letter):
            pieces.append(letter)
        elif letter != " " and pieces and not is_han(pieces[-1]) and pieces[-1] != " ":
            pieces[-1] += letter
        else:
            pieces.append(letter)
    pieces = [piece for piece in pieces if piece != " "]
    syllables = pinyin.split()
    if len(pieces) == len(syllables):
        yield from ((piece, said) for piece, said in zip(pieces, syllables, strict=True) if is_han(piece))
