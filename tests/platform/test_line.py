"""Writers of SQLite stand in line: one after the other, not for ever, and a child not in its parent's place."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from linli.platform.databases.sqlite3.base import _writes
from linli.platform.databases.sqlite3.line import Line


def opened(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "db", timeout=0, isolation_level=None, check_same_thread=False)


def begin(folder: Path, patience_s: float) -> sqlite3.Connection:
    connection = opened(folder)
    Line(str(folder / "db-line")).first(lambda: connection.execute("BEGIN IMMEDIATE"), patience_s)
    return connection


def test_who_waits_gets_in_when_the_writer_is_done(tmp_path: Path) -> None:
    first, second = begin(tmp_path, 5), []
    waiting = threading.Thread(target=lambda: second.append(begin(tmp_path, 30)))
    waiting.start()
    time.sleep(0.1)
    assert not second
    first.execute("COMMIT")
    waiting.join(30)
    assert second[0].in_transaction
    first.close()
    second[0].close()


def test_nobody_waits_for_ever_and_other_errors_are_told_at_once(tmp_path: Path) -> None:
    first = begin(tmp_path, 5)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        begin(tmp_path, 0.05)
    line, other = Line(str(tmp_path / "db-line")), opened(tmp_path)
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        line.first(lambda: other.execute("SELECT * FROM nowhere"), 30)
    first.close()
    other.close()


@pytest.mark.parametrize(
    ("text", "writes"),
    [
        ("SELECT 1", False), ("\nWITH near AS (SELECT 1) SELECT * FROM near", False), ("INSERT INTO a VALUES (1)", True),
        ("WITH gone AS (SELECT 1) DELETE FROM a", True), ("with b as (select 1) insert into a select * from b", True),
        ("UPDATE a SET b = 1", True),
    ],
)  # fmt: skip
def test_only_who_writes_stands_in_line(text: str, writes: bool) -> None:
    assert _writes(text) is writes


def _stand(line: Line, said: Any) -> None:
    line.first(lambda: said.send("in"), 30)


def test_a_child_stands_in_line_for_itself(tmp_path: Path) -> None:
    line = Line(str(tmp_path / "line"))
    here, there = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_stand, args=(line, there))

    def begun() -> bool:
        child.start()
        return here.poll(0.5)

    assert line.first(begun, 30) is False  # as long as the parent is first, its child is not
    assert here.poll(30)
    child.join(30)
    line.leave()
