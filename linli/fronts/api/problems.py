"""Every refusal as a problem document (RFC 9457), in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import pydantic_core
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from pydantic import Field

from linli.fronts.api.forms import Out
from linli.kernel import states
from linli.kernel.errors import N_, Problem
from linli.platform import ids

CONTENT_TYPE = "application/problem+json"

# What pydantic finds wrong, in words that fit any language; what is not here is "not acceptable".
_FAULTS = {
    "missing": N_("This is missing."),
    "string_too_long": N_("This is too long."),
    "string_too_short": N_("This is too short."),
    "too_long": N_("There are too many of these."),
    "too_short": N_("There are too few of these."),
    "greater_than_equal": N_("This is too small."),
    "greater_than": N_("This is too small."),
    "less_than_equal": N_("This is too large."),
    "less_than": N_("This is too large."),
    "extra_forbidden": N_("There is no such field."),
}
_OTHER = N_("This is not acceptable here.")
_TITLES = {
    400: N_("This could not be read"),
    401: N_("Sign in first"),
    403: N_("Not for you"),
    404: N_("Not found"),
    405: N_("Not possible at this address"),
    409: N_("Not possible any more"),
    410: N_("Expired"),
    413: N_("Too large"),
    422: N_("Please check what you sent"),
    429: N_("Too many requests"),
    500: N_("Something broke on our side"),
    503: N_("Not available just now"),
}


class ProblemOut(Out):
    """A problem document (RFC 9457, `application/problem+json`)."""

    type: str = Field(description="A URI that names the kind of problem: `urn:linli:problem:` and the code.")
    title: str = Field(description="What kind of thing went wrong, in the language asked for.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What went wrong this time and what to do, in the language asked for.")
    code: str = Field(description="A stable word for programs, such as `code.expired` or `stock.short`.")
    fields: dict[str, str] = Field(description="What is wrong with which input, by its name; empty when it is about no single one.")
    params: dict[str, Any] = Field(description="Facts for programs, such as `retry_after_s` or `tries_left`.")


def answer(
    *, status: int, code: str, detail: str, fields: dict[str, str] | None = None, params: dict[str, Any] | None = None
) -> HttpResponse:
    """A problem document; `detail` is translated already."""
    body = {
        "type": f"urn:linli:problem:{code}",
        "title": gettext(_TITLES[status]) if status in _TITLES else HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "fields": fields or {},
        "params": params or {},
    }
    response = HttpResponse(pydantic_core.to_json(body, fallback=str), status=status, content_type=CONTENT_TYPE)
    if params and "retry_after_s" in params:
        response["Retry-After"] = str(params["retry_after_s"])
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="linli"'
    return response


def from_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The document for a refusal from below."""
    detail, field = words(problem), problem.params.get("field")
    return answer(
        status=problem.status, code=problem.code, detail=detail, fields={str(field): detail} if field else None, params=facts(problem)
    )


def words(problem: Problem) -> str:
    """What is wrong, in the language of the request; parts that are texts themselves are translated too."""
    params = problem.params | {"state": states.WORDS.get(problem.params.get("state", ""), problem.params.get("state", ""))}
    parts = {name: gettext(value) if isinstance(value, str) and value else value for name, value in params.items()}
    return gettext(problem.message) % parts if problem.params else gettext(problem.message)


def facts(problem: Problem) -> dict[str, Any]:
    """The facts of a refusal as outsiders may have them."""
    return {name: _public(name, value) for name, value in problem.params.items() if name != "field"}


_KINDS = {"offer_id": "of", "option_id": "op", "store_id": "st", "order_id": "or", "person_id": "pe", "job_id": "jb", "line_id": "li"}


def _public(name: str, value: Any) -> Any:
    """A fact as outsiders may have it: identifiers sealed, or withheld where we do not know of what they are."""
    if name.endswith("_id"):
        return ids.seal(_KINDS[name], value) if name in _KINDS and isinstance(value, int) else None
    return value


def from_validation(request: HttpRequest, errors: Sequence[dict[str, Any]]) -> HttpResponse:
    """The document for input of the wrong shape, with every field that is wrong."""
    fields = {_place(error["loc"]): gettext(_FAULTS.get(error["type"], _OTHER)) for error in errors}
    return answer(
        status=422, code="input.invalid", detail=gettext(N_("Some of the input is not acceptable; see the fields.")), fields=fields
    )


def simple(status: int) -> HttpResponse:
    """The document for what the door itself refuses (unknown address, wrong method, too large, unreadable, broken)."""
    code, detail = _SIMPLE[status]
    return answer(status=status, code=code, detail=gettext(detail))


_SIMPLE = {
    400: ("input.unreadable", N_("The body is not the JSON that was announced.")),
    404: ("address.unknown_route", N_("There is nothing at this address.")),
    405: ("method.not_allowed", N_("This address does not know that method; see the Allow header.")),
    413: ("input.too_large", N_("The body is larger than this address takes.")),
    422: ("input.nul", N_("A text holds a NUL character, which cannot be kept.")),
    500: ("server.error", N_("We have noted what happened. Please try again.")),
}


def _place(loc: Sequence[str | int]) -> str:
    """The field as the sender knows it: without the source and the parameter's name inside our code."""
    parts = list(loc[1:]) if loc and loc[0] in {"body", "query", "path", "header"} else list(loc)
    if loc and loc[0] == "body" and len(parts) > 1:
        parts = parts[1:]
    return ".".join(str(part) for part in parts)
