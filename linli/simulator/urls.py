"""Addresses of the simulated world outside."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
if settings.SANDBOX_PAY:
    urlpatterns.append(path("sandbox/", include("linli.simulator.provider.urls")))
