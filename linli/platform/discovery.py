"""Finds what the installed apps bring along for the plumbing: reactions, tasks and invariants, once, at first use."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.apps import apps


@cache
def modules(name: str) -> tuple[ModuleType, ...]:
    """The module called `name` of every installed app that has one, in the order of INSTALLED_APPS."""
    names = [f"{config.name}.{name}" for config in apps.get_app_configs()]
    return tuple(import_module(full) for full in names if find_spec(full))


@cache
def load_tasks() -> None:
    """Import everything that registers tasks or rules; after this the registries are complete."""
    for name in ("tasks", "reactions", "invariants"):
        modules(name)
