"""Weekly opening hours: two openings a day, which may end after midnight."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.http.request import QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from linli.apps.merchants import operations
from linli.fronts.web.merchant.frame import Room, done, page, room, wrong
from linli.kernel.errors import N_, Invalid, Problem
from linli.kernel.time import DAY_MINUTES, Opening

DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
TURNS = 2


@require_http_methods(["GET", "HEAD", "POST"])
@room
def hours(request: Room) -> HttpResponse:
    """The week as a form, and what it saves."""
    if request.method != "POST":
        return page(request, "hours", "hours", days=_shown(request.store.hours.openings))
    try:
        operations.set_hours(store_id=request.store.id, openings=_read(request.POST), actor=request.actor, at=request.at)
    except Problem as problem:
        return page(request, "hours", "hours", days=_kept(request.POST), status=problem.status, **wrong(problem))
    return done(request, "saved", "hours")


def _shown(openings: tuple[Opening, ...]) -> list[dict[str, Any]]:
    """For each day its turns as two texts `HH:MM`; more than two turns get lines of their own."""
    days = []
    for weekday, name in enumerate(DAYS):
        turns = [(_text(opening.opens), _text(opening.closes)) for opening in openings if opening.weekday == weekday]
        turns += [("", "")] * (TURNS - len(turns))
        days.append({"number": weekday, "name": name, "turns": turns})
    return days


def _text(minute: int) -> str:
    """A minute of the day as people write it; the next day's times begin at 00:00 again, its midnight is 24:00."""
    if minute == DAY_MINUTES:
        return "24:00"
    return f"{minute % DAY_MINUTES // 60:02d}:{minute % 60:02d}"


def _pairs(post: QueryDict, weekday: int) -> list[tuple[str, str]]:
    return list(zip(post.getlist(f"opens_{weekday}")[:6], post.getlist(f"closes_{weekday}")[:6], strict=False))


def _kept(post: QueryDict) -> list[dict[str, Any]]:
    return [{"number": weekday, "name": name, "turns": _pairs(post, weekday) or [("", "")]} for weekday, name in enumerate(DAYS)]


def _read(post: QueryDict) -> list[Opening]:
    found: list[Opening] = []
    for weekday, name in enumerate(DAYS):
        for opens, closes in _pairs(post, weekday):
            if opens.strip() or closes.strip():
                found.append(_opening(weekday, str(name), opens, closes))
    return found


def _opening(weekday: int, name: str, opens: str, closes: str) -> Opening:
    start, end = _minute(opens), _minute(closes)
    if start is None or end is None or start >= DAY_MINUTES:
        raise Invalid("hours.unreadable", N_("%(day)s: write both times like 09:30 and 21:00."), day=name, field=f"day{weekday}")
    return Opening(weekday, start, end if end > start else end + DAY_MINUTES)


def _minute(text: str) -> int | None:
    match = re.fullmatch(r"([0-9]{1,2})[:：]?([0-9]{2})", text.strip())
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2])
    return hour * 60 + minute if minute < 60 and (hour < 24 or (hour == 24 and minute == 0)) else None
