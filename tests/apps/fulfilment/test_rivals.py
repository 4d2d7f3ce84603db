"""Several processes decide at once: every courier and every job goes once. Without the guard, they go several times."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from linli.apps.fulfilment import operations, queries
from linli.apps.fulfilment.models import Job
from linli.kernel.geo import Point
from linli.platform.models import Event
from tests import world
from tests.apps.fulfilment.street import courier, minutes, wanted

PROGRAM = Path(__file__).with_name("rivals.py")
pytestmark = pytest.mark.django_db(transaction=True)
COUNT = 12


def database_url() -> str:
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{config['NAME']}"
    login = f"{config['USER']}:{config['PASSWORD']}" if config["PASSWORD"] else config["USER"]
    return f"postgresql://{login}@{config['HOST']}:{config['PORT']}/{config['NAME']}"


def compete(city_id: int, *rivals: tuple[str, datetime]) -> list[list[str]]:
    """Let the rivals think, then act at the same moment; the words that they print, line by line."""
    here = os.getcwd()
    environment = {**os.environ, "LINLI_DATABASE_URL": database_url(), "PYTHONPATH": here, "DJANGO_SETTINGS_MODULE": "linli.settings"}
    running = [
        subprocess.Popen(
            [sys.executable, str(PROGRAM), how, str(city_id), at.isoformat()],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for how, at in rivals
    ]  # fmt: skip
    try:
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in running:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        said = [process.communicate(timeout=60)[0] for process in running]
        assert [process.returncode for process in running] == [0] * len(running)
        return [line.split() for text in said for line in text.splitlines()]
    finally:
        for process in running:
            process.kill()


@pytest.fixture
def crowd() -> int:
    """A city with as many couriers as meals, from stores 200 m apart."""
    place = world.beijing()
    for number in range(COUNT):
        courier(900 + number, place, point=Point(39.90 + number * 0.002, 116.42))
        wanted(place, f"or:{number}", ready_in=0, drop=Point(39.90 + number * 0.002, 116.43))
    return place


def test_three_ticks_at_once_give_nothing_away_twice(crowd: int) -> None:
    pairs = compete(crowd, *[("tick", minutes(1))] * 3)
    jobs, couriers = Counter(job for job, _ in pairs), Counter(courier for _, courier in pairs)
    assert max(jobs.values()) == 1
    offered = Job.objects.filter(state="offered")
    assert offered.count() == len(pairs) == Event.objects.filter(name="fulfilment.job_offered").count()
    assert set(offered.values_list("courier_id", flat=True)) == {int(number) for number in couriers}
    assert sum(row.counts["lost"] for row in queries.ticks(city_id=crowd).items) == 2 * len(pairs)


def test_without_the_guard_three_ticks_give_away_everything_three_times(crowd: int) -> None:
    pairs = compete(crowd, *[("naive", minutes(1))] * 3)
    assert set(Counter(job for job, _ in pairs).values()) == {3}


def test_an_answer_and_the_end_of_the_offer_do_not_both_win(crowd: int) -> None:
    operations.tick(city_id=crowd, at=minutes(1))
    offered = Job.objects.filter(state="offered").count()
    said = compete(crowd, ("accept", minutes(1)), ("lapse", minutes(3)))
    lapsed = next(int(words[1]) for words in said if words[0] == "lapsed")
    answers = Counter(words[1] for words in said if words[0] != "lapsed")
    assert set(answers) <= {"accepted", "offer.gone"}
    assert answers["accepted"] + lapsed == offered == sum(answers.values())
    assert Job.objects.filter(state="accepted").count() == answers["accepted"]
    assert Event.objects.filter(name="fulfilment.job_declined").count() == lapsed
