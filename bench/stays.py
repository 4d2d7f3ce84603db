"""Searching all hotels of a city for five nights, with a share of all nights sold out: CPU and time of one search with its page of 20.

Made data; no reference of another's: the limit is our own, 50 ms. As many hotels as the open data about Beijing have, three kinds of rooms
with three plans each, one process. What PostgreSQL's own process works is in the time, not in the CPU.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.made import databases

MADE = True
HOTELS = 1_133
SHARES = (0.1, 0.7)  # of all nights that are sold out
LIMIT_MS = 50.0
WHAT = ("cpu_ms", "wall_ms")


def run(data: Path | None, *, seed: int, limit: float | None) -> dict[str, Any]:
    """Figures `<kind>_cpu_ms` and `<kind>_wall_ms` (the worst share) for each database that is there; a row for each share."""
    rows: list[dict[str, Any]] = []
    for kind in databases.KINDS:
        with databases.fresh(kind) as env:
            if env is not None:
                said = databases.run(env, "bench.made.hotels", str(int(limit or HOTELS)), *(str(share) for share in SHARES))
                rows += [{"instance": f"{kind} {row['booked']:.0%}", **row} for row in json.loads(said)]
    there = [kind for kind in databases.KINDS if any(row["instance"].startswith(kind) for row in rows)]
    worst = {(kind, what): max(row[what] for row in rows if row["instance"].startswith(kind)) for kind in there for what in WHAT}
    figures = {f"{kind}_{what}": value for (kind, what), value in worst.items()}
    return {"figures": figures, "rows": rows, "reference": dict.fromkeys(figures, LIMIT_MS)}
