"""`linli translate`: compile the translations; with `--extract` collect new texts first, with `--check` say what is missing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from linli.fronts.commands import catalogs


class Command(BaseCommand):
    help = "Compile the translations (.po to .mo) of every package."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail if a text is not translated, fuzzy, or has other placeholders")
        parser.add_argument("--extract", action="store_true", help="add new texts to the packages' .po files and drop old ones")
        parser.add_argument(
            "--only", default="", help="with --extract: the end of one package's path, such as web/operator (linli: the project's own)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["extract"]:
            self.stdout.write(f"{catalogs.extract_all(options['only'])} texts wait for a translation.")
        written = catalogs.compile_all()
        if options["check"]:
            wrong = catalogs.faults()
            for line in wrong:
                self.stderr.write(line)
            if wrong:
                raise CommandError(f"{len(wrong)} faults in the translations.")
            self.stdout.write("Every text is translated.")
        elif not options["extract"]:
            self.stdout.write(f"{written} catalogues compiled.")
