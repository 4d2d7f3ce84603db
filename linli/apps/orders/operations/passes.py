"""Orders that are codes: given out when paid, had when used up, and what is not used goes back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.operations import PassDraft
from linli.apps.orders.models import Order, OrderLine
from linli.apps.orders.operations import closing, steps
from linli.kernel.actors import SYSTEM


def give_out(order: Order, at: datetime) -> None:
    """A code for each piece of each line."""
    drafts = [_draft(line) for line in OrderLine.objects.filter(order=order, kind="item").order_by("id") for _ in range(line.qty)]
    fulfilment.issue(ref=steps.ref(order), person_id=order.person_id, store_id=order.store_id, drafts=drafts, at=at)


def _draft(line: OrderLine) -> PassDraft:
    kept = line.details
    assert line.ends_at is not None
    return PassDraft(
        line.offer_id or 0, line.title, line.title_en, int(kept.get("uses", 1)), line.unit, line.starts_at, line.ends_at,
        kept.get("zone", "UTC"), kept.get("blackout", []),
    )  # fmt: skip


@transaction.atomic
def used(*, order_id: int, over: bool, at: datetime) -> None:
    """A code was used; `over`: it was the last that could be. Twice or too late, nothing happens."""
    order = steps.locked(order_id)
    if not steps.can(order, "redeem"):
        return
    steps.note(order, "use", SYSTEM, at)
    if over:
        closing.end_codes(order, "lapse", SYSTEM, "lapsed", at)


@transaction.atomic
def lapsed(*, order_id: int, at: datetime) -> None:
    """The time of its codes is over: what was not used is given back, by itself, as soon as none of them can be used any more."""
    order = steps.locked(order_id)
    waits = any(each.state == "valid" for each in street.passes(refs=[steps.ref(order)]))
    if steps.can(order, "lapse") and not waits:
        closing.end_codes(order, "lapse", SYSTEM, "lapsed", at)
