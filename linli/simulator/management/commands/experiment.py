"""`linli experiment`: the same simulated days under two policies, and what can be said of the difference."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from linli.simulator.experiment import CONFIDENCE, Difference, Plan, make_city, paired, run
from linli.simulator.headless import Day
from linli.simulator.simulation import Asked, prepare


def day_arguments(parser: CommandParser) -> None:
    """What a simulated day is like that policies are compared on."""
    parser.add_argument("--orders", type=int, default=300, help="meals wanted in these hours (default 300)")
    parser.add_argument("--hours", type=float, default=3.0)
    parser.add_argument("--start", default="2026-03-02T10:30", help="local time in Beijing (default %(default)s, a Monday)")
    parser.add_argument("--couriers", type=int, default=0, help="default: one for two orders an hour, at least 20")


def day_asked(options: Mapping[str, Any], *policies: Sequence[str]) -> tuple[tuple[str, ...], Day]:
    """The words for `linli city simulate`, and the day. Raises CommandError for a day or a policy that cannot be, before anything runs."""
    asked = {name: options[name] for name in ("hours", "orders", "start")}
    asked["couriers"] = options["couriers"] or max(20, round(options["orders"] / options["hours"] / 2))
    for changes in policies:
        day = Asked(**asked, seed=1, consumers=0, rides=0, json=None, speed="max", changes=tuple(changes)).day()
    return (*(f"--{name}={value}" for name, value in asked.items()), f"--consumers={day.consumers}", "--only-meals"), day


class Command(BaseCommand):
    help = "Run the same simulated days under two policies and say what differs, with a confidence interval."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--a", action="append", default=[], metavar="NAME=VALUE", help="a policy number of policy A (may be repeated)")
        parser.add_argument("--b", action="append", default=[], metavar="NAME=VALUE", help="a policy number of policy B (may be repeated)")
        parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="one pair of days for each (default 1 2 3)")
        day_arguments(parser)
        parser.add_argument("--json", type=Path, help="write days and differences to this file too")
        parser.add_argument("--prepare", nargs=3, metavar=("CONSUMERS", "COURIERS", "START"), help="only make the city, here")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["prepare"]:
            consumers, couriers, start = options["prepare"]
            prepare(Day(1, datetime.fromisoformat(start), 1.0, 0, int(consumers), int(couriers)))
            return
        if len(set(options["seeds"])) < len(options["seeds"]):
            raise CommandError("Each seed counts once: the same day twice tells nothing new.")
        days = self._days(options)
        told = paired(days["a"], days["b"])
        _show(told, options["a"], options["b"], len(options["seeds"]))
        if options["json"]:
            options["json"].parent.mkdir(parents=True, exist_ok=True)
            kept = {"a": options["a"], "b": options["b"], "days": days, "differences": [_row(one) for one in told]}
            options["json"].write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf8")

    def _days(self, options: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        words, day = day_asked(options, options["a"], options["b"])
        plan = Plan(words, tuple(options["seeds"]), {"a": tuple(options["a"]), "b": tuple(options["b"])})
        home = Path(settings.HOME) / "experiment"
        self.stdout.write("making the city")
        make_city(day, home)
        return run(plan, home, tell=self.stdout.write)


def _row(one: Difference) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("figure", "a", "b", "difference", "half", "sure")}


def _show(told: list[Difference], a: list[str], b: list[str], days: int) -> None:
    title = f"A: {', '.join(a) or 'as it is'}   B: {', '.join(b) or 'as it is'}   ({days} paired days)"
    table = Table("figure", "A", "B", "B - A", f"{CONFIDENCE:.0%} interval", title=title)
    for one in told:
        half = one.half
        interval = "one day tells nothing of it" if half is None else f"{one.difference - half:+.3f} to {one.difference + half:+.3f}"
        table.add_row(one.words, f"{one.a:.3f}", f"{one.b:.3f}", f"{one.difference:+.3f}{'*' if one.sure else ''}", interval)
    Console(width=130).print(table)
