"""Paying off what is owed: by shares that people pay through the cashier, at the counter of the store, or noted by the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.db import transaction

from linli.apps.payments.adapters.tab import KIND
from linli.apps.payments.ledger import Entry, Spot, escrow, held, post
from linli.apps.payments.models import Attempt, Intent, Transfer
from linli.apps.payments.operations.refunds import send_back
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.ids import new_id
from linli.platform import audit


def _owed(ref: str, currency: str) -> int:
    return held(Spot("receivable", ref), currency)


@transaction.atomic
def pay_off(*, ref: str, parts: Sequence[tuple[str, int]], at: datetime) -> int:
    """What was paid for the share `ref` pays off `parts`, (what is owed for, minor units), as far as that is still owed; the rest goes back
    the way it came. Returns how much was paid off; again: nothing, 0. The caller holds the lock of the bill.
    """
    intent = Intent.objects.select_for_update().filter(ref=ref, state="captured", settled_at=None).first()
    if intent is None:
        return 0
    entries = [
        Entry(escrow(ref), Spot("receivable", owed), part, f"tab:{ref}:{owed}", KIND)
        for owed, amount in sorted(parts)
        if (part := min(amount, _owed(owed, intent.currency)))
    ]
    post(entries=entries, ref=ref, currency=intent.currency, at=at)
    paid = sum(entry.amount for entry in entries)
    over = intent.amount - paid
    Intent.objects.filter(id=intent.id).update(settled_at=at, refunded=over)
    if over:
        attempt = Attempt.objects.filter(intent=intent, state="paid").first()
        send_back(intent=intent, attempt=attempt, amount=over, reason="no longer owed", key=f"{ref}:over", by=SYSTEM, at=at)
    return paid


@transaction.atomic
def take_at_counter(
    *, store_id: int, parts: Sequence[tuple[str, int]], key: str, by: Actor, at: datetime, currency: str = "CNY"
) -> int:  # fmt: skip
    """The store has taken the money for `parts` itself, as far as they are still owed: it owes that much to the platform, which is less
    paid out to it. Returns how much; the same `key` counts once (0)."""
    if Transfer.objects.filter(key__startswith=f"counter:{key}:").exists():
        return 0
    entries = [
        Entry(Spot("store", str(store_id)), Spot("receivable", owed), part, f"counter:{key}:{owed}", KIND)
        for owed, amount in sorted(parts)
        if (part := min(amount, _owed(owed, currency)))
    ]
    post(entries=entries, ref=f"st:{store_id}", currency=currency, at=at)
    taken = sum(entry.amount for entry in entries)
    audit.record(actor=by, action="tab.counter", subject=f"st:{store_id}", at=at, after={"amount": taken, "key": key})
    return taken


@transaction.atomic
def close_debt(*, ref: str, how: Literal["paid", "written_off"], reason: str, by: Actor, at: datetime, currency: str = "CNY") -> int:
    """All that is still owed for `ref` has been paid outside the cashier, into the bank, or is given up, at the platform's cost. Returns
    how much that was, minor units; again: nothing, 0. The caller holds the lock of what it is owed for."""
    owed = _owed(ref, currency)
    if owed:
        source = Spot("bank") if how == "paid" else Spot("goodwill")
        post(entries=[Entry(source, Spot("receivable", ref), owed, f"debt:{ref}:{new_id(at)}", KIND)], ref=ref, currency=currency, at=at)
        audit.record(actor=by, action=f"debt.{how}", subject=ref, at=at, after={"amount": owed}, reason=reason)
    return owed
