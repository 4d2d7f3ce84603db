"""Calling the platform over HTTP without leaving the test's process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core import signals
from django.db import close_old_connections


@contextmanager
def connections_kept() -> Iterator[None]:
    """A request served in here does not close the connection that holds the test's transaction (as Django's own test client sees to)."""
    both = (signals.request_started, signals.request_finished)
    for signal in both:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in both:
            signal.connect(close_old_connections)
