"""What the catalogue of parts shows: each part with the states it has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a timeline."""

    title: Any
    at: datetime | None
    state: str
    note: Any = ""


AT = datetime(2026, 5, 1, 4, 20, tzinfo=UTC)
STEPS = (
    Step(_("Paid"), AT, "done"),
    Step(_("The kitchen has accepted"), AT + timedelta(minutes=1), "done"),
    Step(_("Cooking"), AT + timedelta(minutes=2), "now", _("ready at about 12:35")),
    Step(_("On the way to you"), None, "next"),
)
POINTS: dict[str, Any] = {
    "marks": [
        {"id": "store", "kind": "store", "lat": 39.9087, "lng": 116.4105, "label": "四季民福"},
        {"id": "courier", "kind": "courier", "lat": 39.9133, "lng": 116.4172, "label": "小李"},
        {"id": "home", "kind": "home", "lat": 39.9244, "lng": 116.4220, "label": "灯市口"},
    ],
    "lines": [[[39.9087, 116.4105], [39.9133, 116.4172], [39.9244, 116.4220]]],
    "fit": True,
}


def cases() -> dict[str, Any]:
    """The context of `/look/`."""
    return {
        "steps": STEPS,
        "points": POINTS,
        "now": AT,
        "later": AT + timedelta(minutes=10),
        "prices": (3850, 1200, 99900, 0, -500),
        "tones": ("", "brand", "good", "warn", "bad", "info", "accent", "line-only"),
        "values": [4, 9, 14, 6, 11, 22, 31, 18, 9, 5],
        "hours": ["9", "10", "11", "12", "13", "14", "15", "16", "17", "18"],
        "scenes": ("bowl", "bag", "message", "pin", "ticket", "lost"),
        "choices": [("a", _("Not spicy")), ("b", _("A little"))],
    }
