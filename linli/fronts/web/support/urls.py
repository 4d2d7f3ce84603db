"""The support desk: complaints and orders, with the operator's own pages behind the role of support."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from linli.fronts.web.identity import role_required
from linli.fronts.web.operator.views import cases, orders

View = Callable[..., HttpResponseBase]


def page(route: str, view: View) -> URLPattern:
    """A page that the support desk may look at."""
    guarded = require_safe(cast(Any, role_required("support")(view)))
    found: URLPattern = path(f"support/{route}", guarded)
    return found


def act(route: str, view: View) -> URLPattern:
    """Something that the support desk may do."""
    guarded = require_POST(cast(Any, role_required("support")(view)))
    found: URLPattern = path(f"support/{route}", guarded)
    return found


urlpatterns = [
    page("", cases.queue),
    page("cases", cases.queue),
    page("cases/<case>", cases.detail),
    page("cases/<case>/photos/<number>", cases.photo),
    act("cases/<case>/answer", cases.answer),
    act("cases/<case>/decide", cases.decide),
    page("orders", orders.board),
    page("orders/<order>", orders.detail),
    act("orders/<order>/cancel", orders.cancel),
    act("orders/<order>/refund", orders.refund),
]
