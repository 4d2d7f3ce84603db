"""Every deed is in the lake exactly once, wherever the process that carries it dies."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db.models import QuerySet

from linli.apps.insight import lake, quality
from linli.apps.insight.models import Batch, DayReport, Noted
from linli.apps.insight.rows import write
from linli.apps.insight.vocabulary import Deed

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 20, 4, tzinfo=UTC)
ALL = 50_000


class Died(BaseException):
    """The process ends here; nothing that follows is done."""


def put(count: int, *, start: int = 0, at: datetime = NOON, person: int = 7) -> None:
    write(1, person, [Deed(kind="view", key=f"view-{number:06}", at=at, store_id=3) for number in range(start, start + count)], at)


def held() -> tuple[int, int]:
    """Rows in the lake, and different ones."""
    ((rows, marks),) = lake.ask("SELECT count(*), count(DISTINCT mark) FROM deeds")
    return rows, marks


def dies(monkeypatch: pytest.MonkeyPatch, where: object, name: str, *, after: bool, turn: int = 1) -> None:
    """The `turn`-th call of `name` is the last thing the process does (or is about to do)."""
    real, calls = getattr(where, name), iter(range(1, 1000))

    def call(*args: object, **kwargs: object) -> object:
        if next(calls) != turn:
            return real(*args, **kwargs)
        if after:
            real(*args, **kwargs)
        raise Died

    monkeypatch.setattr(where, name, call)


SLOW = pytest.mark.slow
STEPS = [(lake, "_claim"), (lake, "_write"), (lake, "_to_file"), (os, "replace"), (os, "fsync"), (Path, "unlink"), (QuerySet, "delete")]


@SLOW
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("where", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_death_at_any_step_loses_nothing_and_doubles_nothing(where, name, after, monkeypatch):
    put(5)
    put(5, start=5, at=NOON - timedelta(days=1))
    with monkeypatch.context() as patch:
        dies(patch, where, name, after=after)
        with pytest.raises(Died):
            lake.carry(at=NOON, rows=ALL)
    put(2, start=20)  # meanwhile more came
    lake.carry(at=NOON + timedelta(minutes=5), rows=ALL)
    assert held() == (12, 12)
    assert (Noted.objects.count(), Batch.objects.count()) == (0, 0)


def test_the_control_without_claims_doubles_when_it_dies_before_the_rows_are_deleted(monkeypatch):
    """A file named by the moment of writing, and no batch: what a careless writer would do."""
    put(5)

    def careless(at: datetime, die: bool) -> None:
        rows = list(Noted.objects.values(*lake.COLUMNS))
        monkeypatch.setattr(lake, "_REPEATED_D", 0)
        lake.folder().mkdir(parents=True, exist_ok=True)
        lake._write(at.date(), int(at.timestamp()), rows)
        if not die:
            Noted.objects.all().delete()

    careless(NOON, die=True)
    careless(NOON + timedelta(minutes=5), die=False)
    assert held() == (10, 5)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("where", "name", "turn"), [(Path, "rename", 1), (Path, "rename", 2), (shutil, "rmtree", 1), (lake, "_to_file", 1)]
)
def test_a_death_while_a_day_is_put_in_order_loses_nothing(where, name, turn, after, monkeypatch):
    for number in range(3):
        put(2, start=2 * number)
        lake.carry(at=NOON + timedelta(minutes=number), rows=ALL)
    with monkeypatch.context() as patch:
        dies(patch, where, name, after=after, turn=turn)
        with pytest.raises(Died):
            lake.tidy(before=(NOON + timedelta(days=1)).date(), keep_from=NOON.date())
    lake.tidy(before=(NOON + timedelta(days=1)).date(), keep_from=NOON.date())
    assert held() == (6, 6)
    assert [path.name for path in lake.folder().glob("day=*/*.parquet")] == ["all.parquet"]
    assert not list(lake.folder().glob("new=*")) + list(lake.folder().glob("old=*"))


def test_what_is_sent_again_after_it_went_into_the_lake_counts_once():
    put(3)
    lake.carry(at=NOON, rows=ALL)
    put(4, at=NOON + timedelta(days=1))  # three of them for the second time, a day later
    lake.carry(at=NOON + timedelta(days=1), rows=ALL)
    assert held() == (4, 4)


def test_the_same_key_of_another_person_is_another_deed():
    put(1, person=7)
    put(1, person=8)
    lake.carry(at=NOON, rows=ALL)
    assert held() == (2, 2)


def test_whoever_is_erased_is_in_no_file_and_the_others_stay():
    put(3, person=7)
    put(2, person=8)
    lake.carry(at=NOON, rows=ALL)
    assert lake.erase([7]) == 1
    assert lake.ask("SELECT DISTINCT person_id FROM deeds") == [(8,)]
    assert lake.erase([7]) == 0


def test_a_turn_carries_no_more_than_it_is_told_and_the_rest_comes_next():
    put(5)
    assert lake.carry(at=NOON, rows=3) == 3
    assert lake.carry(at=NOON + timedelta(minutes=5), rows=3) == 2
    assert held() == (5, 5)


def test_days_older_than_they_are_kept_go():
    put(2, at=NOON - timedelta(days=30))
    put(2, start=5)
    lake.carry(at=NOON, rows=ALL)
    lake.tidy(before=NOON.date(), keep_from=(NOON - timedelta(days=10)).date())
    assert held() == (2, 2)


def test_a_day_is_reported_with_its_kinds_and_its_faults():
    put(3)
    write(1, 7, [Deed(kind="search", key="search-1", at=NOON, text="面")], NOON)
    Noted.objects.filter(kind="search").update(at=NOON + timedelta(hours=1), version=99)
    lake.carry(at=NOON, rows=ALL)
    quality.report(at=NOON)
    report = DayReport.objects.get()
    assert (report.rows, report.kinds) == (4, {"search": 1, "view": 3})
    assert report.faults == {"from_the_future": 1, "unknown_version": 1}
