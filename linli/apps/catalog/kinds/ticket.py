"""A ticket: for a day, or for an entry slot of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from linli.apps.catalog.kinds.base import Agreed, Kind, LineWant, OfferTerms
from linli.kernel.errors import N_, Conflict, Invalid
from linli.platform.reads import inner


@dataclass(frozen=True, slots=True)
class TicketView:
    """When one can go in with it; see `models.TicketTerms`."""

    opens: int
    closes: int
    slot_minutes: int
    closed_days: tuple[int, ...]
    ahead_days: int
    free_until: int
    late_bp: int
    most: int
    zone: str


def make(row: Sequence[Any]) -> TicketView:
    """The terms out of the columns."""
    opens, closes, slot, closed, *rest = row
    return TicketView(opens, closes, slot, tuple(inner(closed)), *rest)


def slots(terms: TicketView, day: date) -> list[tuple[datetime, datetime]]:
    """The entry slots of a day, from when to when in UTC; none on a closed day, and none for what is left
    after the last whole one."""
    if day.weekday() in terms.closed_days:
        return []
    length = terms.slot_minutes or terms.closes - terms.opens
    midnight = datetime.combine(day, time(), ZoneInfo(terms.zone)).astimezone(UTC)
    starts = range(terms.opens, terms.closes - length + 1, length)
    return [(midnight + timedelta(minutes=start), midnight + timedelta(minutes=start + length)) for start in starts]


def days(terms: TicketView, at: datetime) -> list[date]:
    """The days for which it is sold at `at`."""
    today = at.astimezone(ZoneInfo(terms.zone)).date()
    found = [today + timedelta(days=count) for count in range(terms.ahead_days + 1)]
    return [day for day in found if any(end > at for _, end in slots(terms, day))]


def agree(offer: OfferTerms, want: LineWant, at: datetime) -> Agreed:
    """Its price for the entry slot that begins at `want.starts_at`. Raises Invalid for none or one that there is not, Conflict for one
    that is over."""
    terms = offer.own
    if not isinstance(terms, TicketView):
        raise Conflict("offer.gone", N_("“%(name)s” is sold out."), name=offer.name, offer_id=offer.id)
    if want.starts_at is None:
        raise Invalid("line.time", N_("Say for when you want “%(name)s”."), name=offer.name, offer_id=offer.id, field="starts_at")
    if want.guests or want.details or want.qty > terms.most:
        raise Invalid("line.most", N_("At most %(most)s of “%(name)s” in one order."), most=terms.most, name=offer.name, field="qty")
    day = want.starts_at.astimezone(ZoneInfo(terms.zone)).date()
    end = dict(slots(terms, day)).get(want.starts_at)
    today = at.astimezone(ZoneInfo(terms.zone)).date()
    if end is None or day > today + timedelta(days=terms.ahead_days) or want.ends_at not in (None, end):
        raise Invalid("line.slot", N_("There is no entry to “%(name)s” at this time."), name=offer.name, field="starts_at")
    if end <= at:
        raise Conflict("line.past", N_("This time is over; choose another one."), field="starts_at")
    details = {"uses": 1, "zone": terms.zone, "blackout": [], "cancel": [[terms.free_until, terms.late_bp]]}
    return Agreed(offer.price, want.starts_at, end, 0, details)


COLUMNS = """
SELECT {list}(t.opens, t.closes, t.slot_minutes, t.closed_days, t.ahead_days, t.free_until, t.late_bp, t.most, t.zone)
FROM catalog_ticketterms t WHERE t.offer_id = o.id
"""
TICKET = Kind("ticket", N_("Ticket"), agree, COLUMNS, make)
