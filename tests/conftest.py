"""What every test starts with: no value kept from the one before."""

from __future__ import annotations

import pytest

from linli.platform import clock, policies
from tests.town import World, build


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    policies.forget()
    clock.forget()


@pytest.fixture
def world(db: None) -> World:
    """The cast in their small city; see `tests.town`."""
    return build()
