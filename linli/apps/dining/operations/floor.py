"""The floor plan: tables, and parties that are moved, put together and parted without anything being lost."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from linli.apps.dining import expected, live
from linli.apps.dining.models import SIZES, Arrival, Guest, Pick, Seating, Share, Table, Visit
from linli.apps.dining.operations import visits
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Forbidden, Invalid
from linli.kernel.ids import new_id
from linli.platform import audit

GRID = 24  # columns and rows of a floor plan at most
MOST_TABLES = 300


def _staff(actor: Actor, store_id: int) -> None:
    if actor.role != "operator" and (actor.role != "merchant" or actor.scope_id != store_id):
        raise Forbidden("state.forbidden", N_("This is for somebody else to do."))


@transaction.atomic
def save_table(
    *, store_id: int, table_id: int | None = None, name: str, seats: int, size: str, area: str = "", x: int = 0, y: int = 0, actor: Actor,
    at: datetime,
) -> int:  # fmt: skip
    """A new table, or one changed; returns its id. Raises Invalid for what makes no sense, Conflict "table.name", NotFound, Forbidden."""
    _staff(actor, store_id)
    name, area = name.strip(), area.strip()
    if not 1 <= len(name) <= 20:
        raise Invalid("table.name_length", N_("A table has a name of up to 20 characters."), field="name")
    if not 1 <= seats <= 60:
        raise Invalid("table.seats", N_("A table has between 1 and 60 seats."), field="seats")
    if size not in SIZES:
        raise Invalid("table.size", N_("This is not a size of tables."), field="size")
    if not (0 <= x < GRID and 0 <= y < GRID) or len(area) > 30:
        raise Invalid("table.place", N_("This place is not on the floor plan."), field="x")
    if table_id is None and Table.objects.filter(store_id=store_id, active=True).count() >= MOST_TABLES:
        raise Conflict("table.many", N_("A store has at most %(most)s tables."), most=MOST_TABLES)
    row = visits.table_of(store_id, table_id) if table_id is not None else Table(id=new_id(at), store_id=store_id)
    row.name, row.seats, row.size, row.area, row.x, row.y = name, seats, size, area, x, y
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict("table.name", N_("There is a table %(name)s already."), name=name, field="name") from None
    return row.id


def add_table(*, store_id: int, visit_id: int, table_id: int, actor: Actor, at: datetime) -> None:
    """Put a free table to those that a party has. Raises Conflict "table.taken", "table.due" when one that has reserved needs it, Gone,
    NotFound."""
    with transaction.atomic():
        visit = visits.locked(visit_id, store_id=store_id)
        visits.take(visit, _spare(store_id, table_id, at), at)
        live.tell(visit.id, store_id, at)


def _spare(store_id: int, table_id: int, at: datetime) -> Table:
    """The table, locked, which nobody who has reserved needs. Raises Conflict "table.due", NotFound."""
    table = visits.table_of(store_id, table_id)
    if not Seating.objects.filter(table=table, until=None).exists():
        expected.ensure_spare(table, at)
    return table


@transaction.atomic
def free_table(*, store_id: int, visit_id: int, table_id: int, actor: Actor, at: datetime) -> None:
    """A party gives one of its tables back and keeps the others. Raises Conflict "table.last" for its only one, NotFound, Gone."""
    visit = visits.locked(visit_id, store_id=store_id)
    table = visits.table_of(store_id, table_id)
    if Seating.objects.filter(visit=visit, until=None).count() < 2:
        raise Conflict("table.last", N_("This is their only table. Move them, or close it once it is paid."))
    if not Seating.objects.filter(visit=visit, table=table, until=None).update(until=at):
        raise Conflict("table.not_theirs", N_("They do not sit at table %(table)s."), table=table.name)
    live.tell(visit.id, store_id, at)


@transaction.atomic
def move(*, store_id: int, visit_id: int, table_id: int, actor: Actor, at: datetime) -> None:
    """A party changes to another, free table with all that it has picked, ordered and owes.

    Raises Conflict "table.taken", "table.due" when one that has reserved needs it, Gone, NotFound.
    """
    visit = visits.locked(visit_id, store_id=store_id)
    table = _spare(store_id, table_id, at)
    before = list(Seating.objects.filter(visit=visit, until=None).values_list("pk", flat=True))
    visits.take(visit, table, at)
    Seating.objects.filter(pk__in=before).update(until=at)
    live.tell(visit.id, store_id, at)


@transaction.atomic
def join(*, store_id: int, visit_id: int, into: int, actor: Actor, at: datetime) -> None:
    """Two parties become one, at the tables of both: guests, picks, orders and what was paid go on in the visit `into`.

    Raises Conflict "join.paying" while somebody of either is paying a part, "join.same"; Gone, NotFound.
    """
    first, second = sorted((visit_id, into))
    found = {key: visits.locked(key, store_id=store_id) for key in dict.fromkeys((first, second))}
    if visit_id == into:
        raise Conflict("join.same", N_("This is the same party."))
    _nobody_pays(found.values())
    visit, kept = found[visit_id], found[into]
    known = set(Guest.objects.filter(visit=kept).values_list("person_id", flat=True))
    Guest.objects.filter(visit=visit).exclude(person_id__in=known).update(visit=kept)
    for model in (Pick, Share, Arrival):
        model.objects.filter(visit=visit).update(visit=kept)
    Seating.objects.filter(visit=visit, until=None).update(visit=kept)
    kept.people = min(visits.MOST_PEOPLE, kept.people + visit.people)
    kept.save(update_fields=["people"])
    visit.closed_at, visit.joined = at, kept
    visit.save(update_fields=["closed_at", "joined"])
    for key in (visit.id, kept.id):
        live.tell(key, store_id, at)


@transaction.atomic
def split_off(*, store_id: int, visit_id: int, person_ids: Collection[int], table_id: int, actor: Actor, at: datetime) -> int:
    """Some of a party go to another, free table with what they have picked and ordered themselves; returns their new visit.

    Raises Conflict "split.nobody" when nobody or everybody goes, "join.paying" while somebody is paying, "split.paid" when a part of what
    they ordered was paid together with that of others; "table.taken", "table.due", Gone, NotFound.
    """
    visit = visits.locked(visit_id, store_id=store_id)
    guests = set(Guest.objects.filter(visit=visit).values_list("person_id", flat=True))
    going = guests & set(person_ids)
    if not going or going == guests:
        raise Conflict("split.nobody", N_("Choose who goes to the other table; somebody has to stay."))
    _nobody_pays([visit])
    theirs = Pick.objects.filter(visit=visit, person_id__in=going)
    order_ids = set(theirs.exclude(order_id=None).values_list("order_id", flat=True))
    paid = Share.objects.filter(visit=visit, state="paid").values_list("parts", flat=True)
    if any(key in order_ids for parts in paid for key, _ in parts):
        raise Conflict(
            "split.paid", N_("A part of what they ordered is paid with this table's bill. Let them pay the rest here, then seat them anew.")
        )
    table = _spare(store_id, table_id, at)
    fresh = Visit.objects.create(id=new_id(at), store_id=store_id, people=len(going), size=table.size, opened_at=visit.opened_at)
    visits.take(fresh, table, at)
    Guest.objects.filter(visit=visit, person_id__in=going).update(visit=fresh)
    theirs.update(visit=fresh)
    visit.people = max(0, visit.people - len(going))
    visit.save(update_fields=["people"])
    for key in (visit.id, fresh.id):
        live.tell(key, store_id, at)
    return fresh.id


def _nobody_pays(found: Collection[Visit]) -> None:
    open_ = Share.objects.filter(visit__in=list(found), state="open")
    if open_.exists():
        raise Conflict("join.paying", N_("The bill is being paid or is split just now. Finish that first, or undo the split."))


@transaction.atomic
def remove_table(*, store_id: int, table_id: int, actor: Actor, at: datetime) -> None:
    """The table is not used any more. Raises Conflict "table.taken" while somebody sits there, "table.due" when one that has reserved for
    soon needs it, NotFound, Forbidden."""
    _staff(actor, store_id)
    table = visits.table_of(store_id, table_id)
    if Seating.objects.filter(table=table, until=None).exists():
        raise Conflict("table.taken", N_("Somebody sits at table %(table)s already."), table=table.name)
    expected.ensure_spare(table, at)
    table.active = False
    table.save(update_fields=["active"])
    audit.record(actor=actor, action="table.remove", subject=f"st:{store_id}", at=at, after={"table": table.name})


@transaction.atomic
def renew_code(*, store_id: int, table_id: int, actor: Actor, at: datetime) -> None:
    """The table gets a new QR code; those that were printed before do not count any more. Raises NotFound, Forbidden."""
    _staff(actor, store_id)
    table = visits.table_of(store_id, table_id)
    table.version += 1
    table.save(update_fields=["version"])
    audit.record(actor=actor, action="table.code", subject=f"st:{store_id}", at=at, after={"table": table.name})
