"""The line of those who wait for a table: a number, a call, a table; or passed over when nobody comes."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Max

from linli.apps.dining import expected, live
from linli.apps.dining.events import PartyCalled, PartyPassed
from linli.apps.dining.models import SIZES, Guest, Seating, Table, Waiting
from linli.apps.dining.operations import visits
from linli.apps.dining.states import IN_LINE, WAITING
from linli.apps.merchants import queries as merchants
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.kernel.ids import new_id
from linli.platform import outbox, policies
from linli.platform.jobs import task
from linli.policy import dining

LETTERS = {"small": "A", "medium": "B", "large": "C", "room": "D"}
_TRIES = 25


def called_out(row: Waiting) -> str:
    """The number as it is called out: `B7`."""
    return f"{LETTERS[row.size]}{row.number}"


def size_for(store_id: int, people: int, city_id: int) -> str:
    """The size of tables that so many wait for: theirs, or the next larger one that the store has. Raises Conflict "waiting.none"."""
    most = {"small": policies.whole(dining.SMALL_UP_TO, city_id), "medium": policies.whole(dining.MEDIUM_UP_TO, city_id)}
    fitting = next((size for size, count in most.items() if people <= count), "large")
    known = set(Table.objects.filter(store_id=store_id, active=True).values_list("size", flat=True))
    found = next((size for size in SIZES[SIZES.index(fitting) :] if size in known), None)
    if found is None:
        raise Conflict("waiting.none", N_("There is no table for so many here."), field="people")
    return found


def enqueue(*, store_id: int, people: int, person_id: int | None = None, name: str = "", at: datetime) -> int:
    """Take a number for a party, by somebody's own phone or by the staff; returns the id of its place. Who stands in this line already
    keeps their place.

    Raises Invalid for a senseless size of the party, Conflict "waiting.none", NotFound for an unknown store.
    """
    if not 1 <= people <= visits.MOST_PEOPLE:
        raise Invalid("people.range", N_("Between 1 and %(most)s people."), most=visits.MOST_PEOPLE, field="people")
    store = merchants.store(store_id=store_id)
    size, day = size_for(store_id, people, store.city_id), at.astimezone(ZoneInfo(store.zone)).date()
    for _ in range(_TRIES):
        if person_id is not None and (known := Waiting.objects.filter(store_id=store_id, person_id=person_id, state__in=IN_LINE).first()):
            return known.id
        last = Waiting.objects.filter(store_id=store_id, day=day, size=size).aggregate(last=Max("number"))["last"] or 0
        try:
            with transaction.atomic():
                row = Waiting.objects.create(
                    id=new_id(at), store_id=store_id, day=day, size=size, number=last + 1, people=people, person_id=person_id,
                    name=name.strip()[:40], taken_at=at, line_at=at,
                )  # fmt: skip
                live.tell_line(store_id, at)
            return row.id
        except IntegrityError:  # somebody else has just taken this number
            continue
    raise Conflict("waiting.busy", N_("Many people are taking a number just now. Try again in a moment."))


def _of(waiting_id: int, actor: Actor) -> Waiting:
    row = Waiting.objects.select_for_update().filter(pk=waiting_id).first()
    known = row is not None and {"merchant": row.store_id == actor.scope_id, "consumer": row.person_id == actor.person_id}.get(
        actor.role, True
    )
    if row is None or not known:
        raise NotFound("waiting.unknown", N_("There is no such place in the line."))
    return row


def _step(row: Waiting, event: str, actor: Actor, at: datetime) -> None:
    row.state = WAITING.step(row.state, event, actor)
    if row.state in WAITING.final:
        row.over_at = at
    row.save()
    live.tell_line(row.store_id, at)


@transaction.atomic
def call(*, waiting_id: int, table_id: int | None = None, actor: Actor, at: datetime) -> None:
    """There is a table for the party: it hears of it and is to be there within some minutes; the table, if named, is kept for it so long.

    Raises Conflict "table.taken", "table.kept" or "table.due" (one that has reserved needs it) when the table is not free, or when it is
    called, seated or gone already; NotFound.
    """
    row = _of(waiting_id, actor)
    if table_id is not None:
        table = visits.table_of(row.store_id, table_id)
        if Seating.objects.filter(table=table, until=None).exists():
            raise Conflict("table.taken", N_("Somebody sits at table %(table)s already."), table=table.name)
        expected.ensure_spare(table, at)
        row.table = table
    minutes = policies.whole(dining.THERE_WITHIN_MIN, merchants.store(store_id=row.store_id).city_id)
    row.called_at, row.there_by = at, at + timedelta(minutes=minutes)
    try:
        with transaction.atomic():
            _step(row, "call", actor, at)
    except IntegrityError:
        raise Conflict(
            "table.kept", N_("Table %(table)s is kept for a party that was called."), table=row.table.name if row.table else ""
        ) from None
    outbox.tell(
        PartyCalled(waiting_id=row.id, person_id=row.person_id or 0, store_id=row.store_id, number=called_out(row), there_by=row.there_by),
        at=at,
    )
    pass_late.enqueue(run_at=row.there_by, at=at, waiting_id=row.id)


@task("dining.pass_late")
def pass_late(*, at: datetime, waiting_id: int) -> None:
    """Pass a party over that was called and is not there when its time is over."""
    row = Waiting.objects.select_for_update().filter(pk=waiting_id).first()
    if row is not None and row.state == "called" and row.there_by is not None and row.there_by <= at:
        _pass(row, SYSTEM, at)


@transaction.atomic
def pass_by(*, waiting_id: int, actor: Actor, at: datetime) -> None:
    """The store passes a party over that was called and does not come.

    Raises Conflict "waiting.early" before its time is over, NotFound.
    """
    row = _of(waiting_id, actor)
    if row.state == "called" and row.there_by is not None and at < row.there_by:
        raise Conflict("waiting.early", N_("They still have a moment to come."), there_by=row.there_by.isoformat())
    _pass(row, actor, at)


def _pass(row: Waiting, actor: Actor, at: datetime) -> None:
    row.table = None
    _step(row, "pass", actor, at)
    outbox.tell(PartyPassed(waiting_id=row.id, person_id=row.person_id or 0, store_id=row.store_id, number=called_out(row)), at=at)


@transaction.atomic
def put_back(*, waiting_id: int, actor: Actor, at: datetime) -> None:
    """A party that was passed over has come after all: it waits again, behind the next few. Raises Conflict, NotFound."""
    row = _of(waiting_id, actor)
    after = policies.whole(dining.BACK_AFTER, merchants.store(store_id=row.store_id).city_id)
    ahead = list(Waiting.objects.filter(store_id=row.store_id, size=row.size, state="queued").order_by("line_at", "id")[:after])
    row.line_at = ahead[-1].line_at + timedelta(microseconds=1) if ahead else at
    _step(row, "return", actor, at)


@transaction.atomic
def leave(*, waiting_id: int, actor: Actor, at: datetime) -> None:
    """The party waits no longer. Raises Conflict once it is seated, NotFound."""
    row = _of(waiting_id, actor)
    row.table = None
    _step(row, "leave", actor, at)


@transaction.atomic
def seat_party(*, waiting_id: int, table_id: int, actor: Actor, at: datetime) -> int:
    """Lead a party to a free table; returns its visit, in which whoever took the number by phone is a guest already.

    Raises Conflict "table.taken" or "table.kept", or when it is seated or gone already; NotFound.
    """
    row = _of(waiting_id, actor)
    table = visits.table_of(row.store_id, table_id)
    WAITING.step(row.state, "seat", actor)
    visit = visits.open_at(table, row.people, at, waiting_id=row.id)
    if row.person_id is not None:
        Guest.objects.create(visit=visit, person_id=row.person_id, at=at)
    row.table, row.visit = table, visit
    _step(row, "seat", actor, at)
    live.tell(visit.id, visit.store_id, at)
    return visit.id
