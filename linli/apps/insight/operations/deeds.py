"""Taking down what people do: one INSERT, whatever the number of deeds; a job carries the rows into the lake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.accounts import queries as accounts
from linli.apps.discovery import operations as discovery
from linli.apps.insight.rows import write
from linli.apps.insight.vocabulary import FROM_OUTSIDE, Deed
from linli.kernel.errors import N_, Invalid

MOST = 100  # deeds sent together
OLDEST = timedelta(hours=48)
_TELLS = frozenset({"view", "click", "cart", "dwell"})  # what shows at once in what is recommended


@transaction.atomic
def note(*, city_id: int, person_id: int | None, deeds: Sequence[Deed], at: datetime) -> None:
    """Take down deeds that pages and programs send. What was sent before counts once.

    The person is written down only if they agreed to it, otherwise nobody is. Raises Invalid for too many, for a kind that only this
    house may tell, and for a moment that is not of the last two days.
    """
    if len(deeds) > MOST:
        raise Invalid("deed.many", N_("Send at most %(most)s at once."), most=MOST, field="events")
    for deed in deeds:
        if deed.kind not in FROM_OUTSIDE:
            raise Invalid("deed.ours", N_("“%(kind)s” is noted where it happens."), kind=deed.kind, field="kind")
        if not at - OLDEST <= deed.at <= at + timedelta(seconds=1):
            raise Invalid("deed.at", N_("Only what was done in the last two days is noted."), field="at")
    known = person_id if person_id and accounts.consent(person_id=person_id).given else 0
    write(city_id, known, deeds, at)
    seen = [deed.store_id for deed in deeds if deed.kind in _TELLS and deed.store_id]
    if known and seen:
        discovery.saw(person_id=known, city_id=city_id, store_ids=seen, at=at)
