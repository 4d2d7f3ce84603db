"""What must always hold for money."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from linli.apps.payments import adapters
from linli.apps.payments.models import ROLLING, Account, Attempt, Callback, Intent, Refund, Statement, Transfer
from linli.apps.payments.operations.captures import SHARED
from linli.platform.invariants import rule

SHOWN = 20
OVERDUE = timedelta(minutes=10)
REFUND_DAYS = 1
STATEMENT_DUE, STATEMENT_WATCHED = timedelta(days=2), timedelta(days=4)


def _sum(side: str) -> Coalesce:
    mine = Transfer.objects.filter(**{side: OuterRef("id")}).order_by().values(side)
    return Coalesce(Subquery(mine.annotate(total=Sum("amount")).values("total")), 0)


@rule("ledger.balances")
def ledger_balances(at: datetime) -> list[str]:
    """What an account's row says it was debited and credited is what its transfers say."""
    rows = Account.objects.filter(kind__in=ROLLING).annotate(debited=_sum("debit"), credited=_sum("credit"))
    wrong = rows.exclude(debits=F("debited"), credits=F("credited"))
    return [f"{row.kind}:{row.owner} says {row.debits}/{row.credits}, its transfers {row.debited}/{row.credited}" for row in wrong[:SHOWN]]


@rule("ledger.currency")
def ledger_currency(at: datetime) -> list[str]:
    """No movement mixes currencies."""
    wrong = Transfer.objects.exclude(currency=F("debit__currency"), credit__currency=F("currency"))
    return [f"transfer {row.id} mixes currencies" for row in wrong[:SHOWN]]


@rule("ledger.escrow")
def ledger_escrow(at: datetime) -> list[str]:
    """Nothing is left in the escrow of what is settled, and an intent that is not holds what was captured less what went back of it."""
    held = Account.objects.filter(kind="escrow", owner=OuterRef("ref"), currency=OuterRef("currency"))
    added = Transfer.objects.filter(ref=OuterRef("ref"), kind="clawback").order_by().values("ref").annotate(total=Sum("amount"))
    rows = Intent.objects.annotate(
        held=Coalesce(Subquery(held.values_list(F("credits") - F("debits"))[:1]), 0),
        added=Coalesce(Subquery(added.values("total")), 0),  # what those who bear a refund have put in
    )
    settled = rows.filter(settled_at__isnull=False).exclude(held=0)
    open_ = rows.filter(settled_at__isnull=True).exclude(held=F("captured_amount") - F("refunded") + F("added"))
    return [f"{row.ref} is settled and still holds {row.held}" for row in settled[:SHOWN]] + [
        f"{row.ref} holds {row.held}, but {row.captured_amount} came in and {row.refunded} went back" for row in open_[:SHOWN]
    ]


@rule("intents.refunds")
def intents_refunds(at: datetime) -> list[str]:
    """What an intent says was captured and refunded is the sum of its attempts and its refunds."""
    back = Refund.objects.filter(intent=OuterRef("id")).order_by().values("intent").annotate(total=Sum("amount")).values("total")
    paid = Attempt.objects.filter(intent=OuterRef("id"), state__in=("paid", "surplus")).order_by().values("intent")
    rows = Intent.objects.annotate(
        back=Coalesce(Subquery(back), 0), paid=Coalesce(Subquery(paid.annotate(total=Sum("amount")).values("total")), 0)
    )
    wrong = rows.filter(whole=None).exclude(refunded=F("back"), captured_amount=F("paid"))
    wrong = wrong | rows.exclude(whole=None).exclude(refunded=F("back"))
    return [
        f"{row.ref} says {row.captured_amount} in and {row.refunded} back, its rows say {row.paid} and {row.back}" for row in wrong[:SHOWN]
    ]


@rule("intents.shared")
def intents_shared(at: datetime) -> list[str]:
    """The parts of a payment that have no method of their own come to its whole, and all are paid, called off or over when it is."""
    parts = Intent.objects.filter(whole=OuterRef("id"), methods=[]).order_by().values("whole").annotate(total=Sum("amount")).values("total")
    wholes = Intent.objects.filter(ref__startswith=SHARED)
    uneven = wholes.annotate(parts=Coalesce(Subquery(parts), 0)).exclude(amount=F("parts"))
    apart = Intent.objects.exclude(whole=None).exclude(state=F("whole__state")).select_related("whole")
    return [f"{row.ref} asks for {row.amount}, its parts for something else" for row in uneven[:SHOWN]] + [
        f"{row.ref} is {row.state} and its whole {row.whole.ref if row.whole else ''} is not" for row in apart[:SHOWN]
    ]


@rule("intents.overdue")
def intents_overdue(at: datetime) -> list[str]:
    """No intent stays open long after its time."""
    wrong = Intent.objects.filter(state="open", expires_at__lt=at - OVERDUE)
    return [f"{row.ref} should have ended at {row.expires_at.isoformat()}" for row in wrong[:SHOWN]]


@rule("statements.compared")
def statements_compared(at: datetime) -> list[str]:
    """Every day on which a provider took money in was compared with its statement, at the latest on the second day after."""
    days: dict[tuple[str, date], int] = {}
    paid = Attempt.objects.filter(state__in=("paid", "surplus"), paid_at__range=(at - STATEMENT_WATCHED, at - STATEMENT_DUE))
    for code, moment in paid.exclude(provider="").values_list("provider", "paid_at"):
        if moment is not None and code in adapters.PROVIDERS:
            day = adapters.PROVIDERS[code].day_of(moment)
            days[code, day] = days.get((code, day), 0) + 1
    done = set(Statement.objects.filter(day__in={day for _, day in days}).values_list("provider", "day"))
    left = sorted((day, code, count) for (code, day), count in days.items() if (code, day) not in done)
    return [f"{count} payments of {code} on {day} were not compared with its statement" for day, code, count in left]


@rule("refunds.late")
def refunds_late(at: datetime) -> list[str]:
    """No refund is under way for more than a day."""
    wrong = Refund.objects.filter(state="pending", asked_at__lt=at - timedelta(days=REFUND_DAYS)).select_related("intent")
    return [f"refund {row.id} of {row.intent.ref} has not arrived since {row.asked_at.isoformat()}" for row in wrong[:SHOWN]]


@rule("callbacks.wrong")
def callbacks_wrong(at: datetime) -> list[str]:
    """No provider has said something signed but wrong within a day."""
    wrong = Callback.objects.filter(
        Q(outcome__in=("merchant", "amount", "currency", "unknown")), verified=True, received_at__gt=at - timedelta(days=1)
    )
    return [f"{row.provider} notice {row.notice_id} about {row.number}: {row.outcome}" for row in wrong[:SHOWN]]
