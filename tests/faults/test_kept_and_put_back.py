"""`linli backup` and `linli restore` under the eyes of people: the server runs on, and what it shows is what was kept."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from linli.apps.orders.models import Order
from linli.platform import clock, invariants, jobs
from tests import town
from tests.live import Live
from tests.parties import database_url
from tests.server import serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def linli(*words: str) -> str:
    """What the command says, from a process of its own; it must end well."""
    env = {**os.environ, "LINLI_DATABASE_URL": database_url(), "LINLI_DEMO": "1", "PYTHONPATH": os.getcwd()}
    command = [sys.executable, "-m", "linli", *words]
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-3000:]
    return done.stdout


class Looking(threading.Thread):
    """Somebody else, who looks at their orders again and again."""

    def __init__(self, live: Live, token: str) -> None:
        super().__init__(daemon=True)
        self.live, self.token, self.stop, self.seen = live, token, threading.Event(), Counter[int]()

    def __enter__(self) -> Looking:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop.set()
        self.join(60)

    def run(self) -> None:
        while not self.stop.is_set():
            self.seen[self.live.send(self.token, "GET", "/orders")[0]] += 1
            time.sleep(0.1)  # so many a minute are allowed


def ordered(live: Live, token: str, number: int) -> dict[str, Any]:
    """An order that is placed and paid."""
    status, order = live.send(
        token, "POST", "/orders", live.fill(token, live.town.home), **{"idempotency-key": f"backup-{number:03}"}
    )  # fmt: skip
    assert status == 201, order
    intent = live.send(token, "GET", f"/orders/{order['id']}/payment")[1]["intent"]["id"]
    assert live.send(token, "POST", f"/payments/{intent}/start", {"method": "balance"})[0] == 200
    return order


def test_under_the_eyes_of_people(tmp_path: Path) -> None:
    clock.set_pace(town.NOON, 1.0)
    with serving(hands=1) as address:
        live = Live(address)
        token, archive = live.token(live.town.lin), tmp_path / "kept.tar.gz"
        with live.client, Looking(live, live.token(live.town.he)) as looking:
            kept = ordered(live, token, 0)
            linli("backup", str(archive))
            gone = ordered(live, token, 1)
            assert "rules are right" in linli("restore", str(archive), "--replace")
            connection.close()
            assert live.send(token, "GET", f"/orders/{gone['id']}")[0] == 404
            assert live.send(token, "GET", f"/orders/{kept['id']}")[1]["total"] == kept["total"]
            ordered(live, token, 2)
        assert set(looking.seen) <= {200, 503}, looking.seen
        assert looking.seen[200] > 5
    now = clock.kept()
    assert now is not None
    jobs.drain(now.now())
    assert Order.objects.count() == 2
    assert {name: wrong for name, wrong in invariants.check_all(now.now()).items() if wrong} == {}
