"""`linli tune`: the value of a policy number that serves a figure best on some simulated days, checked on others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from linli.policy import NUMBERS
from linli.simulator.experiment import FIGURES, Difference, make_city, tune
from linli.simulator.management.commands.experiment import day_arguments, day_asked


class Command(BaseCommand):
    help = "Try values of a policy number on simulated days, and check the best one on days that had no part in choosing it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="a policy number, such as dispatch.late_weight")
        parser.add_argument("values", nargs="+", help="what to try besides the value in force")
        parser.add_argument("--figure", choices=[name for name, _ in FIGURES], default="minutes_p90", help="what should become better")
        parser.add_argument("--train", type=int, nargs="+", default=[1, 2, 3], help="seeds of the days to choose on (default 1 2 3)")
        parser.add_argument("--check", type=int, nargs="+", default=[11, 12, 13], help="seeds of the days to check on (default 11 12 13)")
        day_arguments(parser)
        parser.add_argument("--json", type=Path, help="write what was found to this file too")

    def handle(self, *args: Any, **options: Any) -> None:
        if set(options["train"]) & set(options["check"]):
            raise CommandError("A day that the value was chosen on cannot check it; give other seeds.")
        if len(options["check"]) < 2:
            raise CommandError("One day says nothing of chance; check on two at least.")
        if options["number"] not in NUMBERS:
            raise CommandError(f"There is no policy number {options['number']}.")
        changes = [f"{options['number']}={value}" for value in options["values"]]
        words, day = day_asked(options, *([change] for change in changes))
        home = Path(settings.HOME) / "experiment"
        self.stdout.write("making the city")
        make_city(day, home)
        found = tune(words, changes, options["figure"], options["train"], options["check"], home, tell=self.stdout.write)
        if found is None:
            self.stdout.write(f"None of {', '.join(changes)} is better than the value in force on the days of training; leave it.")
        else:
            self.stdout.write(f"{found.change}: {_said(found.trained)} where it was chosen, {_said(found.checked)} on other days.")
            self.stdout.write(
                "It is better on days it was not chosen on; take it." if found.taken else "That may be chance; leave the number."
            )
        if options["json"]:
            options["json"].parent.mkdir(parents=True, exist_ok=True)
            kept = found and {"change": found.change, "trained": _row(found.trained), "checked": _row(found.checked), "taken": found.taken}
            options["json"].write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf8")


def _said(one: Difference) -> str:
    return f"{one.words} {one.difference:+.3f}" + (f" (give or take {one.half:.3f})" if one.half is not None else "")


def _row(one: Difference) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("figure", "a", "b", "difference", "half", "sure")}
