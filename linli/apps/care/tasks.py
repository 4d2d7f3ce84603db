"""What care does by the clock: a complaint that nobody answers goes to support. Each has a job of its own, beside `complain`."""

from __future__ import annotations

from linli.apps.care import operations

__all__ = ["operations"]
