"""Paid: the one place where money comes in. Money that nobody waits for any more goes straight back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from linli.apps.payments import adapters, states
from linli.apps.payments.events import PaymentCaptured
from linli.apps.payments.ledger import Entry, Spot, escrow, post
from linli.apps.payments.models import Attempt, Intent
from linli.apps.payments.operations.refunds import send_back
from linli.kernel.actors import SYSTEM
from linli.kernel.ids import new_id
from linli.platform import ids, outbox

TOP_UP = "tu:"  # refs of intents that fill a balance
SHARED = "co:"  # refs of intents that are paid for several things at once


def _source(attempt: Attempt, intent: Intent) -> Spot:
    if attempt.provider:
        return Spot("clearing", attempt.provider)
    return adapters.HOUSE[attempt.method].source(ref=intent.ref, person_id=intent.person_id)


def captured_nothing(intent: Intent, at: datetime) -> None:
    """An intent of nothing is paid by opening it."""
    Intent.objects.filter(id=intent.id).update(state="captured", method="none", captured_at=at)
    intent.state, intent.method, intent.captured_at = "captured", "none", at
    _tell(intent, "none", at)


def _tell(intent: Intent, method: str, at: datetime) -> None:
    tell_captured(intent.id, intent.ref, intent.person_id, intent.amount, method, at)


def tell_captured(intent_id: int, ref: str, person_id: int, amount: int, method: str, at: datetime) -> None:
    """The intent is paid: let everybody know."""
    outbox.tell(PaymentCaptured(intent_id=intent_id, ref=ref, person_id=person_id, amount=amount, method=method), at=at)


def capture(*, attempt: Attempt, amount: int, provider_ref: str, paid_at: datetime, at: datetime) -> str:
    """Takes in `amount` paid by `attempt`, within the caller's transaction. Returns what came of it:

    `captured`; `already` when this attempt was counted before; `returned` when the intent was paid otherwise, cancelled or expired
    in the meantime, so that the money is on its way back. The compare-and-set on the intent lets exactly one payment through.
    """
    won = Intent.objects.filter(id=attempt.intent_id, state__in=states.INTENT.sources("capture")).update(
        state="captured", captured_at=at, captured_amount=F("captured_amount") + amount, method=attempt.method, provider_ref=provider_ref
    )
    state = "paid" if won else "surplus"
    unpaid = Attempt.objects.filter(id=attempt.id, state__in=("started", "closed"))
    if not unpaid.update(state=state, paid_at=paid_at, provider_ref=provider_ref):
        return "already"
    intent = Intent.objects.get(id=attempt.intent_id)
    entry = Entry(_source(attempt, intent), escrow(intent.ref), amount, f"capture:{attempt.id}", "capture")
    post(entries=[entry], ref=intent.ref, currency=intent.currency, at=at)
    if not won:
        _return_surplus(intent, attempt, amount, at)
        return "returned"
    if intent.ref.startswith(TOP_UP):
        _fill(intent, at)
    if intent.ref.startswith(SHARED):
        share_out(intent, attempt.method, at)
    _tell(intent, attempt.method, at)
    return "captured"


def _return_surplus(intent: Intent, attempt: Attempt, amount: int, at: datetime) -> None:
    Intent.objects.filter(id=intent.id).update(captured_amount=F("captured_amount") + amount, refunded=F("refunded") + amount)
    reason = "paid twice" if intent.state == "captured" else f"paid after it was {intent.state}"
    send_back(intent=intent, attempt=attempt, amount=amount, reason=reason, key=f"surplus:{attempt.id}", by=SYSTEM, at=at)


def _fill(intent: Intent, at: datetime) -> None:
    """A paid top-up goes on to the balance."""
    entry = Entry(escrow(intent.ref), Spot("balance", str(intent.person_id)), intent.amount, f"top_up:{intent.id}", "top_up")
    post(entries=[entry], ref=intent.ref, currency=intent.currency, at=at)
    Intent.objects.filter(id=intent.id).update(settled_at=at)


def share_out(whole: Intent, method: str, at: datetime) -> None:
    """The whole is paid, and each part with it: its money moves into the escrow of the part, and nothing is left behind. What goes into the
    escrow of a part with a method of its own comes from where that takes it (it is owed, say)."""
    for part in Intent.objects.filter(whole=whole).order_by("id"):
        own = part.methods[0] if part.methods else ""
        source = adapters.HOUSE[own].source(ref=part.ref, person_id=part.person_id) if own else escrow(whole.ref)
        entry = Entry(source, escrow(part.ref), part.amount, f"share:{part.id}", "capture" if own else "share")
        post(entries=[entry], ref=part.ref, currency=whole.currency, at=at)
        if own:
            _paid_by_itself(part, own, at)
        Intent.objects.filter(id=part.id).update(state="captured", captured_at=at, captured_amount=part.amount, method=own or method)
    Intent.objects.filter(id=whole.id).update(settled_at=at)


def _paid_by_itself(part: Intent, method: str, at: datetime) -> None:
    """The attempt by which a part with a method of its own is paid, so that what is given back of it goes the same way."""
    number = new_id(at)
    Attempt.objects.create(
        id=number, intent=part, method=method, provider="", number=ids.seal("at", number), state="paid", started_at=at, paid_at=at,
        amount=part.amount,
    )  # fmt: skip
