"""The cart of a table: everybody puts in their own, anybody sends it to the kitchen, each line once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction

from linli.apps.catalog import queries as catalog
from linli.apps.catalog.queries import LineWant
from linli.apps.dining import live
from linli.apps.dining.models import COURSES, Pick, Seating, Visit
from linli.apps.dining.operations import visits
from linli.apps.orders import operations as orders
from linli.apps.orders.queries import TabLine
from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Conflict, Forbidden, Invalid, NotFound
from linli.kernel.ids import new_id
from linli.platform.reads import dumps

MOST_PICKS = 120  # that wait to be sent, of one table
MOST_PIECES = 99
LONGEST_NOTE = 100

Options = Sequence[tuple[int, int]]


@transaction.atomic
def add_pick(
    *, visit_id: int, person_id: int, offer_id: int, options: Options = (), qty: int = 1, note: str = "", course: int = 2, at: datetime
) -> int:  # fmt: skip
    """Put `qty` of a dish into the cart of the table for `course` (1 starters, 2 mains, 3 desserts); returns the pick's id. The same thing
    of the same person is counted up.

    Raises what the catalogue says against it, Invalid for senseless amounts, Conflict "picks.full", Gone once the table is closed.
    """
    note = note.strip()
    _check(qty, note, course)
    visit = visits.locked(visit_id, person_id=person_id)
    chosen = sorted([int(key), int(count)] for key, count in options if count)
    (price,) = catalog.price(store_id=visit.store_id, lines=[LineWant(offer_id, qty, tuple((a, b) for a, b in chosen))], at=at)
    if price.kind != "dish":
        raise Invalid("pick.kind", N_("Only dishes can be ordered at the table."), field="offer_id")
    open_picks = list(Pick.objects.filter(visit=visit, order_id=None))
    same = [one for one in open_picks if (one.person_id, one.offer_id, one.note, one.course) == (person_id, offer_id, note, course)]
    row = next((one for one in same if dumps(one.options) == dumps(chosen)), None)
    if row is None:
        if len(open_picks) >= MOST_PICKS:
            raise Conflict("picks.full", N_("That is a lot for one table. Send what there is to the kitchen first."))
        row = Pick(id=new_id(at), visit=visit, person_id=person_id, offer_id=offer_id, options=chosen, qty=0, note=note, course=course)
    row.qty += qty
    _check(row.qty, note, course)
    row.save()
    live.tell(visit.id, visit.store_id, at)
    return row.id


def _check(qty: int, note: str, course: int) -> None:
    if not 1 <= qty <= MOST_PIECES:
        raise Invalid("cart.qty", N_("Between 1 and %(most)s of one thing."), most=MOST_PIECES, field="qty")
    if len(note) > LONGEST_NOTE:
        raise Invalid("cart.note", N_("A note has at most %(most)s characters."), most=LONGEST_NOTE, field="note")
    if course not in COURSES:
        raise Invalid("pick.course", N_("There are starters, mains and desserts."), field="course")


@transaction.atomic
def set_pick(*, pick_id: int, visit_id: int, actor: Actor, qty: int | None = None, course: int | None = None, at: datetime) -> None:
    """Change how many, or for which course, while it is not sent; none of it (0) takes it out. Guests change their own, the staff any.

    Raises NotFound, Forbidden for what is somebody else's, Conflict "pick.sent".
    """
    visit = visits.mine(visit_id, actor)
    row = Pick.objects.filter(pk=pick_id, visit=visit).first()
    if row is None:
        raise NotFound("pick.unknown", N_("This is not on the table's list any more."))
    if row.order_id is not None:
        raise Conflict("pick.sent", N_("This is with the kitchen already."))
    if actor.role == "consumer" and row.person_id != actor.person_id:
        raise Forbidden("pick.theirs", N_("Somebody else at the table has picked this."))
    if qty == 0:
        row.delete()
    else:
        row.qty, row.course = qty or row.qty, course or row.course
        _check(row.qty, row.note, row.course)
        row.save(update_fields=["qty", "course"])
    live.tell(visit.id, visit.store_id, at)


@transaction.atomic
def send(*, visit_id: int, actor: Actor, course: int | None = None, at: datetime) -> list[int]:
    """Send what was picked to the kitchen: all of it, or what is for `course`; returns the ids of the orders, one for each person and
    course.

    However many press at once, every pick is sent once. Raises Conflict "picks.none" when nothing waits, and what stands in the way of an
    order (closed, sold out …); then nothing is sent.
    """
    visit = visits.mine(visit_id, actor)
    rows = Pick.objects.select_for_update().filter(visit=visit, order_id=None)
    waiting = list((rows.filter(course=course) if course else rows).order_by("course", "person_id", "id"))
    if not waiting:
        raise Conflict("picks.none", N_("There is nothing left to send: it is with the kitchen already."))
    table, made = _names(visit), []
    for (number, person_id), group in groupby(waiting, key=lambda pick: (pick.course, pick.person_id)):
        made.append(_send(visit, table, number, person_id, list(group), at))
    visit.bill_at = None
    visit.save(update_fields=["bill_at"])
    live.tell(visit.id, visit.store_id, at)
    return made


def _send(visit: Visit, table: str, course: int, person_id: int, picks: list[Pick], at: datetime) -> int:
    lines = [TabLine(pick.id, pick.offer_id, [(key, count) for key, count in pick.options], pick.qty, pick.note) for pick in picks]
    order_id = orders.place_on_tab(
        person_id=person_id, store_id=visit.store_id, lines=lines, table=table, course=course,
        rounds=visits.orders_of(visit), at=at,
    )  # fmt: skip
    sent = Pick.objects.filter(pk__in=[pick.id for pick in picks], order_id=None).update(order_id=order_id, sent_at=at)
    if sent != len(picks):
        raise Conflict("picks.none", N_("There is nothing left to send: it is with the kitchen already."))
    return order_id


def _names(visit: Visit) -> str:
    names = Seating.objects.filter(visit=visit, until=None).order_by("id").values_list("table__name", flat=True)
    return "+".join(names)[:40]
