"""What the simulated world outside does by itself."""

from __future__ import annotations

from linli.simulator.provider.notices import deliver

__all__ = ["deliver"]
