"""Filling a cart and changing it in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import LinePrice, LineWant
from linli.apps.orders import basket, hot, modes
from linli.apps.orders.hot import Picked
from linli.apps.orders.models import Cart, CartLine, Order, OrderLine
from linli.apps.orders.views import CartView
from linli.kernel.errors import N_, Conflict, Invalid, NotFound, Problem
from linli.kernel.ids import new_id, new_ids
from linli.platform.reads import dumps

MOST_PIECES = 99  # of one line; more is a mistake, or a matter for the store's telephone
MOST_LINES = 60
LONGEST_NOTE = 100
MOST_GUESTS = 200
MOST_DETAILS = 2_000  # characters of JSON

Options = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Pick:
    """What goes into a cart: `qty` of an offer with options (option id, how many of it).

    What has a time says from when to when, for how many guests, and what else its kind asks for (`details`: plain JSON, a small one).
    """

    offer_id: int
    options: Options = ()
    qty: int = 1
    note: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    guests: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reordered:
    """The cart that was filled, and the names of what is no longer to be had."""

    store_id: int
    missing: tuple[str, ...]


def _sorted(options: Options) -> list[list[int]]:
    return sorted([int(key), int(qty)] for key, qty in options if qty)


def _check(qty: int, note: str) -> None:
    if not 1 <= qty <= MOST_PIECES:
        raise Invalid("cart.qty", N_("Between 1 and %(most)s of one thing."), most=MOST_PIECES, field="qty")
    if len(note) > LONGEST_NOTE:
        raise Invalid("cart.note", N_("A note has at most %(most)s characters."), most=LONGEST_NOTE, field="note")


def _cart(person_id: int, store_id: int, at: datetime) -> int:
    """The id of the person's cart in the store, locked, made if there is none."""
    return hot.touch_cart(person_id, store_id, new_id(at), at)


def _put(cart_id: int, line: Picked, key: str) -> int:
    """Add the line, or its pieces to the one that is the same."""
    line_id = hot.put_line(cart_id, line, key, MOST_LINES, MOST_PIECES)
    if line_id is not None:
        return line_id
    if hot.is_in_cart(cart_id, line, key):
        _check(MOST_PIECES + 1, line.note)
    raise full()


def add_line(
    *, person_id: int, store_id: int, offer_id: int, options: Options = (), qty: int = 1, note: str = "", starts_at: datetime | None = None,
    ends_at: datetime | None = None, guests: int = 0, details: Mapping[str, Any] | None = None, at: datetime,
) -> int:  # fmt: skip
    """Put `qty` of an offer with `options` (option id, how many) into the person's cart; returns the line's id.

    What has a time says from when to when, for how many guests, and what else its kind asks for (`details`: plain JSON, a small one).
    Raises what the offer's kind and the catalogue say against it (gone, option gone, too many or too few options), Conflict "stock.short"
    for what is sold out, Invalid for a senseless quantity, Conflict "cart.full".
    """
    lines, _ = _wanted(store_id, [Pick(offer_id, options, qty, note, starts_at, ends_at, guests, details or {})], at)
    with transaction.atomic():
        return _put(_cart(person_id, store_id, at), lines[0], basket.key_of(lines[0]))


def fill_cart(*, person_id: int, store_id: int, picks: Sequence[Pick], at: datetime) -> CartView:
    """Put just this into the person's cart in the store, in place of what is there; returns the cart. The same twice is counted up.

    Raises as `add_line` does, for the first thing that cannot be had; then the cart stays as it was. Four statements.
    """
    if not picks:  # no offer speaks for the store, which may be one that there is not
        clear_cart(person_id=person_id, store_id=store_id, at=at)
        return basket.shown(person_id, store_id, [], {}, {})
    lines, prices = _wanted(store_id, picks, at)
    fresh_id = new_id(at)
    with transaction.atomic():
        cart_id = hot.touch_cart(person_id, store_id, fresh_id, at)
        if cart_id != fresh_id:
            hot.empty_cart(cart_id)
        hot.put_all(cart_id, [(line, basket.key_of(line)) for line in lines])
    return basket.shown(person_id, store_id, lines, prices, {})


