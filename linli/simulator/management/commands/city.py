"""`linli city …`: load a city, convert public data, keep the demo city alive, simulate a day."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from linli.fronts.commands.loading import Report, load_folder
from linli.kernel.errors import Problem
from linli.platform import clock

_SHOWN_BAD_ROWS = 40
_SHARE = "how many for each meal want dine_in, table, appointment, stay or passes, besides (may be repeated)"


class Command(BaseCommand):
    help = "Load a city from a folder of CSV files, keep the demo city alive, or simulate a day of it."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("load", help="load stores and menus from a folder (docs/loading.md), or the demo city")
        load.add_argument("folder", nargs="?", type=Path, help="a folder with stores.csv, menu.csv …")
        load.add_argument("--demo", action="store_true", help="load the Beijing that comes with Linli, with people, coupons and couriers")
        load.add_argument("--city", default="", help="the city's slug, when the folder has no city.csv")
        load.add_argument("--json", type=Path, help="write the report to this file too")
        day = verbs.add_parser("simulate", help="run a day of the demo city without waiting, in a database of its own")
        day.add_argument("--hours", type=float, default=24.0)
        day.add_argument("--speed", choices=["max"], default="max", help="as fast as the machine goes")
        day.add_argument("--orders", type=int, default=5_000, help="how many meals people want in these hours (default 5,000)")
        day.add_argument("--seed", type=int, default=1)
        day.add_argument("--start", default="2026-03-02T06:00", help="local time in Beijing (default %(default)s, a Monday)")
        day.add_argument("--consumers", type=int, default=0, help="default: one for three orders, at least 60")
        day.add_argument("--couriers", type=int, default=0, help="default: one for sixteen orders, at least 20")
        day.add_argument("--rides", type=int, default=0, help="how many rides people want in these hours, besides (default none)")
        day.add_argument("--share", dest="shares", action="append", default=[], metavar="MODE=SHARE", help=_SHARE)
        day.add_argument("--only-meals", action="store_true", help="nobody wants anything but meals (and rides)")
        day.add_argument("--here", action="store_true", help="in the database of LINLI_DATABASE_URL, which must hold no city yet")
        day.add_argument("--json", type=Path, help="write the figures to this file too")
        day.add_argument("--set", dest="changes", action="append", default=[], metavar="NAME=VALUE", help="a policy number of this day")
        day.add_argument("--prepared", action="store_true", help="the database holds the demo city of this day already, and nothing else")
        live = verbs.add_parser("run", help="keep the demo city alive (linli up starts this)")
        live.add_argument("--speed", type=float, default=20.0, help="shown seconds for each real one (default 20)")
        live.add_argument("--orders", type=int, default=0, help="meals wanted a day (default 420)")
        live.add_argument("--seed", type=int, default=1)
        live.add_argument("--share", dest="shares", action="append", default=[], metavar="MODE=SHARE", help=_SHARE)
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

    def _simulate(self, *, here: bool, **asked: Any) -> None:
        from linli.simulator import simulation

        asked |= {name: tuple(asked[name]) for name in ("changes", "shares")}
        code = simulation.run(simulation.Asked(**{name: asked[name] for name in simulation.Asked.__slots__}), here=here)
        if code:
            raise SystemExit(code)

    def _run(self, *, speed: float, orders: int, seed: int, shares: list[str], **_: Any) -> None:
        from linli.simulator import live
        from linli.simulator.world.outings import LIVELY, outings_of

        if not settings.DEMO:
            raise CommandError("Only a demo city (LINLI_DEMO=1) is kept alive by simulated people.")
        if not 0 < speed <= 600:
            raise CommandError("--speed lies between 0 and 600.")
        try:
            outings = outings_of(shares, LIVELY)
        except Problem as problem:
            raise CommandError(str(problem)) from None
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        live.LiveCity(live.Pace(speed, seed, orders or live.ORDERS_A_DAY, outings=outings), stop, settings.BASE_URL).run()

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
