"""Writing the terms of vouchers and tickets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from linli.apps.catalog.events import OfferChanged
from linli.apps.catalog.models import Offer, TicketTerms, VoucherTerms
from linli.apps.merchants import queries as merchants
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Invalid, NotFound
from linli.platform import audit, outbox

MOST_BLACKOUTS = 20


def _owned(offer_id: int, kind: str, actor: Actor) -> Offer:
    offer = Offer.objects.filter(id=offer_id, kind=kind, removed_at=None).first()
    if offer is None:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    merchants.ensure_manages(actor=actor, store_id=offer.store_id)
    return offer


def _written(offer: Offer, fields: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    after = {name: str(value) if isinstance(value, date) else value for name, value in fields.items()}
    audit.record(actor=actor, action="offer.terms", subject=f"of:{offer.id}", at=at, after=after)
    outbox.tell(OfferChanged(store_id=offer.store_id, offer_id=offer.id), at=at)


@transaction.atomic
def set_voucher_terms(
    *, offer_id: int, uses: int = 1, valid_days: int = 90, valid_until: date | None = None, blackout: Sequence[Mapping[str, Any]] = (),
    most: int = 10, actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Say how often a voucher can be used, how long, and when not; vouchers that were sold keep their own terms.

    Raises Invalid, NotFound.
    """
    offer = _owned(offer_id, "voucher", actor)
    if not (1 <= uses <= 100 and 1 <= valid_days <= 730 and 1 <= most <= 50):
        raise Invalid(
            "voucher.terms", N_("A voucher is used 1 to 100 times, within 1 to 730 days, and sold 1 to 50 at a time."), field="uses"
        )
    for rule in blackout[: MOST_BLACKOUTS + 1]:
        _check_blackout(rule)
    if len(blackout) > MOST_BLACKOUTS:
        raise _senseless()
    fields = {"uses": uses, "valid_days": valid_days, "valid_until": valid_until, "blackout": [dict(rule) for rule in blackout],
              "most": most, "zone": merchants.store(store_id=offer.store_id).zone}  # fmt: skip
    VoucherTerms.objects.update_or_create(offer=offer, defaults=fields)
    _written(offer, fields, actor, at)


def _senseless() -> Invalid:
    return Invalid("voucher.blackout", N_("A time when it cannot be used is from a day to a day, or certain hours of certain weekdays."),
                   field="blackout")  # fmt: skip


def _check_blackout(rule: Mapping[str, Any]) -> None:
    try:
        if set(rule) == {"from", "to"}:
            fine = date.fromisoformat(rule["from"]) <= date.fromisoformat(rule["to"])
        else:
            fine = set(rule) <= {"weekdays", "start", "end"} and bool(rule["weekdays"]) and set(rule["weekdays"]) <= set(range(7))
            fine = fine and 0 <= rule.get("start", 0) < rule.get("end", 1440) <= 1440
    except (ValueError, TypeError, KeyError):
        fine = False
    if not fine:
        raise _senseless()


@transaction.atomic
def set_ticket_terms(
    *, offer_id: int, opens: int, closes: int, slot_minutes: int = 0, closed_days: Sequence[int] = (), ahead_days: int = 14,
    free_until: int = 120, late_bp: int = 10_000, most: int = 10, actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Say when one can go in with a ticket (see `models.TicketTerms`); tickets that were sold keep their time. Raises Invalid, NotFound."""
    offer = _owned(offer_id, "ticket", actor)
    fine = 0 <= opens < closes <= 1440 and (slot_minutes == 0 or 10 <= slot_minutes <= min(720, closes - opens))
    fine = fine and set(closed_days) < set(range(7)) and 0 <= ahead_days <= 366 and 0 <= late_bp <= 10_000 and 1 <= most <= 50
    if not fine or 1440 % (slot_minutes or 1440) or not 0 <= free_until <= 43_200:
        raise Invalid("ticket.terms", N_("These hours and entry slots do not fit together."), field="slot_minutes")
    fields = {"opens": opens, "closes": closes, "slot_minutes": slot_minutes, "closed_days": sorted(set(closed_days)),
              "ahead_days": ahead_days, "free_until": free_until, "late_bp": late_bp, "most": most,
              "zone": merchants.store(store_id=offer.store_id).zone}  # fmt: skip
    TicketTerms.objects.update_or_create(offer=offer, defaults=fields)
    _written(offer, fields, actor, at)
