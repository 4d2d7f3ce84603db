"""Who waits, how many come before them, and how long that takes."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.dining import turns
from linli.apps.dining.expected import planned, reservations, stay_s
from linli.apps.dining.models import Seating, Table, Waiting
from linli.apps.dining.operations.waiting import called_out, size_for
from linli.apps.dining.states import IN_LINE
from linli.apps.dining.views import Estimate, WaitingView
from linli.apps.merchants import queries as merchants
from linli.kernel.errors import N_, NotFound

STEP_MIN = 5  # estimates are told in steps of this; nobody knows them better


def _view(row: Waiting, ahead: int) -> WaitingView:
    return WaitingView(
        row.id, row.store_id, called_out(row), row.size, row.people, row.person_id, row.name, row.state, row.taken_at, row.called_at,
        row.there_by, row.table.name if row.table else "", row.table_id, row.visit_id, ahead,
    )  # fmt: skip


def line(*, store_id: int) -> list[WaitingView]:
    """Everybody who waits in the store, was called, or was passed over and has not gone; in the order of the line. One statement."""
    rows = Waiting.objects.select_related("table").filter(store_id=store_id, state__in=(*IN_LINE, "passed")).order_by("line_at", "id")
    before: dict[str, int] = {}
    found = []
    for row in rows:
        found.append(_view(row, before.get(row.size, 0) if row.state == "queued" else 0))
        if row.state == "queued":
            before[row.size] = before.get(row.size, 0) + 1
    return found


def waiting(*, waiting_id: int, person_id: int | None = None, store_id: int | None = None) -> WaitingView:
    """A place in the line, also one that is over. Raises NotFound, also when it is not of the person or store given. Two statements."""
    row = Waiting.objects.select_related("table").filter(pk=waiting_id).first()
    if row is None or person_id not in {None, row.person_id} or store_id not in {None, row.store_id}:
        raise NotFound("waiting.unknown", N_("There is no such place in the line."))
    return _view(row, _ahead(row))


def _ahead(row: Waiting) -> int:
    if row.state != "queued":
        return 0
    same = Waiting.objects.filter(store_id=row.store_id, size=row.size, state="queued", line_at__lte=row.line_at)
    return sum((at, key) < (row.line_at, row.id) for at, key in same.values_list("line_at", "id"))


def waiting_of(*, store_id: int, person_id: int) -> WaitingView | None:
    """The person's place in the line of a store, while they wait or were called."""
    row = Waiting.objects.select_related("table").filter(store_id=store_id, person_id=person_id, state__in=IN_LINE).first()
    return _view(row, _ahead(row)) if row else None


def next_up(*, store_id: int) -> int:
    """How many parties wait in the store. One statement."""
    return Waiting.objects.filter(store_id=store_id, state="queued").count()


def estimate(*, store_id: int, size: str = "", people: int = 1, ahead: int | None = None, at: datetime) -> Estimate | None:
    """How long a party waits for a table of `size` (what fits `people` when not said) behind `ahead` others (all who wait when not said).

    It rests on how long the last parties of the store stayed; with too few of them on the usual figures. None without such tables.
    """
    city_id = merchants.store(store_id=store_id).city_id
    size = size or size_for(store_id, people, city_id)
    if ahead is None:
        ahead = Waiting.objects.filter(store_id=store_id, size=size, state="queued").count()
    rows = Table.objects.filter(store_id=store_id, size=size, active=True)
    seated = dict(Seating.objects.filter(table__in=rows, until=None).values_list("table_id", "visit__opened_at"))
    kept = Waiting.objects.filter(store_id=store_id, size=size, state="called").count()
    low_s, high_s, count = stay_s(store_id, size, city_id)
    kept += len(_reserved(store_id, at + timedelta(seconds=high_s), at) & set(rows.values_list("id", flat=True)) - set(seated))
    taken = [max(0, int((at - since).total_seconds())) for since in seated.values()] + [0] * kept
    free = rows.count() - len(seated) - kept
    if free < 0:
        taken, free = taken[: rows.count()], 0
    low, high = (turns.wait_s(taken, free, turn, ahead) for turn in (low_s, high_s))
    if low is None or high is None:
        return None
    step = STEP_MIN * 60
    return Estimate(low // step * STEP_MIN, -(-high // step) * STEP_MIN, count)


def _reserved(store_id: int, until: datetime, at: datetime) -> set[int]:
    """The tables that are kept for those who have reserved for a time before `until`."""
    coming = reservations(store_id=store_id, until=until, at=at)
    return {table for tables in planned(store_id=store_id, expected=coming, at=at).values() for table in tables}
