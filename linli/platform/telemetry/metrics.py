"""The numbers that Prometheus collects: of this process's requests, and of the jobs and rules that all processes share."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from linli.platform import clock, invariants, jobs
from linli.platform.push.hub import hub

registry = CollectorRegistry(auto_describe=False)

requests = Counter("linli_requests", "Requests answered.", ["route", "method", "status"], registry=registry)
seconds = Histogram(
    "linli_request_seconds", "Time to answer a request.", ["route"], registry=registry,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)  # fmt: skip
statements = Histogram(
    "linli_request_statements", "SQL statements for a request.", ["route"], registry=registry,
    buckets=(0, 1, 2, 4, 8, 12, 20, 50),
)  # fmt: skip
ways = Counter(
    "linli_ways", "Travel times asked of the chosen provider, and whether it could say.", ["provider", "answered"], registry=registry
)


class Shared(Collector):
    """What is read from the database when it is asked for."""

    def describe(self) -> list[Metric]:
        """Nothing yet: the database is not asked while the process starts."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Jobs by state, the age of the oldest due one, broken rules, listening pages."""
        now = clock.now()
        health = jobs.health(now)
        by_state = GaugeMetricFamily("linli_jobs", "Jobs in the queue.", labels=["state"])
        for state in ("due", "waiting", "running", "poison"):
            by_state.add_metric([state], getattr(health, state))
        yield by_state
        yield GaugeMetricFamily("linli_jobs_oldest_due_seconds", "How long the oldest due job has waited.", health.oldest_due_s)
        rules = invariants.states()
        checked = min((rule.checked_at for rule in rules), default=None)
        age = (now - checked).total_seconds() if checked else 0.0
        yield GaugeMetricFamily("linli_invariants_age_seconds", "How long ago the rules were last checked.", age)
        broken = GaugeMetricFamily("linli_invariant_violations", "Violations of a rule that must always hold.", labels=["rule"])
        for rule in rules:
            broken.add_metric([rule.name], len(rule.violations))
        yield broken
        yield GaugeMetricFamily("linli_live_pages", "Pages that listen to this process.", hub.listeners)


registry.register(Shared())
ProcessCollector(registry=registry)
PlatformCollector(registry=registry)
GCCollector(registry=registry)
