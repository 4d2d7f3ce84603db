"""`linli bench NAME --data PATH`: measure one thing on data given by path, beside its reference."""

from __future__ import annotations

import importlib.util
import json
import platform
import sys
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

import linli

FOLDER = Path(settings.BASE_DIR).parent / "bench"


class Command(BaseCommand):
    """Runs `bench/NAME.py`, prints its figures beside their references, and writes them as JSON where asked."""

    help = "Measure one thing: " + ", ".join(sorted(path.stem for path in FOLDER.glob("[a-z]*.py")))
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--data", type=Path, required=True, help="the folder to read; nothing else is read")
        parser.add_argument("--json", type=Path, help="where to write figures and rows")
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--limit", type=float, help="seconds an instance, where the bench has a limit")

    def handle(self, *args: Any, **options: Any) -> None:
        path = FOLDER / f"{options['name']}.py"
        if not path.is_file() or path.parent != FOLDER:
            raise CommandError(f"There is no bench called {options['name']!r}.")
        if not options["data"].exists():
            raise CommandError(f"There is nothing at {options['data']}.")
        spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        report = module.run(options["data"], seed=options["seed"], limit=options["limit"])
        self._print(options["name"], report)
        if options["json"]:
            kept = {
                "bench": options["name"], "version": linli.__version__, "data": options["data"].name, "seed": options["seed"],
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
