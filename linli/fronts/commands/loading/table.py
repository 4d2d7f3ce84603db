"""CSV files with a header, plain or gzipped, read row by row with typed cells."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from linli.fronts.commands.loading.report import Report
from linli.kernel.errors import N_, Invalid
from linli.kernel.money import parse as parse_money

T = TypeVar("T")
_YES, _NO = {"1", "yes", "true", "y", "是"}, {"0", "no", "false", "n", "否", ""}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table; every getter raises Invalid with `field` set when the cell cannot be used."""

    file: str
    line: int
    cells: dict[str, str]

    def text(self, name: str, *, longest: int, needed: bool = False) -> str:
        """The cell with spaces trimmed, at most `longest` characters."""
        value = (self.cells.get(name) or "").strip()
        if needed and not value:
            raise Invalid("load.empty", N_("it must not be empty"), field=name)
        if len(value) > longest:
            raise Invalid("load.long", N_("it has more than %(longest)s characters"), longest=longest, field=name)
        return value

    def number(self, name: str, low: float, high: float) -> float:
        """A number within bounds; needed."""
        value = self._read(name, float, N_("“%(value)s” is not a number"))
        if not low <= value <= high:
            raise Invalid("load.range", N_("%(value)s is not between %(low)s and %(high)s"), value=value, low=low, high=high, field=name)
        return value

    def whole(self, name: str, low: int, high: int, default: int | None) -> int | None:
        """A whole number within bounds; `default` for an empty cell."""
        if not self.text(name, longest=20):
            return default
        value = self._read(name, int, N_("“%(value)s” is not a whole number"))
        if not low <= value <= high:
            raise Invalid("load.range", N_("%(value)s is not between %(low)s and %(high)s"), value=value, low=low, high=high, field=name)
        return value

    def money(self, name: str, currency: str, default: int | None = None) -> int:
        """Minor units, zero or more. A cell without default is needed."""
        text = self.text(name, longest=20)
        if not text and default is not None:
            return default
        try:
            amount = parse_money(text, currency)
        except Invalid as error:
            raise Invalid(error.code, error.message, **{**error.params, "field": name}) from None
        if amount < 0:
            raise Invalid("load.negative", N_("an amount cannot be below zero"), field=name)
        return amount

    def flag(self, name: str) -> bool:
        """Yes or no; empty is no."""
        value = (self.cells.get(name) or "").strip().lower()
        if value not in _YES | _NO:
            raise Invalid("load.flag", N_("“%(value)s” is neither yes nor no"), value=value[:20], field=name)
        return value in _YES

    def list(self, name: str) -> tuple[str, ...]:
        """The parts of a cell that are separated by `|`."""
        return tuple(part.strip() for part in (self.cells.get(name) or "").split("|") if part.strip())

    def json(self, name: str) -> dict[str, Any]:
        """A JSON object; empty is an empty one."""
        try:
            value = json.loads(self.cells.get(name) or "{}")
        except ValueError:
            value = None
        if not isinstance(value, dict):
            raise Invalid("load.json", N_("it is not a JSON object"), field=name)
        return value

    def _read(self, name: str, kind: Callable[[str], T], message: str) -> T:
        text = self.text(name, longest=30, needed=True)
        try:
            return kind(text)
        except ValueError:
            raise Invalid("load.number", message, value=text, field=name) from None


def rows(folder: Path, name: str, *, needed: Iterable[str], known: Iterable[str], report: Report) -> Iterator[Row]:
    """The rows of `name`.csv or `name`.csv.gz in `folder`; none when there is no such file.

    A file that cannot be read or lacks a needed column is written into `report` as line 1.
    """
    path = next((folder / f"{name}{suffix}" for suffix in (".csv", ".csv.gz") if (folder / f"{name}{suffix}").is_file()), None)
    if path is None:
        return
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        reader = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), restkey="", strict=True)
        header = [column.strip() for column in reader.fieldnames or []]
    except UnicodeDecodeError as error:
        report.reject(path.name, raw[: error.start].count(b"\n") + 1, "the file is not UTF-8; save it as UTF-8 and load it again")
        return
    except (OSError, EOFError, csv.Error) as error:
        report.reject(path.name, 1, f"the file cannot be read: {error}")
        return
    if missing := [column for column in needed if column not in header]:
        report.reject(path.name, 1, f"the file lacks the columns: {', '.join(missing)}")
        return
    reader.fieldnames = header
    for column in sorted(set(header) - set(known)):
        report.reject(path.name, 1, "no such column is known; it is passed over", column)
    yield from _body(reader, path.name, report)


def _body(reader: csv.DictReader[str], file: str, report: Report) -> Iterator[Row]:
    iterator = iter(reader)
    while True:
        try:
            cells = next(iterator)
        except StopIteration:
            return
        except csv.Error as error:
            report.reject(file, reader.line_num, f"the line cannot be read: {error}")
            continue
        if "" in cells:
            report.reject(file, reader.line_num, "it has more cells than the header")
        elif None in cells.values():
            report.reject(file, reader.line_num, "it has fewer cells than the header")
        elif any(cells.values()):
            yield Row(file, reader.line_num, cells)


def checked(rows: Iterable[Row], read: Callable[[Row], T], report: Report) -> Iterator[tuple[Row, T]]:
    """Each row with what `read` makes of it; rows that it refuses (Invalid) go into `report`."""
    for row in rows:
        try:
            yield row, read(row)
        except Invalid as error:
            report.reject(row.file, row.line, str(error), str(error.params.get("field", "")))
