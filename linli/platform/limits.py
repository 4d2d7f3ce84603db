"""How often something may be tried, over all processes: the generic cell rate algorithm (ITU-T I.371), one number for each key.

The numbers are in Redis where there is one, else in the database, and there too while Redis does not answer.
"""

from __future__ import annotations

import logging
import math
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from django.conf import settings
from django.db import connection

from linli.kernel.errors import N_, TooMany
from linli.platform.models import Limit

log = logging.getLogger("linli.limits")

_REDIS_S = 0.5  # a limit must not keep anybody waiting
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
if off > now + room then return string.format('%.0f', off) end
redis.call('SET', KEYS[1], string.format('%.0f', math.max(off, now) + step), 'PX', ARGV[4])
return '0'
"""


def hit(*, key: str, limit: int, per_s: float, at: datetime, cost: int = 1) -> None:
    """Count one try, or one that counts as `cost` tries. `limit` may come at once, after which one more becomes free every
    `per_s / limit` seconds.

    Raises TooMany with `retry_after_s`; a refused try does not count. Call it before the transaction of what it guards: a
    rollback would take the try back.
    """
    if not hit_redis(key=key, limit=limit, per_s=per_s, at=at, cost=cost):
        now, step, room = _measure(limit, per_s, at)
        _refuse(_in_database(key, now, step * cost, room), now, room)


def hit_redis(*, key: str, limit: int, per_s: float, at: datetime, cost: int = 1) -> bool:
    """`hit` in Redis alone, in one round trip; False when there is none or it does not answer, and nothing was counted. Raises TooMany."""
    if not settings.REDIS_URL:
        return False
    from redis import RedisError

    now, step, room = _measure(limit, per_s, at)
    try:
        keep_ms = (room + step * cost) // 1000 + 1000
        paid_off = int(_redis().eval(_HIT_REDIS, 1, f"linli:limit:{key}", now, step * cost, room, keep_ms))
    except RedisError as away:
        log.warning("limits.redis_away", extra={"reason": str(away)})
        return False
    _refuse(paid_off, now, room)
    return True


def _measure(limit: int, per_s: float, at: datetime) -> tuple[int, int, int]:
    """Now, what a try costs, and how far ahead of now a burst may run, in µs."""
    step = max(1, int(per_s * 1_000_000 / limit))
    return int(at.timestamp() * 1_000_000), step, step * (limit - 1)


def _refuse(paid_off: int, now: int, room: int) -> None:
    """Raise TooMany for the key that is paid off then; 0 is one that was let through."""
    if paid_off:
        wait = math.ceil(max(1, paid_off - room - now) / 1_000_000)
        raise TooMany("limit.reached", N_("Too many tries. Please try again in %(retry_after_s)s seconds."), retry_after_s=wait)


def _in_database(key: str, now: int, step: int, room: int) -> int:
    """0 when the try was counted, else when the key is paid off (at least 1)."""
    with connection.cursor() as cursor:
        cursor.execute(_HIT, [key, now + step, now, now, step, now + room])
        if cursor.fetchone() is not None:
            return 0
    return Limit.objects.filter(pk=key).values_list("paid_off", flat=True).first() or 1


@lru_cache(maxsize=1)
def _redis() -> Any:
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    again = Retry(NoBackoff(), 1)  # a connection that has gone stale is made anew, once
    return cast(Any, Redis.from_url(settings.REDIS_URL, socket_timeout=_REDIS_S, socket_connect_timeout=_REDIS_S, retry=again))


def prune(*, at: datetime) -> int:
    """Forget the keys that have been paid off for an hour; returns how many."""
    old = int((at - timedelta(hours=1)).timestamp() * 1_000_000)
    return Limit.objects.filter(paid_off__lt=old).delete()[0]
