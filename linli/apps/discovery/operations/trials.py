"""What came of showing new stores, as it was counted in the log."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from linli.apps.discovery.models import Trial


@transaction.atomic
def put_trials(*, city_id: int, trials: Mapping[int, tuple[int, int]]) -> None:
    """Write (shown, taken) of each store of the city anew; what is not among them begins with nothing again."""
    Trial.objects.filter(city_id=city_id).delete()
    rows = [Trial(store_id=store, city_id=city_id, shown=shown, taken=taken) for store, (shown, taken) in sorted(trials.items())]
    Trial.objects.bulk_create(rows)
