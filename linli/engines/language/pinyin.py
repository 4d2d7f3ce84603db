"""Chinese as people type it on a Latin keyboard: full pinyin without tones, and the initials."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Spelling:
    """`full` has a space between syllables and words (`gong bao ji ding`), `initials` has none (`gbjd`); both lower case."""

    full: str
    initials: str


@lru_cache(maxsize=32_768)
def spell(text: str) -> Spelling:
    """How `text` is typed: Chinese characters by syllable, everything else as it stands, punctuation dropped.

    A character with several readings gets the one that its neighbours suggest (`pypinyin`'s phrase list).
    """
    from pypinyin import lazy_pinyin  # its dictionaries take a third of a second to load; most processes never spell

    words: list[str] = []
    for piece in lazy_pinyin(text):
        words += "".join(letter if letter.isalnum() else " " for letter in piece.lower().replace("ü", "v")).split()
    return Spelling(" ".join(words), "".join(word if word.isdigit() else word[0] for word in words))
