"""How many requests one person may send: counted in this process, without a statement (several processes: several times as many)."""

from __future__ import annotations

import math
from datetime import datetime

from linli.kernel.errors import N_, TooMany
from linli.platform import policies
from linli.policy import security as numbers

_MOST_KEPT = 50_000
_paid_off: dict[int, float] = {}


def spend(person_id: int, at: datetime) -> None:
    """Count one request (generic cell rate algorithm, ITU-T I.371). Raises TooMany with `retry_after_s`."""
    now, step, room = at.timestamp(), *_measure()
    off = max(_paid_off.get(person_id, 0.0), now)
    if off > now + room:
        wait = math.ceil(off - now - room)
        raise TooMany("limit.reached", N_("Too many requests. Please wait %(retry_after_s)s seconds."), retry_after_s=wait)
    if len(_paid_off) > _MOST_KEPT:
        forget()
    _paid_off[person_id] = off + step


def forget() -> None:
    """Start counting anew."""
    _paid_off.clear()


def _measure() -> tuple[float, float]:
    """Seconds that one request costs, and how far ahead of time a burst may run."""
    a_minute = policies.whole(numbers.API_PER_MIN)
    return 60 / a_minute, 60 - 60 / a_minute
