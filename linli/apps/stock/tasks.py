"""What stock does by the clock."""

from __future__ import annotations

from datetime import datetime

from linli.apps.stock import operations
from linli.platform.jobs import every


@every("stock.expire", seconds=60)
def expire(*, at: datetime) -> None:
    """Let go of holds whose time is over."""
    operations.expire(at=at)
