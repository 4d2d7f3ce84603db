"""Every day: the provider's statement against our own records, number by number; what agrees is cleared to the bank."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from linli.apps.payments import adapters
from linli.apps.payments.adapters.base import Provider
from linli.apps.payments.ledger import Entry, Spot, post
from linli.apps.payments.models import Attempt, Difference, Refund, Statement
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Invalid
from linli.platform import audit


def _ours(client: Provider, day: date) -> dict[str, int]:
    """Number to amount of what we count as paid and refunded on the provider's `day`."""
    around = datetime.combine(day, datetime.min.time()).astimezone()
    window = (around - timedelta(days=2), around + timedelta(days=3))
    paid = Attempt.objects.filter(provider=client.code, paid_at__range=window, state__in=("paid", "surplus"))
    back = Refund.objects.filter(attempt__provider=client.code, settled_at__range=window, state="settled").exclude(via="balance")
    lines = [(number, amount, moment) for number, amount, moment in paid.values_list("number", "amount", "paid_at")]
    lines += [(number, -amount, moment) for number, amount, moment in back.values_list("number", "amount", "settled_at")]
    return {number: amount for number, amount, moment in lines if moment is not None and client.day_of(moment) == day}


def _differences(theirs: dict[str, int], ours: dict[str, int]) -> list[Difference]:
    found = []
    for number in sorted(theirs.keys() | ours.keys()):
        there, here = theirs.get(number), ours.get(number)
        if there != here:
            kind = "missing_here" if here is None else "missing_there" if there is None else "amount"
            found.append(Difference(kind=kind, number=number, theirs=there, ours=here))
    return found


def reconcile(*, provider: str, day: date, at: datetime) -> int:
    """Compares one day and keeps the result; done before it only counts. Returns the number of differences. Raises Unavailable."""
    known = Statement.objects.filter(provider=provider, day=day).first()
    if known is not None:
        return known.differences
    client = adapters.PROVIDERS[provider]
    theirs: dict[str, int] = {}
    for line in client.statement(day, at=at):
        theirs[line.number] = theirs.get(line.number, 0) + line.amount
    return _keep(client, day, theirs, at)


@transaction.atomic
def _keep(client: Provider, day: date, theirs: dict[str, int], at: datetime) -> int:
    ours = _ours(client, day)
    found = _differences(theirs, ours)
    row, made = Statement.objects.get_or_create(
        provider=client.code, day=day,
        defaults={
            "lines": len(theirs), "amount_theirs": sum(theirs.values()), "amount_ours": sum(ours.values()),
            "differences": len(found), "compared_at": at,
        },
    )  # fmt: skip
    if made:
        for difference in found:
            difference.statement = row
        Difference.objects.bulk_create(found)
        _clear(client, day, sum(amount for number, amount in ours.items() if theirs.get(number) == amount), at)
    return row.differences


def _clear(client: Provider, day: date, amount: int, at: datetime) -> None:
    """What both sides agree on has left the provider for the bank (or, on a day of refunds, the other way)."""
    here, there = Spot("bank"), Spot("clearing", client.code)
    debit, credit = (here, there) if amount >= 0 else (there, here)
    entry = Entry(debit, credit, abs(amount), f"clear:{client.code}:{day}", "clear")
    post(entries=[entry], ref=f"st:{client.code}:{day}", currency="CNY", at=at)


@transaction.atomic
def clear_difference(*, difference_id: int, note: str, by: Actor, at: datetime) -> None:
    """Somebody has looked into a difference and says what it was. Raises Invalid without a note, Conflict when it is cleared already."""
    if not note.strip():
        raise Invalid("difference.note", N_("Say what the difference was."), field="note")
    if not Difference.objects.filter(id=difference_id, cleared_at__isnull=True).update(cleared_at=at, note=note[:200]):
        raise Conflict("difference.cleared", N_("This difference has been cleared already."))
    audit.record(actor=by, action="difference.clear", subject=f"difference:{difference_id}", at=at, reason=note)
