"""What must always hold in stock: nothing appears or vanishes, and nothing stays held for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from linli.apps.stock.models import Bucket, Hold, HoldLine, Movement
from linli.platform.invariants import rule

GRACE = timedelta(minutes=15)  # holds are let go once a minute; this long means that nobody does it


def _lines(state: str, amount: object) -> Coalesce:
    """The sum of `amount` over the bucket's lines of holds in `state`."""
    rows = HoldLine.objects.filter(bucket=OuterRef("pk"), hold__state=state).order_by().values("bucket")
    return Coalesce(Subquery(rows.annotate(sum=Sum(amount)).values("sum")), 0)


def _moved(*kinds: str) -> Coalesce:
    """The sum of the bucket's movements of `kinds`."""
    rows = Movement.objects.filter(bucket=OuterRef("pk"), kind__in=kinds).order_by().values("bucket")
    return Coalesce(Subquery(rows.annotate(sum=Sum("qty")).values("sum")), 0)


def _sentences(rows: QuerySet[Bucket], what: str) -> list[str]:
    return [f"bucket {row.pk}: {what}" for row in rows[:20]]


@rule("stock.holds_add_up")
def holds_add_up(at: datetime) -> list[str]:
    """What a bucket says is held and sold is what its holds say."""
    rows = Bucket.objects.annotate(kept=_lines("held", F("qty")), gone=_lines("committed", F("qty") - F("returned")))
    return _sentences(rows.filter(~Q(held=F("kept")) | ~Q(sold=F("gone"))), "held or sold is not what its holds say")


@rule("stock.book_adds_up")
def book_adds_up(at: datetime) -> list[str]:
    """Capacity is what was opened, received and counted; sold is what the book says was sold, less what was returned."""
    rows = Bucket.objects.annotate(
        put=_moved("opening", "received", "counted"), out=_moved("sold"), back=_moved("returned"), on=_moved("held"), off=_moved("released")
    )
    wrong = rows.filter(~Q(capacity=F("put")) | ~Q(sold=F("out") - F("back")) | ~Q(held=F("on") - F("off") - F("out")))
    return _sentences(wrong, "the book says otherwise")


@rule("stock.holds_end")
def holds_end(at: datetime) -> list[str]:
    """No hold outlives its time."""
    late = Hold.objects.filter(state=Hold.State.HELD, expires_at__lte=at - GRACE)
    return [f"{row.ref} still holds what it should have let go at {row.expires_at:%F %R}" for row in late[:20]]
