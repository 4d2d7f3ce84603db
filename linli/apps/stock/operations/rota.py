"""Staff, rooms, equipment and tables of a store, and when they are there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from linli.apps.merchants.queries import ensure_manages
from linli.apps.stock.models import Booking, DayOff, Resource, Shift, Supply
from linli.apps.stock.operations.holds import put_supply
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Invalid, NotFound
from linli.kernel.time import DAY_MINUTES
from linli.platform import audit

GRAIN_MINUTES = 15  # of a new resource: finer takes more rows, coarser wastes more time
LONGEST_OFF = timedelta(days=366)

Span = tuple[int, int, int]  # weekday, from, to: minutes of the wall clock


def owned(store_id: int, resource_id: int, actor: Actor) -> Resource:
    """The resource, locked. Raises NotFound, Forbidden."""
    ensure_manages(actor=actor, store_id=store_id)
    found = (
        Resource.objects.select_for_update(of=("self",)).select_related("supply")
        .filter(pk=resource_id, store_id=store_id, removed_at=None).first()
    )  # fmt: skip
    if found is None:
        raise NotFound("resource.unknown", N_("There is no such person or thing here."))
    return found


@transaction.atomic
def save_resource(
    *, store_id: int, resource_id: int | None = None, kind: str, name: str, name_en: str = "", label: str = "", skills: Sequence[str] = (),
    seats: int = 0, joins: int = 1, capacity: int = 1, person_id: int | None = None, grain_minutes: int = GRAIN_MINUTES, actor: Actor,
    at: datetime,
) -> int:  # fmt: skip
    """Write somebody or something that bookings need; returns its id. Its kind and grain stay what they were at first.

    `capacity` is how many can be served at the same time (of a class of tables: how many there are). A smaller one counts for times that
    nobody has booked yet. Raises Invalid for no name, no seats at a table or a senseless number; NotFound, Forbidden.
    """
    ensure_manages(actor=actor, store_id=store_id)
    name = " ".join(name.split())[:60]
    if not name:
        raise Invalid("name.empty", N_("A name is needed."), field="name")
    if not 1 <= capacity <= 500 or not 1 <= joins <= 10 or not (1 <= seats <= 100 if kind == "table" else seats == 0):
        raise Invalid("resource.range", N_("Between 1 and 500 at a time, tables with 1 to 100 seats of which at most 10 are joined."),
                      field="capacity")  # fmt: skip
    if kind not in Resource.Kind.values or grain_minutes not in (5, 10, 15, 30, 60):
        raise Invalid("resource.kind", N_("This is neither staff, nor a room, equipment or tables."), field="kind")
    if resource_id is None:
        resource_id = put_supply(store_id=store_id, offer_id=None, name=name, grain_minutes=grain_minutes, capacity=capacity, at=at)
        Resource(supply_id=resource_id, store_id=store_id, kind=kind, seats=seats, joins=joins).save(force_insert=True)
    else:
        owned(store_id, resource_id, actor)
        Supply.objects.filter(pk=resource_id).update(name=name, capacity=capacity)
    wanted = sorted({skill.strip()[:40] for skill in skills if skill.strip()})
    Resource.objects.filter(pk=resource_id).update(
        name_en=name_en.strip()[:120], label=label.strip()[:40], skills=wanted, seats=seats, joins=joins, person_id=person_id
    )
    audit.record(actor=actor, action="resource.save", subject=f"rs:{resource_id}", at=at, after={"name": name, "skills": wanted})
    return resource_id


@transaction.atomic
def set_shifts(*, store_id: int, resource_id: int, work: Sequence[Span], rest: Sequence[Span] = (), actor: Actor, at: datetime) -> None:
    """When somebody works week after week, and when within that they rest; what is booked already stays.

    Raises Invalid for times that overlap or end before they begin; NotFound, Forbidden.
    """
    owned(store_id, resource_id, actor)
    for spans in (work, rest):
        last: dict[int, int] = {}
        for weekday, begins, ends in sorted(spans):
            if not (0 <= weekday <= 6 and 0 <= begins < DAY_MINUTES and begins < ends <= 2 * DAY_MINUTES) or begins < last.get(weekday, 0):
                raise Invalid("shift.range", N_("Times of a day must not overlap, and end after they begin."), field="shifts")
            last[weekday] = ends
    Shift.objects.filter(resource_id=resource_id).delete()
    Shift.objects.bulk_create([
        Shift(resource_id=resource_id, weekday=day, begins=begins, ends=ends, rest=resting)
        for resting, spans in ((False, work), (True, rest)) for day, begins, ends in spans
    ])  # fmt: skip
    audit.record(actor=actor, action="resource.shifts", subject=f"rs:{resource_id}", at=at, after={"work": list(work), "rest": list(rest)})


@transaction.atomic
def add_day_off(
    *, store_id: int, resource_id: int, starts_at: datetime, ends_at: datetime, reason: str = "", actor: Actor, at: datetime
) -> int:  # fmt: skip
    """Somebody is away (or a room is closed) for a time; the id of that.

    Raises Conflict "staff.booked" with `items` when they are booked then: these have to be moved first; Invalid, NotFound, Forbidden.
    """
    who = owned(store_id, resource_id, actor)
    if not timedelta() < ends_at - starts_at <= LONGEST_OFF:
        raise Invalid("dayoff.range", N_("A time off ends after it begins, at most a year later."), field="ends_at")
    booked = Booking.objects.filter(lead=who, state=Booking.State.BOOKED, starts_at__lt=ends_at, ends_at__gt=starts_at)
    refuse_booked(who, list(booked.order_by("starts_at")[:50]))
    made = DayOff.objects.create(resource=who, starts_at=starts_at, ends_at=ends_at, reason=reason.strip()[:80])
    audit.record(actor=actor, action="resource.off", subject=f"rs:{resource_id}", at=at, after={"from": str(starts_at), "to": str(ends_at)})
    return made.pk


@transaction.atomic
def remove_day_off(*, store_id: int, resource_id: int, off_id: int, actor: Actor, at: datetime) -> None:
    """They are there after all. Raises NotFound, Forbidden."""
    owned(store_id, resource_id, actor)
    if not DayOff.objects.filter(pk=off_id, resource_id=resource_id).delete()[0]:
        raise NotFound("dayoff.unknown", N_("There is no such time off."))
    audit.record(actor=actor, action="resource.back", subject=f"rs:{resource_id}", at=at)


def refuse_booked(who: Resource, booked: Sequence[Booking]) -> None:
    """Raise Conflict that names the bookings, if there are any."""
    if booked:
        items = [{"ref": row.ref, "starts_at": row.starts_at.isoformat()} for row in booked]
        raise Conflict("staff.booked", N_("“%(name)s” is booked %(count)s times then. Move or give these to somebody else first."),
                       name=who.supply.name, count=len(booked), items=items)  # fmt: skip
