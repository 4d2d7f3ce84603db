"""What the inbox does by itself."""

from __future__ import annotations

from datetime import datetime

from linli.apps.notices import operations
from linli.platform import jobs


@jobs.every("notices.prune", seconds=86_400)
def prune(*, at: datetime) -> None:
    """Forget old messages once a day."""
    operations.prune(at=at)
