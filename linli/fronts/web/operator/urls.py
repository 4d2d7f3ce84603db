"""The operator's addresses. Every one of them goes through the same door: the operator's role, read afresh."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from linli.fronts.web.identity import role_required
from linli.fronts.web.operator.views import (
    assigning,
    cases,
    decisions,
    dispatch,
    finance,
    knowing,
    live,
    machine,
    orders,
    people,
    policies,
    rides,
    shifts,
    siting,
    streets,
)

View = Callable[..., HttpResponseBase]


def page(route: str, view: View) -> URLPattern:
    """A page that an operator may look at."""
    guarded = require_safe(cast(Any, role_required("operator")(view)))
    found: URLPattern = path(f"operator/{route}", guarded)
    return found


def act(route: str, view: View) -> URLPattern:
    """Something that an operator may do."""
    guarded = require_POST(cast(Any, role_required("operator")(view)))
    found: URLPattern = path(f"operator/{route}", guarded)
    return found


urlpatterns = [
    page("", live.page),
    page("part", live.part),
    page("live.json", live.marks),
    page("orders", orders.board),
    page("rides", rides.page),
    page("rides/live.json", rides.marks),
    page("orders/<order>", orders.detail),
    act("orders/<order>/cancel", orders.cancel),
    act("orders/<order>/refund", orders.refund),
    act("orders/<order>/act", orders.act),
    page("orders/<order>/assign", assigning.page),
    act("orders/<order>/give", assigning.assign),
    act("orders/<order>/pin", assigning.pin),
    act("orders/<order>/unpin", assigning.unpin),
    act("orders/<order>/ban", assigning.ban),
    act("orders/<order>/allow", assigning.allow),
    page("cases", cases.queue),
    page("cases/<case>", cases.detail),
    page("cases/<case>/photos/<number>", cases.photo),
    act("cases/<case>/answer", cases.answer),
    act("cases/<case>/decide", cases.decide),
    page("dispatch", dispatch.page),
    page("dispatch/part", dispatch.part),
    page("dispatch/live.json", dispatch.marks),
    page("dispatch/ticks", decisions.page),
    page("dispatch/ticks/<tick>", decisions.detail),
    page("siting", siting.page),
    act("siting/propose", siting.propose),
    act("siting/put", siting.put),
    act("siting/<site>/decide", siting.decide),
    page("streets", streets.page),
    act("streets/report", streets.report),
    act("streets/<incident>/free", streets.free),
    page("shifts", shifts.page),
    page("finance", finance.page),
    act("finance/accounts/<kind>/<owner>", finance.settle_up),
    page("finance/debts", finance.debts),
    act("finance/debts/<order>/close", finance.close_debt),
    page("finance/payments", finance.payments),
    page("finance/payments/<intent>", finance.payment),
    page("finance/refunds", finance.refunds),
    page("finance/callbacks", finance.callbacks),
    page("finance/statements", finance.statements),
    act("finance/differences/<difference>/clear", finance.clear),
    page("knowing", knowing.page),
    act("knowing/<version>/serve", knowing.serve),
    page("policies", policies.page),
    page("policies/<name>", policies.detail),
    act("policies/<name>/change", policies.change),
    page("people", people.page),
    page("people/<person>", people.detail),
    act("people/<person>/grant", people.grant),
    act("people/<person>/revoke", people.revoke),
    page("audit", machine.audit),
    page("health", machine.health),
    act("health/check", machine.check),
    act("health/jobs/<job>", machine.job),
    page("sent", machine.sent),
    page("metrics", machine.metrics),
]
