"""Phone, code, in; and out.

What the second page must know waits in a short-lived signed cookie: no session, and no phone number in an address.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linli.apps.accounts import operations, queries
from linli.fronts.web import identity
from linli.fronts.web.identity import Request
from linli.kernel.errors import Problem, TooMany
from linli.platform import security

_PURPOSE = "sign-in-step"
_STEP = "linli-step"
_STEP_S = 900


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: Request) -> HttpResponse:
    """Ask for the phone number; a good one gets a code and leads to the second page."""
    back = identity.safe_next(request, str(request.POST.get("next") or request.GET.get("next") or "/"))
    if request.method != "POST":
        return HttpResponseRedirect(back) if request.identity and "next" not in request.GET else _phone_page(request, back)
    typed = str(request.POST.get("phone", ""))
    try:
        step = _send(request, typed, back)
    except Problem as problem:
        if problem.code == "code.too_soon" and (earlier := _earlier(request, typed)):
            return _code_page(request, earlier, problem=problem)
        return _phone_page(request, back, typed=typed, problem=problem)
    response = HttpResponseRedirect("/sign-in/code")
    response.set_cookie(_STEP, step, max_age=_STEP_S, path="/sign-in", httponly=True, samesite="Lax", secure=settings.PRODUCTION)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Request) -> HttpResponse:
    """Ask for the code; the right one signs in and goes back to where the person came from."""
    step = _step(request)
    if step is None:
        return HttpResponseRedirect(identity.SIGN_IN)
    if request.method != "POST":
        return _code_page(request, step)
    try:
        person = operations.sign_in(phone=step["phone"], code=str(request.POST.get("code", "")), at=request.at)
    except Problem as problem:
        return _code_page(request, step, problem=problem)
    response = HttpResponseRedirect(identity.safe_next(request, step["next"]))
    identity.remember(request, response, person_id=person.id, at=request.at)
    response.delete_cookie(_STEP, path="/sign-in", samesite="Lax")
    return response


@never_cache
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """Out, in this browser; staff rooms close on every device."""
    if request.identity is not None:
        operations.sign_out(person_id=request.identity.person_id, at=request.at)
    response = HttpResponseRedirect("/")
    identity.forget(response)
    return response


def _step(request: Request) -> dict[str, Any] | None:
    """What the first page left for the second, if it is there and still counts."""
    try:
        return security.read(_PURPOSE, request.COOKIES.get(_STEP, ""), at=request.at)
    except Problem:
        return None


def _earlier(request: Request, typed: str) -> dict[str, Any] | None:
    """The step of the code that is on its way to the same phone already."""
    step = _step(request)
    return step if step and step["phone"] == queries.parse_phone(typed) else None


def _send(request: Request, typed: str, back: str) -> str:
    """Send a code and return the signed step that the second page starts from. Raises what `request_code` raises."""
    sent = operations.request_code(phone=typed, ip=identity.address_of(request), at=request.at, locale=identity.language_of(request))
    step = {"phone": sent.phone, "next": back, "resend_at": sent.resend_at.isoformat(), "demo_code": sent.demo_code}
    return security.sign(_PURPOSE, step, at=request.at, valid_for_s=_STEP_S)


def _phone_page(request: HttpRequest, back: str, *, typed: str = "", problem: Problem | None = None) -> HttpResponse:
    return render(request, "sign_in/phone.html", {"next": back, "typed": typed, "error": _words(problem)}, status=_status(problem))


def _code_page(request: Request, step: dict[str, Any], *, problem: Problem | None = None) -> HttpResponse:
    wait_s = max(0, int((datetime.fromisoformat(step["resend_at"]) - request.at).total_seconds()))
    context = {
        "phone": step["phone"],
        "shown_phone": queries.mask_phone(step["phone"]),
        "next": step["next"],
        "wait_s": wait_s,
        "demo_code": step["demo_code"],
        "error": _words(problem),
    }
    return render(request, "sign_in/code.html", context, status=_status(problem))


def _words(problem: Problem | None) -> str:
    return gettext(problem.message) % problem.params if problem else ""


def _status(problem: Problem | None) -> int:
    """Pages answer 422 for what is wrong in the form, whatever made it so; too many tries keep their 429."""
    if problem is None:
        return 200
    return problem.status if isinstance(problem, TooMany) else 422
