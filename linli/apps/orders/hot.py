"""The statements that every order runs, written by hand once for both databases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import connection

from linli.apps.orders.models import Order
from linli.apps.orders.states import CLOSED
from linli.kernel.actors import Actor
from linli.platform import rows, sql
from linli.platform.reads import Read, Sql, dumps, inner, marks, moment, sized, when
from linli.platform.writes import Write, later

T = TypeVar("T")

_CLAIM = """
INSERT INTO orders_claim (person_id, "key", digest, order_id) VALUES (%s, %s, %s, %s)
ON CONFLICT (person_id, "key") DO NOTHING RETURNING order_id
"""
_CLAIM_NEW = 'INSERT INTO orders_claim (person_id, "key", digest, order_id) VALUES (%s, %s, %s, %s)'
_CLAIMED = 'SELECT order_id, digest FROM orders_claim WHERE person_id = %s AND "key" = %s'
_ORDERED = f"EXISTS (SELECT 1 FROM orders_order o WHERE o.person_id = %s AND o.state NOT IN ({', '.join(['%s'] * len(CLOSED))}))"
_COLUMNS = f"id, offer_id, options, qty, note, kind, starts_at, ends_at, guests, details, {_ORDERED}"
_OF_CART = "cart_id = (SELECT c.id FROM orders_cart c WHERE c.person_id = %s AND c.store_id = %s)"
_LOOK = f"SELECT {_COLUMNS} FROM orders_cartline WHERE {_OF_CART} KINDS"
_TAKE = f"DELETE FROM orders_cartline WHERE {_OF_CART} KINDS RETURNING {_COLUMNS}"
_TAKE_THESE = "DELETE FROM orders_cartline WHERE "
_THIS = "(id = %s AND qty = %s AND options_key = %s)"
_CART = """
INSERT INTO orders_cart (id, person_id, store_id, touched_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (person_id, store_id) DO UPDATE SET touched_at = excluded.touched_at RETURNING id
"""
_SAME = "cart_id = %s AND offer_id = %s AND options_key = %s AND note = %s"
_PUT = f"""
INSERT INTO orders_cartline (id, cart_id, offer_id, options, options_key, qty, note, kind, starts_at, ends_at, guests, details)
SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s
WHERE EXISTS (SELECT 1 FROM orders_cartline WHERE {_SAME}) OR (SELECT count(*) FROM orders_cartline WHERE cart_id = %s) < %s
ON CONFLICT (cart_id, offer_id, options_key, note)
DO UPDATE SET qty = orders_cartline.qty + excluded.qty WHERE orders_cartline.qty + excluded.qty <= %s RETURNING id
"""
_GOODS = "SELECT COALESCE(SUM(goods), 0) FROM orders_order WHERE id IN ({marks}) AND state NOT IN ({over})"
_EMPTY = "DELETE FROM orders_cartline WHERE cart_id = %s"
_PUT_ALL = """
INSERT INTO orders_cartline (id, cart_id, offer_id, options, options_key, qty, note, kind, starts_at, ends_at, guests, details) VALUES """
_PUT_ONE = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_THERE = f"SELECT 1 FROM orders_cartline WHERE {_SAME}"

_FIELDS = tuple(field.attname for field in Order._meta.concrete_fields)
_MOMENTS = frozenset(
    name for name in _FIELDS if name.endswith("_at") or name in {"pay_by", "accept_by", "scheduled_for", "promise_from", "promise_to"}
) | {"starts_at", "ends_at"}
_ORDER = f"INSERT INTO orders_order ({', '.join(_FIELDS)}) VALUES ({', '.join(['%s'] * len(_FIELDS))})"
_LINES = """
INSERT INTO orders_orderline (id, order_id, kind, offer_id, title, title_en, options, note, qty, unit, amount, by_merchant, by_platform,
  starts_at, ends_at, guests, details, refunded_qty) VALUES """
_LINE = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0)"
_NOTE = "INSERT INTO orders_orderevent (order_id, event, state, role, person_id, at, data) VALUES (%s, %s, %s, %s, %s, %s, %s)"
_LOCKED = f"SELECT {{list}}({', '.join(f'o.{name}' for name in _FIELDS)}) FROM (SELECT * FROM orders_order WHERE id = %s {{lock}}) o"
_DUE = "SELECT {list}(city_id, total, mode) FROM orders_order WHERE id = %s AND person_id = %s"
STORE_OF = "(SELECT store_id FROM orders_order WHERE id = %s)"


@dataclass(frozen=True, slots=True)
class Picked:
    """A line of a cart as it is stored."""

    id: int
    offer_id: int
    options: list[list[int]]
    qty: int
    note: str
    kind: str = "dish"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    guests: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


def claim(person_id: int, key: str, digest: str, order_id: int) -> tuple[int, str] | None:
    """Take the key; None when it is ours now, otherwise the order id and the digest it was taken with.

    Whoever comes second waits here until the first one's transaction has ended. One statement, two when it is taken.
    """
    if sql.run(_CLAIM, sized([person_id, key, digest, order_id])).fetchone() is not None:
        return None
    found: tuple[int, str] = sql.run(_CLAIMED, sized([person_id, key])).fetchone()
    return found


def claimed(person_id: int, key: str) -> int | None:
    """The order that a key was used for; None for a new one. One statement."""
    found = sql.run(_CLAIMED, sized([person_id, key])).fetchone()
    return None if found is None else int(found[0])


def claim_new(person_id: int, key: str, digest: str, order_id: int) -> None:
    """Take the key with the other writes of the unit, which ends with an IntegrityError if it is taken already."""
    later(Write(_CLAIM_NEW, (person_id, key, digest, order_id)))


def take(lines: Sequence[tuple[int, int, str]]) -> None:
    """Have these lines (id, quantity, key) leave their cart with the other writes of the unit, which ends with Raced if one of them is
    no longer like that."""
    values = [value for line in lines for value in line]
    later(Write(_TAKE_THESE + " OR ".join([_THIS] * len(lines)), values, rows=len(lines)))


def cart(person_id: int, store_id: int, *, kinds: Collection[str] = (), take: bool = False) -> tuple[list[Picked], bool]:
    """The lines of a cart (of those `kinds`, if any are named), and whether the person has an order that did not come to nothing (said
    only if there are lines). One statement.

    To `take` them is to have them leave the cart: another one who takes them at the same moment waits here and finds them gone.
    """
    ordered: list[Any] = [person_id, *sorted(CLOSED)]
    of_cart: list[Any] = [person_id, store_id, *sorted(kinds)]
    only = f"AND kind IN ({marks(len(kinds))})" if kinds else ""
    text = (_TAKE if take else _LOOK).replace("KINDS", only)
    rows = sorted(sql.run(text, sized([*of_cart, *ordered] if take else [*ordered, *of_cart])).fetchall())
    return [_picked(row) for row in rows], any(row[10] for row in rows)


def _picked(row: Any) -> Picked:
    if row[5] == "dish":
        return Picked(row[0], row[1], inner(row[2]), row[3], row[4])
    return Picked(row[0], row[1], inner(row[2]), row[3], row[4], row[5], _aware(row[6]), _aware(row[7]), row[8], inner(row[9]))


def _aware(value: Any) -> datetime | None:
    """A moment as a column gives it; SQLite's driver leaves the zone out, or gives a text."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return when(value)


def touch_cart(person_id: int, store_id: int, fresh_id: int, at: datetime) -> int:
    """The id of the person's cart in the store, locked; `fresh_id` if there was none. One statement."""
    return int(sql.run(_CART, sized([fresh_id, person_id, store_id, moment(at)])).fetchone()[0])


def put_line(cart_id: int, line: Picked, key: str, most_lines: int, most_pieces: int) -> int | None:
    """Add the line to a locked cart, or its pieces to the same one that is there; its id, None if that were too many. One statement."""
    same = (cart_id, line.offer_id, key, line.note)
    row = sql.run(_PUT, [*_row(cart_id, line, key), *same, cart_id, most_lines, most_pieces]).fetchone()
    return None if row is None else int(row[0])


def _row(cart_id: int, line: Picked, key: str) -> list[Any]:
    return [
        line.id, cart_id, line.offer_id, dumps(line.options), key, line.qty, line.note, line.kind, _stored("starts_at", line.starts_at),
        _stored("ends_at", line.ends_at), line.guests, dumps(dict(line.details)),
    ]  # fmt: skip


def empty_cart(cart_id: int) -> None:
    """Take everything out of a locked cart. One statement."""
    sql.run(_EMPTY, [cart_id])


def put_all(cart_id: int, lines: Sequence[tuple[Picked, str]]) -> None:
    """Put lines, each with its key, into a locked cart that is empty. One statement."""
    values = [value for line, key in lines for value in _row(cart_id, line, key)]
    sql.run(_PUT_ALL + ", ".join([_PUT_ONE] * len(lines)), values)


def is_in_cart(cart_id: int, line: Picked, key: str) -> bool:
    """Whether the cart has the same line. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_THERE, [cart_id, line.offer_id, key, line.note])
        return cursor.fetchone() is not None


def goods_of(order_ids: Collection[int]) -> int:
    """What the goods of the orders came to that did not come to nothing, minor units."""
    row = sql.run(_GOODS.format(marks=marks(len(order_ids)), over=marks(len(CLOSED))), [*order_ids, *sorted(CLOSED)]).fetchone()
    return int(row[0])


def put(order: Order) -> None:
    """Write the new order, with the other writes of the unit."""
    kept = order.__dict__
    later(Write(_ORDER, [_stored(name, kept[name]) for name in _FIELDS]))


def _stored(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _MOMENTS:
        return moment(value)
    return dumps(value) if name == "address" else value


def put_lines(lines: Sequence[Sequence[Any]]) -> None:
    """Write the lines of an order: their columns up to `details` as the database has them, with the other writes of the unit."""
    later(Write(_LINES + ", ".join([_LINE] * len(lines)), [value for line in lines for value in line]))


def note(order: Order, event: str, actor: Actor, at: datetime, data: dict[str, Any]) -> None:
    """Write a line of the order's life, with the other writes of the unit."""
    later(Write(_NOTE, (order.id, event, order.state, actor.role, actor.person_id, moment(at), dumps(data))))


def change(order: Order, was: str, names: Sequence[str]) -> None:
    """Write the named fields of the order, which is still in the state it `was` in, with the other writes of the unit."""
    sets = ", ".join(f"{name} = %s" for name in names)
    values = [_stored(name, getattr(order, name)) for name in names]
    later(Write(f"UPDATE orders_order SET {sets} WHERE id = %s AND state = %s", (*values, order.id, was), rows=1))


def locked(order_id: int) -> Read[Order | None]:
    """The order, which nobody else moves until the transaction ends, to be read together with other things; None when there is none."""
    return Read(_LOCKED, (order_id,), _order)


def due(order_id: int, person_id: int, make: Callable[[Any], T]) -> Read[T]:
    """City, total and mode of the person's order."""
    return Read(_DUE, (order_id, person_id), make)


def store_of(order_id: int) -> Sql:
    """The store of the order, for statements that need its number."""
    return Sql(STORE_OF, (order_id,))


def _order(row: Any) -> Order | None:
    if row is None:
        return None
    values = {name: when(value) if name in _MOMENTS else value for name, value in zip(_FIELDS, row, strict=True)}
    return rows.stored(Order, values | {"address": inner(values["address"]), "disputed": bool(values["disputed"])})
