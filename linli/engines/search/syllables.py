"""Pinyin read as people type it, mistakes and accents included."""

from __future__ import annotations

from collections.abc import Iterable

_ACCENTS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("r", "l"), ("f", "h"), ("v", "u"))
KEYS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl", "p": "o", "a": "qsz",
    "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jlin", "l": "ko", "z": "xa", "x": "zcs",
    "c": "xvd", "v": "cbf", "b": "vng", "n": "bmh", "m": "nj",
}  # fmt: skip
ACCENT, SLIP = 0.4, 1.0
_NEW = 0.02  # a little for every syllable: fewer and longer ones are likelier
_LONGEST = 7
_MOST = 3

Unit = tuple[tuple[str, float], ...]  # what a piece may mean, with its cost, the likeliest first


class Speller:
    """Reads letters as syllables of an inventory."""

    def __init__(self, inventory: Iterable[str]) -> None:
        meant: dict[str, dict[str, float]] = {}
        for syllable in inventory:
            for typed, cost in _typed(syllable).items():
                known = meant.setdefault(typed, {})
                known[syllable] = min(cost, known.get(syllable, cost))
        self._meant = {typed: tuple(sorted(known.items(), key=_likelier)[:_MOST]) for typed, known in meant.items()}

    def meanings(self, piece: str) -> Unit:
        """The syllables that `piece` may stand for."""
        return self._meant.get(piece, ())

    def read(self, text: str) -> list[Unit]:
        """The cheapest way to read all of `text` as syllables; empty when there is none."""
        best: list[tuple[float, int, Unit]] = [(0.0, 0, ())]
        for end in range(1, len(text) + 1):
            found: tuple[float, int, Unit] = (float("inf"), 0, ())
            for start in range(max(0, end - _LONGEST), end):
                unit = self.meanings(text[start:end]) if best[start][0] < found[0] else ()
                if unit and best[start][0] + unit[0][1] + _NEW < found[0]:
                    found = (best[start][0] + unit[0][1] + _NEW, start, unit)
            best.append(found)
        units: list[Unit] = []
        at = len(text)
        while at and best[at][2]:
            units.append(best[at][2])
            at = best[at][1]
        return [] if at else units[::-1]


def _likelier(meaning: tuple[str, float]) -> tuple[float, str]:
    return meaning[1], meaning[0]


def _typed(syllable: str) -> dict[str, float]:
    """What somebody who means `syllable` may type, with its cost."""
    found: dict[str, float] = {}
    places = range(len(syllable))
    found |= {syllable[:i] + key + syllable[i + 1 :]: SLIP for i in places for key in KEYS.get(syllable[i], "")}
    found |= {syllable[:i] + syllable[i] + syllable[i:]: SLIP for i in places}
    if len(syllable) > 2:
        found |= {syllable[:i] + syllable[i + 1 :]: SLIP for i in places}
        found |= {syllable[:i] + syllable[i + 1] + syllable[i] + syllable[i + 2 :]: SLIP for i in places[:-1]}
    for one, other in _ACCENTS:
        for said, meant in ((one, other), (other, one)):
            at = syllable.find(meant) if meant not in {"n"} or said != "ng" else (len(syllable) - 1 if syllable.endswith("n") else -1)
            if at >= 0:
                found[syllable[:at] + said + syllable[at + len(meant) :]] = ACCENT
    found[syllable] = 0.0
    return found
