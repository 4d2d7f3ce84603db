"""Reading from several rooms with one statement: each room writes its own part, as one JSON value, and they travel together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.db import connections
from psycopg.types.numeric import Int8
from pydantic_core import from_json

from linli.platform import sql

T = TypeVar("T")

VENDOR = "sqlite" if connections.settings["default"]["ENGINE"].endswith("sqlite3") else "postgresql"  # asking a connection costs more
_WRITER = json.JSONEncoder(ensure_ascii=False)  # spaced as Django does it, whose filters on SQLite compare texts
# What the writer makes anew for each value it is given, made once.
_pieces: Any = json.encoder.c_make_encoder and json.encoder.c_make_encoder(  # type: ignore[attr-defined]
    None,
    _WRITER.default,
    json.encoder.encode_basestring,
    None,
    _WRITER.key_separator,
    _WRITER.item_separator,
    False,
    False,
    True,
)


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of a statement with its parameters, such as the number of a city that only the database knows yet."""

    text: str
    params: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """A SELECT of one JSON value, and what makes of that value (None when there is no row) what was asked for.

    `{list}` and `{all}` in the text are the database's functions for a JSON array of values and of rows; `{json}(…)` makes SQLite, to
    which JSON is a text, put what is JSON already into another one as what it is.
    """

    sql: str
    params: tuple[Any, ...]
    make: Callable[[Any], T]


def number(value: int | Sql) -> Sql:
    """`value` as a piece of a statement."""
    return value if isinstance(value, Sql) else Sql("%s", (value,))


def marks(count: int) -> str:
    """Places for `count` values of an IN; at least one, so that none gives an empty answer and not an error."""
    return ", ".join(["%s"] * count) or "NULL"


def moment(at: datetime) -> Any:
    """`at` as the database's driver wants it: SQLite keeps UTC as text, without saying so."""
    return _utc(at) if VENDOR == "sqlite" else at


@lru_cache(maxsize=1024)
def _utc(at: datetime) -> str:
    return str(at.astimezone(UTC).replace(tzinfo=None))


def dumps(value: Any) -> str:
    """`value` as the text of a JSON column."""
    return "".join(_pieces(value, 0)) if _pieces else _WRITER.encode(value)


def when(text: str | None) -> datetime | None:
    """A moment as it comes out of JSON; SQLite keeps UTC without saying so."""
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def known(text: str) -> datetime:
    """`when` for what is never empty."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def inner(value: Any) -> Any:
    """A JSON column as it comes out of JSON; to SQLite it is a text."""
    return from_json(value) if isinstance(value, str) else value


_WORDS = {
    "sqlite": {"{list}": "json_array", "{all}": "json_group_array", "{json}": "json", "{lock}": ""},
    "postgresql": {"{list}": "json_build_array", "{all}": "json_agg", "{json}": "", "{lock}": "FOR UPDATE"},
}
_texts: dict[tuple[str, ...], str] = {}


def _text(vendor: str, parts: Sequence[str]) -> str:
    key = (vendor, *parts)
    if key not in _texts:
        whole = "SELECT " + ", ".join(f"CAST(({part}) AS text)" for part in parts)
        for word, meaning in _WORDS[vendor].items():
            whole = whole.replace(word, meaning)
        if len(_texts) > 2_000:
            _texts.clear()
        _texts[key] = whole
    return _texts[key]


def sized(params: Iterable[Any]) -> list[Any]:
    """`params` as the driver wants them: to PostgreSQL a number is as large as the largest, whatever it is worth just now, or else every
    mix of small and large ones would be a statement of its own, to be planned anew."""
    if VENDOR != "postgresql":
        return list(params)
    return [Int8(value) if type(value) is int else value for value in params]


def together(reads: Sequence[Read[Any]]) -> list[Any]:
    """What the reads give, in their order. One statement."""
    row = sql.run(_text(VENDOR, [read.sql for read in reads]), sized(value for read in reads for value in read.params)).fetchone()
    return [read.make(from_json(text) if text is not None else None) for read, text in zip(reads, row, strict=True)]


def one(read: Read[T]) -> T:
    """What the read gives. One statement."""
    found: T = together([read])[0]
    return found
