"""The line of those who want to write: SQLite has one writer at a time, and lets who asks at the right moment go first.

Its own way of waiting sleeps longer and longer between two looks, so that under load the unlucky ones wait for seconds while others pass
them. Here everybody but the first waits in the kernel, in the order of arrival, and only the first looks, often. Whoever dies leaves the
line by that, for a file's lock ends with its process; and since the line is left as soon as the database's own lock is taken, it can
never be held by somebody who waits for something else.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_S = 0.0002  # between two looks of the first in line; a transaction takes about ten times as long
BUSY = 5  # SQLITE_BUSY, with its extended codes in the higher bits


class Line:
    """One connection's place to stand in line with all others of the same database file, in whatever process."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._file, self._owner = -1, 0

    def first(self, do: Callable[[], T], patience_s: float) -> T:
        """What `do` gives, tried from when the caller is first in line until it does not find the database busy.

        Raises what it raises, a busy database only after `patience_s` from now.
        """
        until = time.monotonic() + patience_s
        file = self._open()
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            return _insist(do, until)
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)

    def _open(self) -> int:
        if self._owner != os.getpid():  # a child that used its parent's file would stand in its parent's place
            self._file, self._owner = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), os.getpid()
        return self._file

    def leave(self) -> None:
        """Close the file; it is opened again when it is needed again."""
        if self._owner == os.getpid():
            os.close(self._file)
        self._file, self._owner = -1, 0


def _insist(do: Callable[[], T], until: float) -> T:
    while True:
        try:
            return do()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != BUSY or time.monotonic() >= until:
                raise
        time.sleep(LOOK_S)
