"""Text as it is searched: Chinese anywhere in a name; pinyin, initials and English from the beginning of a syllable or word."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LONGEST_QUERY = 100
MOST_TERMS = 8

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Query:
    """The words that were asked for, in lower case; `shortened` when the text was longer than anybody needs."""

    terms: tuple[str, ...]
    shortened: bool

    @property
    def text(self) -> str:
        """The words with spaces between."""
        return " ".join(self.terms)


def read(text: str) -> Query:
    """What to look for in `text`: full-width forms made plain, marks and pictures dropped, at most `MOST_TERMS` words."""
    words = " ".join(_letters(text[: 4 * LONGEST_QUERY]).split())
    kept = words[:LONGEST_QUERY].split()
    terms = tuple(dict.fromkeys(kept))[:MOST_TERMS]
    return Query(terms, len(text) > 4 * LONGEST_QUERY or len(words) > LONGEST_QUERY or len(set(kept)) > MOST_TERMS)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter if letter.isalnum() else "" if letter in "'’·" else " " for letter in plain)


@dataclass(frozen=True, slots=True)
class Line:
    """One name, ready to be searched: as written, as typed, and which letters of the typed form begin a syllable or word."""

    native: str
    latin: str
    starts: bytes


def line(native: str, english: str = "", pinyin: str = "", initials: str = "") -> Line:
    """The searchable form of a name; `pinyin` has spaces between syllables, `initials` has none."""
    syllables = pinyin.split()
    marks = bytearray()
    for syllable in syllables:
        marks += b"\1" + bytes(len(syllable) - 1)
    marks += b"\0" + b"\1" * len(initials) + b"\0"
    words = " ".join(_letters(english).split())
    marks += bytes(letter != " " and (place == 0 or words[place - 1] == " ") for place, letter in enumerate(words))
    return Line(" ".join(_letters(native).split()), f"{''.join(syllables)}\t{initials}\t{words}", bytes(marks))


class Text:
    """Many lines in two long strings, so that one word is looked for in all of them at the speed of `str.find`."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._native = "\n".join(line.native for line in lines)
        self._latin = "\n".join(line.latin for line in lines)
        self._starts = b"\0".join(line.starts for line in lines)
        self._native_at = _offsets([len(line.native) for line in lines])
        self._latin_at = _offsets([len(line.latin) for line in lines])

    def find(self, term: str) -> tuple[Numbers, Numbers]:
        """The numbers of the lines that hold `term`, and of those that begin with it (each sorted, once)."""
        native = np.fromiter(_places(self._native, term), dtype=np.int64)
        latin = np.fromiter((place for place in _places(self._latin, term) if self._starts[place]), dtype=np.int64)
        native_lines = np.searchsorted(self._native_at, native, side="right") - 1
        latin_lines = np.searchsorted(self._latin_at, latin, side="right") - 1
        begins = np.concatenate(
            [native_lines[self._native_at[native_lines] == native], latin_lines[self._latin_at[latin_lines] == latin]]
        )  # fmt: skip
        return np.unique(np.concatenate([native_lines, latin_lines])), np.unique(begins)


def _offsets(lengths: Sequence[int]) -> Numbers:
    return np.concatenate([[0], np.cumsum(np.array(lengths, dtype=np.int64) + 1)[:-1]]) if lengths else np.zeros(0, dtype=np.int64)


def _places(text: str, term: str) -> Iterator[int]:
    place = text.find(term)
    while place >= 0:
        yield place
        place = text.find(term, place + 1)
