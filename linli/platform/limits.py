"""How often something may be tried, over all processes: the generic cell rate algorithm (ITU-T I.371), one number for each key."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.db import connection

from linli.kernel.errors import N_, TooMany
from linli.platform.models import Limit

_HIT = """
INSERT INTO platform_limit ("key", paid_off) VALUES (%s, %s)
ON CONFLICT ("key") DO UPDATE
SET paid_off = CASE WHEN platform_limit.paid_off > %s THEN platform_limit.paid_off ELSE %s END + %s
WHERE platform_limit.paid_off <= %s
RETURNING paid_off
"""

_HIT_REDIS = """
local now, step, room = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local off = tonumber(redis.call('GET', KEYS[1]) or '0')
if off > now + room then return 0 end
redis.call('SET', KEYS[1], string.format('%.0f', math.max(off, now) + step), 'PX', ARGV[4])
return 1
"""


def hit(*, key: str, limit: int, per_s: float, at: datetime) -> None:
    """Count one try. `limit` may come at once, after which one more becomes free every `per_s / limit` seconds.

    Raises TooMany with `retry_after_s`; a refused try does not count. Call it before the transaction of what it guards: a
    rollback would take the try back.
    """
    step = max(1, int(per_s * 1_000_000 / limit))
    now, room = int(at.timestamp() * 1_000_000), step * (limit - 1)
    allowed = _in_redis(key, now, step, room) if settings.REDIS_URL else _in_database(key, now, step, room)
    if not allowed:
        wait = math.ceil(max(1, _paid_off(key) - room - now) / 1_000_000)
        raise TooMany("limit.reached", N_("Too many tries. Please try again in %(retry_after_s)s seconds."), retry_after_s=wait)


def _in_database(key: str, now: int, step: int, room: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_HIT, [key, now + step, now, now, step, now + room])
        return cursor.fetchone() is not None


def _in_redis(key: str, now: int, step: int, room: int) -> bool:
    keep_ms = (room + step) // 1000 + 1000
    return bool(_redis().eval(_HIT_REDIS, 1, f"linli:limit:{key}", now, step, room, keep_ms))


def _paid_off(key: str) -> int:
    if settings.REDIS_URL:
        return int(_redis().get(f"linli:limit:{key}") or 0)
    return Limit.objects.filter(pk=key).values_list("paid_off", flat=True).first() or 0


@lru_cache(maxsize=1)
def _redis() -> Any:
    from redis import Redis

    return cast(Any, Redis.from_url(settings.REDIS_URL))


def prune(*, at: datetime) -> int:
    """Forget the keys that have been paid off for an hour; returns how many."""
    old = int((at - timedelta(hours=1)).timestamp() * 1_000_000)
    return Limit.objects.filter(paid_off__lt=old).delete()[0]
