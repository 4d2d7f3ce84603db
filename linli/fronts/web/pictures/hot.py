"""Cooked dishes."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from linli.fronts.web.pictures import bits
from linli.fronts.web.pictures.china import bowl, dip, plate, steamer, sticks
from linli.fronts.web.pictures.svg import around, circle, ellipse, group, num, path, rect, scatter

STANDING = ("skewers", "drink", "burger", "sushi", "sauce")  # these lie or stand without a round plate


def _strands(chance: Random, colour: str, shade: str, r: float = 84) -> str:
    lines = []
    for i in range(26):
        x, y = scatter(chance, 1, r * 0.55)[0] if i % 2 else (160 + chance.uniform(-44, 44), 160 + chance.uniform(-44, 44))
        rx, ry, turn = chance.uniform(26, 52), chance.uniform(16, 34), chance.uniform(0, 180)
        tone = colour if i % 3 else shade
        lines.append(
            ellipse(
                x,
                y,
                rx,
                ry,
                "none",
                turn,
                f'stroke="{tone}" stroke-width="4.6" stroke-linecap="round" stroke-dasharray="{num(chance.uniform(70, 150))} 60"',
            )
        )
    return "".join(lines)


def _egg(x: float, y: float, turn: float) -> str:
    return group(
        ellipse(1, 3, 27, 21, "#5a3a1e", 0, 'opacity=".18"')
        + ellipse(0, 0, 27, 21, "#fffaf0")
        + circle(3, 0, 12.5, "#f2a32c")
        + circle(1, -3, 5, "#f9c766"),
        x,
        y,
        turn,
    )


def _slices(chance: Random, count: int, x: float, y: float, face: str, edge: str, fat: str) -> str:
    parts = []
    for i in range(count):
        shape = ellipse(2, 4, 27, 17, "#3a2410", 0, 'opacity=".2"') + ellipse(0, 0, 27, 17, edge) + ellipse(0, -1, 23, 13.5, face)
        parts.append(
            group(shape + path("M-12 0C-4-6 6 6 14-1", stroke=fat, width=3), x + i * 17, y + i * 5, -18 + i * 4 + chance.uniform(-5, 5))
        )
    return "".join(parts)


def noodles(chance: Random) -> str:
    soup, deep, base = chance.choice(
        (
            ("#e9b765", "#d49a45", "#f7e3ae"),
            ("#d9663a", "#b84826", "#f6dfa4"),
            ("#c98c4c", "#a86d33", "#f3dca6"),
            ("#f0dfb8", "#dcc694", "#fbf1d3"),
        )
    )
    top = bits.chillies(chance, 4, 60) if deep == "#b84826" else bits.leafy(chance, 2, 60)
    meat = _slices(chance, 4, 104, 122, *chance.choice((("#b9714a", "#8d4c2b", "#e3b08c"), ("#a85a3a", "#7c3c22", "#dba27e"))))
    return (
        bowl(chance, soup, deep)
        + bits.oil(chance, 14, "#f6c86a")
        + _strands(chance, base, "#e5c47e")
        + group(top, 34, 34, 0, 0.85)
        + meat
        + _egg(206, 190, chance.uniform(-40, 40))
        + bits.scallions(chance, 16, 80)
        + sticks()
    )


def hotpot(chance: Random) -> str:
    pan = circle(160, 160, 136, "#8e8378") + circle(160, 160, 130, "#cfc6bb") + circle(160, 160, 121, "#a5998c")
    red = path("M160 42A118 118 0 0 1 160 278C130 250 195 210 160 160 125 110 190 70 160 42Z", "#bf3a1c")
    white = path("M160 42A118 118 0 0 0 160 278C130 250 195 210 160 160 125 110 190 70 160 42Z", "#f3e6c6")
    wall = path("M160 42C190 70 125 110 160 160 195 210 130 250 160 278", stroke="#cfc6bb", width=8)
    heat = group(bits.chillies(chance, 9, 46) + bits.oil(chance, 16, "#e8792f", 50), 62, 0) + "".join(
        circle(232 + chance.uniform(-34, 34), 160 + chance.uniform(-66, 66), 2.6, "#5c1f10") for _ in range(16)
    )
    mild = group(bits.scallions(chance, 9, 44), -70, -26) + "".join(
        group(path("M0 0C-16-6-16-24 0-26 16-24 16-6 0 0Zm-5 0h10v13h-10Z", "#c9a67c"), x - 74, y + 10, chance.uniform(-30, 30))
        for x, y in scatter(chance, 4, 40)
    )
    dates = "".join(ellipse(x - 66, y + 34, 9, 7, "#9b2d22", chance.uniform(0, 90)) for x, y in scatter(chance, 4, 40))
    handles = rect(2, 136, 20, 48, "#5d534a", 8) + rect(298, 136, 20, 48, "#5d534a", 8)
    return handles + pan + red + white + heat + mild + dates + wall + circle(160, 160, 119, "none", 'stroke="#8e8378" stroke-width="3"')


def duck(chance: Random) -> str:
    fan = []
    for i in range(13):
        x, y = around(160, 196, 74, 196 + i * 12.3)
        piece = (
            ellipse(2, 4, 36, 15, "#3a2410", 0, 'opacity=".22"')
            + ellipse(0, 0, 36, 15, "#e8c49a")
            + path("M-36 0A36 15 0 0 1 36 0C20-6-20-6-36 0Z", "#a3471b")
            + path("M-24-7C-8-13 8-13 22-8", stroke="#e38b4a", width=3)
        )
        fan.append(group(piece, x, y, 196 + i * 12.3))
    greens = "".join(
        rect(112 + i * 8, 214 + (i % 3) * 3, 5.4, 40, ("#7cb55a", "#cfe6b0", "#5f9e4a")[i % 3], 2.6, 82 + chance.uniform(-6, 6))
        for i in range(6)
    )
    return plate(chance, 136) + "".join(fan) + dip(196, 234, "#4a1f12", 27) + group(greens, -8, 6) + bits.sesame(chance, 12, 60)


def skewers(chance: Random) -> str:
    tray = (
        rect(26, 54, 268, 222, "#5a3a1e", 22, 0, 'opacity=".2"')
        + rect(22, 46, 276, 222, "#6b5142", 22)
        + rect(32, 56, 256, 202, "#7d6250", 16)
    )
    meats = chance.choice(
        (
            [("#a4532c", "#6f2f15", "#d98a55"), ("#b96537", "#7c3a1a", "#e6a06a"), ("#e9b98a", "#c78f58", "#f7d9b4")],
            [("#c98145", "#945324", "#eab47c"), ("#4c9043", "#37702f", "#7cb55a"), ("#b5402a", "#84281a", "#e07a5c")],
        )
    )
    rows = []
    for i in range(5):
        y = 86 + i * 36
        stick = path(f"M36 {y}H306", stroke="#d8b27a", width=4.4)
        cubes = "".join(group(bits.chunk(chance, *chance.choice(meats), 14), 84 + j * 33, y, chance.uniform(-10, 10)) for j in range(6))
        rows.append(stick + cubes)
    dust = "".join(
        circle(chance.uniform(60, 270), chance.uniform(72, 246), 1.7, chance.choice(("#d8431f", "#f3d9a0", "#8b1f10"))) for _ in range(90)
    )
    return group(tray + "".join(rows) + dust, 0, 0)


def _dumpling(face: str, edge: str) -> str:
    body = path("M-38 8C-36-22 36-22 38 8 32 22-32 22-38 8Z", face) + path(
        "M-36 10C-30 20 30 20 36 10 32 22-32 22-36 10Z", edge, extra='opacity=".45"'
    )
    ridge = path("M-34 0C-26-13-18-7-12-14-6-8 0-16 6-14 12-7 20-13 34 0", stroke=edge, width=3)
    return (
        ellipse(2, 10, 39, 18, "#5a3a1e", 0, 'opacity=".2"')
        + body
        + ridge
        + path("M-18 4C-8-1 8-1 18 4", stroke="#fff", width=4, extra='opacity=".7"')
    )


def dumplings(chance: Random) -> str:
    steamed = chance.random() < 0.5
    face, edge = ("#fbf0da", "#dfc69a") if steamed else chance.choice((("#f6dfb0", "#c98f45"), ("#fbf0da", "#dfc69a")))
    base = steamer() if steamed else plate(chance)
    ring = "".join(group(_dumpling(face, edge), *around(160, 160, 76, i * 60), i * 60 + 90) for i in range(6))
    middle = dip(160, 160, "#4a1f12", 32) + bits.scallions(chance, 3, 12)
    return base + ring + middle


def buns(chance: Random) -> str:
    def bun(brown: bool) -> str:
        folds = "".join(
            path(
                f"M0 0Q{num(around(0, 0, 18, a + 22)[0])} {num(around(0, 0, 18, a + 22)[1])} {num(around(0, 0, 30, a)[0])} {num(around(0, 0, 30, a)[1])}",
                stroke="#e4cda3",
                width=2.4,
            )
            for a in range(0, 360, 30)
        )
        return (
            circle(2, 5, 38, "#5a3a1e", 'opacity=".22"')
            + circle(0, 0, 38, "#f0dcb6" if brown else "#f4e6cb")
            + circle(-2, -3, 34, "#fdf6e6")
            + folds
            + circle(0, 0, 4, "#e4cda3")
        )

    brown = chance.random() < 0.4
    spots = [(160, 160), *(around(160, 160, 74, i * 60 + 30) for i in range(6))]
    return steamer() + "".join(group(bun(brown), x, y, chance.uniform(0, 60), 0.94) for x, y in spots)


def rice(chance: Random) -> str:
    grains = "".join(
        ellipse(x, y, 6.4, 2.9, chance.choice(("#fffdf6", "#f7efdc", "#fdf7e8")), chance.uniform(0, 180))
        for x, y in scatter(chance, 210, 92)
    )
    tops = [("#b5532f", "#7d3119", "#e39564"), ("#d98b3f", "#a9622a", "#f3bd7c"), ("#8d4c2b", "#5f2d16", "#c98c5f")]
    topping = group(bits.heap(chance, [chance.choice(tops)], 9, 40, 15), -40, 6)
    side = group(bits.leafy(chance, 4, 28), 58, -46, 0, 0.9)
    return bowl(chance, "#f3e8d0", "#e2d2b0") + grains + topping + side + _egg(204, 214, 20) + bits.sesame(chance, 20, 84, "#2e241c")


def congee(chance: Random) -> str:
    tone = chance.choice((("#f6eed8", "#e6d9b8"), ("#eedbb0", "#d9bf86"), ("#dccbb5", "#c0a98c")))
    grains = "".join(ellipse(x, y, 5, 2.5, "#fffbee", chance.uniform(0, 180), 'opacity=".85"') for x, y in scatter(chance, 80, 92))
    extras = "".join(
        group(bits.chunk(chance, "#5a4a52", "#3a2f38", "#8b7c88", 10), x, y, chance.uniform(0, 90)) for x, y in scatter(chance, 6, 44)
    )
    sticks_ = group(
        "".join(
            rect(-60, -9 + i * 20, 104, 17, "#c98b3d", 8) + path(f"M-48 {-5 + i * 20}H30", stroke="#efc37d", width=4) for i in range(2)
        ),
        216,
        82,
        -34,
    )
    return bowl(chance, *tone) + grains + extras + bits.scallions(chance, 14, 60) + sticks_


def tofu(chance: Random) -> str:
    sauce = chance.choice((("#b93b1d", "#8f2912"), ("#c9762f", "#9c531b"), ("#e8c98c", "#cda85f")))
    cubes = "".join(
        group(
            rect(-16, -12, 32, 30, "#e3d2ae", 4) + rect(-16, -15, 32, 28, "#fdf5e2", 4) + path("M-11-10H6", stroke="#fff", width=3),
            x,
            y,
            chance.uniform(-25, 25),
        )
        for x, y in scatter(chance, 17, 78)
    )
    mince = "".join(circle(x, y, chance.uniform(2.5, 5), "#6b2a15") for x, y in scatter(chance, 34, 90))
    return bowl(chance, *sauce) + bits.oil(chance, 12, "#f0913f") + cubes + mince + bits.scallions(chance, 18, 78)


def egg(chance: Random) -> str:
    curds = "".join(
        group(
            path("M-22 4C-26-14-6-22 8-16 24-16 28 6 14 12 2 20-18 18-22 4Z", chance.choice(("#f7c948", "#f9d567", "#efb62f")))
            + path("M-12-4C-4-10 6-10 12-5", stroke="#fce8a0", width=3.4),
            x,
            y,
            chance.uniform(0, 360),
        )
        for x, y in scatter(chance, 17, 78)
    )
    tomato = "".join(
        group(
            path("M-20 8C-18-16 18-16 20 8 10 2-10 2-20 8Z", "#d63b25") + path("M-12-3C-4-9 4-9 11-4", stroke="#f18a6c", width=3),
            x,
            y,
            chance.uniform(0, 360),
        )
        for x, y in scatter(chance, 10, 72)
    )
    return plate(chance) + circle(160, 162, 96, "#e8863f", 'opacity=".55"') + curds + tomato + bits.scallions(chance, 12, 74)


def soup(chance: Random) -> str:
    tone = chance.choice((("#f1dfae", "#dcc384"), ("#e7a95a", "#cc8838"), ("#f6efd9", "#e2d6b2"), ("#cc6a3e", "#a94b25")))
    inside = (
        bits.leafy(chance, 4, 56)
        if chance.random() < 0.6
        else "".join(
            group(path("M0 0C-18-6-18-28 0-30 18-28 18-6 0 0Zm-6 0h12v16h-12Z", "#b98d5f"), x, y, chance.uniform(-60, 60))
            for x, y in scatter(chance, 6, 56)
        )
    )
    balls = "".join(
        circle(x + 1, y + 4, 17, "#5a3a1e", 'opacity=".2"') + circle(x, y, 17, "#ecd9bd") + circle(x - 4, y - 5, 6, "#fff6e6")
        for x, y in scatter(chance, 5, 52)
    )
    berries = "".join(ellipse(x, y, 6, 4, "#c8341d", chance.uniform(0, 90)) for x, y in scatter(chance, 8, 80))
    spoon = group(ellipse(0, 0, 24, 32, "#e9eef2") + ellipse(0, 2, 17, 24, "#f8fafb") + rect(-7, -122, 14, 98, "#e9eef2", 7), 228, 200, 38)
    return bowl(chance, *tone) + bits.oil(chance, 16, "#fbe9b4") + inside + balls + berries + bits.scallions(chance, 12, 82) + spoon


def ribs(chance: Random) -> str:
    glaze = [("#93391a", "#5e1f0b", "#d9774a"), ("#a4491f", "#6b290f", "#e38b59"), ("#7f2f16", "#511a09", "#c4643a")]
    sauce = circle(160, 164, 98, "#6b290f", 'opacity=".5"')
    return (
        plate(chance, dark=False)
        + sauce
        + bits.heap(chance, glaze, 14, 70, 21)
        + bits.sesame(chance, 44, 80)
        + bits.scallions(chance, 9, 70)
    )


def chicken(chance: Random) -> str:
    meat = [("#d58a43", "#a35d22", "#f2bf80"), ("#c97536", "#94491a", "#eaa868")]
    nuts = "".join(ellipse(x, y, 8, 5.4, "#f2d79c", chance.uniform(0, 180)) for x, y in scatter(chance, 14, 84))
    return plate(chance) + bits.heap(chance, meat, 22, 78, 14) + nuts + bits.chillies(chance, 11, 82) + bits.scallions(chance, 14, 80)


def beef(chance: Random) -> str:
    red = chance.random() < 0.55
    base = bowl(chance, "#c4421f", "#96280f") + bits.oil(chance, 18, "#ee8a36") if red else plate(chance)
    slices = "".join(_slices(chance, 3, x - 16, y - 4, "#8f4a2e", "#64301b", "#c98a68") for x, y in scatter(chance, 7, 58))
    top = bits.chillies(chance, 9, 78) if red else bits.herbs(chance, 8, 74)
    return base + slices + top + bits.scallions(chance, 14, 80) + bits.sesame(chance, 16, 70)


def stirfry(chance: Random) -> str:
    meat = chance.choice(([("#a85a32", "#74351a", "#d9935f")], [("#c27440", "#8d4a20", "#e8ac76")], [("#b55a3c", "#81351f", "#e29a78")]))
    strips = []
    for x, y in scatter(chance, 30, 84):
        colour, light = chance.choice((("#4c9043", "#8ac26a"), ("#d63b25", "#f18a6c"), ("#f0a93a", "#fad083"), ("#efe4c8", "#ffffff")))
        strips.append(group(rect(-19, -5, 38, 10, colour, 5) + path("M-12-2H8", stroke=light, width=2.2), x, y, chance.uniform(0, 180)))
    return plate(chance) + bits.heap(chance, meat, 15, 80, 15) + "".join(strips) + bits.sesame(chance, 12, 70)


def steak(chance: Random) -> str:
    meat = path("M76 150C80 96 150 86 196 104 250 118 256 176 214 202 164 230 74 214 76 150Z", "#5b2916") + path(
        "M82 146C88 98 150 92 194 109 240 122 246 170 208 194 162 220 80 204 82 146Z", "#85401f"
    )
    grill = "".join(
        path(f"M{100 + i * 30} {112 + (i % 2) * 3}L{128 + i * 26} {196 - (i % 2) * 5}", stroke="#4a1f10", width=7) for i in range(4)
    )
    side = group(bits.leafy(chance, 3, 24), 40, 76, 0, 0.8) + "".join(
        circle(x, y, 12, "#d63b25") + circle(x - 4, y - 4, 4, "#f18a6c") for x, y in ((228, 226), (204, 242), (238, 204))
    )
    return plate(chance, 138) + meat + grill + rect(140, 138, 30, 24, "#fbe6a2", 5, 14) + side + bits.herbs(chance, 2, 34)


DRAWN: dict[str, Callable[[Random], str]] = {
    draw.__name__: draw
    for draw in (noodles, hotpot, duck, skewers, dumplings, buns, rice, congee, tofu, egg, soup, ribs, chicken, beef, stirfry, steak)
}  # fmt: skip
