"""Which choices a dish asks for in which kitchen; the choices stand in `options.toml`. Made up from what such kitchens ask."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from linli.simulator.beijing.cuisines import spicy
from linli.simulator.beijing.dishes import Kind


@dataclass(frozen=True, slots=True)
class Group:
    """A choice with its options, as (Chinese, English, price in fen, how often it may be taken)."""

    ref: str
    name: str
    name_en: str
    least: int
    most: int
    options: tuple[tuple[str, str, int, int], ...]


def _read() -> dict[str, Group]:
    table = tomllib.loads(Path(__file__).with_name("options.toml").read_text("utf8"))
    return {ref: Group(ref, **{**row, "options": tuple(tuple(option) for option in row["options"])}) for ref, row in table.items()}


_GROUPS = _read()
_BY_KIND = {
    "duck": ("duck",), "pot": ("dip",), "pizza": ("crust",), "steak": ("done",), "cold": ("avoid",), "snack": ("avoid",), "sea": ("side",),
    "hot": ("side",),
}  # fmt: skip
_SIZED = {"hot", "soup", "veg"}
_SPICED = {"hot", "grill", "sea", "snack", "veg", "pot"}
_SWEETENED = ("茶", "咖啡", "拿铁", "汁", "豆浆", "奶")


def size(price: int) -> Group:
    """Small costs what the dish costs; medium and large are dearer by a share of it, in whole yuan."""
    medium, large = (max(100, round(price * share / 100) * 100) for share in (0.3, 0.6))
    options = (("小份", "Small", 0, 1), ("中份", "Medium", medium, 1), ("大份", "Large", large, 1))
    return Group(f"size-{medium // 100}-{large // 100}", "份量", "Size", 1, 1, options)


def groups(dish: str, kind: Kind, cuisine: str, price: int) -> tuple[Group, ...]:
    """The choices that the dish asks for."""
    refs = list(_BY_KIND.get(kind.code, ()))
    if kind.code == "drink":
        refs = ["sugar", "ice"] if any(word in dish for word in _SWEETENED) else ["ice"]
    elif kind.code == "staple":
        refs = ["noodle", "topping"] if dish.endswith("面") else ["avoid"]
    if "辣" in dish or (spicy(cuisine) and kind.code in _SPICED):
        refs.append("spice")
    sized = (size(price),) if kind.code in _SIZED else ()
    return (*sized, *(_GROUPS[ref] for ref in refs))
