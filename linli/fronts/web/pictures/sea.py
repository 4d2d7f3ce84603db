"""Dishes from the water."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from linli.fronts.web.pictures import bits
from linli.fronts.web.pictures.china import oval, plate
from linli.fronts.web.pictures.svg import around, circle, ellipse, group, num, path, scatter


def fish(chance: Random) -> str:
    skin, deep, light = chance.choice(
        (("#d8dfe0", "#a9b8bb", "#f5f8f8"), ("#d98b4a", "#a85c25", "#f4c08a"), ("#c7502c", "#93331a", "#ee9a74"))
    )
    body = path("M48 160C76 106 178 98 232 150L282 118C276 148 276 172 282 202L232 170C178 222 76 214 48 160Z", deep) + path(
        "M50 156C80 108 176 102 230 150L276 124C271 146 271 166 275 188L230 164C176 208 80 206 50 156Z", skin
    )
    cuts = "".join(
        path(f"M{x} 128C{x + 14} 146 {x + 14} 166 {x + 2} 186", stroke=deep, width=5)
        + path(f"M{x + 5} 132C{x + 17} 148 {x + 17} 166 {x + 7} 182", stroke=light, width=3)
        for x in (112, 144, 176, 206)
    )
    head = path("M88 128C100 146 100 172 88 188", stroke=deep, width=4) + circle(72, 148, 8, "#fff") + circle(72, 148, 4, "#241a14")
    threads = "".join(
        path(
            f"M{num(x)} {num(y)}q{num(chance.uniform(-24, 24))} {num(chance.uniform(-14, 14))} {num(chance.uniform(-34, 34))} {num(chance.uniform(-16, 16))}",
            stroke=chance.choice(("#7cb55a", "#cfe6b0", "#f6e3a0", "#5f9e4a", "#c7321d")),
            width=3.4,
        )
        for x, y in scatter(chance, 22, 62)
    )
    return oval(chance) + ellipse(160, 166, 112, 62, "#a86a35", 0, 'opacity=".3"') + body + cuts + head + threads


def shrimp(chance: Random) -> str:
    prawns = "".join(
        group(
            bits.prawn(*chance.choice((("#ef8a5b", "#d9653a"), ("#f29a6c", "#dd7042")))), *around(160, 160, 82, i * 40), i * 40 + 70, 1.05
        )
        for i in range(9)
    )
    inner = "".join(group(bits.prawn(), *around(160, 160, 36, i * 90), i * 90 + 70, 0.95) for i in range(4))
    return (
        plate(chance)
        + circle(160, 160, 100, "#f6d9a8", 'opacity=".5"')
        + prawns
        + inner
        + bits.herbs(chance, 4, 62)
        + bits.scallions(chance, 8, 80)
    )


def crab(chance: Random) -> str:
    tone, deep = chance.choice((("#e2622f", "#b8431a"), ("#d9503a", "#a93423")))
    legs = "".join(
        path(f"M160 168Q{160 + s * 66} {112 + i * 30} {160 + s * 104} {128 + i * 34}", stroke=tone, width=10)
        + path(f"M{160 + s * 104} {128 + i * 34}l{s * 6} 18", stroke=deep, width=7)
        for s in (-1, 1)
        for i in range(4)
    )
    claws = "".join(
        path(f"M{160 + s * 50} 128Q{160 + s * 92} 96 {160 + s * 74} 70", stroke=tone, width=13)
        + group(path("M0 0C-20-8-22-36-4-44-2-30 4-30 8-42 22-30 16-6 0 0Z", tone), 160 + s * 74, 74, s * 16)
        for s in (-1, 1)
    )
    shell = (
        ellipse(160, 172, 68, 52, deep)
        + ellipse(160, 166, 68, 50, tone)
        + path("M112 152C128 130 192 130 208 152", stroke="#f6a377", width=6)
        + circle(142, 122, 5, "#241a14")
        + circle(178, 122, 5, "#241a14")
        + path("M136 172q24 16 48 0", stroke=deep, width=4)
    )
    return plate(chance, 138, dark=False) + bits.leafy(chance, 6, 92) + legs + claws + shell + bits.scallions(chance, 8, 60)


def shellfish(chance: Random) -> str:
    def shell() -> str:
        ribs = "".join(path(f"M0 24L{x} -18", stroke="#c9a27c", width=2) for x in (-22, -11, 0, 11, 22))
        return (
            ellipse(2, 6, 36, 28, "#3a2410", 0, 'opacity=".2"')
            + path("M0 28C-40 20-40-24 0-26 40-24 40 20 0 28Z", "#ecd3b4")
            + ribs
            + ellipse(0, -2, 20, 15, "#f6b98a")
            + ellipse(-4, -6, 9, 5, "#fde0c4")
        )

    shells = "".join(
        group(shell() + bits.scallions(chance, 3, 12, 0, 0), *around(160, 160, 78, i * 60), i * 60 + 90, 0.98) for i in range(6)
    )
    return plate(chance) + shells + group(shell() + bits.scallions(chance, 3, 12, 0, 0), 160, 160)


DRAWN: dict[str, Callable[[Random], str]] = {draw.__name__: draw for draw in (fish, shrimp, crab, shellfish)}
