"""Yes or no to what is offered."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from linli.apps.fulfilment import operations
from linli.fronts.web.courier.views.duty import home
from linli.fronts.web.identity import Request, role_required
from linli.kernel.errors import N_, Gone, Invalid
from linli.platform.ids import unseal

_MOST = 4


@require_POST
@role_required("courier")
def answer(request: Request) -> HttpResponse:
    """One answer for what is offered together. What has gone to others meanwhile is left out; if it is all of it, Gone says so."""
    jobs = [unseal("jb", job) for job in request.POST.getlist("job")[:_MOST]]
    if not jobs:
        raise Invalid("offer.none", N_("Nothing was chosen."), field="job")
    accept, reason = request.POST.get("answer") == "accept", str(request.POST.get("reason", ""))
    gone = None
    for job in jobs:
        try:
            operations.answer(courier_id=request.actor.person_id, job_id=job, accept=accept, reason=reason, at=request.at)
        except Gone as problem:
            gone = problem
            jobs = [kept for kept in jobs if kept != job]
    if gone is not None and not jobs:
        raise gone
    return home(request)
