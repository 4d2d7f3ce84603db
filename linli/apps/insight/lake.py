"""The lake: Parquet files by the day on which a row arrived, written whole or not at all, asked by DuckDB.

A batch of rows is claimed first and gets its number; its file bears that number. So whoever dies on the way is followed by somebody who
writes the same file once more and then deletes the same rows: nothing is lost, nothing is there twice. What a sender sent again after
its first row had gone into the lake is left out by its mark, for three days.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from linli.apps.insight.models import Batch, Noted
from linli.apps.insight.vocabulary import COLUMNS
from linli.kernel.ids import new_id

_REPEATED_D = 3
_THREADS, _MEMORY = 1, "512MB"
_NOTHING = "(SELECT " + ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in COLUMNS.items()) + " WHERE false)"


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.HOME) / "lake" / "deeds"


@contextmanager
def _held(how: int) -> Iterator[None]:
    """Writers are alone; readers are with other readers. Ends with the process, however that ends."""
    folder().mkdir(parents=True, exist_ok=True)
    with open(folder() / ".lock", "w") as file:
        fcntl.flock(file, how)
        if how == fcntl.LOCK_EX:
            _mend()
        yield


def carry(*, at: datetime, rows: int) -> int:
    """Bring what waits into the lake; returns how many rows went. One process at a time."""
    with _held(fcntl.LOCK_EX):
        went = sum(_bring(batch_id) for batch_id in Batch.objects.order_by("id").values_list("id", flat=True))
        claimed = _claim(at, rows)
        return went + (_bring(claimed) if claimed else 0)


@transaction.atomic
def _claim(at: datetime, rows: int) -> int:
    waiting = list(Noted.objects.filter(batch=None).order_by("id").values_list("id", flat=True)[:rows])
    if not waiting:
        return 0
    batch = Batch.objects.create(id=new_id(at), at=at)
    Noted.objects.filter(batch=None, id__lte=waiting[-1]).update(batch=batch)
    return batch.id


def _bring(batch_id: int) -> int:
    by_day: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for row in Noted.objects.filter(batch_id=batch_id).order_by("id").values(*COLUMNS):
        by_day[row["received_at"].date()].append(row)
    for day, rows in sorted(by_day.items()):
        _write(day, batch_id, rows)
    with transaction.atomic():
        Noted.objects.filter(batch_id=batch_id).delete()
        Batch.objects.filter(id=batch_id).delete()
    return sum(map(len, by_day.values()))


def _write(day: date, batch_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    place = folder() / f"day={day}"
    place.mkdir(exist_ok=True)
    target = place / f"{batch_id}.parquet"
    given = place / f".{batch_id}.json"
    given.write_text("\n".join(json.dumps({**row, "at": _plain(row["at"]), "received_at": _plain(row["received_at"])}) for row in rows))
    before = [str(path) for back in range(_REPEATED_D) for path in _files(day - timedelta(days=back)) if path != target]
    known = f"SELECT mark FROM read_parquet({_texts(before)})" if before else "SELECT NULL WHERE false"
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    read = f"read_json({_texts([str(given)])}, format = 'newline_delimited', columns = {{{columns}}})"
    _to_file(f'SELECT * FROM {read} WHERE mark NOT IN ({known}) ORDER BY kind, "at"', target)
    given.unlink()


def _to_file(query: str, target: Path) -> None:
    """The answer as a Parquet file, which is there whole or is not there."""
    made = target.with_name(f".{target.name}.new")
    with _duck() as duck:
        duck.execute(f"COPY ({query}) TO {_text(str(made))} (FORMAT parquet, COMPRESSION zstd)")
    with open(made, "rb") as file:
        os.fsync(file.fileno())
    os.replace(made, target)


def ask(query: str, *params: Any, since: date | None = None, until: date | None = None) -> list[tuple[Any, ...]]:
    """The rows that DuckDB answers; `query` calls the lake's rows `deeds`. Days from `since` to `until`, both included."""
    with _held(fcntl.LOCK_SH):
        paths = [str(path) for day in _days() if (not since or day >= since) and (not until or day <= until) for path in _files(day)]
        deeds = f"SELECT * FROM {_NOTHING}"  # so that days written before a column was have it too
        if paths:
            deeds += f" UNION ALL BY NAME SELECT * FROM read_parquet({_texts(paths)}, hive_partitioning = false, union_by_name = true)"
        with _duck() as duck:
            return list(duck.execute(f"WITH deeds AS ({deeds}) {query}", list(params)).fetchall())


def erase(person_ids: Sequence[int]) -> int:
    """Write every file anew that holds a row of one of these people, without them; returns how many files."""
    if not person_ids:
        return 0
    listed, changed = ", ".join(str(int(number)) for number in person_ids), 0
    with _held(fcntl.LOCK_EX):
        for path in [path for day in _days() for path in _files(day)]:
            source = f"read_parquet({_text(str(path))}, hive_partitioning = false)"
            with _duck() as duck:
                (count,) = duck.execute(f"SELECT count(*) FROM {source} WHERE person_id IN ({listed})").fetchone() or (0,)
            if count:
                _to_file(f"SELECT * FROM {source} WHERE person_id NOT IN ({listed})", path)
                changed += 1
    return changed


def tidy(*, before: date, keep_from: date) -> None:
    """Make one file of each day before `before`, and let days before `keep_from` go."""
    with _held(fcntl.LOCK_EX):
        for day in _days():
            if day < keep_from:
                shutil.rmtree(folder() / f"day={day}")
            elif day < before and len(files := _files(day)) > 1:
                _merge(day, files)


def _merge(day: date, files: Sequence[Path]) -> None:
    """The new folder takes the place of the old one; `_mend` finishes what was begun."""
    place, fresh, old = (folder() / f"{start}={day}" for start in ("day", "new", "old"))
    fresh.mkdir()
    source = f"read_parquet({_texts([str(path) for path in files])}, hive_partitioning = false, union_by_name = true)"
    _to_file(f'SELECT * FROM {source} ORDER BY kind, "at"', fresh / "all.parquet")
    place.rename(old)
    fresh.rename(place)
    shutil.rmtree(old)


def _mend() -> None:
    """Put right what a process that died in `_merge` or `_write` has left."""
    for fresh in folder().glob("new=*"):
        day = folder() / f"day={fresh.name[4:]}"
        if day.exists():
            shutil.rmtree(fresh)
        else:
            fresh.rename(day)
    for old in folder().glob("old=*"):
        shutil.rmtree(old)
    for left in folder().glob("day=*/.*"):
        left.unlink()


def days() -> list[date]:
    """The days of which the lake holds something, in order."""
    return _days()


def _days() -> list[date]:
    return sorted(date.fromisoformat(path.name[4:]) for path in folder().glob("day=*"))


def _files(day: date) -> list[Path]:
    return sorted((folder() / f"day={day}").glob("[!.]*.parquet"))


@contextmanager
def _duck() -> Iterator[Any]:
    with _engine().cursor() as duck:
        yield duck


@cache
def _engine() -> Any:
    import duckdb  # half a second and 60 MB; only the worker comes here

    return duckdb.connect(config={"threads": _THREADS, "memory_limit": _MEMORY})


def _plain(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _texts(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(_text, texts)) + "]"
