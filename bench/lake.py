"""The lake of what people do: rows carried into it a second, a funnel and cohorts by the day, beside plain DuckDB and SQLite."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from bench.made import databases

EVENTS = 100_000_000
CARRIED = 20_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The bench's own options."""
    parser.add_argument("--carried", type=int, default=CARRIED, help="rows that wait in the database and are carried by the platform's job")


def run(data: Path, *, seed: int, limit: float | None, carried: int = CARRIED) -> dict[str, Any]:
    """Figures over `limit` events (by default 100 million) made from the seed; `data` is not read.

    The questions are put to the lake as the platform does, with one thread and 512 MB, and to DuckDB as anybody would, with the same:
    CPU seconds, the least of three tries. The first two days are put to SQLite as well. Events are made as files by DuckDB; carrying, which
    goes row by row through the database so that each counts once, is measured apart on `carried` rows.
    """
    with databases.fresh("sqlite") as env:
        words = ("--events", str(int(limit or EVENTS)), "--carried", str(carried), "--seed", str(seed))
        row = json.loads(databases.run(env or {}, "bench.made.lake", *words))
    row = {"instance": f"{int(limit or EVENTS)} events", **row}
    names = ("carried_per_s", "funnel_s", "funnel_ratio", "cohort_s", "cohort_ratio")
    same = all(row[name] for name in row if name.endswith("_same"))
    reference = {"funnel_s": f"plain DuckDB {row['funnel_plain_s']:.2f}", "cohort_s": f"plain DuckDB {row['cohort_plain_s']:.2f}"}
    reference |= {"funnel_ratio": "1.2", "cohort_ratio": "1.2", "same": "1"}
    return {"figures": {name: row[name] for name in names} | {"same": int(same)}, "rows": [row], "reference": reference}
