"""The demo city: Beijing with its people, couriers, coupons and campaigns."""

from __future__ import annotations

from linli.simulator.demo.city import DATA, load

__all__ = ["DATA", "load"]
