"""Siting on p-median graphs (OR-Library format): value, proven bound and gap, and time."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from linli.engines.siting import Params, Problem, check, solve


def read(path: Path) -> Problem:
    """The graph of `path`: `n m p`, then `u v cost` lines (the last one of an edge counts); costs are shortest paths."""
    numbers = iter(path.read_text().split())
    n, m, p = (int(next(numbers)) for _ in range(3))
    edges: dict[tuple[int, int], int] = {}
    for _ in range(m):
        u, v, cost = (int(next(numbers)) for _ in range(3))
        edges[min(u, v) - 1, max(u, v) - 1] = cost
    ends = np.array(list(edges)).reshape(-1, 2)
    graph = csr_array((np.array(list(edges.values()), dtype=float), (ends[:, 0], ends[:, 1])), shape=(n, n))
    return Problem(dijkstra(graph, directed=False), p, whole=True)


def run(data: Path, *, seed: int, limit: float | None) -> dict[str, Any]:
    """Figures and rows over every graph in `data`; `limit` is not used (a search ends when the gap is closed)."""
    rows: list[dict[str, Any]] = []
    for path in sorted(data.glob("*.txt"), key=lambda file: (len(file.name), file.name)):
        problem = read(path)
        began, cpu = time.perf_counter(), time.process_time()
        result = solve(problem, Params(), seed=seed)
        row = {
            "instance": path.name, "value": result.value, "bound": result.bound, "gap_pct": 100 * result.gap,
            "seconds": time.perf_counter() - began, "cpu_s": time.process_time() - cpu, **result.steps,
        }  # fmt: skip
        row["faults"] = len(check(problem, result))
        rows.append(row)
    proven = sum(row["gap_pct"] == 0 and not row["faults"] for row in rows)
    figures = {"optimal": proven, "max_gap_pct": max(row["gap_pct"] for row in rows), "seconds": sum(row["seconds"] for row in rows)}
    return {"figures": figures, "rows": rows, "reference": {"optimal": len(rows), "max_gap_pct": 0.1, "seconds": 120.0}}
