"""What every test starts with: no value kept from the one before."""

from __future__ import annotations

import pytest

from linli.platform import clock, policies


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    policies.forget()
    clock.forget()
