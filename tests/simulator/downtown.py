"""A part of the demo's Beijing, small enough to live a day in while a test waits."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from linli.kernel.geo import Point, metres
from linli.simulator import demo
from linli.simulator.headless import Day, Outcome, simulate

CENTRE = Point(39.9087, 116.3975)
REACH_M = 3_000
MOST = {"restaurant": 10_000, "hotel": 12, "sight": 6}
PARTS = (("stores", "ref"), ("rings", "store"), ("options", "store"), ("menu", "store"), ("rooms", "store"), ("plans", "store"))


def cut_out(folder: Path, kinds: Collection[str]) -> Path:
    """What lies within three kilometres of the centre, of these kinds, as a folder to load."""
    (folder / "city.csv").write_bytes((demo.DATA / "city.csv").read_bytes())
    near = [row for row in _rows("stores") if metres(_point(row), CENTRE) < REACH_M]
    kept = {row["ref"] for kind in kinds for row in [row for row in near if row["kind"] == kind][: MOST[kind]]}
    for name, column in PARTS:
        if rows := [row for row in _rows(name) if row[column] in kept]:
            _write(folder, name, rows)
    _write(folder, "landmarks", [row for row in _rows("landmarks") if row["kind"] == "metro" and metres(_point(row), CENTRE) < REACH_M])
    return folder


def _rows(name: str) -> list[dict[str, str]]:
    with gzip.open(demo.DATA / f"{name}.csv.gz", "rt", encoding="utf8", newline="") as file:
        return list(csv.DictReader(file))


def _point(row: dict[str, str]) -> Point:
    return Point(float(row["lat"]), float(row["lng"]))


def _write(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def live(folder: Path, day: Day) -> Outcome:
    """The day in a city of its own, of which nothing stays. No transaction is around it: dead rows of one that is open are not cleaned."""
    call_command("flush", interactive=False, verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")  # tens of thousands of small commits, none of which has to outlive the test
    demo.load(at=day.start - timedelta(hours=1), consumers=day.consumers, couriers=day.couriers, folder=folder)
    return simulate(day)
