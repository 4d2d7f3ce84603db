"""Complaints: what waits for a decision, the clocks, the conversation, and the decision with the money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpResponse

from linli.apps.accounts import queries as accounts
from linli.apps.care import operations, queries
from linli.apps.care.queries import CaseView
from linli.apps.orders import queries as orders
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import back, city_of, show
from linli.fronts.web.photos import shown
from linli.kernel.errors import N_, Invalid, Problem
from linli.kernel.money import parse
from linli.platform.ids import seal, unseal

WEEK = timedelta(days=7)


def queue(request: Request) -> HttpResponse:
    """What waits, escalated ones first, then by whichever clock runs out first."""
    city = city_of(request)
    escalated = request.GET.get("only") == "escalated"
    cases = queries.queue(city_id=city.id, escalated_only=escalated)
    kept = queries.attainment(since=request.at - WEEK, city_id=city.id)
    rows = [(seal("cs", case.id), case, clock_of(case), (clock_of(case) - request.at).total_seconds()) for case in cases]
    ended = kept.cases > len(cases)  # a share of nothing is not 100 %
    answered = ended or any(case.replied_at for case in cases)
    return show(
        request, "operator/cases.html", "cases", city=city, rows=rows, escalated=escalated,
        over=sum(1 for case in cases if case.breached(request.at)), replied=kept.replied_bp / 100 if answered else None,
        solved=kept.solved_bp / 100 if ended else None,
    )  # fmt: skip


def clock_of(case: CaseView) -> datetime:
    """The moment at which the clock that runs for the case runs out."""
    return case.solve_due_at if case.replied_at else case.reply_due_at


def detail(request: Request, case: str, problem: Problem | None = None) -> HttpResponse:
    """One complaint with what was said, the order, and the ways to end it."""
    found = queries.case(case_id=unseal("cs", case), notes=True)
    order = orders.order(order_id=found.order_id)
    people = accounts.people(ids={found.person_id, *(message.person_id for message in found.messages)} - {0})
    said = [(message, people[message.person_id].name if message.person_id in people else "") for message in found.messages]
    meant = [(line, found.lines[line.id]) for line in order.items if line.id in found.lines]
    return show(
        request, "operator/case.html", "cases", problem=problem, case=found, order=order, order_self=seal("or", order.id), self=case,
        person=people.get(found.person_id), said=said, meant=meant, actions=found.actions(request.actor.role),
        left=order.total - order.refunded, due=clock_of(found), typed=request.POST,
    )  # fmt: skip


def photo(request: Request, case: str, number: str) -> HttpResponse:
    """A photo that was sent along."""
    return shown(queries.case(case_id=unseal("cs", case)).photos, int(number) if number.isdecimal() else -1)


def _do(request: Request, case: str, done: str, do: Callable[[int], object]) -> HttpResponse:
    try:
        do(unseal("cs", case))
    except Problem as problem:
        return detail(request, case, problem)
    return back(f"/{request.actor.role}/cases/{case}", done)


def answer(request: Request, case: str) -> HttpResponse:
    """Say something to the person, or note something for colleagues."""
    text, note = request.POST.get("text", ""), "note" in request.POST
    return _do(
        request, case, "answer", lambda key: operations.answer(case_id=key, actor=request.actor, text=text, note=note, at=request.at)
    )


def decide(request: Request, case: str) -> HttpResponse:
    """End it: money back, or not, with the reason that the person reads."""
    form = request.POST

    def do(case_id: int) -> None:
        refund = 0 if "decline" in form else parse(form.get("refund", ""))
        if not refund and "decline" not in form:
            raise Invalid("refund.amount", N_("This amount cannot be refunded."), field="refund")
        bears = {"merchant": True, "platform": False}.get(form.get("bears", ""))
        operations.decide(
            case_id=case_id, actor=request.actor, refund=refund, text=form.get("text", ""), at=request.at, merchant_bears=bears
        )

    return _do(request, case, "decide", do)
