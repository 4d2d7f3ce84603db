"""Opening buckets: the first time that somebody asks for a grain of a supply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.apps.stock.models import Bucket, Movement, Supply


def open_buckets(wanted: Sequence[tuple[Supply, datetime]], at: datetime) -> None:
    """Open buckets with the capacity of their supply; two who open the same one at once get one."""
    if not wanted:
        return
    rows = [Bucket(supply=supply, starts_at=starts_at, capacity=supply.capacity) for supply, starts_at in wanted]
    Bucket.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    unopened = Bucket.objects.filter(supply__in=[supply for supply, _ in wanted]).exclude(
        id__in=Movement.objects.filter(kind=Movement.Kind.OPENING, bucket__supply__in=[s for s, _ in wanted]).values("bucket_id")
    )
    for_book = [Movement(bucket=row, kind=Movement.Kind.OPENING, qty=row.capacity, at=at) for row in unopened]
    Movement.objects.bulk_create(for_book, batch_size=500)
