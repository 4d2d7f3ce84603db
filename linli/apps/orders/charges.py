"""What calling an order off costs, by the rules of its mode or of its lines. Pure but for the policy numbers of its city."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from linli.apps.orders import modes
from linli.platform import policies

_UNANSWERED = frozenset({"placed", "paid"})  # nobody has taken it on yet
WHOLE = 10_000  # a share is in hundredths of a percent


class Line(Protocol):
    """A line of an order that something is kept of."""

    @property
    def amount(self) -> int: ...
    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def details(self) -> Mapping[str, Any]: ...


def fee(*, mode: str, state: str, city_id: int, paid: int, lines: Iterable[Line], at: datetime) -> int:
    """How much of `paid` (minor units) is kept when the order, in `state`, is called off at `at`; `lines` are what was ordered.

    Each line has a share by its own rules, or by its mode's; what was paid is kept in the proportion that they come to.
    """
    kept, whole = 0, 0
    for line in lines:
        kept += line.amount * share(mode=mode, state=state, city_id=city_id, line=line, at=at)
        whole += line.amount * WHOLE
    return paid * kept // whole if whole else 0


def share(*, mode: str, state: str, city_id: int, line: Line, at: datetime) -> int:
    """The share of one line that is kept, in hundredths of a percent."""
    rules = modes.mode(mode)
    if "cancel" in line.details and state not in _UNANSWERED:
        return _own(line, at)
    for cut in rules.cancel:
        soon = cut.notice is None or (line.starts_at is not None and at > line.starts_at - _minutes(policies.whole(cut.notice, city_id)))
        if soon and (not cut.states or state in cut.states):
            return policies.whole(cut.fee, city_id) if cut.fee else 0
    return 0


def _own(line: Line, at: datetime) -> int:
    """`[[minutes before it begins, share], …]`: of the rules whose time has come the one with the least notice counts."""
    if line.starts_at is None:
        return 0
    due = [(minutes, bp) for minutes, bp in line.details["cancel"] if at > line.starts_at - _minutes(minutes)]
    return min(WHOLE, int(min(due)[1])) if due else 0


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=int(count))
