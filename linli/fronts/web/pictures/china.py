"""What food is served in: plates, bowls, steamers, pans."""

from __future__ import annotations

from random import Random

from linli.fronts.web.pictures.svg import around, circle, ellipse, num, path

# Face, rim, line.
CHINA = (
    ("#fffdf8", "#f3ece1", "#ded3c2"),
    ("#f6f9f4", "#dde9e1", "#8fb0a2"),
    ("#fdfbf6", "#e6edf4", "#5f7f9f"),
    ("#fff9f0", "#f4ddcb", "#c8683f"),
    ("#57493f", "#463a32", "#7a675a"),
)


def plate(chance: Random, r: float = 132, dark: bool = True) -> str:
    """A flat plate, sometimes with a painted rim."""
    face, rim, line = chance.choice(CHINA if dark else CHINA[:4])
    ring = circle(160, 160, r - 7, "none", f'stroke="{line}" stroke-width="{chance.choice((1.6, 3, 5))}"')
    dots = "".join(circle(*around(160, 160, r - 14, i * 15), 2, line) for i in range(24)) if chance.random() < 0.3 else ""
    return circle(160, 160, r, rim) + ring + dots + circle(160, 160, r - 24, face) + circle(160, 160, r, "url(#g)")


def bowl(chance: Random, soup: str, deep: str, r: float = 132) -> str:
    """A bowl filled with something liquid: `soup` in the light, `deep` at the edge."""
    face, rim, line = chance.choice(CHINA)
    ring = circle(160, 160, r - 4, "none", f'stroke="{line}" stroke-width="3"')
    return (
        circle(160, 160, r, face) + ring + circle(160, 160, r - 14, rim) + circle(160, 164, r - 18, deep) + circle(160, 162, r - 22, soup)
    )


def oval(chance: Random) -> str:
    """A long plate for fish and rows of things."""
    face, rim, line = chance.choice(CHINA[:4])
    edge = ellipse(160, 160, 141, 99, "none", 0, f'stroke="{line}" stroke-width="2.5"')
    return ellipse(160, 160, 148, 106, rim) + edge + ellipse(160, 160, 126, 84, face)


def steamer() -> str:
    """A bamboo steamer."""
    weave = "".join(path(f"M{num(x)} 56V264", stroke="#d3ab6b", width=3) for x in range(72, 260, 17))
    return (
        circle(160, 160, 134, "#b98542")
        + circle(160, 160, 128, "#d9ab67")
        + circle(160, 160, 116, "#b98542")
        + circle(160, 160, 112, "#ecd2a0")
        + f'<g opacity=".8">{weave}</g>'
        + circle(160, 160, 112, "none", 'stroke="#c8944e" stroke-width="5"')
    )


def dip(x: float, y: float, sauce: str, r: float = 30) -> str:
    """A small dish of sauce."""
    return (
        circle(x + 2, y + 4, r, "#5a3a1e", 'opacity=".16"')
        + circle(x, y, r, "#fffdf8")
        + circle(x, y, r - 6, sauce)
        + ellipse(x - 6, y - 7, 7, 4, "#fff", -30, 'opacity=".35"')
    )


def sticks() -> str:
    """A pair of chopsticks at the edge."""
    return path("M292 34 250 300M306 40 268 303", stroke="#7a4a2b", width=6) + path("M292 34l-6 38M306 40l-5 36", stroke="#c93a1d", width=6)
