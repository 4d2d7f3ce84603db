"""What must always hold about tables."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.dining.models import Pick, Seating, Share, Visit
from linli.apps.payments import queries as paying
from linli.platform import policies
from linli.platform.invariants import rule
from linli.policy import dining

SHOWN = 20
WATCHED = timedelta(days=2)
GRACE = timedelta(minutes=15)


@rule("dining.closed_owes_nothing")
def closed_owes_nothing(at: datetime) -> list[str]:
    """A table that was closed owes nothing."""
    rows = Pick.objects.filter(visit__closed_at__gte=at - WATCHED, order_id__isnull=False).values_list("order_id", "visit_id").distinct()
    visits = {f"or:{order_id}": visit_id for order_id, visit_id in rows}
    return [f"visit {visits[ref]} is closed and owes {left} for {ref}" for ref, left in paying.owed(refs=list(visits)).items()][:SHOWN]


@rule("dining.closed_has_no_table")
def closed_has_no_table(at: datetime) -> list[str]:
    """A visit that is over has no table any more."""
    wrong = Seating.objects.filter(until=None, visit__closed_at__isnull=False)
    return [f"visit {row.visit_id} is over and has table {row.table_id}" for row in wrong[:SHOWN]]


@rule("dining.shares_add_up")
def shares_add_up(at: datetime) -> list[str]:
    """The amount of a share is the sum of its parts, but for one at the counter of which less was owed."""
    wrong = [row for row in Share.objects.filter(made_at__gte=at - WATCHED) if sum(part for _, part in row.parts) < row.amount]
    return [f"share {row.pk} is {row.amount}, its parts are not" for row in wrong[:SHOWN]]


@rule("dining.paid_shares_are_noted")
def paid_shares_are_noted(at: datetime) -> list[str]:
    """What was paid for a share has paid off the bill."""
    rows = Share.objects.filter(state="open", person__isnull=False, made_at__lt=at - GRACE)
    intents = paying.intents(refs=[f"ts:{row.pk}" for row in rows])
    late = [ref for ref, intent in intents.items() if intent.captured_at is not None and intent.captured_at < at - GRACE]
    return [f"{ref} was paid and its share is still open" for ref in late[:SHOWN]]


@rule("dining.no_table_is_forgotten", promise=True)
def no_table_is_forgotten(at: datetime) -> list[str]:
    """No visit goes on for longer than somebody can sit."""
    longest = timedelta(hours=policies.whole(dining.LONGEST_VISIT_H))
    rows = Visit.objects.filter(closed_at=None, opened_at__lt=at - longest).order_by("opened_at")
    return [f"visit {row.pk} goes on since {row.opened_at:%F %R}" for row in rows[:SHOWN]]
