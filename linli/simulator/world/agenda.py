"""What is to happen when: actions at moments, the earliest first, those of one moment in the order in which they were planned."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime

Action = Callable[[datetime], None]


class Agenda:
    """A discrete-event queue."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Action]] = []
        self._planned = 0

    def plan(self, moment: datetime, action: Action) -> None:
        """Let `action` happen at `moment`; it is called with the moment at which it really happens."""
        self._planned += 1
        heapq.heappush(self._heap, (moment, self._planned, action))

    @property
    def next_at(self) -> datetime | None:
        """When the next action is due, or None when nothing is planned."""
        return self._heap[0][0] if self._heap else None

    def pop(self) -> Action:
        """The next action; it is no longer planned."""
        return heapq.heappop(self._heap)[2]

    def __len__(self) -> int:
        return len(self._heap)
