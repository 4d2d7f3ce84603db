"""One thread that looks for new messages and hands them to the connections of this process, whatever their number."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection

from linli.platform.models import PushMessage

log = logging.getLogger("linli.push")

LOOK_EVERY_S = 0.25
SETTLED_S = 5.0  # two writers may commit in another order than their ids; for this long a smaller id can still turn up
QUEUE = 500  # messages that a slow connection may be behind before it is cut off (it comes back and catches up)


@dataclass(frozen=True, slots=True)
class News:
    """A message on its way to a page."""

    id: int
    topic: str
    event: str
    data: dict[str, Any]


@dataclass(eq=False)
class Listener:
    """One connection; `queue` carries its news, None when it fell too far behind."""

    topics: tuple[str, ...]
    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[News | None] = field(default_factory=lambda: asyncio.Queue(QUEUE))

    def offer(self, news: News) -> None:
        """Put `news` into the queue, from the connection's own loop."""
        if self.queue.qsize() < QUEUE - 1:
            self.queue.put_nowait(news)
        elif not self.queue.full():
            self.queue.put_nowait(None)


def _news(rows: Iterable[PushMessage]) -> list[News]:
    return [News(row.pk, row.topic, row.event, row.data) for row in rows]


def missed(topics: Iterable[str], after_id: int, limit: int = QUEUE) -> list[News]:
    """What was told to `topics` after the message `after_id`, oldest first."""
    return _news(PushMessage.objects.filter(topic__in=list(topics), pk__gt=after_id).order_by("pk")[:limit])


def latest_id() -> int:
    """The id of the newest message, 0 if there is none."""
    return PushMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


class Hub:
    """Listeners by topic, and the thread that feeds them; it runs only while somebody listens."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._floor = 0
        self._seen: set[int] = set()

    def join(self, listener: Listener) -> None:
        """Let `listener` hear its topics from now on."""
        with self._lock:
            for topic in listener.topics:
                self._listeners[topic].add(listener)
            if self._thread is None or not self._thread.is_alive():
                self._begin()
                self._thread = threading.Thread(target=self._run, daemon=True, name="push-hub")
                self._thread.start()

    def leave(self, listener: Listener) -> None:
        """Tell `listener` nothing any more."""
        with self._lock:
            for topic in listener.topics:
                self._listeners[topic].discard(listener)
                if not self._listeners[topic]:
                    del self._listeners[topic]

    @property
    def listeners(self) -> int:
        """How many connections listen."""
        with self._lock:
            return len({listener for members in self._listeners.values() for listener in members})

    def _begin(self) -> None:
        self._floor, self._seen = latest_id(), set()

    def _run(self) -> None:
        try:
            while True:
                with self._lock:
                    if not self._listeners:
                        self._thread = None
                        return
                self._look_safely()
                time.sleep(LOOK_EVERY_S)
        finally:
            connection.close()

    def _look_safely(self) -> None:
        try:
            self.look()
        except DatabaseError:
            log.exception("push.look_failed")
            connection.close()
            time.sleep(1)

    def look(self) -> None:
        """Hand out everything new, once."""
        rows = list(PushMessage.objects.filter(pk__gt=self._floor).exclude(pk__in=self._seen).order_by("pk")[:2000])
        for news in _news(rows):
            self._hand_out(news)
        self._seen.update(row.pk for row in rows)
        settled = datetime.now(UTC) - timedelta(seconds=SETTLED_S)
        if old := [row.pk for row in rows if row.real_at < settled]:
            self._raise_floor(max(old))
        elif self._seen and not rows:
            self._settle(settled)

    def _settle(self, settled: datetime) -> None:
        newest = PushMessage.objects.filter(pk__in=self._seen, real_at__lt=settled).order_by("-pk").values_list("pk", flat=True).first()
        if newest:
            self._raise_floor(newest)

    def _raise_floor(self, floor: int) -> None:
        self._floor = max(self._floor, floor)
        self._seen = {number for number in self._seen if number > self._floor}

    def _hand_out(self, news: News) -> None:
        with self._lock:
            members = list(self._listeners.get(news.topic, ()))
        for listener in members:
            if not listener.loop.is_closed():
                listener.loop.call_soon_threadsafe(listener.offer, news)


hub = Hub()
