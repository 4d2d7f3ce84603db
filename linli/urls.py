"""Every address of the platform: each door that is there brings its own list, written from the root (`merchant/orders`, not `orders`)."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

DOORS = [
    "linli.platform",
    "linli.fronts.api",
    "linli.fronts.gateways",
    "linli.simulator",
    *(f"linli.fronts.web.{front}" for front in ("merchant", "courier", "operator", "support")),
    "linli.fronts.web",
    "linli.fronts.web.sign_in",
    "linli.fronts.web.consumer",
]

urlpatterns: list[URLPattern | URLResolver] = [path("", include(f"{door}.urls")) for door in DOORS if find_spec(f"{door}.urls")]

handler400 = "linli.fronts.web.problems.bad_request"
handler403 = "linli.fronts.web.problems.forbidden"
handler404 = "linli.fronts.web.problems.not_found"
handler500 = "linli.fronts.web.problems.broken"
