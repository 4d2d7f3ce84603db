"""Answering with a page of the consumer's: what all of them know, and parts for htmx."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from linli.apps.orders import queries as orders
from linli.fronts.web.consumer.here import Here, here
from linli.fronts.web.problems import words
from linli.kernel.errors import Problem


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page rather than a reader for all of it."""
    return bool(request.headers.get("HX-Request"))


def page(request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, tab: str = "", status: int = 200) -> HttpResponse:
    """The page `template`; `tab` is the way that is lit."""
    context = dict(context or {})
    place = context.get("here")
    if not isinstance(place, Here):
        place = context["here"] = here(request)
    return render(request, f"consumer/{template}", {"city": place.city, "tab": tab, **context}, status=status)


def part(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A part of a page."""
    return render(request, f"consumer/{template}", context, status=status)


def said(problem: Problem | None) -> dict[str, str]:
    """The words of a refusal, and the field that it is about, for the page that shows the form again."""
    return {"error": words(problem), "error_field": str(problem.params.get("field", ""))} if problem else {"error": "", "error_field": ""}


def source() -> str:
    """What an estimated time rests on, in words."""
    return gettext("kitchen, way and a margin")


def kept_words(*, store_id: int, city_id: int, mode: str, at: datetime) -> str:
    """How often such promises were kept, in words; empty while too few were brought to say so. Statements: see `orders.kept_share`."""
    share = orders.kept_share(store_id=store_id, city_id=city_id, at=at) if orders.MODES[mode].courier else None
    if share is None:
        return ""
    facts = {"percent": share.percent, "days": share.days, "count": share.count}
    if share.of == "store":
        return gettext("kept %(percent)s %% of the time by this store in the last %(days)s days") % facts
    return gettext("kept %(percent)s %% of the time in this city in the last %(days)s days") % facts
