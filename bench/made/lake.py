"""Questions to the lake of a platform's own home; started as a process by `bench/lake.py`, since the home is read from the environment."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 28
EVENTS_OF_A_PERSON = 100
CARRIED = 5_000  # rows of a turn, as the platform's job takes them

FUNNEL = """
    SELECT day, count(*), sum(carted), sum(ordered) FROM (
        SELECT CAST("at" AS DATE) AS day, person_id, max(CASE WHEN kind = 'cart' THEN 1 ELSE 0 END) AS carted,
               max(CASE WHEN kind = 'order' THEN 1 ELSE 0 END) AS ordered
        FROM deeds GROUP BY 1, 2) AS visits
    GROUP BY day ORDER BY day"""
COHORT = """
    SELECT began, day, count(*) FROM (
        SELECT DISTINCT deeds.person_id, began, CAST("at" AS DATE) AS day FROM deeds
        JOIN (SELECT person_id, min(CAST("at" AS DATE)) AS began FROM deeds GROUP BY person_id) AS first_days
        ON deeds.person_id = first_days.person_id) AS days
    GROUP BY began, day ORDER BY began, day"""
QUESTIONS = {"funnel": FUNNEL, "cohort": COHORT}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, required=True)
    parser.add_argument("--carried", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    given = parser.parse_args()
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    django.setup()
    sys.stdout.write(json.dumps(measure(given.events, given.carried, given.seed)))


def measure(events: int, carried: int, seed: int) -> dict[str, Any]:
    """CPU seconds of carrying, making and asking, and whether every engine gave the same rows."""
    from linli.apps.insight import lake

    row: dict[str, Any] = {"carried": carried, "carried_per_s": carried / carry(carried)}
    fill(lake.folder(), events, seed)
    plainly = _plain(lake.folder())
    for name, query in QUESTIONS.items():
        ours, row[f"{name}_s"] = _timed(lambda query=query: lake.ask(query))
        plain, row[f"{name}_plain_s"] = _timed(lambda query=query: plainly(query))
        row[f"{name}_ratio"] = row[f"{name}_s"] / row[f"{name}_plain_s"]
        row[f"{name}_same"] = ours == plain and len(ours) >= DAYS
    first = FIRST.date()
    last = first + timedelta(days=1)
    few = lake.ask('SELECT person_id, kind, CAST("at" AS VARCHAR) FROM deeds', since=first, until=last)
    for name, query in QUESTIONS.items():
        there = [tuple(map(str, one)) for one in lake.ask(query, since=first, until=last)]
        row[f"{name}_second_engine_same"] = there == [tuple(map(str, one)) for one in _sqlite(few, query)] and bool(there)
    return row | {"second_engine_events": len(few)}


def carry(rows: int) -> float:
    """CPU seconds in which the platform's own job brings so many rows from the database into the lake, each once."""
    from linli.apps.insight import lake
    from linli.apps.insight.models import Noted

    kinds = ("view", "click", "cart", "order")
    then = FIRST - timedelta(days=9)
    about: dict[str, Any] = {"version": 1, "city_id": 1, "at": then, "received_at": then}
    waiting = [Noted(mark=f"{n:032x}", kind=kinds[n % 4], person_id=n % 97, store_id=1 + n % 50, **about) for n in range(rows)]
    Noted.objects.bulk_create(waiting, batch_size=500)
    began, went = time.process_time(), 0
    while part := lake.carry(at=FIRST, rows=CARRIED):
        went += part
    spent = time.process_time() - began
    (there,) = lake.ask("SELECT count(*) FROM deeds")[0]
    if went != rows or there != rows:
        raise RuntimeError(f"{rows} rows waited, {went} went, {there} are there")
    return spent


def fill(folder: Path, events: int, seed: int) -> None:
    """Days of made events as files of the lake, instead of what was carried: people who come on some days, look, and now and then buy."""
    import duckdb

    for path in folder.glob("day=*/*.parquet"):
        path.unlink()
    a_day, people = events // DAYS, max(1, events // EVENTS_OF_A_PERSON)
    duck = duckdb.connect(config={"threads": 1, "memory_limit": "2GB"})
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        place = folder / f"day={day.date()}"
        place.mkdir(parents=True, exist_ok=True)
        draw = f"hash(i, {number}, {seed}"
        duck.execute(
            f"""COPY (SELECT md5(concat(i, '.', {number})) AS mark, 1::INTEGER AS version,
                CASE WHEN {draw}, 1) % 100 < 70 THEN 'view' WHEN {draw}, 1) % 100 < 88 THEN 'click'
                     WHEN {draw}, 1) % 100 < 97 THEN 'cart' ELSE 'order' END AS kind,
                (1 + {draw}, 2, i // 6) % {people})::BIGINT AS person_id, 1::BIGINT AS city_id,
                (1 + {draw}, 3) % 2000)::BIGINT AS store_id, 0::BIGINT AS offer_id,
                TIMESTAMP '{day:%Y-%m-%d}' + to_seconds(({draw}, 4) % 86400)::BIGINT) AS "at",
                TIMESTAMP '{day:%Y-%m-%d}' + to_seconds(({draw}, 4) % 86400)::BIGINT) AS received_at,
                '' AS section, 0::INTEGER AS place, 0::INTEGER AS seconds, '' AS text, '' AS arm, 0::BIGINT AS amount
                FROM range({a_day}) AS made(i)) TO '{place}/1.parquet' (FORMAT parquet, COMPRESSION zstd)"""
        )


def _timed(work: Any) -> tuple[Any, float]:
    """The answer, and the least CPU seconds of three tries."""
    tries = []
    for _ in range(3):
        began = time.process_time()
        answer = work()
        tries.append(time.process_time() - began)
    return answer, min(tries)


def _plain(folder: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    """What puts a question as somebody would put it to DuckDB, with the platform's threads and memory."""
    import duckdb

    duck = duckdb.connect(config={"threads": 1, "memory_limit": "512MB"})
    duck.execute(f"CREATE VIEW deeds AS SELECT * FROM read_parquet('{folder}/day=*/*.parquet', hive_partitioning = false)")
    return lambda query: list(duck.execute(query).fetchall())


def _sqlite(rows: list[tuple[Any, ...]], query: str) -> list[tuple[Any, ...]]:
    """The same expressions on SQLite; its dates are texts, so that only the cast is another word."""
    import sqlite3

    with sqlite3.connect(":memory:") as db:
        db.execute('CREATE TABLE deeds (person_id INTEGER, kind TEXT, "at" TEXT)')
        db.executemany("INSERT INTO deeds VALUES (?, ?, ?)", rows)
        db.execute("CREATE INDEX of_person ON deeds (person_id)")  # without it the join of cohorts takes the square of the rows
        db.execute("ANALYZE")
        return db.execute(query.replace('CAST("at" AS DATE)', 'date("at")')).fetchall()


if __name__ == "__main__":
    main()
