"""Everything that runs, as real processes that may be killed: web, push, worker and the database; and people who do not give up."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
from django.conf import settings
from django.db import DatabaseError, connection

from bench.made.processes import Kept, free_port, granian
from tests.faults.cluster import Cluster, own_server
from tests.parties import database_url

T = TypeVar("T")
PATIENCE_S = 120.0
VICTIMS = ("web", "push", "worker", "database")


class House:
    """The processes. `address` is where the web answers, `live` the port where pages listen."""

    def __init__(self, folder: Path, cluster: Cluster | None) -> None:
        web, self.live = free_port(), free_port()
        self.address, self._cluster, self.refusals = f"http://127.0.0.1:{web}", cluster, 0
        env = {
            **os.environ, "LINLI_DATABASE_URL": database_url(), "LINLI_DEMO": "1", "LINLI_JOB_LEASE_S": "3", "PORT": str(web),
            "LINLI_HOME": str(folder), "PYTHONPATH": os.getcwd(), "LINLI_SECRET_KEY": settings.SECRET_KEY,
        }  # fmt: skip
        words = {"web": granian(web), "push": granian(self.live), "worker": ("linli", "worker")}
        self.crew = {name: Kept(name, env, *words[name]) for name in words}

    def start(self) -> None:
        """Start everything and wait for the first answer."""
        for process in self.crew.values():
            process.start()
        self.ask("GET", "/health/ready")

    def kill(self, victim: str) -> None:
        """Kill it in the midst of what it does, and start it again. Without a server of its own a database dies with whoever uses it."""
        if victim == "database" and self._cluster is not None:
            self._cluster.kill()
            self._says_that_it_is_away()
            self._cluster.start()
            return
        dead = list(self.crew.values()) if victim == "database" else [self.crew[victim]]
        for process in dead:
            process.kill()
        for process in dead:
            process.start()

    def _says_that_it_is_away(self) -> None:
        """While the database is gone, pages and programs are told so, and when to come back; nothing is said to be broken."""
        for path in ("/", "/api/v1/home?lat=39.9&lng=116.4"):
            reply = self.once("GET", path)
            if reply is not None:
                assert (reply.status_code, "retry-after" in reply.headers) == (503, True), (path, reply.status_code, reply.text[:500])

    def end(self) -> None:
        for process in self.crew.values():
            process.end()

    def once(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response | None:
        """One try; None when nobody answered."""
        try:
            with httpx.Client(base_url=self.address, timeout=20, trust_env=False) as client:
                form = {"data": body} if path.startswith("/sandbox") else {"json": body}
                return client.request(method, path, headers=headers, **(form if body is not None else {}))  # type: ignore[arg-type]
        except httpx.HTTPError:
            return None

    def ask(self, method: str, path: str, body: Any = None, *, but: tuple[int, ...] = (), **headers: str) -> Any:
        """Asked until there is an answer: 2xx, a redirection, or one of `but`. What says that something is broken is a fault of ours."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            reply = self.once(method, path, body, **headers)
            if reply is not None:
                assert reply.status_code != 500, (method, path, reply.text[:500])
                if reply.status_code < 400 or reply.status_code in but:
                    kind = reply.headers.get("content-type", "")
                    return reply.json() if "json" in kind else reply
                assert reply.status_code in {429, 502, 503}, (method, path, reply.status_code, reply.text[:500])
                self.refusals += 1
            time.sleep(0.1)
        raise AssertionError(f"nobody answers {method} {path}")


def inside(question: Callable[[], T]) -> T:
    """What the database says to `question`, over a connection of its own, as soon as it says anything."""
    end = time.monotonic() + PATIENCE_S
    while True:
        connection.close()
        try:
            return question()
        except DatabaseError:
            assert time.monotonic() < end, "the database does not come back"
            time.sleep(0.2)


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that happens by itself."""
    end = time.monotonic() + PATIENCE_S
    while not inside(condition):
        assert time.monotonic() < end, f"it did not come to this: {what}"
        time.sleep(0.1)


@contextmanager
def house(folder: Path, furnish: Callable[[], T]) -> Iterator[tuple[House, T]]:
    """Everything runs for the block, on what `furnish` puts into the database."""
    with own_server() as cluster:
        found = furnish()
        connection.close()  # SQLite: the file belongs to all of them now
        made = House(folder, cluster)
        try:
            made.start()
            yield made, found
        finally:
            made.end()
