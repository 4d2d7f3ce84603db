"""Taking jobs so that nobody else has them: one statement, the same guarantee on SQLite (one writer) and PostgreSQL (SKIP LOCKED)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

_CLAIM = """
WITH picked AS MATERIALIZED (
    SELECT id FROM platform_job
    WHERE run_at <= %s AND state IN ('due', 'running') AND (state = 'due' OR lease_until < %s)
    ORDER BY run_at, id LIMIT %s {lock}
)
UPDATE platform_job
SET state = 'running', token = %s, lease_until = %s, tries = tries + 1, "key" = CASE WHEN period_s IS NULL THEN NULL ELSE "key" END
WHERE id IN (SELECT id FROM picked)
RETURNING id, task, payload, tries, period_s, run_at
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that is ours until the lease ends; `token` proves it. `tries` counts this one."""

    id: int
    task: str
    payload: dict[str, Any]
    tries: int
    period_s: float | None
    token: str


def claim(*, at: datetime, limit: int, lease_s: float, token: str) -> list[Claimed]:
    """Up to `limit` jobs that are due at `at`, or whose runner has let its lease run out, oldest first."""
    real = datetime.now(UTC)
    adapt = connection.ops.adapt_datetimefield_value
    until = adapt(real + timedelta(seconds=lease_s))
    lock = "FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM.format(lock=lock), [adapt(at), adapt(real), limit, token, until])
        rows = sorted(cursor.fetchall(), key=lambda row: (row[5], row[0]))  # RETURNING keeps no order
    return [Claimed(row[0], row[1], json.loads(row[2]), row[3], row[4], token) for row in rows]
