"""Many processes that do the same thing at the same moment, each with a connection of its own, on the database of the test."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

from linli.kernel.errors import Problem

WAIT_S = 60


def _child(gate: Any, lane: Any, work: Callable[..., object], args: tuple[Any, ...]) -> None:
    try:
        gate.wait(WAIT_S)
        lane.send(("done", work(*args)))
    except Problem as problem:
        lane.send(("refused", problem.code))
    except BaseException:
        lane.send(("failed", traceback.format_exc()))
    finally:
        lane.close()
        os._exit(0)  # nothing of the test runner is to be torn down twice


def together(work: Callable[..., object], each: Sequence[tuple[Any, ...]]) -> list[tuple[str, Any]]:
    """`work(*args)` in a process for each of `each`, all let go at once.

    For each what came of it, in order: `("done", result)`, `("refused", code of the problem)` or `("failed", traceback)`.
    """
    connections.close_all()  # a connection must not be shared with a child
    context = multiprocessing.get_context("fork")
    gate, lanes, children = context.Barrier(len(each)), [], []
    for args in each:
        here, there = context.Pipe(duplex=False)
        child = context.Process(target=_child, args=(gate, there, work, args))
        child.start()
        there.close()
        lanes.append(here)
        children.append(child)
    try:
        return [lane.recv() if lane.poll(WAIT_S) else ("failed", "no answer in time") for lane in lanes]
    finally:
        for child in children:
            child.join(5)
            if child.is_alive():
                child.kill()
