"""A voucher: bought now, used later in the store, once or several times, by a code.

Blackout times are rules of which any that fits says no: `{"from": "2026-10-01", "to": "2026-10-07"}` (days, both included) and
`{"weekdays": [4, 5], "start": 1020, "end": 1320}` (0 is Monday; minutes of the day, by the store's clock).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from linli.apps.catalog.kinds.base import Agreed, Kind, LineWant, OfferTerms
from linli.kernel.errors import N_, Conflict, Invalid
from linli.platform.reads import inner


@dataclass(frozen=True, slots=True)
class VoucherView:
    """What a voucher is worth; see `models.VoucherTerms`."""

    uses: int
    valid_days: int
    valid_until: date | None
    blackout: tuple[Mapping[str, Any], ...]
    most: int
    zone: str


def make(row: Sequence[Any]) -> VoucherView:
    """The terms out of the columns."""
    uses, valid_days, until, blackout, most, zone = row
    return VoucherView(uses, valid_days, date.fromisoformat(until[:10]) if until else None, tuple(inner(blackout)), most, zone)


def agree(offer: OfferTerms, want: LineWant, at: datetime) -> Agreed:
    """Its price; it can be used until the end of its last day. Raises Conflict for one that nobody could use any more, Invalid."""
    terms = offer.own
    if not isinstance(terms, VoucherView):
        raise Conflict("offer.gone", N_("“%(name)s” is sold out."), name=offer.name, offer_id=offer.id)
    if want.starts_at or want.ends_at or want.guests or want.details:
        raise Invalid("line.time", N_("“%(name)s” is not booked for a time."), name=offer.name, offer_id=offer.id, field="starts_at")
    if want.qty > terms.most:
        raise Invalid("line.most", N_("At most %(most)s of “%(name)s” in one order."), most=terms.most, name=offer.name, field="qty")
    ends_at = until(terms, at)
    if ends_at <= at:
        raise Conflict("offer.over", N_("“%(name)s” is not sold any more."), name=offer.name, offer_id=offer.id)
    details = {"uses": terms.uses, "zone": terms.zone, "blackout": [dict(rule) for rule in terms.blackout]}
    return Agreed(offer.price, None, ends_at, 0, details)


def until(terms: VoucherView, at: datetime) -> datetime:
    """The end of the last day on which one that is bought at `at` can be used."""
    zone = ZoneInfo(terms.zone)
    last = at.astimezone(zone).date() + timedelta(days=terms.valid_days)
    if terms.valid_until is not None:
        last = min(last, terms.valid_until)
    return datetime.combine(last + timedelta(days=1), time(), zone).astimezone(at.tzinfo)


COLUMNS = """
SELECT {list}(v.uses, v.valid_days, v.valid_until, v.blackout, v.most, v.zone) FROM catalog_voucherterms v WHERE v.offer_id = o.id
"""
VOUCHER = Kind("voucher", N_("Voucher"), agree, COLUMNS, make)
