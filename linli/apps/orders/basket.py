"""Reading a cart: its stored lines, their prices of today, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import LinePrice, LineWant, OfferTerms
from linli.apps.orders.bill import digest
from linli.apps.orders.hot import Picked
from linli.apps.orders.views import CartLineView, CartView, PickedOption
from linli.apps.stock import queries as stock
from linli.apps.stock.queries import Shelf
from linli.kernel.errors import N_, Conflict, Problem
from linli.platform import reads


def want_of(line: Picked) -> LineWant:
    """The line as the catalogue prices it."""
    options = tuple((int(key), int(qty)) for key, qty in line.options)
    return LineWant(line.offer_id, line.qty, options, line.starts_at, line.ends_at, line.guests, line.details)


def key_of(line: Picked) -> str:
    """The line's options, and its time and details where it has any, as text: the same text is the same thing."""
    text = ",".join(f"{key}x{qty}" for key, qty in line.options)
    if line.kind == "dish":
        return text
    return text + "|" + digest(line.starts_at, line.ends_at, line.guests, line.details)


def offer_ids(lines: Iterable[Picked]) -> list[int]:
    """The offers of the lines, each once."""
    return sorted({line.offer_id for line in lines})


def priced(
    store_id: int, lines: Sequence[Picked], offers: Mapping[int, OfferTerms], at: datetime
) -> tuple[dict[int, LinePrice], dict[int, Problem]]:
    """Price of each line, by line id, and what is wrong with those that have none."""
    prices: dict[int, LinePrice] = {}
    problems: dict[int, Problem] = {}
    for line in lines:
        try:
            prices[line.id] = catalog.priced(offers.get(line.offer_id), store_id=store_id, want=want_of(line), at=at)
        except Problem as problem:
            problems[line.id] = problem
    return prices, problems


def short(lines: Sequence[Picked], prices: Mapping[int, LinePrice], shelf: Shelf) -> dict[int, Problem]:
    """The lines of which less is left than wanted, by line id. No statement for dishes that the shelf knows, four for what has a time."""
    wanted: dict[int, int] = {}
    timed = False
    for line in lines:
        if line.kind == "dish":
            wanted[line.offer_id] = wanted.get(line.offer_id, 0) + line.qty
        else:
            timed = True
    found = _short_pieces(lines, prices, shelf, wanted)
    return found | _short_times(lines, prices, shelf.at) if timed else found


def _short_pieces(lines: Sequence[Picked], prices: Mapping[int, LinePrice], shelf: Shelf, wanted: Mapping[int, int]) -> dict[int, Problem]:
    left = shelf.left(wanted)
    if left is None:
        left = stock.left(offer_ids=list(wanted), at=shelf.at)
    return {
        line.id: sold_out(prices[line.id].title, count)
        for line in lines
        if line.offer_id in wanted and (count := left[line.offer_id]) is not None and count < wanted[line.offer_id] and line.id in prices
    }


def _short_times(lines: Sequence[Picked], prices: Mapping[int, LinePrice], at: datetime) -> dict[int, Problem]:
    """What has a time is short when anything that its kind needs is."""
    problems: dict[int, Problem] = {}
    wants: list[tuple[int, stock.Want]] = []
    for line in lines:
        if line.kind != "dish" and line.id in prices:
            try:
                wants += [(line.id, want) for want in stock.of_line(prices[line.id], at)]
            except Problem as problem:
                problems[line.id] = problem
    missing = {found.key: found.left for found in stock.short(wants=wants, at=at)} if wants else {}
    return problems | {key: sold_out(prices[key].title, left) for key, left in missing.items()}


def sold_out(name: str, left: int) -> Problem:
    """That less is left of something than is wanted."""
    if left <= 0:
        return Conflict("stock.short", N_("“%(names)s” is sold out."), names=name, left=0)
    return Conflict("stock.short", N_("Only %(left)s of “%(names)s” are left."), names=name, left=left)


def terms(lines: Sequence[Picked], at: datetime) -> tuple[dict[int, OfferTerms], Shelf]:
    """What the catalogue says of the lines, and what is left of them. One statement."""
    wanted = offer_ids(lines)
    offers, shelf = reads.together([catalog.terms(offer_ids=wanted), stock.shelf(offer_ids=wanted, at=at)])
    return offers, shelf


def view(person_id: int, store_id: int, lines: Sequence[Picked], *, at: datetime) -> CartView:
    """The cart as it is shown. One statement, two where something is no longer offered."""
    if not lines:
        return shown(person_id, store_id, (), {}, {})
    offers, shelf = terms(lines, at)
    prices, problems = priced(store_id, lines, offers, at)
    return shown(person_id, store_id, lines, prices, {**short(lines, prices, shelf), **problems})


def shown(
    person_id: int, store_id: int, lines: Sequence[Picked], prices: Mapping[int, LinePrice], problems: Mapping[int, Problem]
) -> CartView:
    """The cart of lines with these prices and problems. A statement only where a line has no price."""
    unpriced = [line.offer_id for line in lines if line.id not in prices]
    names = catalog.offers(ids=unpriced) if unpriced else {}
    views = []
    for line in lines:
        price, offer = prices.get(line.id), names.get(line.offer_id)
        title, title_en = (price.title, price.title_en) if price else (offer.name, offer.name_en) if offer else ("", "")
        options = picked(price) if price else ()
        unit, amount = (price.unit, price.amount) if price else (0, 0)
        allergens = tuple(price.allergens) if price else ()
        problem = problems.get(line.id)
        views.append(CartLineView(
            line.id, line.offer_id, title, title_en, options, line.qty, unit, amount, line.note, allergens, problem, line.kind,
            price.starts_at if price else line.starts_at, price.ends_at if price else line.ends_at, line.guests, line.details,
        ))  # fmt: skip
    good = [line for line in views if line.problem is None]
    goods, count = sum(line.amount for line in good), sum(line.qty for line in good)
    return CartView(person_id, store_id, tuple(views), goods, count, tuple(p for line in views if (p := line.problem)))


def picked(price: LinePrice) -> tuple[PickedOption, ...]:
    """The options of a priced line as orders show and keep them."""
    return tuple(PickedOption(option.id, option.name, option.name_en, option.qty, option.price) for option in price.options)


def kept(options: Sequence[PickedOption]) -> list[list[object]]:
    """Options as an order keeps them: `[[id, name, name_en, qty, price], …]`."""
    return [[option.id, option.name, option.name_en, option.qty, option.price] for option in options]
