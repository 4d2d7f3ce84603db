"""Money back to the payer, whole or in part, before and after the parties have been settled with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from linli.apps.payments import adapters, states
from linli.apps.payments.adapters.base import Notice
from linli.apps.payments.events import RefundSettled
from linli.apps.payments.ledger import Entry, Spot, escrow, post
from linli.apps.payments.models import Attempt, Intent, Refund
from linli.apps.payments.operations.settlement import Share, clawback
from linli.apps.payments.queries import RefundView, refund_view
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.kernel.ids import new_id
from linli.kernel.money import Money
from linli.platform import audit, ids, outbox
from linli.platform.jobs import task


@transaction.atomic
def refund(
    *, ref: str, amount: int, reason: str, key: str, by: Actor, at: datetime, borne_by: Sequence[Share] = ()
) -> RefundView:  # fmt: skip
    """Sends `amount` of what was paid for `ref` back the way it came; the same `key` is the same refund.

    Before settlement it comes out of the escrow; afterwards from `borne_by` (amounts that sum to `amount`), or, when that is
    empty, from the store's and the platform's parts in proportion, the rest from the platform's goodwill.
    Raises Conflict `refund.too_much` or `refund.mismatch`, Invalid, NotFound.
    """
    intent = Intent.objects.filter(ref=ref).first()
    if intent is None:
        raise NotFound("intent.unknown", N_("There is no such payment."))
    if amount <= 0 or (borne_by and sum(share.amount for share in borne_by) != amount):
        raise Invalid("refund.amount", N_("This amount cannot be refunded."), field="amount")
    known = Refund.objects.filter(key=key).first()
    if known is not None:
        return _same(known, intent, amount)
    paid = Intent.objects.filter(id=intent.id, state="captured", captured_amount__gte=F("refunded") + amount)
    if not paid.update(refunded=F("refunded") + amount):
        raced = Refund.objects.filter(key=key).first()  # somebody else's refund with this key may have been the one that used it up
        if raced is not None:
            return _same(raced, intent, amount)
        left = Money(intent.captured_amount - intent.refunded if intent.state == "captured" else 0, intent.currency)
        raise Conflict("refund.too_much", N_("Only %(left)s can still be refunded."), left=str(left))
    raced = Refund.objects.filter(key=key).first()
    if raced is not None:  # the row lock was waited for: undo the count, answer as the first did
        Intent.objects.filter(id=intent.id).update(refunded=F("refunded") - amount)
        return _same(raced, intent, amount)
    intent.refresh_from_db()
    clawback(intent=intent, amount=amount, borne_by=borne_by, key=key, at=at)
    attempt = Attempt.objects.filter(intent_id=intent.id if intent.methods else intent.whole_id or intent.id, state="paid").first()
    row = send_back(intent=intent, attempt=attempt, amount=amount, reason=reason, key=key, by=by, at=at)
    audit.record(actor=by, action="refund", subject=ref, at=at, after={"amount": amount, "key": key}, reason=reason)
    return refund_view(row, ref)


def _same(row: Refund, intent: Intent, amount: int) -> RefundView:
    if (row.intent_id, row.amount) != (intent.id, amount):
        raise Conflict("refund.mismatch", N_("This refund has been asked for with another amount."))
    return refund_view(row, intent.ref)


def send_back(*, intent: Intent, attempt: Attempt | None, amount: int, reason: str, key: str, by: Actor, at: datetime) -> Refund:
    """Puts `amount` of the escrow on its way to the payer; through a provider that takes a job, in the house it is done at once."""
    number = new_id(at)
    via = attempt.method if attempt else "balance"
    row = Refund(
        id=number, intent=intent, attempt=attempt, amount=amount, reason=reason[:200], key=key, number=ids.seal("rf", number),
        via=via, by=str(by), asked_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict("refund.mismatch", N_("This refund has been asked for with another amount.")) from None
    if attempt is not None and attempt.provider:
        _post(row, intent, [(Spot("refunding", intent.ref), amount)], "out", at)
        send_refund.enqueue(run_at=at, at=at, refund_id=row.id)
        return row
    back = adapters.HOUSE[via].back(ref=intent.ref, person_id=intent.person_id, amount=amount, currency=intent.currency)
    _post(row, intent, back, "out", at)
    _settled(row, intent.ref, via, at, at)
    return row


def _post(row: Refund, intent: Intent, to: list[tuple[Spot, int]], step: str, at: datetime) -> None:
    entries = [Entry(escrow(intent.ref), spot, part, f"refund:{row.id}:{step}:{index}", "refund") for index, (spot, part) in enumerate(to)]
    post(entries=entries, ref=intent.ref, currency=intent.currency, at=at)


def _settled(row: Refund, ref: str, via: str, settled_at: datetime, at: datetime) -> bool:
    if not Refund.objects.filter(id=row.id, state__in=states.REFUND.sources("settle")).update(
        state="settled", via=via, settled_at=settled_at
    ):
        return False
    row.state, row.via, row.settled_at = "settled", via, settled_at
    outbox.tell(RefundSettled(ref=ref, refund_id=row.id, amount=row.amount, via=via), at=at)
    return True


@transaction.atomic
def record_refund(*, notice: Notice, provider: str, at: datetime) -> str:
    """What a provider says about a refund, from its notice or its answer. Returns `refunded`, `already`, `noted`, `unknown` or `amount`.

    A refund that the provider cannot make goes to the person's balance instead: the money is theirs either way.
    """
    row = Refund.objects.select_related("intent", "attempt").filter(number=notice.number).first()
    if row is None or row.attempt is None or row.attempt.provider != provider:
        return "unknown"
    if (notice.amount, notice.currency) != (row.amount, row.intent.currency):
        return "amount"
    if notice.status == "waiting":
        return "noted"
    to = Spot("clearing", provider) if notice.status == "success" else Spot("balance", str(row.intent.person_id))
    via = row.via if notice.status == "success" else "balance"
    if not _settled(row, row.intent.ref, via, notice.happened_at, at):
        return "already"
    Refund.objects.filter(id=row.id).update(provider_ref=notice.provider_ref)
    entry = Entry(Spot("refunding", row.intent.ref), to, row.amount, f"refund:{row.id}:arrived", "refund")
    post(entries=[entry], ref=row.intent.ref, currency=row.intent.currency, at=at)
    return "refunded"


@task("payments.send_refund", transactional=False)
def send_refund(*, at: datetime, refund_id: int) -> None:
    """Has the provider make a refund, later and as often as it takes."""
    ask_refund(refund_id=refund_id, at=at)


def ask_refund(*, refund_id: int, at: datetime) -> str:
    """Asks the provider to make a refund and records the answer; safe to repeat. Raises Unavailable when it does not answer."""
    row = Refund.objects.select_related("intent", "attempt").get(id=refund_id)
    if row.state == "settled" or row.attempt is None:
        return "already"
    provider = adapters.PROVIDERS[row.attempt.provider]
    notice = provider.refund(number=row.attempt.number, refund_number=row.number, amount=row.amount, currency=row.intent.currency, at=at)
    return record_refund(notice=notice, provider=provider.code, at=at)
