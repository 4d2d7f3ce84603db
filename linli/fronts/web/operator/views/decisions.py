"""What dispatch decided, batch by batch, and why; any batch can be decided again, to see that it is the same or with other numbers."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from linli.apps.accounts import queries as accounts
from linli.apps.fulfilment import queries
from linli.apps.fulfilment.queries import JobView, TickView, WhatIf
from linli.engines.dispatch.explain import Explanation
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import city_of, show
from linli.kernel.errors import N_, Invalid
from linli.platform.ids import seal, unseal

SHOWN = 20  # other couriers for each delivery, those that came nearest to it
# The numbers of the engine that can be tried on a batch, in words.
NUMBERS = {
    "late": N_("A second late, in seconds until the door"),
    "ride": N_("A second on the road"),
    "wait": N_("A second in front of a kitchen"),
    "cool": N_("A second that ready food waits"),
    "fair": N_("Head start for each second without work"),
    "slack_s": N_("Longest wait at the store before it is decided later (s)"),
    "reach_m": N_("Farthest courier (m)"),
    "delay_s": N_("Longest that food lies for a busy courier (s)"),
    "bundle": N_("Deliveries of one store together"),
    "bundle_detour_s": N_("Longest ride for another's sake (s)"),
    "orders": N_("Deliveries a courier has at most"),
}


def page(request: Request) -> HttpResponse:
    """The batches, newest first."""
    city = city_of(request)
    ticks = queries.ticks(city_id=city.id, cursor=request.GET.get("cursor"), limit=40)
    rows = [(seal("tk", tick.id), tick) for tick in ticks.items]
    return show(request, "operator/ticks.html", "dispatch", city=city, rows=rows, following=ticks.next_cursor)


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one delivery in a batch."""

    job: JobView | None
    order: str
    why: Explanation


def detail(request: Request, tick: str) -> HttpResponse:
    """One batch: each delivery, the chosen courier, the others and why not; decided again beside it, with other numbers if asked."""
    tick_id = unseal("tk", tick)
    again = queries.replay(tick_id=tick_id)
    why = queries.explanations(tick_id=tick_id, most=SHOWN)
    jobs = queries.jobs_by_id(ids=why)
    decisions = [_decision(jobs.get(job_id), reasons) for job_id, reasons in why.items()]
    couriers = {courier.id for courier in again.tick.problem.couriers}
    names = {key: person.name for key, person in accounts.people(ids=couriers).items()}
    other, problem = _what_if(request, again.tick)
    return show(
        request, "operator/tick.html", "dispatch", problem=problem, replay=again, tick=again.tick, decisions=decisions, names=names,
        jobs=jobs, numbers=_numbers(request, again.tick), other=other, self=tick,
    )  # fmt: skip


def _what_if(request: Request, tick: TickView) -> tuple[WhatIf | None, Invalid | None]:
    """The batch with the numbers of the address, if any differ from its own; what is wrong with them otherwise."""
    own = tick.params.to_json()
    changes = {name: text for name in NUMBERS if (text := request.GET.get(name, "").strip()) and text != _text(own[name])}
    try:
        return (queries.what_if(tick_id=tick.id, changes=changes) if changes else None), None
    except Invalid as problem:
        return None, problem


def _numbers(request: Request, tick: TickView) -> list[tuple[str, str, str]]:
    own = tick.params.to_json()
    return [(name, label, request.GET.get(name, _text(own[name]))) for name, label in NUMBERS.items()]


def _text(value: float) -> str:
    return f"{value:g}"


def _decision(job: JobView | None, why: Explanation) -> Decision:
    return Decision(job, seal("or", int(job.ref.partition(":")[2])) if job else "", why)
