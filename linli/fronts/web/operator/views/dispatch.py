"""What dispatch decided, batch by batch, and why; any batch can be decided again to see that the answer is the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse

from linli.apps.accounts import queries as accounts
from linli.apps.fulfilment import queries
from linli.apps.fulfilment.queries import JobView
from linli.engines.dispatch.explain import Explanation
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import city_of, show
from linli.platform.ids import seal, unseal

SHOWN = 20  # other couriers for each delivery, those that came nearest to it


def page(request: Request) -> HttpResponse:
    """The batches, newest first."""
    city = city_of(request)
    ticks = queries.ticks(city_id=city.id, cursor=request.GET.get("cursor"), limit=40)
    rows = [(seal("tk", tick.id), tick) for tick in ticks.items]
    return show(request, "operator/dispatch.html", "dispatch", city=city, rows=rows, following=ticks.next_cursor)


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one delivery in a batch."""

    job: JobView | None
    order: str
    why: Explanation


def detail(request: Request, tick: str) -> HttpResponse:
    """One batch: each delivery, the chosen courier, the others and why not; decided once more beside it."""
    tick_id = unseal("tk", tick)
    again = queries.replay(tick_id=tick_id)
    why = queries.explanations(tick_id=tick_id, most=SHOWN)
    jobs = queries.jobs_by_id(ids=why)
    decisions = [_decision(jobs.get(job_id), reasons) for job_id, reasons in why.items()]
    couriers = {courier.id for courier in again.tick.problem.couriers}
    names = {key: person.name for key, person in accounts.people(ids=couriers).items()}
    return show(request, "operator/tick.html", "dispatch", replay=again, tick=again.tick, decisions=decisions, names=names)


def _decision(job: JobView | None, why: Explanation) -> Decision:
    return Decision(job, seal("or", int(job.ref.partition(":")[2])) if job else "", why)
