"""How many requests a process works at: as many as get on, and no more.

Python runs one thread at a time, and every statement hands it over: eight threads that are all in the middle of something wait for each
other at every step, and a request costs half as much again. So requests take turns. But whoever has not answered after a moment (waits for
another machine, for a lock, for a large picture) is not counted any more, so that nobody waits behind somebody who is waiting.
The thread that worked last works next: its connection has the statements and the pages at hand.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

SLOW_S = 0.03  # some ten times what a request takes that does not have to wait for anything
Work = Callable[[], Any]


class _Hand(threading.Thread):
    """A thread that does one piece of work after the other, and tells the loop of each that it is done."""

    def __init__(self, loop: asyncio.AbstractEventLoop, number: int) -> None:
        super().__init__(name=f"api-{number}", daemon=True)
        self._loop = loop
        self._given: SimpleQueue[tuple[Work, Callable[[Any, BaseException | None], None]]] = SimpleQueue()

    def give(self, work: Work, done: Callable[[Any, BaseException | None], None]) -> None:
        """Do `work`; `done` is called in the loop with what came of it."""
        self._given.put((work, done))

    def run(self) -> None:
        """Until the process ends."""
        while True:
            work, done = self._given.get()
            try:
                found, error = work(), None
            except BaseException as raised:
                found, error = None, raised
            self._loop.call_soon_threadsafe(done, found, error)
            del work, done, found, error


class Turns:
    """Lets `width` requests at a time work, in their order, and others as soon as these take long, up to `threads` at once."""

    def __init__(self, width: int, threads: int) -> None:
        self._free, self._to_start = width, threads
        self._idle: list[_Hand] = []
        self._waiting: deque[tuple[Work, asyncio.Future[Any]]] = deque()
        self._made = 0

    async def run(self, work: Work) -> Any:
        """What `work` gives, in a thread, when it is its turn; also if nobody waits for it any more."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Any] = loop.create_future()
        self._waiting.append((work, answer))
        self._let_in(loop)
        return await answer

    def _let_in(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._free > 0 and self._waiting and (hand := self._hand(loop)):
            work, answer = self._waiting.popleft()
            if answer.cancelled():  # who asked has hung up before it was their turn
                self._idle.append(hand)
                continue
            self._free -= 1
            turn = _Turn(self, loop, hand, answer)
            hand.give(work, turn.done)

    def _hand(self, loop: asyncio.AbstractEventLoop) -> _Hand | None:
        if self._idle:
            return self._idle.pop()
        if not self._to_start:
            return None
        self._to_start, self._made = self._to_start - 1, self._made + 1
        hand = _Hand(loop, self._made)
        hand.start()
        return hand

    def over(self, loop: asyncio.AbstractEventLoop, hand: _Hand | None) -> None:
        """A turn is over (None) or a hand is free."""
        if hand is None:
            self._free += 1
        else:
            self._idle.append(hand)
        self._let_in(loop)


class _Turn:
    """One request's, until it is answered, or until it takes long."""

    __slots__ = ("_answer", "_hand", "_late", "_loop", "_turns")

    def __init__(self, turns: Turns, loop: asyncio.AbstractEventLoop, hand: _Hand, answer: asyncio.Future[Any]) -> None:
        self._turns, self._loop, self._hand, self._answer = turns, loop, hand, answer
        self._late: asyncio.TimerHandle | None = loop.call_later(SLOW_S, self._give_away)

    def _give_away(self) -> None:
        self._late = None
        self._turns.over(self._loop, None)

    def done(self, found: Any, error: BaseException | None) -> None:
        """The work is done."""
        if self._late is not None:
            self._late.cancel()
            self._late = None
            self._turns._free += 1
        if not self._answer.cancelled():
            if error is None:
                self._answer.set_result(found)
            else:
                self._answer.set_exception(error)
        self._turns.over(self._loop, self._hand)
