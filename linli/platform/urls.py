"""Addresses for machines that watch over us."""

from __future__ import annotations

from django.urls import path

from linli.platform.telemetry import health

urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", health.metrics),
]
