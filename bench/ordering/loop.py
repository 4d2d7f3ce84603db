"""One client after the other: CPU and statements of an order from a full cart to paid; what was executed is kept for the bare loop.

Rounds are watched and timed in turns, as watching statements takes time too. Connections and garbage are seen to as in the server.
"""

from __future__ import annotations

import json
import pickle
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

from ordering import city

city.begin()

from django.conf import settings  # noqa: E402 (needs Django)
from django.db import connection  # noqa: E402

from linli.platform import connections, garbage, jobs, outbox, writes  # noqa: E402
from ordering import walking  # noqa: E402
from ordering.cpu import spent  # noqa: E402

WARM, BATCH = 60, 10  # orders before anything is counted; orders after which a worker would find their jobs
ROUND = "-- a round ends"  # the figure is the median of the rounds: what else the machine does comes and goes
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


class Meter:
    """CPU seconds of what happens within `on`, and its statements while `watching`."""

    def __init__(self) -> None:
        self.trace: list[tuple[str, Any, bool]] = []
        self.counts: Counter[str] = Counter()
        self.cpu, self.label, self._on, self._watching = 0.0, "", False, False
        self._backend = _backend()
        react, commit = outbox.react.run, connection._commit

        def labelled(*, at: Any, reaction: str, event: str, data: Any) -> None:
            before, self.label = self.label, f"{reaction.split('.')[2]}:{event}"
            react(at=at, reaction=reaction, event=event, data=data)
            writes.send()
            self.label = before

        def committed() -> None:
            if self._on:
                self.trace.append(("COMMIT", None, True))
            commit()

        jobs._TASKS[outbox.react.name] = replace(outbox.react, run=labelled)
        connection._commit = committed
        if connection.vendor == "sqlite":
            begin = connection._begin

            def begun() -> None:
                begin()
                if self._on:
                    self.trace.append(("BEGIN IMMEDIATE", None, True))

            connection._begin = begun

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        inside = connection.in_atomic_block
        found = execute(sql, params, many, context)
        if self._on:  # what fails (a temporary view that is not there yet) is sent again
            self.trace.append((sql, params, inside))
            if not sql.startswith(CONTROL):
                self.counts[self.label] += 1
        return found

    @contextmanager
    def watching(self) -> Iterator[None]:
        self._watching = True
        with connection.execute_wrapper(self):
            yield
        self._watching = False
        self.trace.append((ROUND, None, False))  # the bare loop sees where it was

    @contextmanager
    def on(self, label: str) -> Iterator[None]:
        self._on, self.label = self._watching, label
        began = time.process_time() + spent(self._backend)
        yield
        self.cpu += time.process_time() + spent(self._backend) - began
        self._on = False

    def forget(self) -> None:
        self.trace, self.cpu, self.counts = [], 0.0, Counter()


def _backend() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def main() -> None:
    orders = city.WISH["orders"]
    who = city.people(0, orders + WARM)
    meter = Meter()
    rounds: list[float] = []
    connections.by_thread()
    garbage.look_rarely()
    for start in range(0, len(who), BATCH):
        if start == WARM:
            warm = meter.trace
            meter.forget()
            rounds.clear()
        timed = start // BATCH % 2
        before = meter.cpu
        with nullcontext() if timed else meter.watching():
            for person in who[start : start + BATCH]:
                one(person, meter)
            with meter.on("work"):
                jobs.run_due(at=city.NOON, limit=10_000)
        if timed:
            rounds.append(meter.cpu - before)
    made = sum(sql == ROUND for sql, *_ in meter.trace) * BATCH
    temporary = _temporary()
    (Path(settings.HOME) / "trace").write_bytes(pickle.dumps((warm, meter.trace, temporary)))
    per_order = {name: count / made for name, count in meter.counts.items()}
    paid = sum(per_order[name] for name in per_order if not name.startswith("notices"))
    found = {f"statements_{name}": count for name, count in per_order.items()}
    found |= {
        "cpu_ms": statistics.median(rounds) * 1000 / BATCH,
        "statements_per_order": paid,
        "statements_with_notices": sum(per_order.values()),
    }
    sys.stdout.write(json.dumps(found))


def one(person: tuple[int, int, int, int], meter: Meter) -> None:
    """One order, up to where a worker takes over."""
    from linli.apps.orders import queries as ordered
    from linli.apps.orders.queries import CheckoutWant

    who, store, address, coupon = person
    want = CheckoutWant(store_id=store, mode="delivery", address_id=address, coupon_id=coupon)
    quote = ordered.quote(person_id=who, want=want, at=city.NOON)
    with meter.on("place"):
        placed = walking.order(who, want, quote.token, city.NOON)
    intent_id = walking.intent_of(placed)
    with meter.on("start"):
        number = walking.begin(placed, intent_id, city.NOON)
    body = walking.notice(number, placed.total, city.NOON)
    with meter.on("callback"):
        walking.hear(body, city.NOON)


def _temporary() -> list[str]:
    """The temporary views and triggers that SQLite's batches use."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_temp_master ORDER BY rowid")
        return [row[0] for row in cursor.fetchall()]


main()
