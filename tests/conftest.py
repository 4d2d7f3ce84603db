"""What every test starts with: no value kept from the one before."""

from __future__ import annotations

import os
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import pytest
from django.conf import settings
from redis import Redis

from linli.apps.accounts import signed_out
from linli.apps.fulfilment.queries import approach
from linli.platform import clock, policies
from tests.town import World, build

# The same examples every time, so that a change is what makes a test fail; LINLI_EXAMPLES=500 looks for new ones.
_SEARCH = int(os.environ.get("LINLI_EXAMPLES", "0"))
hypothesis.settings.register_profile("linli", deadline=None, database=None, derandomize=not _SEARCH, max_examples=_SEARCH or 40)
hypothesis.settings.load_profile("linli")
os.environ.setdefault("NUMBA_DISABLE_JIT", "1")  # compiling takes longer than all the quick tests together


@pytest.fixture(scope="session", autouse=True)
def _own_redis() -> None:
    """Test processes that run side by side must not count each other's requests: each has a database of its own, from 8 upward."""
    if settings.REDIS_URL:
        number = 8 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
        settings.REDIS_URL = os.environ["LINLI_REDIS_URL"] = urlunsplit(urlsplit(settings.REDIS_URL)._replace(path=f"/{number}"))


@pytest.fixture(autouse=True)
def _nothing_kept(_own_redis: None) -> None:
    policies.forget()
    signed_out.forget()
    clock.forget()
    approach.forget()
    if settings.REDIS_URL:
        with Redis.from_url(settings.REDIS_URL) as redis:
            redis.flushdb()


@pytest.fixture
def world(db: None) -> World:
    """The cast in their small city; see `tests.town`."""
    return build()
