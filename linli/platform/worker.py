"""The loop of a worker process: do what is due, wait a moment, look again."""

from __future__ import annotations

import logging
import threading
import time

from django.db import Error, connection

from linli.platform import clock, garbage, jobs
from linli.platform.discovery import load_tasks

log = logging.getLogger("linli.worker")

IDLE_S = 0.1
AT_A_TIME = 8  # few, so that a slow job does not sit on many that another thread could do
LOOK_AFTER_PERIODIC_S = 30.0


def work(stop: threading.Event, *, threads: int = 2) -> None:
    """Work until `stop` is set; what is being done then is finished first."""
    load_tasks()
    garbage.look_rarely()
    others = [threading.Thread(target=_loop, args=(stop, False), name=f"worker-{n}") for n in range(1, threads)]
    for thread in others:
        thread.start()
    _loop(stop, True)
    for thread in others:
        thread.join()


def _loop(stop: threading.Event, first: bool) -> None:
    looked_after = -LOOK_AFTER_PERIODIC_S
    while not stop.is_set():
        try:
            if first and time.monotonic() - looked_after >= LOOK_AFTER_PERIODIC_S:
                jobs.start_periodic(clock.now())
                looked_after = time.monotonic()
            if not turn():
                stop.wait(IDLE_S)
        except Error:  # an InterfaceError is no DatabaseError
            log.exception("worker.database")
            connection.close()
            stop.wait(1.0)
    connection.close()


def turn() -> int:
    """Do a few of the jobs that are due now; returns how many were taken up."""
    now = clock.now()
    return jobs.run_due(at=now, limit=AT_A_TIME) if jobs.any_due(now) else 0
