"""The process's clock: the machine's, except in a demo city, which keeps a pace of its own that every process shares."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.conf import settings

from linli.kernel.errors import N_, Invalid
from linli.kernel.time import Clock, ScaledClock, SystemClock
from linli.platform.models import ClockSetting

FRESH_S = 1.0  # how long a process may go on at the old pace after another one has changed it

_SYSTEM = SystemClock()
_overrides: list[Clock] = []
_kept: tuple[float, Clock] | None = None


def now() -> datetime:
    """What time it is for the city, aware, in UTC. Costs at most one statement a second in a demo, none elsewhere."""
    return current().now()


def current() -> Clock:
    """The clock that `now` reads."""
    global _kept
    if _overrides:
        return _overrides[-1]
    if not settings.DEMO:
        return _SYSTEM
    if _kept is None or time.monotonic() - _kept[0] > FRESH_S:
        _kept = (time.monotonic(), _stored())
    return _kept[1]


def _stored() -> Clock:
    return kept() or _SYSTEM


def speed() -> float:
    """Shown seconds for each real one."""
    clock = current()
    return clock.speed if isinstance(clock, ScaledClock) else 1.0


def kept() -> ScaledClock | None:
    """The demo's clock as it was last set, None before it ever was."""
    row = ClockSetting.objects.filter(pk=1).first()
    return ScaledClock(row.real_at, row.shown_at, row.speed) if row else None


def real_now() -> datetime:
    """The machine's own time, whatever the city's clock shows."""
    return _SYSTEM.now()


def set_pace(shown_at: datetime, speed: float) -> None:
    """From now on the city's clock shows `shown_at` and runs at `speed`; only a demo listens. Raises Invalid for a senseless speed."""
    if not 0 < speed <= 10_000:
        raise Invalid("clock.speed", N_("The speed must be above 0 and at most 10,000."), field="speed")
    values = {"real_at": datetime.now(UTC), "shown_at": shown_at, "speed": speed}
    ClockSetting.objects.update_or_create(pk=1, defaults=values)
    forget()


def forget() -> None:
    """Read the stored pace again at the next look."""
    global _kept
    _kept = None


@contextmanager
def use(clock: Clock) -> Iterator[Clock]:
    """Within the block this process reads `clock` (tests, headless simulation); blocks may be nested."""
    _overrides.append(clock)
    try:
        yield clock
    finally:
        _overrides.remove(clock)
