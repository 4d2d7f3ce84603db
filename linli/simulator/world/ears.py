"""What the city's people hear: the platform's own record of what happened, read as it grows.

A phone hears the same by its push stream. One reader for all of them costs one statement a moment, not hundreds of connections.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from linli.kernel.events import Event, kind
from linli.platform import outbox


class Ears:
    """Reads on from where it stopped."""

    def __init__(self) -> None:
        self._last = outbox.latest_id()

    def news(self) -> Iterator[tuple[Event, datetime]]:
        """What has happened since the last time, with when it did, in order."""
        if outbox.latest_id() == self._last:
            return
        for row in outbox.after(self._last):
            self._last = row.id
            yield kind(row.name).from_json(row.data), row.at
