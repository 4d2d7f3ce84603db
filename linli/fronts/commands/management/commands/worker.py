"""`linli worker`: do jobs until told to stop."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from linli.platform import connections, worker


class Command(BaseCommand):
    help = "Do the jobs that are due, until SIGTERM or Ctrl-C; the job in hand is finished first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--threads", type=int, default=2, help="jobs done at a time (default 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        connections.by_thread()
        worker.work(stop, threads=options["threads"])
