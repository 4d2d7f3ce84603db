"""Writing the terms of offers that are booked for a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from linli.apps.catalog.events import OfferChanged
from linli.apps.catalog.models import Offer, ServiceTerms, TableTerms
from linli.apps.merchants.queries import ensure_manages
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Invalid, NotFound
from linli.platform import audit, outbox

Steps = Sequence[tuple[int, int]]


def _offer(offer_id: int, kind: str, actor: Actor) -> Offer:
    offer = Offer.objects.select_for_update().filter(id=offer_id, kind=kind, removed_at=None).first()
    if offer is None:
        raise NotFound("offer.unknown", N_("There is no such offer."))
    ensure_manages(actor=actor, store_id=offer.store_id)
    return offer


def _check(step: int, ahead_days: int, notice: int, cancel: Steps) -> None:
    if not (5 <= step <= 240 and step % 5 == 0 and 1 <= ahead_days <= 90 and 0 <= notice <= 43_200):
        raise Invalid(
            "booking.terms", N_("Starts every 5 to 240 minutes, 1 to 90 days ahead, with at most 30 days of notice."), field="step"
        )
    if any(ahead_of < 0 or not 0 <= share <= 10_000 for ahead_of, share in cancel):
        raise Invalid("booking.cancel", N_("Between 0 and 100 percent is kept of what is called off."), field="cancel")


@transaction.atomic
def save_service(
    *, offer_id: int, minutes: int, before: int = 0, after: int = 0, skills: Sequence[str] = (), room: str = "",
    equipment: Sequence[str] = (), at_home: bool = False, step: int = 15, ahead_days: int = 30, notice: int = 60, cancel: Steps = (),
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Write what a service takes. Raises Invalid for senseless numbers, NotFound, Forbidden."""
    offer = _offer(offer_id, "service", actor)
    _check(step, ahead_days, notice, cancel)
    if not (5 <= minutes <= 720 and 0 <= before <= 240 and 0 <= after <= 240):
        raise Invalid("service.minutes", N_("A service takes 5 to 720 minutes, and at most 240 before and after it."), field="minutes")
    fields = {
        "minutes": minutes, "before": before, "after": after, "skills": sorted(set(skills)), "room": room.strip()[:40],
        "equipment": sorted(set(equipment)), "at_home": at_home, "step": step, "ahead_days": ahead_days, "notice": notice,
        "cancel": [list(pair) for pair in sorted(cancel)],
    }  # fmt: skip
    ServiceTerms.objects.update_or_create(offer=offer, defaults=fields)
    _changed(offer, fields, actor, at)


@transaction.atomic
def save_tables(
    *, offer_id: int, sittings: Sequence[tuple[int, int]], turns: Sequence[tuple[int, int]], step: int = 15, ahead_days: int = 14,
    notice: int = 30, deposit_from: int = 1, kept_minutes: int = 15, cancel: Steps = (), actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Write how tables are booked. Raises Invalid for senseless numbers or no turn times, NotFound, Forbidden."""
    offer = _offer(offer_id, "table", actor)
    _check(step, ahead_days, notice, cancel)
    good = turns and all(1 <= guests <= 100 and 15 <= stay <= 720 for guests, stay in turns)
    if not good or any(not 0 <= opens < closes <= 2880 for opens, closes in sittings) or not 0 <= kept_minutes <= 120:
        raise Invalid("table.turns", N_("Parties of 1 to 100 stay 15 to 720 minutes; a sitting ends after it begins."), field="turns")
    fields = {
        "sittings": [list(pair) for pair in sorted(sittings)], "turns": [list(pair) for pair in sorted(turns)], "step": step,
        "ahead_days": ahead_days, "notice": notice, "deposit_from": deposit_from, "kept_minutes": kept_minutes,
        "cancel": [list(pair) for pair in sorted(cancel)],
    }  # fmt: skip
    TableTerms.objects.update_or_create(offer=offer, defaults=fields)
    _changed(offer, fields, actor, at)


def _changed(offer: Offer, after: dict[str, object], actor: Actor, at: datetime) -> None:
    audit.record(actor=actor, action="offer.terms", subject=f"of:{offer.id}", at=at, after=after)
    outbox.tell(OfferChanged(store_id=offer.store_id, offer_id=offer.id), at=at)
