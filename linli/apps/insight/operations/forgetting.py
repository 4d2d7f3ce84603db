"""Forgetting somebody: what is quick is gone at once, what lies in files at the next turn, what was learned with the next fit."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.discovery import operations as discovery
from linli.apps.insight.models import Forgetting, Noted
from linli.apps.insight.tasks import refit

_SOON = timedelta(minutes=10)  # several people who leave within a few minutes cost one fit


@transaction.atomic
def forget(*, person_id: int, at: datetime) -> None:
    """Delete what is known of the person's tastes and deeds, and see to the files and models; asked twice it is done once."""
    discovery.forget_taste(person_id=person_id)
    Noted.objects.filter(person_id=person_id).delete()
    if not Forgetting.objects.filter(person_id=person_id, lake_done_at=None).exists():
        Forgetting.objects.create(person_id=person_id, asked_at=at)
    refit.enqueue(run_at=at + _SOON, at=at, key="insight.refit")
