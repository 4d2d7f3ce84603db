"""Carts, at today's prices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Sum

from linli.apps.merchants import queries as merchants
from linli.apps.orders import basket, hot, modes
from linli.apps.orders.models import CartLine
from linli.apps.orders.together import MOST_PARTS
from linli.apps.orders.views import CartBrief, CartView, TabLine


def cart(*, person_id: int, store_id: int, at: datetime) -> CartView:
    """The person's cart in the store, each line at the price of `at` and with what is wrong with it."""
    return basket.view(person_id, store_id, hot.cart(person_id, store_id)[0], at=at)


def as_picked(line: TabLine) -> hot.Picked:
    """A line of a table as one of a cart."""
    options = [[int(key), int(qty)] for key, qty in line.options]
    return hot.Picked(line.id, line.offer_id, options, line.qty, line.note)


def tab_cart(*, store_id: int, lines: Sequence[TabLine], at: datetime) -> CartView:
    """What was picked at a table, each line at the price of `at` and with what is wrong with it. One statement, two for what is gone."""
    return basket.view(0, store_id, [as_picked(line) for line in lines], at=at)


def carts(*, person_id: int) -> list[CartBrief]:
    """The person's carts that hold something, the last touched first. Two statements and what names cost."""
    found = CartLine.objects.filter(cart__person_id=person_id).values("cart__store_id", "cart__touched_at").annotate(count=Sum("qty"))
    rows = found.order_by("-cart__touched_at")
    names = {brief.id: brief for brief in merchants.staff_stores(store_ids=[row["cart__store_id"] for row in rows])}
    return [
        CartBrief(key, names[key].name, names[key].name_en, row["count"], row["cart__touched_at"])
        for row in rows
        if (key := row["cart__store_id"]) in names
    ]


def parts(*, person_id: int) -> list[tuple[int, str]]:
    """What the person's carts would be ordered as: store and mode (food: to be brought), once each, the last touched store first; no more
    than can be ordered together. One statement."""
    rows = CartLine.objects.filter(cart__person_id=person_id).order_by("-cart__touched_at", "cart__store_id", "kind")
    found = dict.fromkeys((store_id, modes.FOR_KIND[kind]) for store_id, kind in rows.values_list("cart__store_id", "kind"))
    return list(found)[:MOST_PARTS]
