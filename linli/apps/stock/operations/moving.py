"""Moving what is booked: to another time or to somebody else, all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from linli.apps.stock import booking as choosing
from linli.apps.stock import hot
from linli.apps.stock.board import members_of
from linli.apps.stock.booking import Line, Spot
from linli.apps.stock.models import Booking, Hold, HoldLine, Movement, Resource
from linli.apps.stock.operations.holds import lock_spots
from linli.apps.stock.operations.rota import owned, refuse_booked
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, NotFound
from linli.platform import audit


@dataclass(frozen=True)
class Again:
    """A booking as a line that is to be booked once more."""

    offer_id: int
    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    guests: int
    details: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def move(*, booking_id: int, line: Line, at: datetime) -> None:
    """Give a booking what `line` wants instead of what it has: the new time is held before the old one is let go, or nothing changes.

    Raises as the hold does (Conflict "slot.taken" …), Conflict "booking.over" when it has been called off, NotFound.
    """
    row = Booking.objects.select_for_update().filter(pk=booking_id).first()
    if row is None:
        raise NotFound("booking.unknown", N_("There is no such booking."))
    kept = Hold.objects.select_for_update().filter(ref=row.ref).exclude(state=Hold.State.RELEASED).first()
    if row.state != Booking.State.BOOKED or kept is None:
        raise Conflict("booking.over", N_("This booking has been called off."))
    (planned,) = choosing.plan([line], at, lock=True, moved=row)
    change = planned.needs()
    change.subtract(_had(row))
    _exchange(kept, {spot: qty for spot, qty in change.items() if qty}, at)
    Booking.objects.filter(pk=row.pk).update(**planned.fields())


def _had(row: Booking) -> Counter[Spot]:
    """What a booking has taken of which bucket."""
    found: Counter[Spot] = Counter()
    for part in choosing.parts_of(row, members_of(store_ids=[row.store_id])):
        for spot in part.spots(row.starts_at, row.ends_at):
            found[spot] += part.qty
    return found


def _exchange(kept: Hold, change: dict[Spot, int], at: datetime) -> None:
    """Take more or give back of each bucket for a hold, as it is held or sold. Raises Conflict when there is not enough."""
    if not change:
        return
    locked = lock_spots(change, at)
    if any(bucket.left < qty for bucket, qty in locked):
        raise Conflict("slot.taken", N_("This time is not free (any more). Choose another one."))
    sold = kept.state == Hold.State.COMMITTED
    moved = [(bucket.bucket_id, qty) for bucket, qty in locked]
    hot.add([(key, 0 if sold else qty, qty if sold else 0) for key, qty in moved])
    lines = {line.bucket_id: line for line in HoldLine.objects.filter(hold=kept, bucket_id__in=[key for key, _ in moved])}
    for key, qty in moved:
        _write_line(kept, lines.get(key) or HoldLine(hold=kept, bucket_id=key, qty=0), qty, sold)
    taken, back = [(key, qty) for key, qty in moved if qty > 0], [(key, -qty) for key, qty in moved if qty < 0]
    hot.note(Movement.Kind.HELD, taken, kept.ref, at)
    hot.note(Movement.Kind.SOLD, taken if sold else [], kept.ref, at)
    hot.note(Movement.Kind.RETURNED if sold else Movement.Kind.RELEASED, back, kept.ref, at)


def _write_line(kept: Hold, line: HoldLine, qty: int, sold: bool) -> None:
    if qty < 0 and sold:
        line.returned -= qty
    elif qty < 0:
        line.qty += qty
    else:
        again = min(line.returned, qty)
        line.returned, line.qty = line.returned - again, line.qty + qty - again
    if line.qty:
        line.save()
    elif line.pk:
        line.delete()


def affected(*, resource_id: int, at: datetime) -> list[str]:
    """The refs of what is still to come with somebody, by time. One statement."""
    rows = Booking.objects.filter(lead_id=resource_id, state=Booking.State.BOOKED, ends_at__gt=at).order_by("starts_at")
    return list(rows.values_list("ref", flat=True))


@transaction.atomic
def remove_resource(
    *, store_id: int, resource_id: int, reassign: bool, titles: dict[int, str], actor: Actor, at: datetime
) -> Sequence[str]:
    """Somebody or something is not there any more; the refs of the bookings that others have taken over.

    With bookings ahead it is refused (Conflict "staff.booked", with `items`), unless these are to be reassigned: to others, at the same
    time, all of them or none (Conflict "slot.taken"). `titles` are the offers' names by id, for what is said then.
    """
    who = owned(store_id, resource_id, actor)
    ahead = list(Booking.objects.select_for_update().filter(lead=who, state=Booking.State.BOOKED, ends_at__gt=at).order_by("starts_at"))
    if not reassign:
        refuse_booked(who, ahead)
    Resource.objects.filter(pk=who.pk).update(removed_at=at)
    for row in ahead:
        place = {"place": [row.lat, row.lng]} if row.lat is not None else {}
        line = Again(row.offer_id, titles.get(row.offer_id, ""), row.starts_at, row.ends_at, row.guests, place)
        _give_to_another(row, line, at)
    audit.record(actor=actor, action="resource.remove", subject=f"rs:{resource_id}", at=at, before={"name": who.supply.name})
    return list(dict.fromkeys(row.ref for row in ahead))


def _give_to_another(row: Booking, line: Again, at: datetime) -> None:
    """As `move`, with what the removed one had given back too."""
    kept = Hold.objects.select_for_update().exclude(state=Hold.State.RELEASED).get(ref=row.ref)
    (planned,) = choosing.plan([line], at, moved=row)
    change = planned.needs()
    gone = {key for key, *_ in row.also} - {one.id for one in members_of(store_ids=[row.store_id])}
    change.subtract(_had(row))
    for key in gone:
        change.subtract(_of_gone(row, key))
    _exchange(kept, {spot: qty for spot, qty in change.items() if qty}, at)
    Booking.objects.filter(pk=row.pk).update(**planned.fields())


def _of_gone(row: Booking, supply_id: int) -> Counter[Spot]:
    """What a booking has of a supply that does not take part any more."""
    supply = Resource.objects.select_related("supply").get(pk=supply_id).supply
    ((_, qty, before, after),) = [part for part in row.also if part[0] == supply_id]
    part = choosing.Part(supply_id, qty, before, after, supply.grain_minutes, supply.offset_minutes)
    return Counter(dict.fromkeys(part.spots(row.starts_at, row.ends_at), qty))
