"""One delivery: where, what to do, and the doing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.apps.city import queries as city
from linli.apps.fulfilment import operations, queries
from linli.apps.fulfilment.operations import Proof
from linli.apps.fulfilment.queries import JobView
from linli.fronts.web import problems
from linli.fronts.web.courier import words
from linli.fronts.web.courier.views import rides
from linli.fronts.web.courier.views.duty import home
from linli.fronts.web.courier.views.own import mine
from linli.fronts.web.courier.ways import way
from linli.fronts.web.identity import Request, role_required
from linli.kernel.errors import N_, Invalid, NotFound, Problem
from linli.platform import files
from linli.platform.ids import seal, unseal


def _page(request: Request, job: JobView, problem: Problem | None = None, wrong: str = "") -> HttpResponse:
    courier = queries.courier(courier_id=request.actor.person_id)
    to_door = job.state == "picked_up"
    reasons = words.GIVE_UP_AFTER if to_door else words.GIVE_UP_BEFORE
    context: dict[str, Any] = {
        "job": job,
        "city": city.city(city_id=job.city_id),
        "state": words.STATES[job.state],
        "way": way(job.city_id, courier.point, job.drop if to_door else job.pickup) if job.permits else None,
        "to_door": to_door,
        "reasons": reasons.items(),
        "pay": queries.expected_pay(job_ids=[job.id], at=request.at)[job.id],
        "error": problems.words(problem) if problem else "",
        "wrong": wrong,
        "demo_code": (job.drop_code if to_door else job.pickup_code) if settings.DEMO else "",
    }
    return render(request, "courier/job.html", context, status=problem.status if problem else 200)


@never_cache
@require_safe
@role_required("courier")
def show(request: Request, job: str) -> HttpResponse:
    """The page of a delivery."""
    found = mine(request, job)
    return rides.page(request, found) if found.rides else _page(request, found)


def _on(job: int) -> HttpResponse:
    return HttpResponseRedirect(f"/courier/jobs/{seal('jb', job)}")


@require_POST
@role_required("courier")
def arrive(request: Request, job: str) -> HttpResponse:
    """At the store."""
    number = unseal("jb", job)
    operations.arrive(courier_id=request.actor.person_id, job_id=number, at=request.at)
    return _on(number)


@require_POST
@role_required("courier")
def pick_up(request: Request, job: str) -> HttpResponse:
    """Collected, by the code on the bag; a wrong code shows the page again with a word at the field."""
    number = unseal("jb", job)
    code = str(request.POST.get("code", ""))[:20]
    try:
        operations.pick_up(courier_id=request.actor.person_id, job_id=number, code=code, at=request.at)
    except Invalid as problem:
        return _page(request, mine(request, job), problem, wrong="code")
    return home(request)


@require_POST
@role_required("courier")
def deliver(request: Request, job: str) -> HttpResponse:
    """Delivered, by the consumer's code or a photo; what is wrong is said at its field."""
    number, photo = unseal("jb", job), request.FILES.get("photo")
    try:
        if photo is None:
            proof = Proof("code", str(request.POST.get("code", ""))[:20])
            operations.deliver(courier_id=request.actor.person_id, job_id=number, proof=proof, at=request.at)
        else:
            _deliver_by_photo(request, number, photo.read(files.LARGEST_BYTES + 1))
    except Invalid as problem:
        return _page(request, mine(request, job), problem, wrong="code" if photo is None else "photo")
    return _on(number)


def _deliver_by_photo(request: Request, number: int, data: bytes) -> None:
    name = files.keep_picture(data, folder="proofs")
    try:
        operations.deliver(courier_id=request.actor.person_id, job_id=number, proof=Proof("photo", name), at=request.at)
    except Problem:
        files.discard(name)
        raise
    if queries.job(job_id=number).proof.get("value") != name:  # it had been delivered before; the first proof stands
        files.discard(name)


@require_POST
@role_required("courier")
def give_up(request: Request, job: str) -> HttpResponse:
    """It cannot be done, with the reason."""
    reason = str(request.POST.get("reason", ""))
    operations.give_up(courier_id=request.actor.person_id, job_id=unseal("jb", job), reason=reason, at=request.at)
    return home(request)


@never_cache
@require_safe
@role_required("courier")
def proof(request: Request, job: str) -> HttpResponse:
    """The photo that this courier took."""
    kept = mine(request, job).proof
    if kept.get("kind") != "photo":
        raise NotFound("picture.unknown", N_("There is no such picture."))
    return HttpResponse(files.read_picture(str(kept["value"])), content_type="image/jpeg")
