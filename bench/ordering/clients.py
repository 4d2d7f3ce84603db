"""Sixteen clients at once, in two processes of eight threads, each of which has a thread more that does the jobs.

Each client orders a few times before anything is counted, as in the other stages: that a thread's first order makes its connection, and
what is made once for each of these, is the start of a process and not the tail of an order.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Any

import numpy as np

from ordering import city

city.begin()

from django.apps import apps  # noqa: E402 (needs Django)
from django.db import connection, connections  # noqa: E402

from linli.apps.orders import queries as ordered  # noqa: E402
from linli.apps.orders.queries import CheckoutWant  # noqa: E402
from linli.platform import worker  # noqa: E402
from linli.serve import TURNS  # noqa: E402
from ordering import walking  # noqa: E402

PATIENCE_S = 300
PROCESSES, THREADS, WARM = 2, 8, 5
TURN = threading.BoundedSemaphore(TURNS)


def client(people: list[tuple[int, int, int, int]], took: list[float], wrong: list[str], all_warm: Any) -> None:
    """Order for one person after the other."""
    try:
        for turn, (person, store, address, coupon) in enumerate(people):
            if turn == WARM:
                took.clear()
                all_warm.wait(PATIENCE_S)
            want = CheckoutWant(store_id=store, mode="delivery", address_id=address, coupon_id=coupon)
            with TURN:
                token = ordered.quote(person_id=person, want=want, at=datetime.now(UTC)).token
            asked = time.perf_counter()
            with TURN:
                placed = walking.order(person, want, token, datetime.now(UTC))
            took.append(time.perf_counter() - asked)
            with TURN:
                number = walking.begin(placed, walking.intent_of(placed), datetime.now(UTC))
            notice = walking.notice(number, placed.total, datetime.now(UTC))
            with TURN:
                walking.hear(notice, datetime.now(UTC))
    except Exception as error:
        wrong.append(repr(error))
    finally:
        connection.close()


def process(people: list[tuple[int, int, int, int]], said: Any, all_warm: Any) -> None:
    """Eight clients, and a worker until nothing is left to do."""
    times: list[list[float]] = [[] for _ in range(THREADS)]
    wrong: list[str] = []
    threads = [threading.Thread(target=client, args=(people[n::THREADS], times[n], wrong, all_warm)) for n in range(THREADS)]
    stop = threading.Event()
    work = threading.Thread(target=worker.work, args=(stop,), kwargs={"threads": 1})
    for thread in (*threads, work):
        thread.start()
    for thread in threads:
        thread.join()
    while unpaid() and not wrong:
        time.sleep(0.02)
    stop.set()
    work.join()
    said.send(([seconds for took in times for seconds in took], wrong))


def unpaid() -> bool:
    """Whether an order still waits to be confirmed."""
    return bool(apps.get_model("orders.Order").objects.filter(state="placed").exists())


def main() -> None:
    orders, warm = city.WISH["orders"] * 2, PROCESSES * THREADS * WARM
    people = city.people(0, orders + warm)
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    pipes = [context.Pipe(duplex=False) for _ in range(PROCESSES)]
    all_warm = context.Barrier(PROCESSES * THREADS + 1)
    running = [context.Process(target=process, args=(people[n::PROCESSES], pipe[1], all_warm)) for n, pipe in enumerate(pipes)]
    for one in running:
        one.start()
    all_warm.wait(PATIENCE_S)
    began = time.perf_counter()
    answers = [pipe[0].recv() for pipe in pipes]
    lasted = time.perf_counter() - began
    for one in running:
        one.join()
    wrong = [text for answer in answers for text in answer[1]]
    if wrong:
        raise AssertionError(wrong[:3])
    took = np.array([seconds for answer in answers for seconds in answer[0]]) * 1000
    p50, p99 = (float(np.percentile(took, part)) for part in (50, 99))
    if paid() != len(people):
        raise AssertionError(f"{paid()} of {len(people)} orders are paid")
    sys.stdout.write(json.dumps({"p50_ms": p50, "p99_ms": p99, "orders_per_s": orders / lasted, "paid": orders}))


def paid() -> int:
    """How many orders are paid and confirmed."""
    return int(apps.get_model("orders.Order").objects.exclude(state="placed").count())


if __name__ == "__main__":
    main()
