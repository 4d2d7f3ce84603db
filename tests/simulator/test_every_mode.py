"""A simulated day in which people do everything that the platform sells; the stores play their part by the same API as everybody's."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError
from django.db import connection

from linli.apps.dining import queries as dining
from linli.platform import invariants
from linli.simulator.headless import Day
from linli.simulator.simulation import Asked
from linli.simulator.world.moods import CALM
from linli.simulator.world.outings import NONE, Outings
from tests.simulator.downtown import live

pytestmark = pytest.mark.usefixtures("quiet")
START = datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MODES = {"delivery", "dine_in", "table", "appointment", "stay", "voucher"}
OUT = Outings(dine_in=1.0, table=1.0, appointment=1.0, stay=1.0, passes=1.0)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_mode_comes_to_its_end_and_the_same_seed_gives_the_same_day(midtown: Path) -> None:
    day = Day(orders=6, start=START, hours=20, seed=5, consumers=6, couriers=4, moods=CALM, outings=OUT)
    first = live(midtown, day)
    assert first.unexplained == []  # orders without an end, ledger, holds and the other rules among them
    assert set(first.figures["completed_by_mode"]) >= MODES
    assert first.figures["completed_by_mode"] == first.figures["orders_by_mode"]  # everybody is calm
    assert sum(first.figures["orders_by_mode"].values()) == first.figures["orders"]
    assert [name for name, said in invariants.check_all(START.replace(day=4)).items() if said] == []
    assert [spot for store_id in dining.stores_with_tables() for spot in dining.floor(store_id=store_id) if spot.state != "free"] == []
    if connection.vendor == "postgresql":
        return  # a second day takes minutes there, and what people decide does not depend on the database
    again = live(midtown, day)
    assert again.decisions == first.decisions
    assert again.figures["completed_by_mode"] == first.figures["completed_by_mode"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_who_stays_away_or_calls_off_ends_with_a_reason(midtown: Path) -> None:
    from dataclasses import replace

    moods = replace(CALM, stays_away=0.5, calls_off=0.5)
    wanted = Outings(dine_in=0, table=4.0, appointment=4.0, stay=0, passes=0)
    outcome = live(midtown, Day(orders=3, start=START, hours=11, seed=2, consumers=6, couriers=4, moods=moods, outings=wanted))
    assert outcome.unexplained == []
    causes = outcome.figures["causes"]
    assert causes.get("cancelled: merchant: no_show", 0) >= 2
    assert sum(count for cause, count in causes.items() if cause.startswith("cancelled: consumer:")) >= 2
    assert {"table", "appointment"}.isdisjoint(outcome.figures["completed_by_mode"])


def _asked(**more: object) -> Asked:
    usual = {"hours": 1.0, "orders": 50, "seed": 1, "start": "2026-03-02T11:00", "consumers": 0, "couriers": 0, "rides": 0}
    return Asked(**usual, json=None, speed="max", **more)  # type: ignore[arg-type]


def test_the_shares_are_options() -> None:
    assert _asked().day().outings == Outings()
    assert _asked(only_meals=True).day().outings == NONE
    assert _asked(only_meals=True, shares=("stay=0.5",)).day().outings == Outings(dine_in=0, table=0, appointment=0, stay=0.5, passes=0)
    for wrong in ("stay", "stay=much", "stay=-1", "sleep=1", "stay=nan"):
        with pytest.raises(CommandError, match="share"):
            _asked(shares=(wrong,)).day()
