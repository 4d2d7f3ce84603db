"""One ride as its driver sees it: where, the start code, the end, and how the rider was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from linli.apps.city import queries as city
from linli.apps.fulfilment import operations, queries
from linli.apps.fulfilment.queries import JobView
from linli.fronts.web import problems
from linli.fronts.web import rides as words
from linli.fronts.web.courier.views.own import mine
from linli.fronts.web.courier.ways import way
from linli.fronts.web.identity import Request, role_required
from linli.kernel.errors import Invalid, Problem
from linli.platform import policies
from linli.platform.ids import seal, unseal
from linli.policy import rides


def page(request: Request, job: JobView, problem: Problem | None = None) -> HttpResponse:
    """The page of a ride."""
    courier = queries.courier(courier_id=request.actor.person_id)
    target = job.drop if job.state == "picked_up" else job.pickup
    ride = queries.rides_of(job_ids=[job.id])[job.id]
    free = timedelta(minutes=policies.whole(rides.WAIT_FREE_MIN, job.city_id))
    context: dict[str, Any] = {
        "job": job,
        "ride": ride,
        "service": words.SERVICES[ride.service],
        "city": city.city(city_id=job.city_id),
        "state": words.STATES[job.state],
        "way": way(job.city_id, courier.point, target) if job.permits else None,
        "pay": queries.expected_pay(job_ids=[job.id], at=request.at)[job.id],
        "reasons": words.GIVE_UP.items(),
        "error": problems.words(problem) if problem else "",
        "demo_code": job.pickup_code if settings.DEMO else "",
        "stars": words.STARS,
        "waits_until": job.arrived_at + free if job.arrived_at else None,
        "waited": bool(job.arrived_at and request.at >= job.arrived_at + free),
    }
    return render(request, "courier/ride.html", context, status=problem.status if problem else 200)


def _on(job: int) -> HttpResponse:
    return HttpResponseRedirect(f"/courier/jobs/{seal('jb', job)}")


@require_POST
@role_required("courier")
def start(request: Request, job: str) -> HttpResponse:
    """The trip begins, by the code that the rider says; a wrong one shows the page again with a word at the field."""
    number = unseal("jb", job)
    try:
        code = str(request.POST.get("code", ""))[:20]
        operations.pick_up(courier_id=request.actor.person_id, job_id=number, code=code, at=request.at)
    except Invalid as problem:
        return page(request, mine(request, job), problem)
    return _on(number)


@require_POST
@role_required("courier")
def finish(request: Request, job: str) -> HttpResponse:
    """There."""
    number = unseal("jb", job)
    operations.finish_ride(courier_id=request.actor.person_id, job_id=number, at=request.at)
    return _on(number)


@require_POST
@role_required("courier")
def no_show(request: Request, job: str) -> HttpResponse:
    """Nobody came."""
    operations.no_show(courier_id=request.actor.person_id, job_id=unseal("jb", job), at=request.at)
    return HttpResponseRedirect("/courier/")


@require_POST
@role_required("courier")
def rate(request: Request, job: str) -> HttpResponse:
    """How the rider was."""
    number, stars = unseal("jb", job), str(request.POST.get("stars", ""))
    operations.rate_rider(courier_id=request.actor.person_id, job_id=number, stars=int(stars) if stars.isdigit() and len(stars) == 1 else 0)
    return _on(number)
