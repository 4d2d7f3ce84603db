"""What is left of a few offers, read together with other things: enough to judge an order by and to take it by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from linli.apps.stock import buckets, hot
from linli.platform.reads import Read, when


class Wanted(Protocol):
    """So much of an offer."""

    @property
    def offer_id(self) -> int | None: ...
    @property
    def supply_id(self) -> int | None: ...
    @property
    def qty(self) -> int: ...
    @property
    def start(self) -> datetime | None: ...
    @property
    def end(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Slot:
    """A supply of an offer, and its bucket of the moment asked about; `bucket_id` None: not opened yet, or of a grain that was not read."""

    offer_id: int
    name: str
    starts_at: datetime
    capacity: int
    bucket_id: int | None
    left: int | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The slots of some offers at `at`, by offer; an offer that is not there is not limited."""

    at: datetime
    slots: dict[int, Slot]

    def left(self, offer_ids: Iterable[int]) -> dict[int, int | None] | None:
        """As `queries.left`; None when that is not known from what was read."""
        offer_ids = list(offer_ids)
        if any(slot.left is None for key in offer_ids if (slot := self.slots.get(key))):
            return None
        return {key: slot.left if (slot := self.slots.get(key)) and slot.capacity < buckets.UNLIMITED else None for key in offer_ids}

    def take(self, wants: Sequence[Wanted]) -> list[tuple[int, int]] | None:
        """(bucket id, qty) of what is limited among `wants`; None when this shelf cannot say, or when there is not enough."""
        needs: Counter[int] = Counter()
        for want in wants:
            slot = self.slots.get(want.offer_id or 0)
            if (
                want.supply_id
                or want.qty < 1
                or want.end is not None
                or (slot and (slot.bucket_id is None or want.start not in (None, self.at)))
            ):
                return None
            if slot and slot.bucket_id is not None:
                needs[slot.bucket_id] += want.qty
        left = {slot.bucket_id: slot.left or 0 for slot in self.slots.values()}
        return list(needs.items()) if all(left[key] >= qty for key, qty in needs.items()) else None


def shelf(offer_ids: Collection[int], at: datetime, day_minutes: int, day_begins: int) -> Read[Shelf]:
    """The shelf of the offers at `at`, for what is counted by the piece or by the day."""
    day = buckets.start_of(at, day_minutes, day_begins)
    return hot.shelf(offer_ids, day, lambda rows: _shelf(rows or (), at, (buckets.ALWAYS, day)))


def _shelf(rows: Iterable[Any], at: datetime, known: tuple[datetime, ...]) -> Shelf:
    slots: dict[int, Slot] = {}
    for _, offer_id, name, grain, offset, capacity, bucket_id, starts_at, left in rows:
        starts = buckets.start_of(at, grain, offset)
        if when(starts_at) == starts:
            slots[offer_id] = Slot(offer_id, name, starts, capacity, bucket_id, left)
        else:
            slots.setdefault(offer_id, Slot(offer_id, name, starts, capacity, None, capacity if starts in known else None))
    return Shelf(at, slots)
