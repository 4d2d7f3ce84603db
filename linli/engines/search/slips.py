"""What somebody may have meant who typed pinyin with one slip, wherever it is: within a syllable, or where two meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linli.engines.search.lexicon import Lexicon
from linli.engines.search.syllables import KEYS

SHORTEST = 5  # letters; fewer are near too much
LONGEST = 24  # letters in which slips are looked for
_LIKELY, _UNLIKELY = 1.0, 1.5  # slips that one wrong letter counts as
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Slips:
    """Undoes slips in what is spelled with the syllables of an inventory."""

    def __init__(self, inventory: Iterable[str]) -> None:
        syllables = set(filter(None, inventory))
        inside = {syllable[at : at + 2] for syllable in syllables for at in range(len(syllable) - 1)}
        across = {one + other for one in {syllable[-1] for syllable in syllables} for other in {syllable[0] for syllable in syllables}}
        pairs = inside | across | {letter + "$" for letter in _LETTERS}  # what is typed may break off anywhere
        self._between: dict[str, str] = {}
        for one in ("^", *_LETTERS):
            for other in (*_LETTERS, "$"):
                fits = (letter for letter in _LETTERS if (one == "^" or one + letter in pairs) and letter + other in pairs)
                self._between[one + other] = "".join(fits)

    def meant(self, lexicon: Lexicon, typed: str) -> list[tuple[str, float]]:
        """The texts one slip away from `typed` (letters a to z) that names hold, with what each slip counts as.

        A name begins like the text up to the slip: later ones than the longest beginning that is held need no look (Norvig 2007, with
        the sorted table as the judge of what is a word).
        """
        typed = typed[:LONGEST]
        right = sum(lexicon.held([typed[:size] for size in range(1, len(typed) + 1)]))
        ways: dict[str, float] = {}
        for text, cost in self._ways(typed, right):
            ways[text] = min(cost, ways.get(text, cost))
        texts = sorted(ways)  # neighbours in the table are looked up after one another
        return [(text, ways[text]) for text, held in zip(texts, lexicon.held(texts), strict=True) if held]

    def _ways(self, typed: str, right: int) -> Iterator[tuple[str, float]]:
        """Everything that one slip at one of the letters up to `right` turns into `typed`."""
        padded = f"^{typed}$"
        for at in range(min(right + 1, len(typed))):
            before, letter, after = typed[:at], typed[at], typed[at + 1 :]
            yield before + after, _LIKELY
            if after and after[0] != letter:
                yield before + after[0] + letter + after[1:], _LIKELY
            for other in self._between[padded[at : at + 2]]:
                yield before + other + typed[at:], _LIKELY
            near = KEYS.get(letter, "")
            for other in self._between[padded[at] + padded[at + 2]]:
                if other != letter:
                    yield before + other + after, _LIKELY if other in near else _UNLIKELY
