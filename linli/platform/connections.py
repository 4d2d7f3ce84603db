"""This thread's connection: where it is kept, and for servers that do without Django's signals: usable before a request, settled after."""

from __future__ import annotations

import select
import threading
from typing import Any, cast

from django.db import connections
from django.db.transaction import get_connection


def by_thread() -> None:
    """Keep connections by thread and by nothing else, in a program that asks for them in threads only: Django's way also asks each time
    whether an event loop is running here, which costs nine tenths of finding a connection."""
    kept = threading.local()
    for alias in connections:
        setattr(kept, alias, connections[alias])
    cast(Any, connections)._connections = kept


def ready() -> None:
    """Let go of a connection whose server has hung up. What it costs is a look at the socket; asking the server would cost a statement."""
    here = get_connection()
    if here.connection is not None and here.vendor == "postgresql" and _hung_up(here.connection):
        here.close()


def _hung_up(raw: Any) -> bool:
    if raw.closed:
        return True
    look = select.poll()
    look.register(raw.fileno(), select.POLLIN)
    return bool(look.poll(0)) and not _answers(raw)  # nobody has asked anything: what is to be read is an end, or a notice


def _answers(raw: Any) -> bool:
    try:
        raw.execute("SELECT 1")
    except Exception:
        return False
    return True


def settle() -> None:
    """Let go of a connection that has had an error or was left in the middle of something, once it is of no more use."""
    here = get_connection()
    if here.connection is not None and (here.errors_occurred or not here.get_autocommit()):
        here.close_if_unusable_or_obsolete()
