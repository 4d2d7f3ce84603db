"""The very same statements with the very same parameters on a fresh copy of the database, by the driver alone."""

from __future__ import annotations

import json
import pickle
import sqlite3
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from ordering import city

city.begin()

from django.conf import settings  # noqa: E402 (needs Django)
from django.db import connection  # noqa: E402

from linli.platform import garbage  # noqa: E402
from ordering.cpu import spent  # noqa: E402

ROUND, BATCH = "-- a round ends", 10  # as in `loop`
Trace = list[tuple[str, Any, bool]]


def main() -> None:
    warm, trace, temporary = pickle.loads((Path(settings.HOME) / "trace").read_bytes())
    connection.ensure_connection()
    raw = connection.connection
    garbage.look_rarely()
    rounds = (_sqlite if connection.vendor == "sqlite" else _postgresql)(raw, warm, trace, temporary)
    sys.stdout.write(
        json.dumps(
            {
                "bare_cpu_ms": statistics.median(rounds) * 1000 / BATCH,
                "bare_statements": sum(sql != ROUND for sql, *_ in trace) / len(rounds) / BATCH,
            }
        )
    )


def _sqlite(raw: sqlite3.Connection, warm: Trace, trace: Trace, temporary: list[str]) -> list[float]:
    for statement in temporary:
        raw.execute(statement.replace("CREATE VIEW", "CREATE TEMP VIEW").replace("CREATE TRIGGER", "CREATE TEMP TRIGGER"))
    loops = [[(sql.replace("%s", "?"), tuple(params or ())) for sql, params, _ in part] for part in (warm, trace)]
    cursor, rounds = sqlite3.Cursor(raw), list[float]()
    for loop in loops:
        rounds.clear()
        began = time.process_time()
        for sql, params in loop:
            if sql == ROUND:
                rounds.append(time.process_time() - began)
                began = time.process_time()
                continue
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
    return rounds


def _postgresql(raw: Any, warm: Trace, trace: Trace, temporary: list[str]) -> list[float]:
    import psycopg

    pid = raw.info.backend_pid
    cursor, rounds = psycopg.Cursor(raw), list[float]()
    for loop in (warm, trace):
        rounds.clear()
        began = time.process_time() + spent(pid)
        for sql, params, inside in loop:
            if sql == ROUND:
                rounds.append(time.process_time() + spent(pid) - began)
                began = time.process_time() + spent(pid)
                continue
            if sql == "COMMIT":
                raw.commit()
                continue
            if raw.autocommit == inside:
                raw.autocommit = not inside
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
    return rounds


main()
