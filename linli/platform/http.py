"""The way out: one place that makes HTTP clients, so that tests and the simulator can lay another road under all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from linli import __version__

_transports: list[httpx.BaseTransport] = []


def client(base_url: str = "", timeout_s: float = 10.0) -> httpx.Client:
    """A client to be closed by its user (`with`); it follows no redirects and gives up after `timeout_s` seconds."""
    headers = {"User-Agent": f"linli/{__version__}"}
    transport = _transports[-1] if _transports else None
    return httpx.Client(base_url=base_url, timeout=timeout_s, headers=headers, transport=transport, trust_env=transport is None)


@contextmanager
def use(transport: httpx.BaseTransport) -> Iterator[httpx.BaseTransport]:
    """Within the block every new client of this process goes over `transport`; blocks may be nested."""
    _transports.append(transport)
    try:
        yield transport
    finally:
        _transports.remove(transport)
