"""A refusal in words: a page of its own kind, or a toast over the page that asked by htmx. The API says it its own way."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext

from linli.fronts.web.identity import to_sign_in
from linli.kernel import states
from linli.kernel.errors import N_, Problem, Unauthenticated
from linli.platform.transactions import away, crowded

TITLES = {
    400: N_("That did not work"),
    401: N_("Please sign in"),
    403: N_("This room is not yours"),
    404: N_("Nothing here"),
    405: N_("That did not work"),
    409: N_("Things have changed"),
    410: N_("This has expired"),
    422: N_("Please check once more"),
    429: N_("One moment, please"),
    500: N_("Something broke on our side"),
    503: N_("Not available just now"),
}
KEPT = N_("Nothing has been changed or charged.")
MACHINES = ("/api/", "/gateways/", "/health/", "/metrics")


def words(problem: Problem) -> str:
    """The sentence of `problem` in the reader's language, with its values in place."""
    message = gettext(problem.message)
    return message % _worded(problem.params) if problem.params else message


def _worded(params: dict[str, Any]) -> dict[str, Any]:
    """The values for a sentence: states in words, not as the codes that they are kept as."""
    state = params.get("state")
    return params | {"state": gettext(states.WORDS.get(state, state))} if isinstance(state, str) and state else params


def toast(response: HttpResponse, text: str, tone: str = "good") -> HttpResponse:
    """`response`, also showing `text` as a toast (read from a header by look.js; ASCII-safe)."""
    response["X-Toast"] = urlencode({"text": text, "tone": tone})
    return response


def _back(request: HttpRequest) -> str:
    """The page that the person came from, if it is one of ours; else home."""
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc == request.get_host() and came.path != request.path:
        return came.path + (f"?{came.query}" if came.query else "")
    return "/"


def page(request: HttpRequest, status: int, text: str, *, kept: bool = False) -> HttpResponse:
    """The page that says what happened, what was kept and what to do."""
    title = gettext(TITLES.get(status, TITLES[400]))
    context = {"heading": title, "text": text, "kept": gettext(KEPT) if kept else "", "href": _back(request), "status": status}
    return render(request, "web/problem.html", context, status=status)


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The answer of a page to `problem`: signing in when nobody is, a toast for htmx, else a page."""
    if isinstance(problem, Unauthenticated):
        return to_sign_in(request)
    if request.headers.get("HX-Request"):
        body = render_to_string("web/parts/toast.html", {"text": words(problem), "tone": "bad"}, request)
        return HttpResponse(body, status=problem.status, headers={"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"})
    return page(request, problem.status, words(problem), kept=request.method == "POST")


class ProblemMiddleware:
    """Turns a Problem that leaves a page's view into its answer; the doors of machines keep their own."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        problem = error if isinstance(error, Problem) else crowded(error)
        if problem is not None and not request.path.startswith(MACHINES):
            return answer(request, problem)
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400, gettext("The request could not be read. Go back and try once more."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403, gettext("Your account may not open this page."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, 403, gettext("This page was open for too long. Go back, load it again and repeat."), kept=True)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 404, gettext("There is nothing at this address. It may have been moved or mistyped."))


def broken(request: HttpRequest) -> HttpResponse:
    """The last resort: no database, no context, a page all the same; 503 when it is the database that is away."""
    refusal = away(sys.exc_info()[1])
    text = words(refusal) if refusal else gettext("We have been told and are looking at it. Try again in a minute.")
    status = refusal.status if refusal else 500
    body = render_to_string("web/broken.html", {"heading": gettext(TITLES[status]), "text": text})
    return HttpResponse(body, status=status, headers={"Retry-After": str(refusal.params["retry_after_s"])} if refusal else None)
