"""A service: an appointment with somebody, for as long as the service takes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.apps.catalog.kinds.base import Agreed, Kind, LineWant, OfferTerms
from linli.kernel.errors import N_, Conflict, Invalid

_COLUMNS = """
SELECT {list}(t.minutes, t."before", t."after", t.skills, t.room, t.equipment, t.at_home, t.step, t.ahead_days, t.notice, t.cancel)
FROM catalog_serviceterms t WHERE t.offer_id = o.id
"""


@dataclass(frozen=True, slots=True)
class ServiceView:
    """What a service takes; minutes, but for `ahead_days`. `cancel`: what is kept of the price by how short the notice is."""

    minutes: int
    before: int
    after: int
    skills: tuple[str, ...]
    room: str
    equipment: tuple[str, ...]
    at_home: bool
    step: int
    ahead_days: int
    notice: int
    cancel: tuple[tuple[int, int], ...]


def make(row: Any) -> ServiceView:
    """The terms from the columns."""
    minutes, before, after, skills, room, equipment, at_home, step, ahead, notice, cancel = row
    steps = tuple((int(ahead_of), int(share)) for ahead_of, share in listed(cancel))
    return ServiceView(
        minutes, before, after, tuple(listed(skills)), room, tuple(listed(equipment)), bool(at_home), step, ahead, notice, steps
    )  # fmt: skip


def agree(offer: OfferTerms, want: LineWant, at: datetime) -> Agreed:
    """The price of one appointment at the time wished, which ends when the service has taken its time. Whether anybody is free is for
    the stock to say."""
    own = offer.own
    if not isinstance(own, ServiceView):
        raise Conflict("offer.gone", N_("“%(name)s” cannot be booked just now."), name=offer.name, offer_id=offer.id)
    starts_at = begins(offer, want, at, own.notice, own.ahead_days)
    if want.qty != 1 or want.guests > 1:
        raise Invalid("line.qty", N_("An appointment is for one; book another one beside it."), field="qty")
    details = {name: want.details[name] for name in ("staff", "place") if want.details.get(name)}
    if own.at_home and not _is_place(details.get("place")):
        raise Invalid("booking.place", N_("Say where we should come to."), field="place", offer_id=offer.id)
    if own.cancel:
        details["cancel"] = [list(step) for step in own.cancel]
    return Agreed(offer.price, starts_at, starts_at + timedelta(minutes=own.minutes), 1, details)


def begins(offer: OfferTerms, want: LineWant, at: datetime, notice: int, ahead_days: int) -> datetime:
    """When it is to begin. Raises Invalid or Conflict for no time, one in the past, too soon, or too far ahead."""
    starts_at = want.starts_at
    if starts_at is None or starts_at.tzinfo is None:
        raise Invalid("booking.time", N_("Choose a time for “%(name)s”."), name=offer.name, offer_id=offer.id, field="starts_at")
    if starts_at <= at:
        raise Conflict("booking.past", N_("This time has passed. Choose a later one."), offer_id=offer.id, field="starts_at")
    if starts_at < at + timedelta(minutes=notice):
        raise Conflict("booking.soon", N_("“%(name)s” is to be booked at least %(notice)s minutes ahead."), name=offer.name,
                       notice=notice, offer_id=offer.id, field="starts_at")  # fmt: skip
    if starts_at > at + timedelta(days=ahead_days + 1):
        raise Conflict("booking.far", N_("“%(name)s” can be booked at most %(days)s days ahead."), name=offer.name, days=ahead_days,
                       offer_id=offer.id, field="starts_at")  # fmt: skip
    return starts_at


def listed(value: Any) -> Any:
    """A JSON column inside JSON: SQLite gives it as a text."""
    return json.loads(value) if isinstance(value, str) else value or ()


def _is_place(place: Any) -> bool:
    return isinstance(place, (list, tuple)) and len(place) >= 2 and -90 <= float(place[0]) <= 90 and -180 <= float(place[1]) <= 180


SERVICE = Kind("service", N_("Appointment"), agree, _COLUMNS, make)
