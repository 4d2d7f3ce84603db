"""What happened, as frozen dataclasses with a name of their own, written down and read back without loss."""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Self

_REGISTRY: dict[str, type[Event]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events; a subclass says its name: `class OrderPlaced(Event): NAME = "orders.placed"`.

    Fields are int, str, bool, None, datetime, JSON dicts, and tuples of these.
    """

    NAME: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.NAME or cls.NAME in _REGISTRY:
            raise ValueError(f"{cls.__qualname__} needs a NAME of its own, not {cls.NAME!r}")
        _REGISTRY[cls.NAME] = cls

    def to_json(self) -> dict[str, Any]:
        """A JSON object; moments become ISO 8601 text."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The event that `to_json` wrote; keys that this version does not know are ignored."""
        kinds = _hints(cls)
        return cls(**{key: value if (kind := kinds[key]) in _PLAIN else _typed(kind, value) for key, value in data.items() if key in kinds})


def kind(name: str) -> type[Event]:
    """The class of the events called `name`. Raises KeyError for a name that nobody defined."""
    return _REGISTRY[name]


_PLAIN = (int, str, bool, float)  # what JSON gives back as it was
_HINTS: dict[str, dict[str, Any]] = {}


def _hints(cls: type[Event]) -> dict[str, Any]:
    if cls.NAME not in _HINTS:
        hints = typing.get_type_hints(cls)
        _HINTS[cls.NAME] = {f.name: hints[f.name] for f in fields(cls)}
    return _HINTS[cls.NAME]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = next(option for option in typing.get_args(hint) if option is not type(None))
    if hint is datetime:
        return datetime.fromisoformat(value)
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_typed(inner, item) for item in value)
    return value
