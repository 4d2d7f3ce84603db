"""What must be in place before the processes start: database, translations, static files, and in a demo its city. Skips what is."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from linli.apps.city import queries as city
from linli.fronts.commands import catalogs


class Step(Protocol):
    """`title` is said while it runs; `run` returns what it has done, as a short phrase."""

    @property
    def title(self) -> str: ...

    def run(self) -> str: ...


@dataclass(frozen=True)
class Database:
    """Every table as this version wants it."""

    title: str = "Preparing the database"

    def run(self) -> str:
        """Run the migrations that are left."""
        executor = MigrationExecutor(connection)
        left = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if left:
            call_command("migrate", verbosity=0, interactive=False)
        return f"{left} migrations" if left else "up to date"


@dataclass(frozen=True)
class Translations:
    """Compiled catalogues beside their sources."""

    title: str = "Compiling the translations"

    def run(self) -> str:
        """Compile those whose source is newer."""
        written = catalogs.compile_all()
        return f"{written} catalogues" if written else "up to date"


@dataclass(frozen=True)
class StaticFiles:
    """Style, script and pictures in one folder, compressed, under names that change with their content."""

    title: str = "Collecting style, script and pictures"

    def run(self) -> str:
        """Collect them again if a source has changed."""
        stamp, mark = Path(settings.HOME, "static.stamp"), self._fingerprint()
        if stamp.exists() and stamp.read_text() == mark and Path(settings.STATIC_ROOT).is_dir():
            return "up to date"
        call_command("collectstatic", verbosity=0, interactive=False, clear=True, stdout=io.StringIO())
        stamp.write_text(mark)
        return "collected"

    def _fingerprint(self) -> str:
        return hashlib.sha256("\n".join(sorted(self._sources())).encode()).hexdigest()

    def _sources(self) -> Iterator[str]:
        yield f"{settings.STORAGES['staticfiles']['BACKEND']}"
        for finder in get_finders():
            for path, storage in finder.list([]):
                yield f"{path} {storage.size(path)} {storage.get_modified_time(path).timestamp()}"


@dataclass(frozen=True)
class DemoCity:
    """Streets, stores and menus to look at."""

    title: str = "Loading the demo city (the first time takes a while)"

    def run(self) -> str:
        """Load it unless there is a city."""
        known = city.cities()
        if known:
            return f"{known[0].name} is here"
        call_command("city", "load", "--demo")
        return "loaded"


def steps() -> list[Step]:
    """What has to be done, in order."""
    wanted: list[Step] = [Database(), Translations(), StaticFiles()]
    if settings.DEMO and has_city_command():
        wanted.append(DemoCity())
    return wanted


def has_city_command() -> bool:
    """Whether this installation brings the command that loads and simulates cities."""
    return apps.ready and "city" in get_commands()