def _wanted(store_id: int, picks: Sequence[Pick], at: datetime) -> tuple[list[Picked], dict[int, LinePrice]]:
    """The lines of `picks` with their prices, each thing once. Raises what is wrong with any of them. One statement, for dishes."""
    keys = new_ids(at, len(picks))
    asked = [
        Picked(key, pick.offer_id, _sorted(pick.options), pick.qty, pick.note.strip(), "dish", pick.starts_at, pick.ends_at, pick.guests,
               pick.details)
        for key, pick in zip(keys, picks, strict=True)
    ]  # fmt: skip
    for line in asked:
        _check(line.qty, line.note)
        if (line.details and len(dumps(dict(line.details))) > MOST_DETAILS) or not 0 <= line.guests <= MOST_GUESTS:
            raise Invalid("line.details", N_("That is more than can be written down for one booking."), field="details")
    offers, shelf = basket.terms(asked, at)
    lines = _once([replace(line, kind=offer.kind) if (offer := offers.get(line.offer_id)) else line for line in asked])
    prices = {line.id: catalog.priced(offers.get(line.offer_id), store_id=store_id, want=basket.want_of(line), at=at) for line in lines}
    for problem in basket.short(lines, prices, shelf).values():
        raise problem
    return lines, prices


def _once(lines: Sequence[Picked]) -> list[Picked]:
    """The lines with those that are the same counted up. Raises Invalid and Conflict for too many."""
    found: dict[tuple[int, str, str], Picked] = {}
    for line in lines:
        same = (line.offer_id, basket.key_of(line), line.note)
        found[same] = replace(found[same], qty=found[same].qty + line.qty) if same in found else line
        _check(found[same].qty, line.note)
    if len(found) > MOST_LINES:
        raise full()
    return list(found.values())


def full() -> Conflict:
    """That no other thing goes into the cart."""
    return Conflict("cart.full", N_("A cart holds at most %(most)s different things."), most=MOST_LINES)


@transaction.atomic
def set_line(*, person_id: int, line_id: int, qty: int | None = None, options: Options | None = None, at: datetime) -> None:
    """Change quantity or options of a line in place; none of it (0) takes it out. Raises NotFound for a line that is not the person's."""
    row = CartLine.objects.select_related("cart").filter(pk=line_id, cart__person_id=person_id).first()
    if row is None:
        raise NotFound("cart.line", N_("This is not in your cart any more."))
    cart_id = _cart(person_id, row.cart.store_id, at)
    CartLine.objects.filter(pk=row.pk).delete()
    if qty == 0:
        return
    _check(qty if qty is not None else row.qty, row.note)
    changed = Picked(
        row.pk, row.offer_id, row.options if options is None else _sorted(options), qty or row.qty, row.note, row.kind, row.starts_at,
        row.ends_at, row.guests, row.details,
    )  # fmt: skip
    if options is not None:
        catalog.price(store_id=row.cart.store_id, lines=[basket.want_of(changed)], at=at)
    _put(cart_id, changed, basket.key_of(changed))


@transaction.atomic
def clear_cart(*, person_id: int, store_id: int, at: datetime) -> None:
    """Take everything out of the person's cart in the store."""
    CartLine.objects.filter(cart__person_id=person_id, cart__store_id=store_id).delete()
    Cart.objects.filter(person_id=person_id, store_id=store_id).update(touched_at=at)


@transaction.atomic
def clear_mode(*, person_id: int, store_id: int, mode: str, at: datetime) -> None:
    """Take what is ordered in this mode out of the person's cart in the store; the rest stays. Raises Invalid for an unknown mode."""
    kinds = modes.mode(mode).takes
    CartLine.objects.filter(cart__person_id=person_id, cart__store_id=store_id, kind__in=kinds).delete()


@transaction.atomic
def reorder(*, person_id: int, order_id: int, at: datetime) -> Reordered:
    """Fill the cart of the store anew with what an earlier order had, as far as it is still offered. Raises NotFound."""
    order = Order.objects.filter(pk=order_id, person_id=person_id).first()
    if order is None:
        raise NotFound("order.unknown", N_("There is no such order."))
    clear_cart(person_id=person_id, store_id=order.store_id, at=at)
    cart_id, missing = _cart(person_id, order.store_id, at), []
    for line in OrderLine.objects.filter(order=order, kind="item").order_by("id"):
        picked = _sorted([(option[0], option[3]) for option in line.options])
        try:
            wish = LineWant(line.offer_id or 0, line.qty, tuple((a, b) for a, b in picked))
            (price,) = catalog.price(store_id=order.store_id, lines=[wish], at=at)
        except Problem:
            missing.append(line.title)
            continue
        again = Picked(new_id(at), line.offer_id or 0, picked, line.qty, line.note, price.kind)
        _put(cart_id, again, basket.key_of(again))
    return Reordered(order.store_id, tuple(missing))
