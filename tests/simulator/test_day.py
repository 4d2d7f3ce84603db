"""A small simulated day: everything ends with a reason, and the same seed makes the same decisions."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from linli.simulator.headless import Day
from linli.simulator.live import next_lunch
from linli.simulator.world import shape
from linli.simulator.world.agenda import Agenda
from linli.simulator.world.moods import CALM, Moods
from linli.simulator.world.world import World
from tests.simulator.downtown import live

BEIJING = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.usefixtures("quiet")
START = datetime(2026, 3, 2, 11, 0, tzinfo=BEIJING)
RESTLESS = Moods(
    walks_away=0.06, pays_late=0.05, cash=0.06, cancels_early=0.06, cancels_late=0.05, double_click=0.08, wrong_code=0.15, pickup=0.15,
    notice_late=0.1, notice_twice=0.15, notice_shuffled=0.05, refuses=0.05, sold_out=0.04, slow=0.15, declines=0.1, ignores=0.05,
    gives_up=0.03, vanishes=0.01, complains=0.2,
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_restless_lunch_of_thirty_orders_ends_explained_and_twice_the_same(downtown: Path) -> None:
    day = Day(orders=30, start=START, hours=1, seed=7, consumers=20, couriers=12, moods=RESTLESS)
    first = live(downtown, day)
    assert first.unexplained == []
    assert first.figures["orders"] >= 25
    assert first.figures["ends"]["completed"] >= 15
    assert sum(first.figures["ends"].values()) == first.figures["orders"]
    assert len(first.figures["ends"]) > 1  # a restless city does not complete everything
    again = live(downtown, day)
    assert again.decisions == first.decisions
    assert again.figures["ends"] == first.figures["ends"]


@pytest.mark.django_db(transaction=True)
def test_a_calm_lunch_completes_everything(downtown: Path) -> None:
    outcome = live(downtown, Day(orders=6, start=START, hours=0.5, seed=3, consumers=6, couriers=8, moods=CALM))
    assert outcome.unexplained == []
    assert outcome.figures["ends"] == {"completed": outcome.figures["orders"]}
    assert outcome.figures["delivered"] == outcome.figures["orders"] >= 4
    assert outcome.figures["courier_pay_per_delivery"] > 0


def test_wishes_follow_the_shape_of_the_day_and_the_seed() -> None:
    import random

    start = datetime(2026, 3, 2, 0, 0, tzinfo=BEIJING)
    wishes = shape.moments(2_000, start, 24, "Asia/Shanghai", random.Random(1))
    hours = [wish.astimezone(BEIJING).hour for wish in wishes]
    assert wishes == sorted(wishes) == shape.moments(2_000, start, 24, "Asia/Shanghai", random.Random(1))
    assert hours.count(12) > 4 * hours.count(15) > hours.count(4)
    assert wishes != shape.moments(2_000, start, 24, "Asia/Shanghai", random.Random(2))


def test_the_first_of_the_fleet_works_whenever_anybody_does_and_the_last_at_the_peaks() -> None:
    start = datetime(2026, 3, 2, 6, 0, tzinfo=BEIJING)
    first, last = shape.shifts(0.01, start, 24, "Asia/Shanghai"), shape.shifts(0.99, start, 24, "Asia/Shanghai")
    assert [(begin.astimezone(BEIJING).hour, end - begin) for begin, end in first] == [(6, timedelta(hours=24))]
    assert [begin.astimezone(BEIJING).hour for begin, _ in last] == [11, 18]


def test_the_agenda_keeps_time_and_the_order_of_planning() -> None:
    agenda, happened = Agenda(), []
    for name, minutes in (("late", 5), ("early", 1), ("same", 1)):
        agenda.plan(START + timedelta(minutes=minutes), lambda at, name=name: happened.append((name, at)))  # type: ignore[misc]
    while (moment := agenda.next_at) is not None:
        agenda.pop()(moment)
    assert [name for name, _ in happened] == ["early", "same", "late"]


def test_a_visitors_house_is_left_alone_while_they_are_there() -> None:
    world = World.__new__(World)
    world.taken = {1: START}
    assert world.stands_back(1, START - timedelta(seconds=1))
    assert not world.stands_back(1, START)
    assert not world.stands_back(2, START)


@pytest.mark.parametrize(
    ("now", "lunch"),
    [("2026-03-02T09:00", "2026-03-02T11:15"), ("2026-03-02T11:15", "2026-03-03T11:15"), ("2026-03-02T23:59", "2026-03-03T11:15")],
)
def test_the_first_start_shows_the_minutes_before_lunch(now: str, lunch: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=BEIJING)
    assert next_lunch(at, "Asia/Shanghai") == datetime.fromisoformat(lunch).replace(tzinfo=BEIJING)
