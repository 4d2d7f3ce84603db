"""The database has no time for everybody: who waited in vain is told so, and to come back; other troubles stay troubles."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client

from linli.apps.merchants import queries as merchants
from linli.fronts.web.consumer import stores
from linli.platform import ids
from linli.platform.transactions import away, crowded


def busy(folder: Path) -> sqlite3.Error:
    """What SQLite says to the second writer."""
    first, second = (sqlite3.connect(folder / "db", timeout=0, isolation_level=None) for _ in range(2))
    try:
        first.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as refused:
            second.execute("BEGIN IMMEDIATE")
        return refused.value
    finally:
        first.close()
        second.close()


def wrapped(cause: Exception) -> OperationalError:
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


WAITED = [
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.TooManyConnections,
]


def test_who_waited_in_vain_is_told(tmp_path: Path) -> None:
    for cause in (busy(tmp_path), *(kind() for kind in WAITED)):
        refusal = crowded(wrapped(cause))
        assert refusal is not None
        assert (refusal.code, refusal.status) == ("database.busy", 503)
    assert crowded(wrapped(sqlite3.OperationalError("no such table: orders"))) is None
    assert crowded(wrapped(psycopg.errors.AdminShutdown())) is None
    assert crowded(ValueError("database is locked")) is None


def test_a_database_that_is_gone_is_no_fault_of_whoever_asks(api, monkeypatch) -> None:
    assert away(wrapped(sqlite3.OperationalError("no such table: orders"))) is None
    assert away(wrapped(psycopg.errors.UndefinedTable())) is None
    for kind in (psycopg.errors.AdminShutdown, psycopg.errors.CrashShutdown, psycopg.errors.CannotConnectNow):
        error = wrapped(kind())
        assert away(error) is not None

        def gone(*args: object, error: OperationalError = error, **how: object) -> object:
            raise error

        monkeypatch.setattr(merchants, "store", gone)
        monkeypatch.setattr(stores, "here", gone)
        store = ids.seal("st", 1)
        reply = api.get(f"/stores/{store}")
        assert (reply.status_code, reply.json()["code"], reply["Retry-After"]) == (503, "database.away", "2")
        page = Client(raise_request_exception=False).get(f"/stores/{store}", headers={"accept-language": "en"})
        assert (page.status_code, page["Retry-After"]) == (503, "2")
        assert "cannot get at our books" in page.content.decode()


def test_programs_and_people_read_it(api, tmp_path, monkeypatch) -> None:
    error = wrapped(busy(tmp_path))

    def waits(*args: object, **how: object) -> object:
        raise error

    monkeypatch.setattr(merchants, "store", waits)
    monkeypatch.setattr(stores, "here", waits)
    store = ids.seal("st", 1)
    reply = api.get(f"/stores/{store}")
    assert (reply.status_code, reply.json()["code"], reply["Retry-After"]) == (503, "database.busy", "2")
    page = Client().get(f"/stores/{store}", headers={"accept-language": "en"})
    assert page.status_code == 503
    assert "Nothing was changed" in page.content.decode()
