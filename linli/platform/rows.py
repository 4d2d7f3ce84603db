"""Instances of models for hand-written SQL: what the ORM makes of a row, without asking every field about its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)


def fresh(model: type[M], **values: Any) -> M:
    """An instance that is not stored yet: `values` by column, defaults for the rest."""
    plain, made = _defaults(model)
    row = _row(model, plain)
    for name, make in made:
        if name not in values:
            row.__dict__[name] = make()
    row.__dict__.update(values)
    return row


def stored(model: type[M], values: Mapping[str, Any]) -> M:
    """An instance as it is stored: `values` of all its columns."""
    row = _row(model, values)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def _row(model: type[M], values: Mapping[str, Any]) -> M:
    row = model.__new__(model)
    row._state = ModelState()
    row.__dict__.update(values)
    return row


@cache
def _defaults(model: type[Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """Values by column, and those that are made anew for each instance."""
    plain: dict[str, Any] = {}
    made: list[tuple[str, Callable[[], Any]]] = []
    for field in model._meta.concrete_fields:
        if callable(field.default):
            made.append((field.attname, field.get_default))
        else:
            plain[field.attname] = field.get_default()
    return plain, made
