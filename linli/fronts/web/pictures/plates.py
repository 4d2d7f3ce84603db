"""Dishes seen from above: a cloth, a plate or bowl, and what is on it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from linli.fronts.web.pictures import cold, hot, sea
from linli.fronts.web.pictures.svg import CLOTHS, ellipse, page, path

DRAWN: dict[str, Callable[[Random], str]] = {**hot.DRAWN, **sea.DRAWN, **cold.DRAWN}


def _cloth(chance: Random) -> tuple[str, str]:
    face, line = chance.choice(CLOTHS)
    step = chance.choice((26, 40))
    kind = chance.randrange(3)
    across = "".join(f"M0 {y}H320" for y in range(step // 2, 320, step))
    down = "".join(f"M{x} 0V320" for x in range(step // 2, 320, step))
    weave = {0: "", 1: path(across, stroke=line, width=2), 2: path(across + down, stroke=line, width=1.2)}[kind]
    return f'<rect width="320" height="320" fill="{face}"/>{weave}', line


def draw(motif: str, chance: Random) -> str:
    """The dish on its cloth, 320 units square."""
    cloth, _line = _cloth(chance)
    shade = '<radialGradient id="s"><stop offset=".72" stop-color="#5a3a1e" stop-opacity=".28"/><stop offset="1" stop-color="#5a3a1e" stop-opacity="0"/></radialGradient>'
    gloss = '<radialGradient id="g" cx=".35" cy=".3" r=".9"><stop offset="0" stop-color="#fff" stop-opacity=".35"/><stop offset=".6" stop-color="#fff" stop-opacity="0"/></radialGradient>'
    shadow = ellipse(166, 174, 146, 142, "url(#s)") if motif not in hot.STANDING else ""
    return page(cloth + shadow + DRAWN[motif](chance), 320, 320, shade + gloss)
