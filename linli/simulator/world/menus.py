"""Choosing from a menu."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from linli.simulator.world.doors import Json

_MOST_DISHES = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """A dish as it is put into the cart."""

    offer: str
    price: int
    options: list[Json]
    qty: int


def choices(menu: Json) -> list[Json]:
    """The dishes that can be had now."""
    offers = [offer for section in menu["sections"] for offer in section["offers"]]
    return [offer for offer in offers if offer["kind"] == "dish" and offer["on_sale"] and offer["left"] != 0]


def pick(dishes: Sequence[Json], least: int, rng: random.Random) -> list[Choice]:
    """One to a few dishes that together cost at least `least` minor units, if that many can be had."""
    wanted, total = rng.choice((1, 1, 2, 2, 3)), 0
    chosen: list[Choice] = []
    for dish in rng.sample(list(dishes), len(dishes)):
        if (len(chosen) >= wanted and total >= least) or len(chosen) >= _MOST_DISHES:
            break
        choice = _choice(dish, rng)
        chosen.append(choice)
        total += choice.price
    if chosen and total < least:  # a short menu: take more of the first dish
        first = chosen[0]
        more = min(_room(dishes, first.offer), first.qty + -(-(least - total) // max(1, first.price // first.qty)))
        chosen[0] = Choice(first.offer, first.price // first.qty * more, first.options, more)
    return chosen


def _choice(dish: Json, rng: random.Random) -> Choice:
    options: list[Json] = []
    price = int(dish["price"])
    for group in dish["groups"]:
        on_sale = [option for option in group["options"] if option["on_sale"]]
        count = max(group["least"], 1 if on_sale and rng.random() < 0.25 else 0)
        for option in rng.sample(on_sale, min(count, len(on_sale), group["most"])):
            options.append({"option_id": option["id"], "qty": 1})
            price += int(option["price"])
    qty = 1 if rng.random() < 0.85 else 2
    qty = min(qty, dish["left"]) if dish["left"] is not None else qty
    return Choice(str(dish["id"]), price * qty, options, qty)


def _room(dishes: Sequence[Json], offer: str) -> int:
    left = next(dish["left"] for dish in dishes if dish["id"] == offer)
    return 20 if left is None else max(1, min(20, int(left)))
