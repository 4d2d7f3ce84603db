"""Django's SQLite with two differences: writers stand in line (see `line`), and a statement's text is translated once, not each time."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base

from linli.platform.databases.sqlite3.line import Line

_MARK = re.compile(r"(?<!%)%s")
_READS = re.compile(r"\s*(SELECT|PRAGMA|EXPLAIN|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|END|VALUES|ATTACH|DETACH|ANALYZE|VACUUM)\b", re.I)
_WITH, _CHANGES = re.compile(r"\s*WITH\b", re.I), re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE)\b", re.I)


@lru_cache(maxsize=4096)
def _marked(query: str) -> str:
    return _MARK.sub("?", query).replace("%%", "%")


@lru_cache(maxsize=4096)
def _writes(query: str) -> bool:
    """Whether a statement outside of a transaction has to stand in line for it."""
    return not _READS.match(query) and not (_WITH.match(query) and not _CHANGES.search(query))


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that asks for its turn when a statement that writes is a transaction of its own."""

    turn: Callable[[Callable[[], Any]], Any] | None = None

    def execute(self, query: str, params: Any = None) -> Any:
        """As sqlite3's, with Django's `%s` for what is filled in."""
        if isinstance(params, Mapping):
            return super().execute(query, params)
        text = query if params is None else _marked(query)
        if self.turn is None or self.connection.in_transaction or not _writes(text):
            return sqlite3.Cursor.execute(self, text, () if params is None else params)
        return self.turn(lambda: sqlite3.Cursor.execute(self, text, () if params is None else params))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that stands in line before it writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._line: Line | None = None
        self._patience_s = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection to the database file; `timeout` is how long it waits for its turn, in seconds."""
        self._patience_s = float(conn_params.get("timeout", 5.0))
        if not self.is_in_memory_db():
            self._line = Line(f"{conn_params['database']}-line")
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor of this connection."""
        cursor = self.connection.cursor(factory=Cursor)
        if self._line is not None:
            cursor.turn = self._in_turn
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        with self.wrap_database_errors:
            self._in_turn(self._begin)

    def _begin(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def _in_turn(self, do: Callable[[], Any]) -> Any:
        """`do` when it is our turn; SQLite itself must not wait then, or it would sleep where we look."""
        if self._line is None:
            return do()
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            return self._line.first(do, self._patience_s)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {int(self._patience_s * 1000)}")

    def _close(self) -> None:
        super()._close()  # type: ignore[misc]
        if self._line is not None:
            self._line.leave()
