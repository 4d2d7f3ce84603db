"""Programs that the tests of several processes run: a worker that knows the test's task, and two ways to claim jobs."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
django.setup()

from linli.kernel.actors import SYSTEM  # noqa: E402
from linli.platform import audit, jobs  # noqa: E402
from linli.platform.claims import claim  # noqa: E402
from linli.platform.models import Job  # noqa: E402


@jobs.task("test.slow")
def slow(*, at: datetime, number: int, marks: str) -> None:
    """Has its effect, says that it is in the middle, and is slow as long as nobody said `go`."""
    audit.record(actor=SYSTEM, action="test.slow", subject=str(number), at=at)
    if number == 3:
        Path(marks, "middle").touch()
        while not Path(marks, "go").exists():
            time.sleep(0.02)


def claim_all(guarded: bool) -> None:
    """Claim one by one until nothing is left; print what was claimed."""
    while True:
        if guarded:
            ids = [job.id for job in claim(at=datetime.now(UTC), limit=1, lease_s=60, token=str(os.getpid()))]
        else:
            ids = list(Job.objects.filter(state="due").order_by("run_at", "id").values_list("pk", flat=True)[:1])
            time.sleep(0.002)  # the moment between looking and taking
            Job.objects.filter(pk__in=ids).update(state="running")
        if not ids:
            return
        print(*ids, flush=True)  # noqa: T201


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        from django.core.management import execute_from_command_line

        execute_from_command_line(["linli", "worker", "--threads", "1"])
    else:
        print("ready", flush=True)  # noqa: T201
        sys.stdin.readline()
        claim_all(sys.argv[1] == "guarded")
