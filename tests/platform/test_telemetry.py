"""What the machine says about itself, and to whom."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError

from linli.platform import jobs
from linli.platform.models import InvariantState, Job
from linli.platform.telemetry import health
from linli.platform.telemetry.logs import JsonLines, request_id

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_it_lives_without_asking_the_database(client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert client.get("/health/live").json() == {"status": "live"}


def test_it_is_ready_once_the_tables_are_there(client) -> None:
    response = client.get("/health/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ready"})
    assert "no-store" in response["Cache-Control"]


def test_it_is_not_ready_before_the_migrations(client, monkeypatch) -> None:
    monkeypatch.setattr(health, "_migrated", lambda: False)
    response = client.get("/health/ready")
    assert (response.status_code, response.json()["missing"]) == (503, "migrations")


def test_it_is_not_ready_without_a_database(client, monkeypatch) -> None:
    def fail() -> bool:
        raise DatabaseError("gone")

    monkeypatch.setattr(health, "_migrated", fail)
    response = client.get("/health/ready")
    assert (response.status_code, response.json()["missing"]) == (503, "database")


def test_the_metrics_count_requests_jobs_and_broken_rules(client) -> None:
    client.get("/health/live")
    Job.objects.create(task="x", run_at=NOON, created_at=NOON, state="poison")
    InvariantState.objects.create(name="ledger.balances", violations=["a", "b"], checked_at=NOON)
    text = client.get("/metrics").content.decode()
    assert 'linli_requests_total{method="GET",route="/health/live",status="200"}' in text
    assert 'linli_jobs{state="poison"} 1.0' in text
    assert 'linli_invariant_violations{rule="ledger.balances"} 2.0' in text


def test_the_metrics_are_for_this_machine_or_for_who_has_the_token(client, settings) -> None:
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.8").status_code == 403
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="10.0.0.8").status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.8", HTTP_AUTHORIZATION="Bearer ").status_code == 403
    settings.METRICS_TOKEN = "a-token-for-prometheus"
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.8", HTTP_AUTHORIZATION="Bearer wrong").status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.8", HTTP_AUTHORIZATION="Bearer a-token-for-prometheus").status_code == 200


def test_a_request_keeps_a_sensible_id_and_gets_one_otherwise(client) -> None:
    assert client.get("/health/live", HTTP_X_REQUEST_ID="from-the-proxy-1")["X-Request-ID"] == "from-the-proxy-1"
    for given in ("", "short", "with space and\ttab", "x" * 99):
        made = client.get("/health/live", HTTP_X_REQUEST_ID=given)["X-Request-ID"]
        assert len(made) == 32
        assert made != given
    assert request_id.get() == ""


def test_a_page_that_is_not_there_is_counted_without_its_address(client) -> None:
    client.get("/nothing/here/pagoda")
    text = client.get("/metrics").content.decode()
    assert 'route="(none)",status="404"' in text
    assert "pagoda" not in text


def test_a_request_leaves_one_line(client, caplog) -> None:
    with caplog.at_level(logging.INFO, "linli.request"):
        client.get("/nothing/here")
        client.get("/health/live")
    lines = [record for record in caplog.records if record.name == "linli.request"]
    assert [(line.path, line.status, line.method) for line in lines] == [("/nothing/here", 404, "GET")]
    assert lines[0].ms > 0


def test_a_log_line_is_json_with_its_request_its_fields_and_its_error() -> None:
    try:
        raise ValueError("no rice")
    except ValueError:
        record = logging.LogRecord("linli.x", logging.ERROR, __file__, 1, "kitchen.%s", ("late",), sys.exc_info())
    record.order = 7
    token = request_id.set("r-1")
    line = json.loads(JsonLines().format(record))
    request_id.reset(token)
    assert (line["message"], line["level"], line["request"], line["order"]) == ("kitchen.late", "error", "r-1", 7)
    assert "ValueError: no rice" in line["error"]


def test_jobs_health_is_read_in_few_statements(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(6):
        jobs.health(NOON)
