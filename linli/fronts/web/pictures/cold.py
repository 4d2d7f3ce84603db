"""Greens, cold plates, baked things, sweets and drinks."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from linli.fronts.web.pictures import bits
from linli.fronts.web.pictures.china import bowl, dip, plate
from linli.fronts.web.pictures.svg import around, circle, ellipse, group, num, path, rect, scatter


def greens(chance: Random) -> str:
    tones = chance.choice(
        (("#5f9e4a", "#7cb55a", "#437f3b", "#8ac26a"), ("#3f7d3c", "#5b9a49", "#2f6831"), ("#7d5a86", "#8f6b96", "#5f9e4a"))
    )
    garlic = "".join(ellipse(x, y, 6, 4, "#fbf3dc", chance.uniform(0, 180)) for x, y in scatter(chance, 18, 80))
    return plate(chance) + bits.leafy(chance, 18, 74, tones) + garlic + (bits.chillies(chance, 4, 60) if chance.random() < 0.4 else "")


def cold(chance: Random) -> str:
    slices = "".join(
        group(
            ellipse(1, 3, 21, 19, "#3a5a2a", 0, 'opacity=".2"')
            + circle(0, 0, 20, "#4c8a3f")
            + circle(0, 0, 17, "#d6ecb4")
            + "".join(ellipse(*around(0, 0, 8, a), 3.4, 1.8, "#a9d07e", a) for a in range(0, 360, 60)),
            x,
            y,
        )
        for x, y in scatter(chance, 15, 82)
    )
    nuts = "".join(ellipse(x, y, 8, 5, "#d9a05a", chance.uniform(0, 180)) for x, y in scatter(chance, 12, 74))
    return plate(chance) + slices + nuts + bits.chillies(chance, 4, 64) + bits.sesame(chance, 24, 80)


def pancake(chance: Random) -> str:
    disc = (
        circle(163, 166, 106, "#5a3a1e", 'opacity=".18"')
        + circle(160, 160, 106, "#c98a3c")
        + circle(160, 158, 101, "#e8b565")
        + circle(150, 148, 84, "#efc67e", 'opacity=".7"')
    )
    spots = "".join(
        ellipse(x, y, chance.uniform(5, 13), chance.uniform(4, 9), "#b9732c", chance.uniform(0, 180), 'opacity=".6"')
        for x, y in scatter(chance, 26, 88)
    )
    turn = chance.uniform(0, 60)
    cuts = "".join(
        path(
            "M{} {}L{} {}".format(*(num(v) for a in (turn + i * 60, turn + i * 60 + 180) for v in around(160, 160, 106, a))),
            stroke="#a4642a",
            width=3,
        )
        for i in range(3)
    )
    return plate(chance, 138) + disc + spots + cuts + bits.sesame(chance, 46, 92) + bits.scallions(chance, 16, 84)


def sushi(chance: Random) -> str:
    slate = (
        rect(34, 66, 260, 196, "#5a3a1e", 18, 0, 'opacity=".2"')
        + rect(30, 58, 260, 196, "#463c36", 18)
        + rect(38, 66, 244, 180, "#544842", 12)
    )

    def roll(face: str) -> str:
        return (
            circle(2, 4, 27, "#1d1714", 'opacity=".4"')
            + circle(0, 0, 27, "#24301f")
            + circle(0, 0, 23, "#fdf8ea")
            + circle(0, 0, 11, face)
            + circle(-3, -3, 4, "#fff", 'opacity=".5"')
        )

    def nigiri(face: str, line: str) -> str:
        return (
            rect(-17, -37, 36, 78, "#1d1714", 17, 0, 'opacity=".4"')
            + rect(-18, -40, 36, 78, "#fdf8ea", 17)
            + rect(-20, -38, 40, 70, face, 18)
            + "".join(path(f"M-15 {y}Q0 {y - 9} 15 {y}", stroke=line, width=3) for y in (-18, -2, 14))
        )

    tops = (("#f2875e", "#fbc3a6"), ("#e8604c", "#f7a493"), ("#f5d27a", "#fbe7b4"))
    row = "".join(group(nigiri(*chance.choice(tops)), 74 + i * 58, 116, 6) for i in range(4))
    rolls = "".join(group(roll(chance.choice(("#f2875e", "#7cb55a", "#f2c14e"))), 74 + i * 58, 202) for i in range(4))
    return slate + row + rolls + bits.sesame(chance, 10, 60)


def pizza(chance: Random) -> str:
    base = (
        circle(164, 168, 132, "#5a3a1e", 'opacity=".2"')
        + circle(160, 160, 132, "#c98a45")
        + circle(160, 160, 128, "#e3ac63")
        + circle(160, 160, 112, "#c8462a")
        + circle(160, 160, 107, "#f6cf74")
    )
    melt = "".join(
        ellipse(
            x,
            y,
            chance.uniform(12, 22),
            chance.uniform(8, 15),
            chance.choice(("#fbe3a0", "#f3bf58")),
            chance.uniform(0, 180),
            'opacity=".8"',
        )
        for x, y in scatter(chance, 22, 94)
    )
    rounds = "".join(
        circle(x, y, 17, "#a5301c") + circle(x, y - 1, 14.5, "#cb4a2f") + circle(x - 4, y - 5, 3, "#e88767")
        for x, y in scatter(chance, 10, 84)
    )
    olives = "".join(
        f'<circle cx="{num(x)}" cy="{num(y)}" r="6" fill="none" stroke="#39323a" stroke-width="4"/>' for x, y in scatter(chance, 9, 90)
    )
    cuts = "".join(
        path("M160 160L{} {}".format(*(num(v) for v in around(160, 160, 131, i * 45 + 10))), stroke="#b9732c", width=2.4) for i in range(8)
    )
    return base + melt + cuts + rounds + olives + bits.herbs(chance, 7, 88)


def burger(chance: Random) -> str:
    board = (
        rect(40, 226, 240, 42, "#5a3a1e", 16, 0, 'opacity=".2"')
        + rect(36, 218, 248, 40, "#b9804a", 16)
        + rect(36, 218, 248, 26, "#cd9659", 13)
    )
    parts = (
        rect(82, 184, 156, 38, "#d9964a", 18)
        + rect(74, 164, 172, 30, "#5f2d16", 14)
        + path("M78 168H242L224 184 206 170 184 188 160 170 132 186 112 170 96 180Z", "#f6c445")
        + path("M70 158q15-14 30 0t30 0 30 0 30 0 30 0 30 0v8H70Z", "#6fae4b")
        + rect(82, 138, 156, 15, "#d63b25", 7)
    )
    top = path("M80 138C80 76 240 76 240 138Z", "#d9913f") + path("M88 130C94 90 190 82 214 100 168 92 112 100 98 134Z", "#ecb469")
    seeds = "".join(
        ellipse(x, y, 4.4, 2.6, "#fff0cd", chance.uniform(-40, 40))
        for x, y in ((116, 112), (140, 98), (164, 106), (188, 98), (206, 116), (152, 122), (182, 122))
    )
    return board + parts + top + seeds


def dessert(chance: Random) -> str:
    kind = chance.randrange(3)
    if kind == 0:  # a layered slice
        cream, sponge = chance.choice((("#fff3e6", "#e9b66b"), ("#f7d6dd", "#c9828f"), ("#efe0cf", "#7a4a30"), ("#e3edcf", "#93b26b")))
        layers = "".join(
            path(f"M84 {136 + i * 28}L226 {112 + i * 28}V{128 + i * 28}L84 {152 + i * 28}Z", sponge if i % 2 else cream) for i in range(4)
        )
        food = (
            path("M84 136 226 112 196 84 132 92Z", cream)
            + path("M84 136 226 112V196L84 236Z", sponge)
            + layers
            + "".join(circle(x, y, 11, "#d63b3f") + circle(x - 3, y - 4, 3.4, "#f79a95") for x, y in ((150, 104), (176, 98), (198, 104)))
        )
        return plate(chance, 134) + ellipse(160, 214, 92, 24, "#5a3a1e", -8, 'opacity=".15"') + food + bits.herbs(chance, 2, 20)
    if kind == 1:  # little round sweets
        tones = chance.choice((("#f4e3c0", "#e3c88f"), ("#dbe8c4", "#b9cf93"), ("#f6dadf", "#e3b0ba"), ("#e8d3f0", "#c9a9d6")))
        balls = "".join(
            circle(x + 2, y + 5, 27, "#5a3a1e", 'opacity=".18"')
            + circle(x, y, 27, tones[1])
            + circle(x - 2, y - 3, 23, tones[0])
            + circle(x, y - 2, 5, "#b9402f")
            for x, y in ((160, 160), *(around(160, 160, 64, i * 60) for i in range(6)))
        )
        return plate(chance, 130) + balls
    glaze = chance.choice((("#c9803a", "#f3d9a2"), ("#f0a93a", "#fff3d6"), ("#8d4c2b", "#ead2bb")))
    pudding = (
        circle(160, 160, 84, "#e9c891")
        + circle(160, 158, 80, glaze[1])
        + circle(160, 156, 60, glaze[0])
        + ellipse(140, 136, 22, 11, "#fff", -30, 'opacity=".35"')
    )
    berries = "".join(circle(x, y, 9, "#5a4a86") + circle(x - 2, y - 3, 3, "#a79bd0") for x, y in scatter(chance, 7, 34))
    return bowl(chance, "#fff8ea", "#efe0c4", 122) + pudding + berries + bits.herbs(chance, 3, 30)


def drink(chance: Random) -> str:
    low, high, froth = chance.choice(
        (
            ("#7a4526", "#c98d5c", "#f6e6cf"),
            ("#d9642a", "#f4b04a", "#fbe2a8"),
            ("#7fae4b", "#cfe08f", "#eef5cf"),
            ("#a32c3a", "#e2707a", "#f9cfd0"),
            ("#c98a2b", "#f0c767", "#fdf3d6"),
            ("#5b3a6b", "#a97fb5", "#ead9ee"),
        )
    )
    fade = f'<linearGradient id="d" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{high}"/><stop offset="1" stop-color="{low}"/></linearGradient>'
    glass = path("M104 74H216L202 268Q200 278 190 278H130Q120 278 118 268Z", "#fff", extra='opacity=".55"') + path(
        "M109 104H211L199 262Q198 270 190 270H130Q122 270 121 262Z", "url(#d)"
    )
    ice = "".join(
        group(rect(-15, -15, 30, 30, "#fff", 6, 0, 'opacity=".4"') + path("M-8-8H4", stroke="#fff", width=3), x, y, chance.uniform(0, 90))
        for x, y in ((138, 126), (176, 120), (158, 152), (190, 160))
    )
    pearls = (
        "".join(circle(chance.uniform(132, 188), chance.uniform(226, 260), 8, "#2e1c16") for _ in range(13))
        if chance.random() < 0.4
        else ""
    )
    straw = path("M176 96 206 26", stroke="#c93a1d", width=9) + path("M178 92 180 86M188 68 190 62M199 43 201 38", stroke="#fff", width=9)
    fruit = group(
        circle(0, 0, 30, "#f2b632")
        + circle(0, 0, 25, "#fbe08a")
        + "".join(path("M0 0L{} {}".format(*(num(v) for v in around(0, 0, 23, a))), stroke="#f2b632", width=3) for a in range(0, 360, 45)),
        108,
        82,
    )
    shine = path("M124 112 132 250", stroke="#fff", width=6, extra='opacity=".5"')
    return (
        f"<defs>{fade}</defs>"
        + ellipse(166, 282, 70, 12, "#5a3a1e", 0, 'opacity=".2"')
        + straw
        + glass
        + path("M109 104H211L209 122Q160 134 111 122Z", froth)
        + ice
        + pearls
        + shine
        + (fruit if chance.random() < 0.5 else "")
    )


def fried(chance: Random) -> str:
    gold, deep, light = chance.choice(
        (("#e0a24a", "#b1722a", "#f6cf8e"), ("#d98f3d", "#a5621f", "#f2bd7b"), ("#eab85c", "#c08a34", "#fbe0a6"))
    )
    kind = chance.randrange(3)
    parts = []
    for x, y in scatter(chance, 17, 84):
        turn = chance.uniform(0, 360)
        if kind == 0:  # rings
            ring = f'<circle cx="0" cy="3" r="18" fill="none" stroke="{deep}" stroke-width="12"/><circle cx="0" cy="0" r="18" fill="none" stroke="{gold}" stroke-width="11"/>'
            parts.append(group(ring + path("M-15-12C-8-20 6-20 13-14", stroke=light, width=3), x, y, turn))
        elif kind == 1:  # sticks
            parts.append(
                group(
                    rect(-29, -7, 58, 18, deep, 7) + rect(-29, -10, 58, 18, gold, 7) + path("M-20-5H12", stroke=light, width=3.4),
                    x,
                    y,
                    turn,
                )
            )
        else:  # crisp lumps
            lump = path("M-26 6C-30-14-10-24 6-22 26-22 30 0 20 14 8 24-20 22-26 6Z", deep) + path(
                "M-26 2C-28-14-10-24 6-23 25-21 28-2 19 10 8 19-20 17-26 2Z", gold
            )
            parts.append(group(lump + path("M-14-8C-8-14 2-14 8-10", stroke=light, width=3.4), x, y, turn, 0.92))
    return plate(chance) + "".join(parts) + dip(222, 222, chance.choice(("#8b1f10", "#4a1f12", "#f2e2b6")), 31) + bits.herbs(chance, 3, 60)


def sauce(chance: Random) -> str:
    tones = chance.sample(("#8a5a2e", "#c9976a", "#8b1f10", "#3f2a1c", "#d8b070", "#6f8f3f"), 4)
    dishes = "".join(dip(*around(160, 160, 66, 45 + i * 90), tone, 58) for i, tone in enumerate(tones))
    tops = "".join(
        group(
            bits.scallions(chance, 7, 26, 0, 0) if i % 2 else bits.sesame(chance, 16, 30),
            *(
                around(160, 160, 66, 45 + i * 90)
                if i % 2
                else (around(160, 160, 66, 45 + i * 90)[0] - 160, around(160, 160, 66, 45 + i * 90)[1] - 160)
            ),
        )
        for i in range(4)
    )
    return rect(22, 22, 276, 276, "#6b5142", 26) + rect(32, 32, 256, 256, "#7d6250", 20) + dishes + tops


def fruit(chance: Random) -> str:
    melon = "".join(
        group(
            path("M-40 0A40 40 0 0 0 40 0Z", "#4c9043")
            + path("M-35 0A35 35 0 0 0 35 0Z", "#fbf2d2")
            + path("M-31 0A31 31 0 0 0 31 0Z", "#e2524a")
            + "".join(ellipse(x, y, 2.4, 3.4, "#3a201a") for x, y in ((-14, 10), (0, 16), (14, 10), (-4, 6), (7, 6))),
            *around(160, 160, 62, i * 72),
            i * 72 - 90,
        )
        for i in range(5)
    )
    return (
        plate(chance)
        + melon
        + "".join(circle(x, y, 12, "#5b3f7d") + circle(x - 3, y - 4, 4, "#a48cc4") for x, y in scatter(chance, 7, 30))
        + dip(160, 160, "#f9e3a3", 0.1)
    )


DRAWN: dict[str, Callable[[Random], str]] = {
    draw.__name__: draw for draw in (greens, cold, pancake, sushi, pizza, burger, dessert, drink, fried, sauce, fruit)
}
