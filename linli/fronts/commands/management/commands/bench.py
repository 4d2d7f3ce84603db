"""`linli bench NAME --data PATH`: measure one thing on data given by path, beside its reference."""

from __future__ import annotations

import argparse
import importlib.util
import json
import platform
import sys
from pathlib import Path
from types import ModuleType
from typing import IO, Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

import linli

FOLDER = Path(settings.BASE_DIR).parent / "bench"


class Command(BaseCommand):
    """Runs `bench/NAME.py`, prints its figures beside their references, and writes them as JSON where asked."""

    help = "Measure one thing: " + ", ".join(sorted(path.stem.replace("_", "-") for path in FOLDER.glob("[a-z]*.py")))
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--data", type=Path, help="the folder to read; nothing else is read")
        parser.add_argument("--json", type=Path, help="where to write figures and rows")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--limit", type=float, help="seconds an instance, where the bench has a limit")

    def run_from_argv(self, argv: list[str]) -> None:
        """Take the bench's own options out of the words, then do as any command does."""
        self.own: dict[str, Any] = {}
        module = _bench(argv[2]) if len(argv) > 2 and not argv[2].startswith("-") else None
        if module is not None and hasattr(module, "add_arguments"):
            parser = argparse.ArgumentParser(prog=f"linli bench {argv[2]}", add_help=False, allow_abbrev=False)
            module.add_arguments(parser)
            own, rest = parser.parse_known_args(argv[3:])
            self.own, argv = vars(own), [*argv[:3], *rest]
        super().run_from_argv(argv)

    def handle(self, *args: Any, **options: Any) -> None:
        module = _bench(options["name"])
        if module is None:
            raise CommandError(f"There is no bench called {options['name']!r}.")
        if options["data"] is None and not getattr(module, "MADE", False):
            raise CommandError(f"The bench {options['name']!r} reads data: say where with --data.")
        if options["data"] is not None and not options["data"].exists():
            raise CommandError(f"There is nothing at {options['data']}.")
        report = module.run(options["data"], seed=options["seed"], limit=options["limit"], **getattr(self, "own", {}))
        self._print(options["name"], report)
        if options["json"]:
            kept = {
                "bench": options["name"], "version": linli.__version__,
                "data": options["data"].name if options["data"] else "made", "seed": options["seed"],
                "machine": f"{platform.machine()} {platform.python_implementation()} {platform.python_version()}",
                "figures": report["figures"], "rows": report["rows"],
            }  # fmt: skip
            options["json"].parent.mkdir(parents=True, exist_ok=True)
            options["json"].write_text(json.dumps(kept, indent=1))

    def _print(self, name: str, report: dict[str, Any]) -> None:
        table = Table("figure", "measured", "reference", title=f"{name}: {len(report['rows'])} instances")
        for figure, value in report["figures"].items():
            reference = report.get("reference", {}).get(figure, "")
            table.add_row(figure, f"{value:,.4g}" if isinstance(value, float) else str(value), str(reference))
        Console(file=cast(IO[str], self.stdout), width=100).print(table)


def _bench(name: str) -> ModuleType | None:
    """The bench called `name` (a dash in it is an underscore in its file), or None."""
    path = FOLDER / f"{name.replace('-', '_')}.py"
    if not path.is_file() or path.parent != FOLDER:
        return None
    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
