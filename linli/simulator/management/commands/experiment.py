"""`linli experiment`: the same simulated days under two policies, and what can be said of the difference."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from string import ascii_uppercase
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
        parser.add_argument(
            "--then", action="append", default=[], metavar="NAME=VALUE,...",
            help="one more policy: the one before with these numbers changed (may be repeated); each is compared with the one before it",
        )  # fmt: skip
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
        arms = _arms(options["a"], options["b"], options["then"])
        days = self._days(options, arms)
        names = list(arms)
        pairs = [*pairwise(names), *([(names[0], names[-1])] if len(names) > 2 else [])]
        told = {(one, other): paired(days[one], days[other]) for one, other in pairs}
        for (one, other), found in told.items():
            _show(found, (one, arms[one]), (other, arms[other]), len(options["seeds"]))
        if options["json"]:
            options["json"].parent.mkdir(parents=True, exist_ok=True)
            differences = [{"from": one, "to": other} | _row(gap) for (one, other), found in told.items() for gap in found]
            kept = {"policies": arms, "days": days, "differences": differences}
            options["json"].write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf8")

    def _days(self, options: dict[str, Any], arms: Mapping[str, tuple[str, ...]]) -> dict[str, list[dict[str, Any]]]:
        words, day = day_asked(options, *arms.values())
        home = Path(settings.HOME) / "experiment"
        self.stdout.write("making the city")
        make_city(day, home)
        return run(Plan(words, tuple(options["seeds"]), arms), home, tell=self.stdout.write)


def _arms(a: Sequence[str], b: Sequence[str], then: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The changes of each policy by its letter: A, B, and what goes on from B step by step."""
    found = [tuple(a), tuple(b)]
    for step in then:
        found.append((*found[-1], *step.split(",")))
    return dict(zip(ascii_uppercase, found, strict=False))


def _row(one: Difference) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("figure", "a", "b", "difference", "half", "sure")}


def _show(told: list[Difference], one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]], days: int) -> None:
    title = "   ".join(f"{name}: {', '.join(changes) or 'as it is'}" for name, changes in (one, other)) + f"   ({days} paired days)"
    table = Table("figure", one[0], other[0], f"{other[0]} - {one[0]}", f"{CONFIDENCE:.0%} interval", title=title)
    for gap in told:
        half = gap.half
        interval = "one day tells nothing of it" if half is None else f"{gap.difference - half:+.3f} to {gap.difference + half:+.3f}"
        table.add_row(gap.words, f"{gap.a:.3f}", f"{gap.b:.3f}", f"{gap.difference:+.3f}{'*' if gap.sure else ''}", interval)
    Console(width=130).print(table)
