"""Outermost of all: gives every request an id, measures it, and writes one line about it."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import Counter, Histogram

from linli.platform.telemetry import metrics
from linli.platform.telemetry.logs import request_id

log = logging.getLogger("linli.request")

_SAFE = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET = ("/static/", "/health/", "/metrics")  # counted, but not worth a line each


class Telemetry:
    """Middleware; sets `X-Request-ID` on the answer, taking over a sensible one from the proxy before us."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        number = given if _SAFE.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(number)
        counter = _Statements()
        start = time.perf_counter()
        try:
            with connection.execute_wrapper(counter):
                response = self._get_response(request)
            response["X-Request-ID"] = number
            _report(request, response.status_code, time.perf_counter() - start, counter.count)
            return response
        finally:
            request_id.reset(token)


class _Statements:
    """Counts what is executed."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


@lru_cache(maxsize=4096)  # to find them costs more than to count
def _meters(route: str, method: str, status: int) -> tuple[Counter, Histogram, Histogram]:
    return metrics.requests.labels(route, method, status), metrics.seconds.labels(route), metrics.statements.labels(route)


def _report(request: HttpRequest, status: int, took: float, count: int) -> None:
    match = request.resolver_match
    route = f"/{match.route}" if match else "(none)"
    requests, seconds, statements = _meters(route, request.method or "", status)
    requests.inc()
    seconds.observe(took)
    statements.observe(count)
    if not request.path.startswith(QUIET) or status >= 500:
        fields = {"method": request.method, "path": request.path, "status": status, "ms": round(took * 1000, 1), "statements": count}
        log.log(logging.ERROR if status >= 500 else logging.INFO, "request", extra=fields)
