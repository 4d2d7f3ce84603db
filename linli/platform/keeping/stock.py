"""What is in a database: its migrations, how many rows its tables have, and the sums of what must add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection

MIGRATIONS = "django_migrations"
SUMMED = {"amount", "debits", "credits", "held", "sold", "qty", "total"}  # amounts and pieces

Ask = Callable[[str], Sequence[Sequence[Any]]]
Counts = Mapping[str, Mapping[str, int]]


def ask(text: str) -> Sequence[Sequence[Any]]:
    """The rows of a statement on the platform's own connection."""
    with connection.cursor() as cursor:
        cursor.execute(text)
        return list(cursor.fetchall())


def tables() -> list[str]:
    """Every table but the list of migrations, by name."""
    return sorted(set(connection.introspection.table_names()) - {MIGRATIONS})


def columns(table: str) -> list[str]:
    """The columns of a table, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} LIMIT 0")  # Django's own way trips over rules with commas
        return [column[0] for column in cursor.description]


def counts(ask: Ask = ask) -> dict[str, dict[str, int]]:
    """For each table its number of rows (`rows`) and the sums of the columns in `SUMMED`, as `ask` sees it."""
    found = {}
    for table in tables():
        summed = sorted(SUMMED & set(columns(table)))
        sums = "".join(f', CAST(COALESCE(SUM("{name}"), 0) AS bigint)' for name in summed)
        (row,) = ask(f'SELECT COUNT(*){sums} FROM "{table}"')
        found[table] = dict(zip(["rows", *summed], map(int, row), strict=True))
    return found


def migrations(ask: Ask = ask) -> list[str]:
    """The migrations that were applied, as `app.name`, sorted."""
    return sorted(f"{app}.{name}" for app, name in ask(f"SELECT app, name FROM {MIGRATIONS}"))


def differences(ours: Counts, theirs: Counts) -> list[str]:
    """Where two counts do not agree, a sentence each."""
    return [f"{table}: {theirs.get(table)} in the backup, {ours.get(table)} here"
            for table in sorted({*ours, *theirs}) if ours.get(table) != theirs.get(table)]  # fmt: skip
