"""Take, keep, give back. A hold takes everything it wants or nothing; buckets are locked in the order of their ids."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.apps.stock import booking, buckets, hot, needs
from linli.apps.stock.booking import Planned
from linli.apps.stock.models import Booking, Bucket, Hold, HoldLine, Movement, Supply
from linli.apps.stock.needs import Want as Want
from linli.apps.stock.opening import open_buckets
from linli.apps.stock.queries import HoldView
from linli.apps.stock.shelves import Shelf
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Gone, Invalid, NotFound
from linli.kernel.ids import new_id, new_ids
from linli.platform import audit
from linli.platform.transactions import joined

DAY_MINUTES, DAY_BEGINS = buckets.DAY_MINUTES, buckets.DAY_BEGINS
UNLIMITED = buckets.UNLIMITED


@dataclass(frozen=True, slots=True)
class SupplyRow:
    """A supply to put; see `put_supply`."""

    store_id: int
    offer_id: int | None
    name: str
    grain_minutes: int
    capacity: int
    offset_minutes: int = 0


def put_supply(
    *, store_id: int, offer_id: int | None, name: str, grain_minutes: int, capacity: int, at: datetime, offset_minutes: int = 0
) -> int:
    """Make something scarce, or change its name and the capacity of buckets to come; returns its id.

    Units (`grain_minutes` 0) have one bucket, opened with `capacity`; later its count is changed with `set_count` or `receive`.
    Raises Invalid for a capacity below zero.
    """
    row = SupplyRow(store_id, offer_id, name, grain_minutes, capacity, offset_minutes)
    return bulk_put_supplies(rows=[row], at=at)[0]


@transaction.atomic
def bulk_put_supplies(*, rows: Sequence[SupplyRow], at: datetime) -> list[int]:
    """Put many supplies (see `put_supply`); their ids in the order of `rows`. A constant number of statements."""
    if any(row.capacity < 0 or row.grain_minutes < 0 for row in rows):
        raise Invalid("stock.count", N_("A number of pieces cannot be below zero."), field="capacity")
    offers = [row.offer_id for row in rows if row.offer_id is not None]
    known = dict(Supply.objects.filter(offer_id__in=offers).values_list("offer_id", "id"))
    ids = [known.get(row.offer_id) or fresh for row, fresh in zip(rows, new_ids(at, len(rows)), strict=True)]
    supplies = [
        Supply(id=key, store_id=r.store_id, offer_id=r.offer_id, name=r.name, grain_minutes=r.grain_minutes,
               offset_minutes=r.offset_minutes, capacity=r.capacity)
        for key, r in zip(ids, rows, strict=True)
    ]  # fmt: skip
    Supply.objects.bulk_update([s for s in supplies if s.id in known.values()], ["name", "capacity"], batch_size=500)
    fresh_ones = [s for s in supplies if s.id not in known.values()]
    Supply.objects.bulk_create(fresh_ones, batch_size=500)
    open_buckets([(s, buckets.ALWAYS) for s in fresh_ones if not s.grain_minutes], at)
    return ids


def lock_spots(wanted: Mapping[tuple[int, datetime], int], at: datetime) -> list[tuple[hot.Locked, int]]:
    """The buckets that are `wanted`, locked, each with the quantity wanted of it."""
    starts, supply_ids = {moment for _, moment in wanted}, {supply_id for supply_id, _ in wanted}
    if len(starts) == 1:  # as for everything that is counted in units
        locked = hot.lock_at(supply_ids, *starts)
        if len(locked) == len(wanted):
            return [(locked[supply_id], count) for (supply_id, _), count in sorted(wanted.items())]

    def find() -> dict[tuple[int, datetime], int]:
        rows = Bucket.objects.filter(supply_id__in=supply_ids, starts_at__in=starts).values_list("supply_id", "starts_at", "id")
        return {(supply_id, moment): key for supply_id, moment, key in rows}

    found = find()
    if missing := wanted.keys() - found.keys():
        supplies = Supply.objects.in_bulk({supply_id for supply_id, _ in missing})
        open_buckets([(supplies[supply_id], moment) for supply_id, moment in sorted(missing)], at)
        found = find()
    qty = {found[key]: count for key, count in wanted.items()}
    return [(bucket, qty[bucket.bucket_id]) for bucket in hot.lock(list(qty))]


def hold(*, ref: str, wants: Sequence[Want], expires_at: datetime, at: datetime, shelf: Shelf | None = None) -> None:
    """Take all of `wants` for `ref` until `expires_at`, or nothing.

    Raises Conflict "stock.short" with `items` (name, wanted, left) when something is short, Conflict "stock.held" when `ref` already holds.
    From a `shelf` that was just read in the caller's unit it is taken with the rest of the unit, which ends with Raced (or an
    IntegrityError) should there no longer be enough.
    """
    taken = shelf.take(wants) if shelf else None
    if taken is not None:
        if taken:
            hot.take(new_id(at), ref, expires_at, taken)
            hot.note(Movement.Kind.HELD, taken, ref, at)
        return
    with joined():
        _hold(ref, wants, expires_at, at)


def _hold(ref: str, wants: Sequence[Want], expires_at: datetime, at: datetime) -> None:
    wanted = Counter(needs.buckets_of([want for want in wants if want.wish is None], at))
    wishes = [want.wish for want in wants if want.wish is not None]
    planned = booking.plan(wishes, at, lock=True) if wishes else []
    for one in planned:
        wanted += one.needs()
    taken = lock_spots(wanted, at) if wanted else []
    short = [(bucket, qty) for bucket, qty in taken if bucket.left < qty]
    if short:
        items = [{"offer_id": b.offer_id, "name": b.name, "wanted": qty, "left": b.left} for b, qty in short]
        names = "、".join(dict.fromkeys(f"{b.name} ({b.left})" for b, _ in short))
        raise Conflict("stock.short", N_("There is not enough left of: %(names)s."), names=names, items=items)
    if not taken:
        return
    if not hot.keep(new_id(at), ref, expires_at, [(bucket.bucket_id, qty) for bucket, qty in taken]):
        raise Conflict("stock.held", N_("This has already been taken."), ref=ref)
    hot.add([(bucket.bucket_id, qty, 0) for bucket, qty in taken])
    hot.note(Movement.Kind.HELD, [(bucket.bucket_id, qty) for bucket, qty in taken], ref, at)
    if planned:
        _book(ref, planned, at)


def _book(ref: str, planned: Sequence[Planned], at: datetime) -> None:
    """Write what was planned into the calendar. One statement."""
    rows = [
        Booking(id=key, ref=ref, offer_id=one.line.offer_id, store_id=one.store_id, **one.fields())
        for key, one in zip(new_ids(at, len(planned)), planned, strict=True)
    ]  # fmt: skip
    Booking.objects.bulk_create(rows)


def _unbook(refs: Sequence[str]) -> None:
    Booking.objects.filter(ref__in=refs).update(state=Booking.State.OVER)


def lock_wants(*, wants: Sequence[Want], at: datetime) -> None:
    """Lock all that `wants` are about, in the order of ids: for somebody who then holds for several refs in one transaction."""
    if wanted := needs.buckets_of([want for want in wants if want.wish is None], at):
        lock_spots(wanted, at)


def lock_held(*, refs: Sequence[str]) -> None:
    """Lock all that `refs` hold, in the order of ids: for somebody who then commits or releases for several of them."""
    _lines(list(Hold.objects.filter(ref__in=refs).values_list("id", flat=True)))


def _lines(hold_ids: Sequence[int]) -> dict[int, list[HoldLine]]:
    """The lines of the holds, their buckets locked."""
    lines: dict[int, list[HoldLine]] = defaultdict(list)
    for line in HoldLine.objects.filter(hold_id__in=hold_ids).order_by("bucket_id"):
        lines[line.hold_id].append(line)
    hot.lock(sorted({line.bucket_id for some in lines.values() for line in some}))
    return lines


def commit(*, ref: str, at: datetime, hold: HoldView | None = None) -> None:
    """What `ref` holds is sold; nothing happens when it was sold before or needed no holding.

    Raises Gone "stock.released" when the hold was let go. A `hold` that was just read in the caller's unit is sold with the rest of the
    unit, which ends with Raced should it no longer be held.
    """
    if hold is None or hold.state == Hold.State.RELEASED:
        _commit(ref, at)
    elif hold.state == Hold.State.HELD:
        hot.sell(hold.id, hold.lines)
        hot.note(Movement.Kind.SOLD, hold.lines, ref, at)


@transaction.atomic
def _commit(ref: str, at: datetime) -> None:
    if Hold.objects.filter(ref=ref, state=Hold.State.HELD).update(state=Hold.State.COMMITTED):
        kept = Hold.objects.get(ref=ref)
        lines = _lines([kept.id])[kept.id]
        hot.add([(line.bucket_id, -line.qty, line.qty) for line in lines])
        hot.note(Movement.Kind.SOLD, [(line.bucket_id, line.qty) for line in lines], ref, at)
    elif Hold.objects.filter(ref=ref, state=Hold.State.RELEASED).exists():
        raise Gone("stock.released", N_("What was kept for you has been let go."), ref=ref)


@transaction.atomic
def release(*, ref: str, at: datetime) -> bool:
    """Let go of what `ref` holds; False when it holds nothing (any more)."""
    if not Hold.objects.filter(ref=ref, state=Hold.State.HELD).update(state=Hold.State.RELEASED):
        return False
    kept = Hold.objects.get(ref=ref)
    _let_go(kept, _lines([kept.id])[kept.id], at)
    _unbook([ref])
    return True


def _let_go(kept: Hold, lines: Sequence[HoldLine], at: datetime) -> None:
    hot.add([(line.bucket_id, -line.qty, 0) for line in lines])
    hot.note(Movement.Kind.RELEASED, [(line.bucket_id, line.qty) for line in lines], kept.ref, at)


@transaction.atomic
def give_back(*, ref: str, offer_qtys: Mapping[int, int] | None = None, at: datetime) -> None:
    """Put sold pieces back: `offer_qtys` (offer id -> qty) of them, or all. Never more than were sold: the rest is ignored."""
    kept = Hold.objects.select_for_update().filter(ref=ref, state=Hold.State.COMMITTED).first()
    if kept is None:
        return
    offers = dict(HoldLine.objects.filter(hold=kept).values_list("id", "bucket__supply__offer_id"))
    changed: list[tuple[HoldLine, int]] = []
    for line in _lines([kept.id])[kept.id]:
        wanted = line.qty if offer_qtys is None else offer_qtys.get(offers[line.id] or 0, 0)
        if (qty := min(wanted, line.qty - line.returned)) > 0:
            line.returned += qty
            changed.append((line, qty))
    HoldLine.objects.bulk_update([line for line, _ in changed], ["returned"])
    hot.add([(line.bucket_id, 0, -qty) for line, qty in changed])
    hot.note(Movement.Kind.RETURNED, [(line.bucket_id, qty) for line, qty in changed], ref, at)
    if offer_qtys is None:
        _unbook([ref])


@transaction.atomic
def free_rest(*, ref: str, since: datetime, at: datetime) -> None:
    """Put back what was sold of the grains that begin at `since` or later: somebody has left early. What has no time stays sold."""
    kept = Hold.objects.select_for_update().filter(ref=ref, state=Hold.State.COMMITTED).first()
    if kept is None:
        return
    later = set(HoldLine.objects.filter(hold=kept, bucket__starts_at__gte=since).values_list("id", flat=True))
    changed = [(line, line.qty - line.returned) for line in _lines([kept.id])[kept.id] if line.id in later and line.qty > line.returned]
    for line, qty in changed:
        line.returned += qty
    HoldLine.objects.bulk_update([line for line, _ in changed], ["returned"])
    hot.add([(line.bucket_id, 0, -qty) for line, qty in changed])
    hot.note(Movement.Kind.RETURNED, [(line.bucket_id, qty) for line, qty in changed], ref, at)


@transaction.atomic
def set_count(*, offer_id: int, count: int | None, actor: Actor, at: datetime) -> None:
    """Say how many can still be sold (of the grain that holds `at`); what others hold or bought stays theirs. Raises NotFound, Invalid."""
    supply = Supply.objects.filter(offer_id=offer_id).first()
    if supply is None:
        raise NotFound("stock.unknown", N_("This is not counted."))
    if count is None or not 0 <= count <= 1_000_000:
        raise Invalid("stock.count", N_("A number of pieces cannot be below zero."), field="count")
    starts_at = buckets.start_of(at, supply.grain_minutes, supply.offset_minutes)
    ((bucket, _),) = lock_spots({(supply.id, starts_at): 0}, at)
    if difference := count - bucket.left:
        row = Bucket.objects.get(pk=bucket.bucket_id)
        Bucket.objects.filter(pk=row.pk).update(capacity=row.capacity + difference)
        hot.note(Movement.Kind.COUNTED, [(row.pk, difference)], str(actor), at)
        audit.record(
            actor=actor, action="stock.count", subject=f"of:{offer_id}", at=at, before={"left": bucket.left}, after={"left": count}
        )


@transaction.atomic
def set_daily_limit(*, store_id: int, offer_id: int, name: str, limit: int | None, at: datetime, offset_minutes: int = DAY_BEGINS) -> None:
    """At most `limit` of an offer a day, from today on; None lifts that. An offer that is counted by the piece stays so.

    Raises Invalid for a limit below zero.
    """
    supply = Supply.objects.filter(offer_id=offer_id).first()
    if supply is not None and not supply.grain_minutes:
        return
    if limit is None and supply is None:
        return
    wanted = UNLIMITED if limit is None else limit
    changed = supply is None or supply.capacity != wanted
    if supply is None or changed or supply.name != name:
        put_supply(
            store_id=store_id,
            offer_id=offer_id,
            name=name,
            grain_minutes=DAY_MINUTES,
            capacity=wanted,
            at=at,
            offset_minutes=offset_minutes,
        )
    if not changed:  # today's number may have been corrected by hand meanwhile
        return
    ((bucket, _),) = lock_spots(needs.buckets_of([Want(offer_id, 1)], at), at)
    row = Bucket.objects.get(pk=bucket.bucket_id)
    capacity = max(wanted, row.held + row.sold)  # what is held or sold already stays
    if difference := capacity - row.capacity:
        Bucket.objects.filter(pk=row.pk).update(capacity=capacity)
        hot.note(Movement.Kind.COUNTED, [(row.pk, difference)], "daily limit", at)


@transaction.atomic
def receive(*, offer_id: int, qty: int, ref: str, at: datetime) -> None:
    """More of it has come in. Raises NotFound, Invalid."""
    supply = Supply.objects.filter(offer_id=offer_id).first()
    if supply is None:
        raise NotFound("stock.unknown", N_("This is not counted."))
    if qty < 1:
        raise Invalid("stock.count", N_("A number of pieces cannot be below zero."), field="qty")
    starts_at = buckets.start_of(at, supply.grain_minutes, supply.offset_minutes)
    ((bucket, _),) = lock_spots({(supply.id, starts_at): 0}, at)
    row = Bucket.objects.get(pk=bucket.bucket_id)
    Bucket.objects.filter(pk=row.pk).update(capacity=row.capacity + qty)
    hot.note(Movement.Kind.RECEIVED, [(row.pk, qty)], ref, at)


@transaction.atomic
def expire(*, at: datetime, limit: int = 500) -> int:
    """Release up to `limit` holds whose time is over; how many were."""
    due = Hold.objects.select_for_update(skip_locked=True).filter(state=Hold.State.HELD, expires_at__lte=at).order_by("id")[:limit]
    holds = list(due)
    Hold.objects.filter(id__in=[kept.id for kept in holds]).update(state=Hold.State.RELEASED)
    lines = _lines([kept.id for kept in holds])
    for kept in holds:
        _let_go(kept, lines[kept.id], at)
    _unbook([kept.ref for kept in holds])
    return len(holds)
