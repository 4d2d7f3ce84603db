"""The walls of the house: models are private to their app, and an app is entered by its doors only."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import grimp
import pytest

import linli

ROOT = Path(linli.__file__).parent
ROOMS = sorted(path.name for path in (ROOT / "apps").iterdir() if (path / "__init__.py").exists())
DOORS = {"operations", "queries", "events"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("linli", include_external_packages=True, cache_dir=None)


def room_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[2] if module.startswith("linli.apps.") and len(parts) > 2 else None


def test_a_room_is_entered_by_its_doors_only(graph: grimp.ImportGraph) -> None:
    through_the_wall = []
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            room, parts = room_of(imported), imported.split(".")
            if room is None or room_of(module) == room:
                continue
            if len(parts) < 4 or parts[3] not in DOORS:
                through_the_wall.append(f"{module} -> {imported}")
    assert through_the_wall == []


def test_models_are_private_to_their_app(graph: grimp.ImportGraph) -> None:
    intruders = [
        f"{importer} -> {module}"
        for module in graph.modules
        if room_of(module) and "models" in module.split(".")
        for importer in graph.find_modules_that_directly_import(module)
        if room_of(importer) != room_of(module)
    ]
    assert intruders == []


@pytest.mark.parametrize("layer", ["kernel", "engines", "policy"])
def test_the_pure_layers_know_no_framework(graph: grimp.ImportGraph, layer: str) -> None:
    foreign = {"django", "ninja", "psycopg", "redis", "httpx"}
    reached = {m for m in graph.find_upstream_modules(f"linli.{layer}", as_package=True) if m.split(".")[0] in foreign}
    assert reached == set()


def test_foreign_keys_point_down_by_string_and_leave_no_name_behind() -> None:
    from django.apps import apps
    from django.db import models

    bad = []
    for model in apps.get_models():
        if not model.__module__.startswith("linli.apps."):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model._meta.app_label != model._meta.app_label:
                if field.remote_field.related_name != "+":
                    bad.append(f"{model.__name__}.{field.name} leaves a name in {field.related_model.__name__}")
    assert bad == []


def sources() -> list[Path]:
    return [path for path in ROOT.rglob("*.py") if "migrations" not in path.parts]


CLOCK_READERS = {"fronts", "platform", "simulator"}


def test_time_is_passed_in_below_the_doors() -> None:
    readers = []
    for path in sources():
        top = path.relative_to(ROOT).parts[0]
        if top in CLOCK_READERS or (path.name in {"time.py"} and top == "kernel"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}:
                if isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date", "timezone", "clock"}:
                    readers.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert readers == []


def test_operations_take_only_keywords() -> None:
    positional = []
    for room in ROOMS:
        try:
            doors = importlib.import_module(f"linli.apps.{room}.operations")
        except ModuleNotFoundError:
            continue
        for name, function in inspect.getmembers(doors, inspect.isfunction):
            ours = function.__module__.startswith(f"linli.apps.{room}.operations")
            kinds = {parameter.kind for parameter in inspect.signature(function).parameters.values()}
            if ours and not name.startswith("_") and kinds - {inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_KEYWORD}:
                positional.append(f"{room}.{name}")
    assert positional == []


def test_nobody_uses_signals(graph: grimp.ImportGraph) -> None:
    users = [path for path in sources() if "django.dispatch" in path.read_text() or "django.db.models.signals" in path.read_text()]
    assert users == []
