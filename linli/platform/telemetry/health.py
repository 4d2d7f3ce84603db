"""Whether the process lives, whether it can serve, and its numbers, for load balancers and Prometheus."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from linli.platform.telemetry.metrics import registry


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"status": "live"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 once pages can be served: the database answers and its tables are up to date. Else 503 with what is missing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = "" if _migrated() else "migrations"
    except DatabaseError:
        missing = "database"
    if missing:
        return JsonResponse({"status": "not ready", "missing": missing}, status=503)
    return JsonResponse({"status": "ready"})


_migrated_once = False


def _migrated() -> bool:
    """Whether no migration is left to run; once that is so, it stays so for the life of the process."""
    global _migrated_once
    if not _migrated_once:
        executor = MigrationExecutor(connection)
        _migrated_once = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated_once


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers in Prometheus' text format, for this very machine, or for whoever shows LINLI_METRICS_TOKEN."""
    if not (_local(request) or _token(request)):
        return HttpResponse("Not for you.\n", status=403, content_type="text/plain")
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _local(request: HttpRequest) -> bool:
    """From this machine and not on behalf of another: a proxy on it says for whom it asks."""
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    return not forwarded and ipaddress.ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback


def _token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and constant_time_compare(given, settings.METRICS_TOKEN)
