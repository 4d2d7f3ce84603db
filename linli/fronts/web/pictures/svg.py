"""The few strokes that all pictures are made of, and the colours they share."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

# Cloths: calm, warm, of one family; a plate on any of them looks at home beside the others.
CLOTHS = (
    ("#f6e6d2", "#ecd6bc"),
    ("#f7ddd1", "#eeccbc"),
    ("#dfe9da", "#cddbc7"),
    ("#d8e6e6", "#c5d7d8"),
    ("#f1e5c9", "#e5d5b0"),
    ("#ecdfe2", "#dfcdd2"),
    ("#e5e0d3", "#d6cfbe"),
)
GREENS = ("#5f9e4a", "#7cb55a", "#437f3b", "#8ac26a")


def num(value: float) -> str:
    """A number as short as it can be."""
    return f"{value:.1f}".removesuffix(".0")


def circle(x: float, y: float, r: float, fill: str, extra: str = "") -> str:
    """A disc."""
    return f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(r)}" fill="{fill}" {extra}/>'


def ellipse(x: float, y: float, rx: float, ry: float, fill: str, turn: float = 0, extra: str = "") -> str:
    """An oval, turned around its middle."""
    turned = f' transform="rotate({num(turn)} {num(x)} {num(y)})"' if turn else ""
    return f'<ellipse cx="{num(x)}" cy="{num(y)}" rx="{num(rx)}" ry="{num(ry)}" fill="{fill}"{turned} {extra}/>'


def rect(x: float, y: float, w: float, h: float, fill: str, r: float = 0, turn: float = 0, extra: str = "") -> str:
    """A box with round corners, turned around its middle."""
    turned = f' transform="rotate({num(turn)} {num(x + w / 2)} {num(y + h / 2)})"' if turn else ""
    return f'<rect x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}" rx="{num(r)}" fill="{fill}"{turned} {extra}/>'


def path(d: str, fill: str = "none", stroke: str = "", width: float = 0, extra: str = "") -> str:
    """A shape or a line."""
    line = f' stroke="{stroke}" stroke-width="{num(width)}" stroke-linecap="round" stroke-linejoin="round"' if stroke else ""
    return f'<path d="{d}" fill="{fill}"{line} {extra}/>'


def group(inner: str, x: float = 0, y: float = 0, turn: float = 0, scale: float = 1) -> str:
    """Something drawn around 0, 0, put elsewhere."""
    return f'<g transform="translate({num(x)} {num(y)}) rotate({num(turn)}) scale({scale:.2f})">{inner}</g>'


def around(x: float, y: float, r: float, angle: float) -> tuple[float, float]:
    """The point at `angle` degrees on a circle."""
    return x + r * cos(angle * pi / 180), y + r * sin(angle * pi / 180)


def scatter(chance: Random, count: int, r: float, x: float = 160, y: float = 160) -> list[tuple[float, float]]:
    """Points spread over a disc, evenly enough not to look thrown (sunflower order with a little chance)."""
    turn = chance.uniform(0, 360)
    return [around(x, y, r * ((i + 0.5) / count) ** 0.5 + chance.uniform(-3, 3), turn + i * 137.5) for i in range(count)]


def page(inner: str, width: int, height: int, defs: str = "") -> str:
    """The whole drawing."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    return f"{head}{f'<defs>{defs}</defs>' if defs else ''}{inner}</svg>"
