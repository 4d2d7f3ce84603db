"""What orders do by the clock. What is due for one order at a known time is a job of its own, beside the operation that foresees it."""

from __future__ import annotations

from datetime import datetime

from linli.apps.orders import operations
from linli.platform.jobs import every


@every("orders.expire_unpaid", seconds=60, transactional=False)
def expire_unpaid(*, at: datetime) -> None:
    """End orders whose payment is over, should the news of it have been lost; each in a transaction of its own."""
    operations.expire_unpaid(at=at)
