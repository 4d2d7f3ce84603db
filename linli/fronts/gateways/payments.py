"""Callbacks of payment providers, and the short addresses that a QR code can hold."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from linli.apps.payments import operations
from linli.kernel.errors import Problem
from linli.platform import clock

BODY_MOST = 65_536


@csrf_exempt  # whoever calls is known by the signature of what it says
@require_POST
def notify(request: HttpRequest, provider: str) -> HttpResponse:
    """One callback. Acknowledged in the provider's own words when it counts or changes nothing, refused when it is not believed."""
    if len(request.body) > BODY_MOST:
        return HttpResponse("too large", status=413, content_type="text/plain")
    at = clock.now()
    try:
        outcome = operations.record_callback(provider=provider, headers=dict(request.headers), body=request.body, at=at)
    except Problem as problem:
        return HttpResponse(problem.code, status=problem.status, content_type="text/plain")
    status, text = operations.acknowledge(provider=provider, outcome=outcome)
    return HttpResponse(text, status=status, content_type="text/plain")


@require_GET
def open_address(request: HttpRequest, provider: str, number: str) -> HttpResponse:
    """Leads on to the provider's signed address for a payment that was begun as a QR code."""
    try:
        return HttpResponseRedirect(operations.open_address(number=number, at=clock.now()))
    except Problem as problem:
        return HttpResponse(str(problem), status=problem.status, content_type="text/plain; charset=utf-8")
