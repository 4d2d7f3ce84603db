"""What days of the simulated city need."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulator.downtown import cut_out


@pytest.fixture
def quiet() -> Iterator[None]:
    """A refusal is logged by whoever refuses; in a simulated day they are wanted."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="session")
def downtown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The restaurants in the middle of the city, from the demo's own data."""
    return cut_out(tmp_path_factory.mktemp("downtown"), ("restaurant",))


@pytest.fixture(scope="session")
def midtown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Restaurants, some hotels and sights in the middle of the city."""
    return cut_out(tmp_path_factory.mktemp("midtown"), ("restaurant", "hotel", "sight"))
