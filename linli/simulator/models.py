"""Tables of the simulated world outside."""

from __future__ import annotations

from linli.simulator.provider.models import Notice, Trade, TradeRefund

__all__ = ["Notice", "Trade", "TradeRefund"]
