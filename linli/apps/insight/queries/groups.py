"""Groups of people and rules of what goes with what, as the last turn found them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.apps.insight.models import Group, Rule

SHOWN = 40


@dataclass(frozen=True, slots=True)
class GroupView:
    """People who eat alike: how many, the cuisines that set them apart (with how many times as often as everybody), mean facts."""

    number: int
    people: int
    marks: tuple[tuple[str, float], ...]
    facts: Mapping[str, Any]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class RuleView:
    """Who orders at `left` also orders at `right`; `chance` is the p-value."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    support: float
    confidence: float
    lift: float
    chance: float


def groups(*, city_id: int) -> list[GroupView]:
    """The groups of a city, the largest first. One statement."""
    rows = Group.objects.filter(city_id=city_id).order_by("number")
    return [GroupView(row.number, row.people, tuple((n, float(x)) for n, x in row.marks), row.facts, row.made_at) for row in rows]


def rules(*, city_id: int) -> list[RuleView]:
    """The rules of a city, the strongest first. One statement."""
    rows = Rule.objects.filter(city_id=city_id).order_by("-lift", "id")[:SHOWN]
    return [RuleView(tuple(row.left), tuple(row.right), row.support, row.confidence, row.lift, row.chance) for row in rows]
