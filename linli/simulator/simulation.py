"""`linli city simulate`: a database of its own, the demo city in it, a day, and the figures as a table and as JSON."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import CommandError, call_command
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from linli.apps.city import queries as cities
from linli.kernel.errors import Problem
from linli.policy import NUMBERS
from linli.simulator import demo
from linli.simulator.headless import Day, Outcome, simulate
from linli.simulator.world.outings import NONE, Outings, outings_of

ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line; 0 people stands for as many as the orders need."""

    hours: float
    orders: int
    seed: int
    start: str
    consumers: int
    couriers: int
    rides: int
    json: Path | None
    speed: str
    changes: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    only_meals: bool = False
    prepared: bool = False

    def day(self) -> Day:
        """The day that this means."""
        try:
            start = datetime.fromisoformat(self.start)
        except ValueError:
            raise CommandError(f"--start must be a time such as 2026-03-02T06:00, not {self.start!r}.") from None
        try:
            outings = outings_of(self.shares, NONE if self.only_meals else Outings())
        except Problem as problem:
            raise CommandError(str(problem)) from None
        if not (0 < self.hours <= 168 and 1 <= self.orders <= 200_000):
            raise CommandError("--hours lies between 0 and 168, --orders between 1 and 200,000.")
        return Day(
            orders=self.orders, start=start if start.tzinfo else start.replace(tzinfo=ZoneInfo(ZONE)), hours=self.hours, seed=self.seed,
            consumers=self.consumers or max(60, self.orders // 3), couriers=self.couriers or max(20, self.orders // 16),
            rides=self.rides, drivers=max(6, self.rides // 10) if self.rides else 0,
            outings=outings, policy=tuple(_changes(self.changes)),
        )  # fmt: skip


def _changes(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names and values of `NAME=VALUE`, each in the bounds of policy."""
    for word in words:
        name, _, text = word.partition("=")
        if name not in NUMBERS:
            raise CommandError(f"There is no policy number {name!r}.")
        try:
            NUMBERS[name].parse(text)
        except Problem as problem:
            raise CommandError(str(problem)) from None
        yield name, text


def run(asked: Asked, *, here: bool) -> int:
    """0 when everything could be explained, 1 when not."""
    day = asked.day()
    if not here:
        return _elsewhere(sys.argv[1:])
    console = Console()
    logging.disable(logging.ERROR)  # refusals are the people's business here; what is wrong is in the figures
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("preparing the database")
        if not asked.prepared:
            prepare(day)
        outcome = simulate(day, progress=lambda text, _share: bar.update(task, description=text))
    _show(console, outcome)
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(outcome.to_json(), ensure_ascii=False, indent=1) + "\n", "utf8")
    return 1 if outcome.unexplained else 0


def _elsewhere(words: list[str]) -> int:
    """The same command in a process of its own with a fresh home below ours."""
    home = Path(settings.HOME) / "sim"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    environment = {**os.environ, "LINLI_HOME": str(home), "LINLI_DATABASE_URL": "sqlite:", "LINLI_DEMO": "1", "LINLI_REDIS_URL": ""}
    return subprocess.run([sys.executable, "-m", "linli", *words, "--here"], env=environment, check=False).returncode


def prepare(day: Day) -> None:
    """The tables and the demo city with the people of `day`, in a database that holds no city yet. Nothing in it depends on the seed."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # nobody looks at pictures here, but the pages expect the folder
    call_command("migrate", verbosity=0, interactive=False)
    if cities.cities():
        raise CommandError("This database holds a city already; a simulation needs one without.")
    demo.load(at=day.start, consumers=day.consumers, couriers=day.couriers, drivers=day.drivers)


def _show(console: Console, outcome: Outcome) -> None:
    table = Table("figure", "value", title="A day of the city")
    for name, value in outcome.figures.items():
        if isinstance(value, dict):
            table.add_row(name.replace("_", " "), "\n".join(f"{key}: {number}" for key, number in value.items()))
        else:
            table.add_row(name.replace("_", " "), f"{value:,}" if isinstance(value, int) else str(value))
    table.add_row("unexplained", str(len(outcome.unexplained)), style="red" if outcome.unexplained else "green")
    console.print(table)
    for sentence in outcome.unexplained[:40]:
        console.print(sentence, style="red", markup=False, soft_wrap=True)
