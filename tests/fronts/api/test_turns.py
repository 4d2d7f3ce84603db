"""Requests take turns, nobody waits behind somebody who is waiting, and what goes wrong in one is its own."""

from __future__ import annotations

import asyncio
import threading

import pytest

from linli.fronts.api import turns
from linli.fronts.api.turns import Turns


class Together:
    """Counts how many pieces of work are being done at the same moment."""

    def __init__(self) -> None:
        self.now, self.most, self.names = 0, 0, list[str]()
        self._lock = threading.Lock()

    def work(self, pause: threading.Event | None = None) -> str:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
            self.names.append(threading.current_thread().name)
        if pause is not None:
            pause.wait(5)
        with self._lock:
            self.now -= 1
        return "done"


def test_one_after_the_other_and_always_by_the_same_hand() -> None:
    seen = Together()

    async def all_at_once() -> list[str]:
        line = Turns(width=1, threads=8)
        return await asyncio.gather(*(line.run(seen.work) for _ in range(50)))

    assert asyncio.run(all_at_once()) == ["done"] * 50
    assert seen.most == 1
    assert len(set(seen.names)) == 1


def test_nobody_waits_behind_somebody_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "SLOW_S", 0.01)
    seen, hold = Together(), threading.Event()

    async def behind_three() -> str:
        line = Turns(width=1, threads=4)
        stuck = [asyncio.ensure_future(line.run(lambda: seen.work(hold))) for _ in range(3)]
        passed = await asyncio.wait_for(line.run(seen.work), 5)
        assert not any(one.done() for one in stuck)
        hold.set()
        await asyncio.gather(*stuck)
        seen.most = 0
        await asyncio.gather(*(line.run(seen.work) for _ in range(20)))
        return passed

    assert asyncio.run(behind_three()) == "done"
    assert seen.most == 1  # those who were let in meanwhile do not make the door wider for good


def test_more_than_all_threads_wait_until_one_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "SLOW_S", 0.001)
    seen, hold = Together(), threading.Event()

    async def seven() -> list[str]:
        line = Turns(width=1, threads=3)
        asked = [asyncio.ensure_future(line.run(lambda: seen.work(hold))) for _ in range(7)]
        await asyncio.sleep(0.1)
        hold.set()
        return await asyncio.gather(*asked)

    assert asyncio.run(seven()) == ["done"] * 7
    assert seen.most == 3


def test_what_fails_or_hangs_up_is_its_own_matter() -> None:
    seen = Together()

    def fails() -> None:
        raise LookupError("mine")

    async def some_go_wrong() -> str:
        line, hold = Turns(width=1, threads=2), threading.Event()
        first = asyncio.ensure_future(line.run(lambda: seen.work(hold)))
        gone = asyncio.ensure_future(line.run(seen.work))
        await asyncio.sleep(0)
        gone.cancel()
        hold.set()
        await first
        with pytest.raises(LookupError, match="mine"):
            await line.run(fails)
        return await line.run(seen.work)

    assert asyncio.run(some_go_wrong()) == "done"
    assert len(seen.names) == 2  # who hung up before their turn was never worked for
