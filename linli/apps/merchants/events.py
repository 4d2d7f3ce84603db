"""What happens to stores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class StoreChanged(Event):
    """Its data, hours, rings or rating are different now."""

    NAME = "merchants.store_changed"
    store_id: int


@dataclass(frozen=True, kw_only=True)
class StorePaused(Event):
    """It takes no orders until `until`."""

    NAME = "merchants.store_paused"
    store_id: int
    until: datetime


@dataclass(frozen=True, kw_only=True)
class StoreResumed(Event):
    """It takes orders again, before the pause was over."""

    NAME = "merchants.store_resumed"
    store_id: int
