"""A house of its own for every test: files of the lake and of models are no part of the database's rollback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from linli.apps.discovery import fitted, trying


@pytest.fixture(autouse=True)
def house(tmp_path: Path, settings: object) -> Iterator[Path]:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    fitted.forget()
    trying.forget()
    yield tmp_path
    fitted.forget()
    trying.forget()
