"""Searching 30 days for a service that any of 20 people can do, each of them booked for a share of their time: CPU of one search.

Made data; no reference of another's: the limit is our own, 50 ms. Staff with grains of 15 minutes, a room of 12 places, one process.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.made import databases

MADE = True
SHARES = (0.0, 0.7, 1.0)  # of everybody's working time that is booked
LIMIT_MS = 50.0


def run(data: Path | None, *, seed: int, limit: float | None) -> dict[str, Any]:
    """Figures `<kind>_cpu_ms` (the fullest) for each database that is there; a row for each share that is booked."""
    rows: list[dict[str, Any]] = []
    for kind in databases.KINDS:
        with databases.fresh(kind) as env:
            if env is not None:
                said = databases.run(env, "bench.made.salon", *(str(share) for share in SHARES))
                rows += [{"instance": f"{kind} {row['booked']:.0%}", **row} for row in json.loads(said)]
    figures = {f"{kind}_cpu_ms": max(r["cpu_ms"] for r in rows if r["instance"].startswith(kind))
               for kind in databases.KINDS if any(r["instance"].startswith(kind) for r in rows)}  # fmt: skip
    return {"figures": figures, "rows": rows, "reference": dict.fromkeys(figures, LIMIT_MS)}
