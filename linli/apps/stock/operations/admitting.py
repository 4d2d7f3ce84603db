"""How many there are of what is sold ahead: places in each entry slot of a ticket, pieces of a voucher."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.stock import buckets, hot
from linli.apps.stock.models import Bucket, Movement, Supply
from linli.apps.stock.operations.holds import put_supply, set_count
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict
from linli.platform import audit


@transaction.atomic
def set_entries(
    *, store_id: int, offer_id: int, name: str, capacity: int | None, slot_minutes: int, opens: int, zone: str, actor: Actor, at: datetime
) -> None:
    """So many (None: as many as want) may come in each entry slot of `slot_minutes` (0: the whole day), the first at the minute `opens`
    of the day in `zone`. Slots to come that have sold more keep what they sold.

    Raises Conflict "stock.slots" for other slots than those for which something is held or sold, Invalid for a capacity below zero.
    """
    grain = slot_minutes or buckets.DAY_MINUTES
    offset = buckets.offset_of(zone, opens, at) % grain
    supply = Supply.objects.select_for_update().filter(offer_id=offer_id).first()
    if supply is None and capacity is None:
        return
    wanted = buckets.UNLIMITED if capacity is None else capacity
    before = supply.capacity if supply else None
    if supply is not None and (supply.grain_minutes, supply.offset_minutes) != (grain, offset):
        _cut_anew(supply, grain, offset, at)
        before = None
    supply_id = put_supply(
        store_id=store_id, offer_id=offer_id, name=name, grain_minutes=grain, capacity=wanted, offset_minutes=offset, at=at
    )  # fmt: skip
    if before == wanted:
        return
    changed, length = [], timedelta(minutes=grain)
    for row in Bucket.objects.select_for_update().filter(supply_id=supply_id, starts_at__gt=at - length).order_by("id"):
        if difference := max(wanted, row.held + row.sold) - row.capacity:
            Bucket.objects.filter(pk=row.pk).update(capacity=row.capacity + difference)
            changed.append((row.pk, difference))
    if changed:
        hot.note(Movement.Kind.COUNTED, changed, str(actor), at)
    audit.record(
        actor=actor, action="stock.entries", subject=f"of:{offer_id}", at=at, before={"capacity": before}, after={"capacity": wanted}
    )


def _cut_anew(supply: Supply, grain: int, offset: int, at: datetime) -> None:
    """Give the supply other slots, unless somebody has a place in one of the old ones that are to come."""
    length = timedelta(minutes=supply.grain_minutes)
    rows = Bucket.objects.select_for_update().filter(supply=supply, starts_at__gt=at - length).order_by("id")
    if any(row.held or row.sold for row in rows):
        raise Conflict(
            "stock.slots", N_("Tickets were sold for the entry slots as they are; other slots need a ticket of their own."),
            field="slot_minutes",
        )  # fmt: skip
    Supply.objects.filter(pk=supply.pk).update(grain_minutes=grain, offset_minutes=offset)


@transaction.atomic
def set_pieces(*, store_id: int, offer_id: int, name: str, count: int | None, actor: Actor, at: datetime) -> None:
    """So many (None: as many as want) can still be sold of an offer that is counted by the piece. Raises Invalid for a senseless count."""
    known = Supply.objects.filter(offer_id=offer_id).exists()
    if count is None and not known:
        return
    wanted = buckets.UNLIMITED if count is None else count
    put_supply(store_id=store_id, offer_id=offer_id, name=name, grain_minutes=0, capacity=wanted, at=at)
    if known:
        set_count(offer_id=offer_id, count=wanted, actor=actor, at=at)
