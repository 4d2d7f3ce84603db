"""One of several processes that decide about the same couriers and jobs at the same moment. Run by `test_rivals.py`.

It says `ready` when it has thought and is about to act, waits for a line, acts, and prints what it got.
"""

from __future__ import annotations

import sys
from datetime import datetime

import django

django.setup()

from linli.apps.fulfilment import operations  # noqa: E402
from linli.apps.fulfilment.models import Job  # noqa: E402
from linli.apps.fulfilment.operations import ticking  # noqa: E402
from linli.kernel.errors import Problem  # noqa: E402


def say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201


def ready() -> None:
    say("ready")
    sys.stdin.readline()


def tick(city_id: int, at: datetime) -> None:
    """The real tick, held up between thinking and assigning."""
    think = ticking.solve

    def solve(*args, **kwargs):  # type: ignore[no-untyped-def]
        result = think(*args, **kwargs)
        ready()
        return result

    ticking.solve = solve
    for job, courier in operations.tick(city_id=city_id, at=at).offered:
        say(job, courier)


def naive(city_id: int, at: datetime) -> None:
    """What a tick would be without compare-and-set: it writes what it thought."""
    snapshot = ticking._read(city_id, at)
    result = ticking.solve(snapshot.problem, ticking.planning.params(city_id), seed=0)
    ready()
    for assignment in result.assignments:
        for job in assignment.orders:
            values = {"state": "offered", "courier_id": assignment.courier, "offered_at": at, "answer_by": at}
            if Job.objects.filter(pk=job).update(**values):
                say(job, assignment.courier)


def accept(city_id: int, at: datetime) -> None:
    """Every courier says yes to what it is offered."""
    offers = list(Job.objects.filter(city_id=city_id, state="offered").order_by("-pk"))
    ready()
    for job in offers:
        try:
            operations.answer(courier_id=job.courier_id or 0, job_id=job.pk, accept=True, at=at)
            say(job.pk, "accepted")
        except Problem as problem:
            say(job.pk, problem.code)


def lapse(city_id: int, at: datetime) -> None:
    """The offers have run out."""
    ready()
    say("lapsed", operations.lapse_offers(city_id=city_id, at=at))


if __name__ == "__main__":
    {"tick": tick, "naive": naive, "accept": accept, "lapse": lapse}[sys.argv[1]](int(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
