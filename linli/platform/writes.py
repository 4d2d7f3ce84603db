"""Writing much with one statement: what a unit of work puts off is sent together when it ends, or when somebody reads.

PostgreSQL takes the writes as one statement with a CTE for each, in their order. SQLite knows no writing CTEs; there the same texts
become a temporary trigger, made at first use of a connection, and are sent as one INSERT with all their parameters.
Since they are one statement, none of them sees what another one writes: keys are made before, with `kernel.ids`.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from linli.platform import sql
from linli.platform.reads import sized

_SHAPES = "linli_shapes"
_MOST_SHAPES = 500  # temporary triggers of one SQLite connection; what comes later is sent write by write


@dataclass(frozen=True, slots=True)
class Write:
    """An INSERT, UPDATE or DELETE with `%s` for `params`, no CTE, no RETURNING; `rows` is how many rows it must change, if that matters."""

    sql: str
    params: Sequence[Any]
    rows: int | None = None


class Raced(Exception):
    """What was read is no longer so: a write has not changed the rows it had to. All of the unit is undone; look again, with locks."""


class _State(threading.local):
    """What this thread's unit has put off; None outside of one."""

    pending: list[Write] | None = None


_state = _State()


@contextmanager
def unit() -> Iterator[None]:
    """All or nothing: a transaction, or a savepoint in a larger one. A unit within a unit is part of it and costs no statement;
    a refusal that leaves the inner one spoils the outer one too, whoever catches it."""
    if _state.pending is not None:
        try:
            yield
        except BaseException:
            transaction.set_rollback(True)
            raise
        return
    wrapper, pending = transaction.get_connection(), list[Write]()
    _state.pending = pending
    try:
        with transaction.atomic():
            with wrapper.execute_wrapper(_Postman(wrapper, pending)):
                yield
            _send_all(wrapper, pending)
    finally:
        _state.pending = None


class _Postman:
    """Sends what is put off before anything else is asked of the database."""

    def __init__(self, wrapper: BaseDatabaseWrapper, pending: list[Write]) -> None:
        self._wrapper, self._pending = wrapper, pending

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if self._pending:
            _send_all(self._wrapper, self._pending)
        return execute(sql, params, many, context)


def later(write: Write) -> None:
    """Do `write` with the others of its unit; at once where there is none. Raises Raced, then or now, for a wrong number of rows."""
    if _state.pending is None:
        _one(transaction.get_connection(), write)
    else:
        _state.pending.append(write)


def send() -> None:
    """Do now what has been put off: what follows changes the same rows again, which one statement cannot."""
    if _state.pending:
        _send_all(transaction.get_connection(), _state.pending)


def _send_all(wrapper: BaseDatabaseWrapper, pending: list[Write]) -> None:
    writes = pending[:]
    pending.clear()
    if len(writes) == 1:
        _one(wrapper, writes[0])
    elif writes:
        _SENDERS[wrapper.vendor](wrapper, writes)


def _one(wrapper: BaseDatabaseWrapper, write: Write) -> None:
    cursor = sql.run(write.sql, sized(write.params))
    if write.rows is not None and cursor.rowcount != write.rows:
        raise Raced(write.sql)


def _params(writes: Sequence[Write]) -> list[Any]:
    params: list[Any] = []
    for write in writes:
        params += write.params
    return sized(params)


@lru_cache(maxsize=1024)
def _joined(texts: tuple[str, ...]) -> str:
    parts = ", ".join(f"w{n} AS ({text} RETURNING 1)" for n, text in enumerate(texts))
    return f"WITH {parts} SELECT {', '.join(f'(SELECT count(*) FROM w{n})' for n in range(len(texts)))}"  # read in this order, done in it


def _by_ctes(wrapper: BaseDatabaseWrapper, writes: Sequence[Write]) -> None:
    counts = sql.run(_joined(tuple(write.sql for write in writes)), _params(writes)).fetchone()
    for write, count in zip(writes, counts, strict=True):
        if write.rows not in (None, count):
            raise Raced(write.sql)


def _by_trigger(wrapper: BaseDatabaseWrapper, writes: Sequence[Write]) -> None:
    shape = tuple((write.sql, write.rows) for write in writes)
    name = _name(wrapper, shape)
    if name is None:
        for write in writes:
            _one(wrapper, write)
        return
    params = _params(writes)
    statement = _into(name, len(params))
    try:
        _insert(statement, params)
    except OperationalError as error:  # not made yet, or in a transaction that was undone
        if str(error) != f"no such table: {name}":
            raise
        _make(wrapper.connection, name, shape)
        _insert(statement, params)


@lru_cache(maxsize=1024)
def _into(name: str, count: int) -> str:
    return f"INSERT INTO {name} VALUES ({', '.join(['%s'] * count)})"


def _insert(statement: str, params: Sequence[Any]) -> None:
    try:
        sql.run(statement, params)
    except IntegrityError as error:
        if str(error) == _RACED:
            raise Raced(statement) from None
        raise


_RACED = "linli: raced"
Shape = tuple[tuple[str, int | None], ...]


def _name(wrapper: BaseDatabaseWrapper, shape: Shape) -> str | None:
    """What the view for writes of `shape` is called in this connection; None when it has too many already."""
    shapes: dict[Shape, str] | None = getattr(wrapper, _SHAPES, None)
    if shapes is None:
        shapes = {}
        setattr(wrapper, _SHAPES, shapes)
    if shape not in shapes and len(shapes) < _MOST_SHAPES:
        shapes[shape] = f"linli_writes_{len(shapes)}"
    return shapes.get(shape)


def _make(connection: sqlite3.Connection, name: str, shape: Shape) -> None:
    body, count = [], 0
    for text, rows in shape:
        pieces = text.split("%s")
        body.append(pieces[0] + "".join(f"NEW.p{count + n}{piece}" for n, piece in enumerate(pieces[1:])))
        count += len(pieces) - 1
        if rows is not None:
            body.append(f"SELECT RAISE(ABORT, '{_RACED}') WHERE changes() <> {rows}")
    connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {', '.join(f'NULL AS p{n}' for n in range(count))}")
    connection.execute(f"CREATE TEMP TRIGGER {name}_do INSTEAD OF INSERT ON {name} BEGIN {'; '.join(body)}; END")


_SENDERS = {"postgresql": _by_ctes, "sqlite": _by_trigger}
