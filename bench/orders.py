"""Ordering in a made city, on SQLite and PostgreSQL: beside a bare loop of the very same statements, with 16 clients, and over HTTP.

PostgreSQL is that of LINLI_BENCH_DATABASE_URL (any database of a server on this machine on which databases may be made), by default that
of 127.0.0.1. Databases and folders that are made here are removed at the end. `--limit` is how many seconds the walk over HTTP lasts.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

FOLDER = Path(__file__).parent
MADE = True
STAGES = FOLDER / "ordering"
DEFAULT_URL = "postgresql://127.0.0.1:5432/postgres"
REFERENCE = {
    "sqlite_cpu_ratio": 2.0, "postgresql_cpu_ratio": 2.0, "statements_per_order": 14, "sqlite_p99_ms": 100, "postgresql_p99_ms": 100,
    "walk_cpu_ms": 12, "walk_orders_per_s": 150,
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The bench's own options."""
    parser.add_argument("--scale", type=float, default=1.0, help="of the city: 1 is 2,000 stores, 50,000 offers, 20,000 people")
    parser.add_argument("--orders", type=int, default=1_000, help="how many the loop places; the 16 clients twice as many")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], help="one database only")


def run(data: Path | None, *, seed: int, limit: float | None, scale: float, orders: int, only: str | None) -> dict[str, Any]:
    """The figures of BENCH.md; a row for each database. `statements_per_order` is the worse of the two databases, the walk the better."""
    home = Path(tempfile.mkdtemp(prefix="linli-bench-"))
    at = datetime.now(UTC).isoformat()  # when it happens; nothing else of the city depends on it
    rows, server = [], os.environ.get("LINLI_BENCH_DATABASE_URL", DEFAULT_URL)
    try:
        for vendor in [only] if only else ["sqlite", "postgresql"]:
            if vendor == "postgresql" and not _answers(server):
                sys.stderr.write(f"PostgreSQL is not measured: nobody answers at {server} (LINLI_BENCH_DATABASE_URL).\n")
                continue
            rows.append(_measured(vendor, server, home, {"seed": seed, "scale": scale, "orders": orders, "walk_s": limit or 20, "at": at}))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return {"figures": _figures(rows), "rows": rows, "reference": REFERENCE}


def _figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        for name in ("cpu_ratio", "p99_ms", "orders_per_s", "walk_cpu_ms", "walk_orders_per_s"):
            found[f"{row['database']}_{name}"] = row[name]
    found["statements_per_order"] = max(row["statements_per_order"] for row in rows)
    found["walk_cpu_ms"] = min(row["walk_cpu_ms"] for row in rows)
    found["walk_orders_per_s"] = max(row["walk_orders_per_s"] for row in rows)
    return found


def _answers(server: str) -> bool:
    try:
        psycopg.connect(server, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def _measured(vendor: str, server: str, home: Path, wish: dict[str, Any]) -> dict[str, Any]:
    """All stages on one database, each in processes of its own on a fresh copy of the same loaded city."""
    store = _Files(home) if vendor == "sqlite" else _Server(server)
    row: dict[str, Any] = {"database": vendor}
    try:
        _stage("load", store.url("city"), home, wish)
        for stage, copy in (("loop", "loop"), ("bare", "bare"), ("clients", "clients"), ("walk", "walk")):
            store.copy("city", copy)
            row |= _stage(stage, store.url(copy), home, wish)
    finally:
        store.drop()
    row["cpu_ratio"] = row["cpu_ms"] / row["bare_cpu_ms"]
    return row


def _stage(name: str, url: str, home: Path, wish: dict[str, Any]) -> dict[str, Any]:
    environment = {
        **os.environ, "LINLI_DATABASE_URL": url, "LINLI_HOME": str(home), "LINLI_LOG_LEVEL": "WARNING", "LINLI_SANDBOX_PAY": "1",
        "LINLI_DEMO": "0", "LINLI_TESTING": "1", "LINLI_REDIS_URL": "", "DJANGO_SETTINGS_MODULE": "linli.settings",
        "PYTHONPATH": os.pathsep.join([str(FOLDER.parent), str(FOLDER)]), "LINLI_BENCH_WISH": json.dumps(wish),
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-m", f"ordering.{name}"], env=environment, capture_output=True, text=True, timeout=900)
    if done.returncode:
        raise RuntimeError(f"{name} on {url}:\n{done.stderr[-4000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


class _Files:
    """Databases that are files."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def url(self, name: str) -> str:
        return f"sqlite:{self._home / name}.sqlite3"

    def copy(self, name: str, to: str) -> None:
        shutil.copyfile(self._home / f"{name}.sqlite3", self._home / f"{to}.sqlite3")

    def drop(self) -> None:
        for file in self._home.glob("*.sqlite3*"):
            file.unlink()


class _Server:
    """Databases of a server, named after this process."""

    def __init__(self, server: str) -> None:
        self._server, self._made = server, set[str]()
        self._create("city")

    def url(self, name: str) -> str:
        return f"{self._server.rsplit('/', 1)[0]}/{self._name(name)}"

    def copy(self, name: str, to: str) -> None:
        self._create(to, f"TEMPLATE {self._name(name)}")

    def drop(self) -> None:
        for name in self._made:
            self._say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _create(self, name: str, how: str = "") -> None:
        self._made.add(self._name(name))
        self._say(f"CREATE DATABASE {self._name(name)} {how}")

    def _name(self, name: str) -> str:
        return f"linli_bench_{os.getpid()}_{name}"

    def _say(self, statement: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(statement)
