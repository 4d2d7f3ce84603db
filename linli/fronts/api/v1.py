"""Version 1: the routers, and what is the same for all of them."""

from __future__ import annotations

import json
from typing import Any

import pydantic_core
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import BaseRenderer

import linli
from linli.fronts.api import problems
from linli.fronts.api.consumer import ROUTERS as CONSUMER_ROUTERS
from linli.fronts.api.courier import ROUTERS as COURIER_ROUTERS
from linli.fronts.api.merchant import ROUTERS as MERCHANT_ROUTERS
from linli.fronts.api.operator import ROUTERS as OPERATOR_ROUTERS
from linli.kernel.errors import Problem

_ABOUT = """The operations of the platform for programs: the same ones that the pages use.

**Tokens.** `POST /auth/code`, then `POST /auth/token` with the code from the message; send the token as `Authorization: Bearer …`.
**Amounts** are whole minor units (fen) of the currency named beside them. **Moments** are ISO 8601 in UTC.
**Identifiers** are opaque texts. **Lists** that may be long come in pages: pass `next_cursor` back as `cursor` until it is null.
**Placing an order** wants an `Idempotency-Key`: the same key with the same request gives the same answer however often it is sent.
**Refusals** are problem documents (RFC 9457) with a stable `code`, in the language of `Accept-Language` (`zh-Hans` or `en`).
Unknown fields in a body are refused."""


class Renderer(BaseRenderer):
    """JSON by pydantic's own writer, which is the quickest at hand."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return pydantic_core.to_json(data)


class Api(NinjaAPI):
    """The API with our own description document."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        """Where the function lives and its name: stable, readable, unique."""
        room = operation.view_func.__module__.removeprefix(f"{__package__}.").replace(".", "_")
        return f"{room}_{operation.view_func.__name__}"


api = Api(
    title="Linli",
    version=linli.__version__,
    description=_ABOUT,
    docs_url=None,
    renderer=Renderer(),
    urls_namespace="api-v1",
    servers=[{"url": "/"}],
)

for prefix, router in (*CONSUMER_ROUTERS, *MERCHANT_ROUTERS, *COURIER_ROUTERS, *OPERATOR_ROUTERS):
    api.add_router(prefix, router)


@api.exception_handler(Problem)
def _problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problems.from_problem(request, problem)


@api.exception_handler(ValidationError)
def _validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.from_validation(request, error.errors)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Only the framework raises this, for a body that is not JSON."""
    return problems.simple(error.status_code if error.status_code in {400, 404, 413} else 400)


def description() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    document = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    schema = problems.ProblemOut.model_json_schema(mode="serialization")
    document["components"]["schemas"]["ProblemOut"] = schema
    return document  # type: ignore[no-any-return]
