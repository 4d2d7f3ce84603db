"""When a table will be free for somebody who waits: every table of the size goes to whoever is next as soon as its party has gone. Pure."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

SOON_S = 300  # a party that sits longer than usual is expected to go within this


def wait_s(taken_s: Sequence[int], free: int, turn_s: int, ahead: int) -> int | None:
    """Seconds until the party behind `ahead` others sits, when tables are taken for `turn_s` each; None without any table.

    `taken_s`: for how long those in use have been taken; `free`: how many are not.
    """
    heap = [0] * free + [max(turn_s - taken, SOON_S) for taken in taken_s]
    if not heap:
        return None
    heapq.heapify(heap)
    for _ in range(ahead):
        heapq.heapreplace(heap, heap[0] + turn_s)
    return heap[0]


def quartiles(turns_s: Sequence[int]) -> tuple[int, int]:
    """The lower and the upper quartile of how long tables were taken, seconds; the nearest measured values."""
    ordered = sorted(turns_s)
    return ordered[(len(ordered) - 1) // 4], ordered[-(-3 * (len(ordered) - 1) // 4)]
