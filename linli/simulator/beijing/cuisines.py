"""What kind of kitchen a place has, told from its name and its dishes; the words stand in `cuisines.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CUISINES: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_name("cuisines.toml").read_text("utf8"))
FALLBACK = "家常菜"
_NAME_WEIGHT = 4
_ENOUGH = 2


def cuisine(name: str, dishes: Sequence[str]) -> str:
    """The cuisine that the name and the dishes speak for most; home cooking when nothing does."""
    menu = " ".join(dishes)

    def score(kind: str) -> int:
        by_name = sum(word in name for word in CUISINES[kind]["name"].split())
        return _NAME_WEIGHT * by_name + sum(min(3, menu.count(word)) for word in CUISINES[kind]["dishes"].split())

    best = max(CUISINES, key=score)
    return best if score(best) >= _ENOUGH else FALLBACK


def english(kind: str) -> str:
    """The cuisine's English name."""
    return str(CUISINES[kind]["english"]) if kind in CUISINES else "Home cooking"


def prep_minutes(kind: str) -> int:
    """Made-up minutes from accepting to ready on an ordinary day."""
    return int(CUISINES.get(kind, {}).get("prep_minutes", 15))


def spicy(kind: str) -> bool:
    """Whether people choose how hot they want it in such a kitchen."""
    return bool(CUISINES.get(kind, {}).get("spicy", False))
