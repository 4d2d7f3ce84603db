"""Which words of the source are dishes, where they stand on a menu, what is in them and what they might cost.

The words stand in `dishes.toml`. Prices, portions and allergens are inferred, and marked so in the data.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("dishes.toml").read_text("utf8"))
_TAGS: dict[str, str] = _WORDS["tags"]
_HOT_POT = "火锅"
_NOISE = re.compile(r"[!！。.…_]+$|\d+元$|[\d.]+/?斤?$|(?<=[一-鿿])(?:TN|[TNLS])$|^[“\"]|[”\"]$")


@dataclass(frozen=True, slots=True)
class Kind:
    """A part of a menu, with the usual price of its dishes as a share of the per-head price, and bounds in yuan."""

    code: str
    sort: int
    name: str
    name_en: str
    share: float
    low: int
    high: int
    daily: tuple[int, int]
    words: tuple[str, ...]


KINDS = {row["code"]: Kind(**{**row, "daily": tuple(row["daily"]), "words": tuple(row["words"].split())}) for row in _WORDS["kinds"]}


def split_tags(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The dishes among `words`, cleaned and without repeats, and the tags that the other words give the place."""
    dishes: dict[str, None] = {}
    tags: dict[str, None] = {}
    for word in words:
        if word in _TAGS:
            tags.update({_TAGS[word]: None} if _TAGS[word] else {})
            continue
        clean = _NOISE.sub("", re.sub(r"\s+", " ", word.strip())).strip()
        if len(clean) >= 2:
            dishes[clean] = None
    return list(dishes), list(tags)


def kind_of(dish: str, cuisine: str) -> Kind:
    """Where the dish stands on the menu of such a kitchen."""
    lowered = dish.lower()
    for ending, code in _WORDS["last_words"].items():
        if lowered.endswith(ending):
            return KINDS[code]
    parts = sorted(KINDS.values(), key=lambda kind: kind.code != "raw") if cuisine == _HOT_POT else KINDS.values()
    for kind in parts:
        if (kind.code != "raw" or cuisine == _HOT_POT) and any(word in lowered for word in kind.words):
            return kind
    return KINDS["hot"]


def price(store: str, dish: str, per_head: int, kind: Kind) -> int:
    """A made-up price in fen: the kind's share of the per-head price (yuan), moved a little by the names, in whole yuan."""
    jitter = 0.8 + 0.45 * (0.7 * _unit(f"price|{dish}") + 0.3 * _unit(f"price|{store}|{dish}"))
    if dish.endswith("串"):
        return 100 * max(3, min(18, round(per_head * 0.05 * jitter)))
    return 100 * _pretty(round(max(kind.low, min(kind.high, per_head * kind.share * jitter))))


def _pretty(yuan: int) -> int:
    """Above 20 yuan, a price that ends as prices on menus do."""
    return yuan if yuan < 20 or yuan % 10 in {0, 5, 6, 8, 9} else yuan - yuan % 10 + (6 if yuan % 10 < 5 else 8)


def daily(store: str, dish: str, kind: Kind) -> int:
    """A made-up number of portions a day."""
    low, high = kind.daily
    return low + int(_unit(f"daily|{store}|{dish}") * (high - low + 1))


def _unit(text: str) -> float:
    """A number from 0 up to 1 that depends on nothing but the text."""
    return int.from_bytes(hashlib.blake2s(text.encode(), digest_size=6).digest()) / (1 << 48)


def allergens(dish: str) -> list[str]:
    """Codes that the words of the dish's name speak for; an inference, never a promise."""
    return [code for code, words in _WORDS["allergens"].items() if _any(words, dish)]


def diet(dish: str, kind: Kind, cuisine: str) -> list[str]:
    """Diets that nothing in the dish's name speaks against (vegetarian, vegan), and what it tells: spicy, halal."""
    found = ["vegetarian"] * (kind.code in {"veg", "dessert", "drink", "staple", "cold"} and not _any(_WORDS["not_meat_free"], dish))
    found += ["vegan"] * (bool(found) and kind.code in {"veg", "drink"} and not _any(_WORDS["of_animals"], dish))
    return found + ["spicy"] * _any(_WORDS["spicy"], dish) + ["halal"] * (cuisine == "清真")


def _any(words: str, dish: str) -> bool:
    lowered = dish.lower()
    return any(word in lowered for word in words.split())
