"""Data of an earlier version: the migrations carry it forward, the rules hold, and the orders that were under way go on."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings

EARLIER = Path(__file__).parent / "earlier"
ROOT = Path(settings.BASE_DIR).parent
VERSIONS = sorted(EARLIER.glob("*.json.gz"))


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a process with an empty database of the kind that is being tested."""
    env = {**os.environ, "LINLI_HOME": str(tmp_path)}
    url = os.environ.get("LINLI_DATABASE_URL") or "sqlite:"
    if not url.startswith("postgres"):
        yield {**env, "LINLI_DATABASE_URL": "sqlite:"}
        return
    name = f"linli_upgrade_{os.getpid()}"
    with psycopg.connect(urlunsplit(urlsplit(url)._replace(path="/postgres")), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield {**env, "LINLI_DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}"))}
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_there_is_something_to_upgrade_from() -> None:
    assert VERSIONS


@pytest.mark.slow
@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.name.removesuffix(".json.gz"))
def test_an_earlier_version_moves_forward(path: Path, empty: dict[str, str]) -> None:
    words = [sys.executable, "-m", "tests.platform.upgrading", str(path)]
    done = subprocess.run(words, cwd=ROOT, env=empty, check=True, stdout=subprocess.PIPE, text=True, timeout=300)
    found = json.loads(done.stdout)
    tables = json.loads(gzip.decompress(path.read_bytes()))["tables"]
    assert {table: found["rows"][table] for table in tables} == {table: len(content["rows"]) for table, content in tables.items()}
    assert found["broken"] == {}
    state = tables["orders_order"]["columns"].index("state")
    assert found["states"] == sorted(row[state] for row in tables["orders_order"]["rows"])
    assert {"accepted", "completed", "paid", "picked_up", "placed"} <= set(found["states"])
    assert found["broken_later"] == {}
    assert {"placed", "paid"} & set(found["states_later"]) == set()  # what was under way has gone on by itself
