"""What is strewn over food: scallions, chillies, sesame, herbs, drops of oil, and pieces with their light side."""

from __future__ import annotations

from random import Random

from linli.fronts.web.pictures.svg import GREENS, circle, ellipse, group, num, path, rect, scatter


def scallions(chance: Random, count: int, r: float = 80, x: float = 160, y: float = 160) -> str:
    """Small green rings."""
    return "".join(
        f'<circle cx="{num(px)}" cy="{num(py)}" r="{num(chance.uniform(3, 4.6))}" fill="none" stroke="{chance.choice(GREENS)}" stroke-width="2.6"/>'
        for px, py in scatter(chance, count, r, x, y)
    )


def chillies(chance: Random, count: int, r: float = 80) -> str:
    """Curved red pods."""
    pod = path("M-15 3C-7-9 8-9 16-3 8-3-5 2-15 3Z", "#c7321d") + path("M-13 1C-6-5 4-6 11-4", stroke="#e8664a", width=1.6)
    return "".join(group(pod, px, py, chance.uniform(0, 360), chance.uniform(0.7, 1.05)) for px, py in scatter(chance, count, r))


def sesame(chance: Random, count: int, r: float = 80, colour: str = "#fbeecb") -> str:
    """Seeds."""
    return "".join(ellipse(px, py, 2.8, 1.7, colour, chance.uniform(0, 180)) for px, py in scatter(chance, count, r))


def herbs(chance: Random, count: int, r: float = 70) -> str:
    """Small leaves of three."""
    leaf = "".join(group(path("M0 0C5-4 6-11 0-16-6-11-5-4 0 0Z", "#4c9043"), 0, 0, turn) for turn in (-48, 0, 48)) + path(
        "M0 0V8", stroke="#3b7a36", width=2
    )
    return "".join(group(leaf, px, py, chance.uniform(0, 360), chance.uniform(0.7, 1.1)) for px, py in scatter(chance, count, r))


def oil(chance: Random, count: int, colour: str, r: float = 96) -> str:
    """Drops of oil on soup."""
    return "".join(circle(px, py, chance.uniform(3, 9), colour, 'opacity=".6"') for px, py in scatter(chance, count, r))


def chunk(chance: Random, face: str, deep: str, light: str, size: float = 17) -> str:
    """One cut piece with a lit edge, drawn around 0, 0."""
    w, h = size * chance.uniform(0.9, 1.25), size * chance.uniform(0.75, 1.05)
    return (
        rect(-w, -h + 3, 2 * w, 2 * h, deep, 7)
        + rect(-w, -h, 2 * w, 2 * h - 3, face, 7)
        + path(f"M{num(-w + 6)} {num(-h + 5)}H{num(w * 0.3)}", stroke=light, width=3.4)
    )


def heap(chance: Random, colours: list[tuple[str, str, str]], count: int, r: float = 78, size: float = 17) -> str:
    """A heap of cut pieces, the outer ones lowest."""
    spots = sorted(scatter(chance, count, r), key=lambda p: -((p[0] - 160) ** 2 + (p[1] - 160) ** 2))
    return "".join(group(chunk(chance, *chance.choice(colours), size), x, y, chance.uniform(0, 360)) for x, y in spots)


def leafy(chance: Random, count: int, r: float, greens: tuple[str, ...] = GREENS) -> str:
    """Cooked leaves with pale stems."""
    parts = []
    for x, y in scatter(chance, count, r):
        green = chance.choice(greens)
        blade = path("M0 6C-20 2-24-22-6-40 2-46 16-40 18-26 20-10 10 4 0 6Z", green) + path(
            "M2 26C0 10 0-10 4-32", stroke="#dff0c4", width=4.4
        )
        parts.append(group(blade, x, y, chance.uniform(0, 360), chance.uniform(0.75, 1.1)))
    return "".join(parts)


def prawn(face: str = "#ef8a5b", deep: str = "#d9653a") -> str:
    """One prawn, curled, drawn around 0, 0."""
    body = path("M-20 10C-26-14 2-30 20-12 26-4 24 8 16 12 20 2 12-10 0-8-8-6-10 4-6 12-10 16-17 16-20 10Z", face)
    bands = path("M-16-4-7 0M-8-15-3-7M5-20 5-9M17-14 12-6", stroke=deep, width=2.6)
    return body + bands + path("M14 11 24 18 12 20Z", deep)
