"""The bench of the lake says that rows are the same only when they are: each comparison has a control in which they differ."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from bench.made import lake as bench
from linli.apps.insight import lake
from linli.apps.insight.models import Noted

pytestmark = pytest.mark.django_db
EVENTS, CARRIED = 2_800, 40
SAME = {"funnel_same", "cohort_same", "funnel_second_engine_same", "cohort_second_engine_same"}


def differing() -> set[str]:
    """The comparisons that found a difference."""
    row = bench.measure(EVENTS, CARRIED, seed=1)
    assert {name for name in row if name.endswith("_same")} == SAME
    return {name for name in SAME if not row[name]}


def test_the_lake_plain_duckdb_and_sqlite_give_the_same_rows() -> None:
    assert differing() == set()
    assert lake.ask("SELECT count(*), count(DISTINCT mark) FROM deeds") == [(EVENTS, EVENTS)]


def test_one_person_missing_in_the_plain_files_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = bench._plain

    def damaged(folder: Path) -> Callable[[str], list[tuple[Any, ...]]]:
        shutil.copytree(folder, tmp_path / "copy")
        for path in (tmp_path / "copy").glob("day=*/1.parquet"):
            kept = f"SELECT * FROM read_parquet('{path}', hive_partitioning = false) WHERE person_id <> 7"
            duckdb.execute(f"COPY ({kept}) TO '{path.with_name('2.parquet')}' (FORMAT parquet)")
            path.unlink()
        return real(tmp_path / "copy")

    monkeypatch.setattr(bench, "_plain", damaged)
    assert differing() == {"funnel_same", "cohort_same"}


def test_one_row_missing_in_the_second_engine_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = bench._sqlite
    monkeypatch.setattr(bench, "_sqlite", lambda rows, query: real([one for one in rows if one[0] != rows[0][0]], query))
    assert differing() == {"funnel_second_engine_same", "cohort_second_engine_same"}


def test_a_row_that_does_not_arrive_stops_the_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    real, first = lake.carry, iter([True])

    def loses(**asked: Any) -> int:
        if next(first, False):
            Noted.objects.order_by("id").first().delete()  # type: ignore[union-attr]
        return real(**asked)

    monkeypatch.setattr(lake, "carry", loses)
    with pytest.raises(RuntimeError, match="40 rows waited, 39 went, 39 are there"):
        bench.measure(EVENTS, CARRIED, seed=1)
