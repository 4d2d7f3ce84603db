"""What must always hold of what is known of people."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.apps.insight.models import Forgetting
from linli.platform import policies
from linli.platform.invariants import rule
from linli.policy import insight as numbers


@rule("insight.forgotten_in_time")
def forgotten_in_time(at: datetime) -> list[str]:
    """Whoever asked to be forgotten is, within the promised time."""
    promised = timedelta(hours=policies.whole(numbers.FORGET_H))
    late = Forgetting.objects.filter(models_done_at=None, asked_at__lt=at - promised).order_by("asked_at")[:20]
    return [f"somebody who asked at {row.asked_at:%F %R} is still held" for row in late]
