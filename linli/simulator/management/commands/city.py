"""`linli city …`: load a city, convert public data, keep the demo city alive, simulate a day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from linli.fronts.commands.loading import Report, load_folder
from linli.platform import clock

_SHOWN_BAD_ROWS = 40


class Command(BaseCommand):
    help = "Load a city from a folder of CSV files, keep the demo city alive, or simulate a day of it."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("load", help="load stores and menus from a folder (docs/loading.md), or the demo city")
        load.add_argument("folder", nargs="?", type=Path, help="a folder with stores.csv, menu.csv …")
        load.add_argument("--demo", action="store_true", help="load the Beijing that comes with Linli, with people, coupons and couriers")
        load.add_argument("--city", default="", help="the city's slug, when the folder has no city.csv")
        load.add_argument("--json", type=Path, help="write the report to this file too")
        turn = verbs.add_parser("convert", help="make the demo's CSV folder from the public data about Beijing")
        turn.add_argument("source", type=Path)
        turn.add_argument("target", type=Path)

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        getattr(self, f"_{verb}")(**options)

    def _load(self, *, folder: Path | None, demo: bool, city: str, json: Path | None, **_: Any) -> None:
        if demo == (folder is not None):
            raise CommandError("Name a folder, or say --demo for the Beijing that comes with Linli.")
        if demo:
            from linli.simulator import demo as show  # the simulator's parts are only loaded where they are asked for

            report = show.load(at=clock.now())
        else:
            report = load_folder(folder=folder or Path(), city_slug=city, at=clock.now())
        _print(report, json)
        if report.bad:
            raise CommandError(f"{len(report.bad)} row(s) were left out; all others were loaded.", returncode=2)

    def _convert(self, *, source: Path, target: Path, **_: Any) -> None:
        from linli.simulator.beijing.convert import convert

        for what, count in sorted(convert(source, target).items()):
            self.stdout.write(f"{count:6}  {what}")


def _print(report: Report, target: Path | None) -> None:
    console = Console()
    for what, count in report.loaded.items():
        console.print(f"{count:7,}  {what}")
    for bad in report.bad[:_SHOWN_BAD_ROWS]:
        console.print(str(bad), markup=False, highlight=False, soft_wrap=True, style="red")
    if len(report.bad) > _SHOWN_BAD_ROWS:
        console.print(f"… and {len(report.bad) - _SHOWN_BAD_ROWS} more; --json FILE writes all of them.")
    for note in report.notes[:_SHOWN_BAD_ROWS]:
        console.print(f"note: {note}", markup=False, highlight=False, soft_wrap=True)
    if target:
        target.write_text(json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n", "utf8")
