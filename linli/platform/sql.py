"""Asking the database in hand-written SQL, with nothing in between that only the ORM needs."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import connection
from django.db.transaction import get_connection


def run(sql: str, params: Any = ()) -> Any:
    """Execute a statement on this thread's connection; the driver's cursor, for its rows and its `rowcount`.

    Whoever watches statements (`execute_wrapper`, the log of queries) sees it like any other. Raises Django's database errors.
    """
    here = get_connection()
    if here.connection is None or here.queries_logged:
        cursor = connection.cursor()
        cursor.execute(sql, params)
        return cursor
    if here.needs_rollback:
        here.validate_no_broken_transaction()
    raw = here.create_cursor()
    execute: Any = partial(_execute, raw)
    for watcher in reversed(here.execute_wrappers):
        execute = partial(watcher, execute)
    with here.wrap_database_errors:
        execute(sql, params, False, {"connection": here, "cursor": raw})
    return raw


def _execute(cursor: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    return cursor.execute(sql, params)
