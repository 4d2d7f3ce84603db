"""A table: for so many guests, for as long as a party of that size stays; the price is the deposit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.apps.catalog.kinds.base import Agreed, Kind, LineWant, OfferTerms
from linli.apps.catalog.kinds.service import begins, listed
from linli.kernel.errors import N_, Conflict, Invalid

_COLUMNS = """
SELECT {list}(t.sittings, t.turns, t.step, t.ahead_days, t.notice, t.deposit_from, t.kept_minutes, t.cancel)
FROM catalog_tableterms t WHERE t.offer_id = o.id
"""
USUAL_STAY = 120


@dataclass(frozen=True, slots=True)
class TableView:
    """How tables are booked; minutes, but for `ahead_days`. `turns`: (up to so many guests, how long they stay), ascending."""

    sittings: tuple[tuple[int, int], ...]
    turns: tuple[tuple[int, int], ...]
    step: int
    ahead_days: int
    notice: int
    deposit_from: int
    kept_minutes: int
    cancel: tuple[tuple[int, int], ...]

    @property
    def most_guests(self) -> int:
        """The largest party that can be booked for."""
        return self.turns[-1][0] if self.turns else 0

    def stay(self, guests: int) -> int:
        """How many minutes a party of `guests` has its table."""
        return next((minutes for most, minutes in self.turns if guests <= most), USUAL_STAY)


def make(row: Any) -> TableView:
    """The terms from the columns."""
    sittings, turns, step, ahead_days, notice, deposit_from, kept_minutes, cancel = row
    pairs = [tuple(sorted((int(a), int(b)) for a, b in listed(value))) for value in (sittings, turns, cancel)]
    return TableView(pairs[0], pairs[1], step, ahead_days, notice, deposit_from, kept_minutes, pairs[2])


def agree(offer: OfferTerms, want: LineWant, at: datetime) -> Agreed:
    """The deposit for the party (nothing for small ones, if the store says so), and the time until which it has its table."""
    own = offer.own
    if not isinstance(own, TableView):
        raise Conflict("offer.gone", N_("“%(name)s” cannot be booked just now."), name=offer.name, offer_id=offer.id)
    starts_at = begins(offer, want, at, own.notice, own.ahead_days)
    if not 1 <= want.guests <= own.most_guests:
        raise Invalid("booking.guests", N_("A table can be booked for 1 to %(most)s guests; for more, please call the store."),
                      most=own.most_guests, offer_id=offer.id, field="guests")  # fmt: skip
    if want.qty != 1:
        raise Invalid("line.qty", N_("One table at a time; say how many guests you are."), field="qty")
    deposit = offer.price * want.guests if want.guests >= own.deposit_from else 0
    details = {name: want.details[name] for name in ("room",) if want.details.get(name)}
    if own.cancel:
        details["cancel"] = [list(step) for step in own.cancel]
    return Agreed(deposit, starts_at, starts_at + timedelta(minutes=own.stay(want.guests)), want.guests, details)


TABLE = Kind("table", N_("Table"), agree, _COLUMNS, make)
