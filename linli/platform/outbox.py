"""What happened, told to whoever reacts: written in the transaction of the change, so that it is told if and only if the change is true."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Count

from linli.kernel.events import Event, kind
from linli.platform import jobs
from linli.platform.discovery import modules
from linli.platform.models import Event as EventRow
from linli.platform.reads import dumps, moment
from linli.platform.writes import Write, later

Reaction = Callable[[Any, datetime], object]
Reactions = Mapping[type[Event], tuple[Reaction, ...]]


_TELL = "INSERT INTO platform_event (name, data, at) VALUES (%s, %s, %s)"


def _name(reaction: Reaction) -> str:
    return f"{reaction.__module__}.{reaction.__qualname__}"


@cache
def _table() -> dict[str, dict[str, Reaction]]:
    """Event name to reaction name to reaction, from the REACTIONS table of every app that has one."""
    table: dict[str, dict[str, Reaction]] = {}
    for module in modules("reactions"):
        for event, reactions in module.REACTIONS.items():
            table.setdefault(event.NAME, {}).update({_name(reaction): reaction for reaction in reactions})
    return table


def tell(event: Event, *, at: datetime) -> None:
    """Write down that `event` happened, and one job for each reaction to it, within the caller's transaction.

    Two statements, or a part of what the caller's unit writes together.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{event.NAME} must be told in the transaction of what it tells")
    data = event.to_json()
    later(Write(_TELL, (event.NAME, dumps(data), moment(at))))
    names = _table().get(event.NAME, {})
    payloads = [{"reaction": name, "event": event.NAME, "data": data} for name in names]
    if payloads:
        jobs.enqueue_all([react.row(run_at=at, at=at, payload=payload) for payload in payloads])


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it was written down."""

    id: int
    name: str
    data: dict[str, Any]
    at: datetime


def after(event_id: int, limit: int = 1000, *, names: Sequence[str] = ()) -> list[Told]:
    """The events written after `event_id`, oldest first, of all names or of these. One statement.

    For a reader that tolerates that of two writers at once the later one is seen first (and the earlier then missed).
    """
    found = EventRow.objects.filter(pk__gt=event_id, **({"name__in": names} if names else {}))
    rows = found.order_by("pk")[:limit]
    return [Told(*row) for row in rows.values_list("pk", "name", "data", "at")]


def latest_id() -> int:
    """The id of the newest event, 0 when there is none."""
    with connection.cursor() as cursor:  # bare: a simulated city asks after its every step
        cursor.execute("SELECT MAX(id) FROM platform_event")
        row = cursor.fetchone()
    return int(row[0] or 0)


@jobs.task("outbox.react")
def react(*, at: datetime, reaction: str, event: str, data: dict[str, Any]) -> None:
    """Let one reaction hear one event; its effect and the fact that it has heard become true together."""
    found = _table().get(event, {}).get(reaction)
    if found is None:
        raise LookupError(f"nothing called {reaction} reacts to {event}")
    found(kind(event).from_json(data), at)


def told(since: datetime) -> list[tuple[str, int]]:
    """How many events of each kind were told from `since` on, most frequent first. One statement."""
    rows = EventRow.objects.filter(at__gte=since).values_list("name").annotate(count=Count("id"))
    return [(name, count) for name, count in rows.order_by("-count", "name")]
