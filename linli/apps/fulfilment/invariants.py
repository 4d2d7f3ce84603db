"""What must always be true on the street."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from linli.apps.fulfilment.models import Courier, Job, PayLine, Shift
from linli.platform.invariants import rule

_GRACE = timedelta(minutes=10)  # a tick every few seconds takes back what has run out; this long means that none runs
_SHOWN = 20


@rule("fulfilment.delivered_is_paid")
def delivered_is_paid(at: datetime) -> list[str]:
    """Every delivered job has earned its courier something."""
    paid = PayLine.objects.filter(job=OuterRef("pk"))
    rows = Job.objects.filter(~Exists(paid), state="delivered").values_list("ref", flat=True)
    return [f"{ref} is delivered and nobody was paid for it" for ref in rows[:_SHOWN]]


@rule("fulfilment.offers_end")
def offers_end(at: datetime) -> list[str]:
    """No offer is open long after its end."""
    rows = Job.objects.filter(state="offered", answer_by__lt=at - _GRACE).values_list("ref", flat=True)
    return [f"{ref} is still offered long after the offer has run out: no dispatch tick runs" for ref in rows[:_SHOWN]]


@rule("fulfilment.on_duty_is_a_shift")
def on_duty_is_a_shift(at: datetime) -> list[str]:
    """Who is on duty has an open shift, and who is not has none."""
    running = Shift.objects.filter(courier=OuterRef("pk"), off_at__isnull=True)
    rows = Courier.objects.annotate(running=Exists(running)).values_list("pk", "state", "running")
    wrong = rows.filter(state="on", running=False) | rows.filter(state="off", running=True)
    return [f"courier {pk} is {state} duty with{'' if has else 'out'} an open shift" for pk, state, has in wrong[:_SHOWN]]
