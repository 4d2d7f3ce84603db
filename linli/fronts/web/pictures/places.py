"""Fronts of shops, rooms to sleep in and sights, seen from the street, 320 by 200 units."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from linli.fronts.web.pictures.svg import circle, ellipse, group, num, page, path, rect

SKIES = (("#f9e3cf", "#fdf3e6"), ("#d6e6ea", "#f1f6f4"), ("#f6d9cf", "#fbeee6"), ("#dfe6d6", "#f4f4e8"), ("#e3dcea", "#f6f0f2"))
WALLS = ("#c96b4b", "#8e9d8a", "#d9b48a", "#7f8fa0", "#b98a6f", "#a9655a", "#c7bfae")
AWNINGS = (("#c93a1d", "#fff3e6"), ("#19705f", "#f4f1e6"), ("#c98a2b", "#fff6e2"), ("#3f5a78", "#f2f4f6"), ("#8a3b4a", "#fdf0ec"))


def _sky(chance: Random) -> tuple[str, str]:
    high, low = chance.choice(SKIES)
    defs = f'<linearGradient id="k" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{high}"/><stop offset="1" stop-color="{low}"/></linearGradient>'
    sun = circle(chance.uniform(40, 280), chance.uniform(26, 52), 17, "#fff", 'opacity=".7"')
    far = "".join(rect(x, chance.uniform(64, 100), chance.uniform(24, 40), 120, high, 2, 0, 'opacity=".75"') for x in range(-8, 320, 34))
    return '<rect width="320" height="200" fill="url(#k)"/>' + sun + far, defs


def _tree(chance: Random, x: float, size: float) -> str:
    green = chance.choice(("#7ea36a", "#94b37a", "#6c9460", "#b3b36a"))
    crown = "".join(circle(x + dx * size, 118 - dy * size, r * size, green) for dx, dy, r in ((0, 22, 25), (-17, 8, 18), (17, 8, 18)))
    return rect(x - 3, 118, 6, 60, "#8a6a4e", 2) + crown + circle(x - 8 * size, 118 - 28 * size, 9 * size, "#fff", 'opacity=".18"')


def _lantern(x: float, y: float) -> str:
    return (
        path(f"M{num(x)} {num(y - 14)}v5", stroke="#6b4a2a", width=2)
        + ellipse(x, y, 9, 10, "#d8402a")
        + ellipse(x - 3, y, 2.5, 8, "#f07a5c")
        + rect(x - 4, y - 11, 8, 3, "#e9b44c", 1)
        + rect(x - 4, y + 8, 8, 3, "#e9b44c", 1)
        + path(f"M{num(x)} {num(y + 11)}v7", stroke="#d8402a", width=2)
    )


def _window(x: float, y: float, w: float, h: float, warm: str = "#fbe3ae") -> str:
    return (
        rect(x, y, w, h, "#5a4436", 3)
        + rect(x + 3, y + 3, w - 6, h - 6, warm, 2)
        + path(f"M{num(x + w / 2)} {num(y + 3)}V{num(y + h - 3)}M{num(x + 3)} {num(y + h / 2)}H{num(x + w - 3)}", stroke="#5a4436", width=2)
    )


def _ground() -> str:
    return rect(0, 174, 320, 26, "#d9cdbd") + rect(0, 174, 320, 4, "#c7b8a4")


def shop(chance: Random) -> str:
    wall, (stripe, pale) = chance.choice(WALLS), chance.choice(AWNINGS)
    body = rect(58, 48, 204, 128, wall, 4) + rect(58, 48, 204, 12, "#fff", 4, 0, 'opacity=".16"')
    sign = rect(78, 62, 164, 26, "#fff8ec", 5) + "".join(rect(92 + i * 36, 69, 26, 12, stripe, 3) for i in range(4))
    cover = "".join(path(f"M{68 + i * 23} 94h23v18a11.5 11.5 0 0 1-23 0Z", stripe if i % 2 else pale) for i in range(8)) + rect(
        68, 92, 184, 5, stripe, 2
    )
    door = rect(190, 118, 44, 58, "#5a4436", 3) + rect(195, 123, 34, 48, "#f3d9a4", 2) + circle(224, 148, 2.5, "#5a4436")
    plants = "".join(rect(x, 164, 14, 12, "#b5623e", 2) + circle(x + 7, 158, 9, "#6f9a5c") for x in (66, 242))
    return body + sign + _window(84, 122, 88, 42) + cover + door + plants


def hall(chance: Random) -> str:
    roof = chance.choice(("#5d6b62", "#6b5d52", "#8a5a3a"))
    tiles = "".join(path(f"M{76 + i * 12} 60 {70 + i * 12.5} 84", stroke="#fff", width=1.2, extra='opacity=".25"') for i in range(15))
    upper = path("M44 88Q70 78 82 54H238Q250 78 276 88L282 80 284 92H36L38 80Z", roof) + tiles + rect(80, 50, 160, 6, roof, 3)
    walls = (
        rect(58, 92, 204, 84, "#b8402a")
        + "".join(rect(x, 92, 9, 84, "#8f2c1c") for x in (58, 110, 201, 253))
        + rect(58, 92, 204, 9, "#2f6b62")
        + "".join(rect(66 + i * 26, 94, 14, 5, "#e9b44c", 2) for i in range(8))
    )
    lattice = "".join(_window(x, 112, 34, 46, "#f7d893") for x in (71, 215))
    board = rect(124, 104, 72, 20, "#3a2a20", 3) + "".join(rect(133 + i * 19, 109, 14, 10, "#e9b44c", 2) for i in range(3))
    return (
        upper
        + walls
        + lattice
        + rect(132, 130, 56, 46, "#6b2316", 2)
        + path("M160 130V176", stroke="#e9b44c", width=2)
        + circle(154, 153, 2.5, "#e9b44c")
        + circle(166, 153, 2.5, "#e9b44c")
        + board
        + _lantern(116, 128)
        + _lantern(204, 128)
    )


def cafe(chance: Random) -> str:
    wall, (stripe, pale) = chance.choice(("#3f5a56", "#5b4a42", "#6a5a70", "#2f4858")), chance.choice(AWNINGS)
    body = (
        rect(50, 40, 220, 136, wall, 6)
        + rect(62, 52, 196, 22, "#fff8ec", 11)
        + "".join(rect(104 + i * 24, 58, 16, 10, wall, 5) for i in range(5))
    )
    glass = (
        rect(66, 104, 116, 62, "#f9dfae", 4)
        + path("M124 104V166", stroke=wall, width=3)
        + "".join(circle(82 + i * 28, 118, 6, "#fff3d0") + path(f"M{82 + i * 28} 104v8", stroke=wall, width=1.5) for i in range(4))
    )
    cover = path("M58 84H190L198 102H50Z", stripe) + "".join(path(f"M{62 + i * 32} 84h16l1 18h-19Z", pale) for i in range(4))
    table = (
        ellipse(240, 160, 18, 5, "#fff8ec")
        + rect(238.5, 160, 3, 16, "#5a4436")
        + rect(234, 150, 10, 9, "#fff", 2)
        + circle(289, 164, 11, "#6f9a5c")
    )
    return body + glass + cover + rect(206, 88, 44, 88, "#2d211b", 4) + rect(211, 94, 34, 76, "#f3d9a4", 3) + table


def noren(chance: Random) -> str:
    cloth = chance.choice(("#2f4a6b", "#8a2f2a", "#3a5a4a", "#4a3a5a"))
    body = (
        rect(48, 62, 224, 114, "#8a6547")
        + "".join(path(f"M{48 + i * 14} 62V176", stroke="#75533a", width=1.6) for i in range(1, 16))
        + path("M36 66 56 40H264L284 66Z", "#4a413c")
    )
    flaps = "".join(rect(98 + i * 32, 92, 30, 40, cloth, 2) + circle(113 + i * 32, 110, 7, "#fff8ec", 'opacity=".9"') for i in range(4))
    return (
        body
        + rect(94, 86, 136, 90, "#f7dfae")
        + rect(94, 128, 136, 48, "#e9c98e")
        + path("M162 92V176", stroke="#5a4030", width=3)
        + flaps
        + rect(88, 86, 148, 6, "#3a2a20", 3)
        + _lantern(72, 112)
        + _lantern(250, 112)
    )


def stall(chance: Random) -> str:
    stripe, pale = chance.choice(AWNINGS)
    cover = "".join(path(f"M{50 + i * 22} 66h22v22a11 11 0 0 1-22 0Z", stripe if i % 2 else pale) for i in range(10)) + rect(
        48, 58, 224, 10, stripe, 4
    )
    counter = (
        rect(56, 130, 208, 46, "#c98f5a", 4)
        + rect(50, 122, 220, 11, "#8a5a38", 4)
        + "".join(rect(66 + i * 40, 142, 30, 22, "#fff3df", 3) for i in range(5))
    )
    pots = "".join(
        rect(x, 106, 34, 17, "#6b625a", 5)
        + ellipse(x + 17, 106, 17, 4, "#8e8378")
        + path(f"M{x + 10} 100c-5-7 5-9 0-16m14 16c-5-7 5-9 0-16", stroke="#fff", width=2.4, extra='opacity=".8"')
        for x in (84, 142, 200)
    )
    return (
        rect(60, 66, 6, 100, "#7a5238")
        + rect(254, 66, 6, 100, "#7a5238")
        + rect(66, 66, 188, 60, "#f9dfae")
        + pots
        + counter
        + cover
        + _lantern(78, 106)
        + _lantern(242, 106)
    )


FRONTS: dict[str, Callable[[Random], str]] = {draw.__name__: draw for draw in (shop, hall, cafe, noren, stall)}


def front(motif: str, chance: Random) -> str:
    """A shop in its street."""
    sky, defs = _sky(chance)
    trees = _tree(chance, chance.uniform(14, 34), 1.0) + _tree(chance, chance.uniform(288, 306), chance.uniform(0.8, 1.1))
    return page(sky + trees + FRONTS[motif](chance) + _ground(), 320, 200, defs)


def _bed(x: float, w: float, cover: str) -> str:
    return (
        rect(x - 4, 84, w + 8, 50, "#9a7452", 6)
        + rect(x, 112, w, 58, "#fffaf2", 6)
        + rect(x, 132, w, 38, cover, 5)
        + rect(x + 7, 106, w / 2 - 10, 18, "#fff", 7)
        + rect(x + w / 2 + 3, 106, w / 2 - 10, 18, "#fff", 7)
    )


ROOMS = ("double", "twin", "suite")


def room(motif: str, chance: Random) -> str:
    """A room with its beds, its window and its lamp."""
    wall, floor, cover = chance.choice(
        (
            ("#efe3d2", "#c9a67c", "#c98a6a"),
            ("#dfe6e2", "#b99a78", "#7f9f95"),
            ("#ece0e0", "#c2a288", "#a4707a"),
            ("#e0e4ea", "#b8a088", "#6f87a3"),
        )
    )
    window = (
        rect(24, 34, 78, 70, "#fff", 3)
        + rect(28, 38, 70, 62, "#cfe3ea", 2)
        + circle(80, 54, 9, "#fff6da")
        + path("M28 92 48 70 64 86 80 66 98 90V100H28Z", "#a9c3a2")
        + path("M63 38V100", stroke="#fff", width=3)
    )
    drapes = path("M16 28H36Q32 70 22 112H16ZM110 28H90Q94 70 104 112H110Z", cover, extra='opacity=".8"')
    lamp = rect(293, 116, 3, 54, "#8a6a4e") + path("M280 90H308L302 116H286Z", "#fbe3ae")
    beds = {
        "double": _bed(136, 116, cover),
        "twin": _bed(122, 68, cover) + _bed(206, 68, cover),
        "suite": _bed(150, 112, cover) + rect(26, 136, 84, 30, "#b58a6a", 9) + rect(32, 122, 72, 22, "#c79a78", 9),
    }[motif]
    art = rect(176, 30, 54, 38, "#fff", 2) + rect(180, 34, 46, 30, "#f3d9c4") + path("M180 64 196 46 206 56 214 48 226 64Z", cover)
    return page(
        rect(0, 0, 320, 200, wall)
        + rect(0, 152, 320, 48, floor)
        + ellipse(190, 178, 112, 14, "#fff", 0, 'opacity=".25"')
        + window
        + drapes
        + art
        + beds
        + lamp,
        320,
        200,
    )


def palace(chance: Random) -> str:
    stair = "".join(rect(70 - i * 12, 156 + i * 7, 180 + i * 24, 8, "#f3ece0") for i in range(3))
    low = (
        path("M52 114Q76 104 86 88H234Q244 104 268 114Z", "#d79a33")
        + rect(80, 112, 160, 46, "#b03a28")
        + "".join(rect(86 + i * 29, 112, 7, 46, "#8a2a1e") for i in range(6))
        + rect(80, 112, 160, 7, "#2f6b62")
    )
    return (
        stair
        + low
        + rect(96, 78, 128, 12, "#b03a28")
        + path("M74 78Q98 70 106 48H214Q222 70 246 78Z", "#e2ab43")
        + rect(104, 44, 112, 5, "#b87f24", 2)
    )


def wall(chance: Random) -> str:
    hills = path("M0 150Q60 80 120 122 180 60 240 112 280 84 320 112V200H0Z", "#9fb68a") + path(
        "M0 172Q80 118 150 150 220 104 320 150V200H0Z", "#7f9c6e"
    )
    line = path("M-6 160C50 132 74 134 110 120 150 104 176 116 208 102 250 86 276 92 330 74", stroke="#c9b08c", width=13) + path(
        "M-6 153C50 125 74 127 110 113 150 97 176 109 208 95 250 79 276 85 330 67",
        stroke="#a98d66",
        width=3,
        extra='stroke-dasharray="5 5"',
    )
    towers = "".join(
        rect(x, y, 28, 30, "#bfa27a", 2)
        + "".join(rect(x + 1 + i * 9, y - 6, 6, 7, "#bfa27a") for i in range(3))
        + rect(x + 10, y + 9, 8, 11, "#6b543a", 4)
        for x, y in ((96, 96), (196, 78))
    )
    return hills + line + towers


def temple(chance: Random) -> str:
    tiers = "".join(
        path(
            f"M{92 + i * 16} {108 - i * 30}Q160 {86 - i * 30} {228 - i * 16} {108 - i * 30}L{218 - i * 16} {100 - i * 30}Q160 {66 - i * 34} {102 + i * 16} {100 - i * 30}Z",
            "#2f5f86",
        )
        + rect(112 + i * 15, 106 - i * 30, 96 - i * 30, 14, "#b03a28")
        for i in range(3)
    )
    return (
        "".join(rect(84 - i * 16, 148 + i * 9, 152 + i * 32, 10, "#f3ece0", 2) for i in range(3))
        + rect(108, 118, 104, 32, "#b03a28")
        + "".join(rect(112 + i * 24, 118, 6, 32, "#e2ab43") for i in range(5))
        + tiers
        + circle(160, 24, 6, "#e2ab43")
    )


def lake(chance: Random) -> str:
    water = path("M0 130H320V200H0Z", "#a9cdd6") + "".join(
        path(
            f"M{num(chance.uniform(0, 260))} {num(chance.uniform(142, 192))}h{num(chance.uniform(24, 60))}",
            stroke="#fff",
            width=2.4,
            extra='opacity=".6"',
        )
        for _ in range(14)
    )
    bridge = (
        path("M56 138Q160 66 264 138", stroke="#f3ece0", width=13)
        + "".join(path(f"M{x} 138a15 15 0 0 1 30 0Z", "#8db7c2") for x in (100, 145, 190))
        + path("M60 132Q160 60 260 132", stroke="#d9cbb6", width=3, extra='stroke-dasharray="3 7"')
    )
    shore = path("M0 132Q60 104 130 130H0ZM190 130Q260 98 320 128V132H190Z", "#8fae7c")
    boat = path("M214 164h52l-10 13h-32Z", "#b8402a") + path("M240 162V128L262 160Z", "#fff8ec")
    return shore + water + bridge + boat


def park(chance: Random) -> str:
    hills = path("M0 140Q90 86 180 128 250 92 320 126V200H0Z", "#b4cc9b") + path("M0 166Q110 130 200 156 270 138 320 158V200H0Z", "#93b47b")
    pavilion = (
        path("M118 108Q160 96 160 74 160 96 202 108Z", "#b8402a")
        + circle(160, 72, 4, "#e2ab43")
        + "".join(rect(x, 108, 5, 46, "#a3452f") for x in (126, 148, 168, 190))
        + rect(118, 152, 84, 7, "#f3ece0", 2)
    )
    trees = "".join(group(_tree(chance, 0, 1), x, 26, 0, 0.9) for x in (36, 78, 236, 286))
    return hills + path("M150 200Q170 176 162 158", stroke="#f3e6cf", width=13) + pavilion + trees


def street(chance: Random) -> str:
    houses = []
    for i in range(5):
        x, colour = 6 + i * 63, chance.choice(("#9a9a94", "#a9a196", "#8d8f8a", "#b3a493"))
        houses.append(
            rect(x, 96, 60, 80, colour)
            + path(f"M{x - 6} 98 {x + 8} 74H{x + 52}L{x + 66} 98Z", "#5d5a55")
            + rect(x + 19, 128, 22, 48, "#a3352a", 2)
            + _lantern(x + 11, 120)
            + _lantern(x + 49, 120)
        )
    return "".join(houses) + _tree(chance, 70, 1.2) + _tree(chance, 258, 1.1)


SIGHTS: dict[str, Callable[[Random], str]] = {draw.__name__: draw for draw in (palace, wall, temple, lake, park, street)}


def sight(motif: str, chance: Random) -> str:
    """A sight under its sky."""
    sky, defs = _sky(chance)
    over = "" if motif in {"wall", "lake", "park"} else _ground()
    behind = "" if motif in {"street", "park", "lake", "wall"} else _tree(chance, 30, 1) + _tree(chance, 292, 1)
    return page(sky + behind + SIGHTS[motif](chance) + over, 320, 200, defs)
