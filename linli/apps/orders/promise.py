"""When it comes: the window that is promised, and the slots that can be chosen. Pure but for the policy numbers passed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from linli.apps.orders.views import Slot
from linli.kernel.time import Window
from linli.platform import policies
from linli.policy import dispatch, promises


@dataclass(frozen=True, slots=True)
class Rules:
    """The policy of a city that promises are made of; seconds, but for `ahead_days`."""

    window_s: int
    margin_s: int
    handover_s: int
    slot_s: int
    ahead_days: int


def rules(city_id: int) -> Rules:
    """The numbers in force in a city."""
    whole = policies.whole
    return Rules(
        window_s=whole(promises.WINDOW_MIN, city_id) * 60,
        margin_s=whole(promises.MARGIN_MIN, city_id) * 60,
        handover_s=whole(dispatch.HANDOVER_S, city_id),
        slot_s=whole(promises.SLOT_MIN, city_id) * 60,
        ahead_days=whole(promises.SCHEDULE_AHEAD_D, city_id),
    )


def lead_s(prep_s: float, travel_s: int, rules: Rules) -> float:
    """From the kitchen's start to the hand of the person: prepare, and with a way to go, hand over at both doors and ride."""
    return prep_s + (travel_s + 2 * rules.handover_s if travel_s else 0)


def window(at: datetime, prep_s: float, travel_s: int, rules: Rules) -> Window:
    """What is promised to somebody who orders now: the estimate plus a margin, in whole minutes, `window_s` wide."""
    middle = at + timedelta(seconds=lead_s(prep_s, travel_s, rules) + rules.margin_s)
    start = _up(middle - timedelta(seconds=rules.window_s // 2), 60)
    return Window(max(start, _up(at, 60)), max(start, _up(at, 60)) + timedelta(seconds=rules.window_s))


def ready_at(promised: Window, travel_s: int, rules: Rules) -> datetime:
    """When the kitchen has to be done so that a scheduled order arrives at the start of its slot."""
    return promised.start - timedelta(seconds=lead_s(0, travel_s, rules))


def slots(at: datetime, openings: Iterable[Window], prep_s: int, travel_s: int, rules: Rules) -> Iterator[Slot]:
    """The slots that can be kept from `at` on: the kitchen is open when it has to begin and when it has to be done."""
    lead, way, step = lead_s(prep_s, travel_s, rules), lead_s(0, travel_s, rules), rules.slot_s
    last = at.timestamp() + rules.ahead_days * 86_400
    seen = 0
    for opening in openings:
        first = int(-(-(max(opening.start, at).timestamp() + lead) // step) * step)
        for start in range(first, int(min(opening.end.timestamp() + way, last)) + 1, step):
            if start > seen:  # openings that overlap offer a slot once
                yield _slot(start, step)
                seen = start


@lru_cache(maxsize=4096)
def _slot(start: int, step: int) -> Slot:
    """The slot that begins so many seconds after 1970. All who ask within a quarter of an hour are offered the same few hundred."""
    return Slot(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(start + step, UTC))


def _up(at: datetime, seconds: int) -> datetime:
    """`at`, or the next whole multiple of `seconds` after it."""
    return datetime.fromtimestamp(-(-at.timestamp() // seconds) * seconds, UTC)
