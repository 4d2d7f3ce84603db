"""The statement that runs many times a second while somebody listens, written by hand once for both databases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from linli.platform import sql
from linli.platform.reads import VENDOR, dumps, moment
from linli.platform.writes import Write, later

_TELL = "INSERT INTO platform_pushmessage (topic, event, data, at, real_at) VALUES {rows}"
_NEW = "SELECT id, topic, event, data FROM platform_pushmessage WHERE id > %s{or_late} ORDER BY id LIMIT %s"


def version() -> int | None:
    """A number that changes whenever another connection has written anything; None where the database has no such thing."""
    if VENDOR != "sqlite":
        return None
    return int(sql.run("PRAGMA data_version").fetchone()[0])


def new(above: int, late: Collection[int], limit: int) -> list[tuple[int, str, str, Any]]:
    """(id, topic, event, data as JSON) of messages above an id, and of the `late` ones among those that are there by now; oldest first."""
    marks = ", ".join(["%s"] * len(late))
    text = _NEW.format(or_late=f" OR id IN ({marks})" if late else "")
    rows: list[tuple[int, str, str, Any]] = sql.run(text, [above, *sorted(late), limit]).fetchall()
    return rows


def tell(topics: Sequence[str], event: str, data: Mapping[str, Any], at: datetime, real_at: datetime) -> None:
    """Write one message for each topic. One statement, or a part of what the caller's unit writes together."""
    text, moments = dumps(data), (moment(at), moment(real_at))
    rows = ", ".join(["(%s, %s, %s, %s, %s)"] * len(topics))
    later(Write(_TELL.format(rows=rows), [value for topic in topics for value in (topic, event, text, *moments)]))
