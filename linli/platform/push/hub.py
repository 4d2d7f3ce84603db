"""One thread that looks for new messages and hands them to the connections of this process, whatever their number."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import Error, connection

from linli.platform.models import PushMessage
from linli.platform.push import hot

log = logging.getLogger("linli.push")

LOOK_EVERY_S = 0.025  # how late news may be; where nothing was written since the last look, SQLite says so in a few microseconds
SETTLED_S = 5.0  # two writers may commit in another order than their ids; for this long a smaller id can still turn up
MOST_LATE = 500  # ids that are waited for at once
AT_ONCE = 2000  # messages of one look
BACKLOG = 500  # messages that a slow connection may be behind before it is cut off (it comes back and catches up)


@dataclass(frozen=True, slots=True)
class News:
    """A message on its way to pages; `frame` is the event as it is sent (WHATWG HTML, chapter 9.2), made once for all of them."""

    id: int
    topic: str
    event: str
    data: dict[str, Any]
    frame: bytes


def news(number: int, topic: str, event: str, data: dict[str, Any]) -> News:
    """The message with its frame; its `data` also says which topic it is about, since one connection may listen to several."""
    text = json.dumps({**data, "topic": topic}, ensure_ascii=False, separators=(",", ":"))
    return News(number, topic, event, data, f"id: {number}\nevent: {event}\ndata: {text}\n\n".encode())


@dataclass(eq=False, slots=True)
class Listener:
    """One connection. `backlog` is its news that was not sent yet, None when it fell too far behind; all of it lives in its own loop."""

    topics: tuple[str, ...]
    loop: asyncio.AbstractEventLoop
    backlog: list[News] | None = field(default_factory=list)
    waiting: asyncio.Future[None] | None = None
    due: bool = False  # nothing may be sent for so long that somebody on the way might take the connection for dead

    def offer(self, item: News) -> None:
        """Put news into the backlog and wake whoever waits."""
        if self.backlog is not None:
            self.backlog.append(item)
            if len(self.backlog) >= BACKLOG:
                self.backlog = None
        self.wake()

    def wake(self) -> None:
        """Let `next` return with what there is."""
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(None)

    def beat(self) -> None:
        """It is time to send something, if only a sign of life."""
        self.due = True
        self.wake()

    async def next(self) -> list[News] | None:
        """News as soon as there is some, an empty list when somebody else woke us, None when this connection is to be cut off."""
        if self.backlog == []:
            self.waiting = self.loop.create_future()
            await self.waiting
        found, self.backlog = self.backlog, None if self.backlog is None else []
        return found


def _offer_all(pairs: list[tuple[Listener, News]]) -> None:
    for listener, item in pairs:
        listener.offer(item)


def missed(topics: Iterable[str], after_id: int, limit: int = BACKLOG) -> list[News]:
    """What was told to `topics` after the message `after_id`, oldest first."""
    rows = PushMessage.objects.filter(topic__in=list(topics), pk__gt=after_id).order_by("pk")[:limit]
    return [news(row.pk, row.topic, row.event, row.data) for row in rows]


def latest_id() -> int:
    """The id of the newest message, 0 if there is none."""
    return PushMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


class Hub:
    """Listeners by topic, and the thread that feeds them; it runs only while somebody listens."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._above = 0
        self._version: int | None = None  # of the database's content at the last look, where it can be asked for
        self._more = False  # than were read at the last look
        self._late: dict[int, float] = {}  # ids that were passed over, and when; on SQLite, with its one writer, none ever is

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
        self._above, self._late, self._version = latest_id(), {}, None

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
            version = hot.version()
            if version is None or version != self._version or self._more:
                self._version = version
                self.look()
        except Error:  # an InterfaceError is no DatabaseError
            log.exception("push.look_failed")
            connection.close()
            time.sleep(1)

    def look(self) -> None:
        """Hand out everything new, once."""
        rows = hot.new(self._above, self._late, AT_ONCE)
        self._more = len(rows) == AT_ONCE
        now = time.monotonic()
        for number, *_ in rows:
            if number > self._above:
                passed_over = range(max(self._above + 1, number - MOST_LATE), number)
                self._late.update(dict.fromkeys(passed_over, now))
                self._above = number
            else:
                del self._late[number]
        self._late = {number: since for number, since in list(self._late.items())[-MOST_LATE:] if now - since < SETTLED_S}
        self._hand_out([news(number, topic, event, _read(data)) for number, topic, event, data in rows])

    def _hand_out(self, items: list[News]) -> None:
        """Give each loop all that its connections are to hear, in one call."""
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Listener, News]]] = defaultdict(list)
        with self._lock:
            for item in items:
                for listener in self._listeners.get(item.topic, ()):
                    by_loop[listener.loop].append((listener, item))
        for loop, pairs in by_loop.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_offer_all, pairs)


def _read(data: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(data) if isinstance(data, str) else data
    return found


hub = Hub()
