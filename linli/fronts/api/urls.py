"""The addresses of the API."""

from __future__ import annotations

import json
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.urls import path

from linli.fronts.api.v1 import api, description


@lru_cache(maxsize=1)
def _document() -> bytes:
    return json.dumps(description(), ensure_ascii=False).encode()


def openapi(request: HttpRequest) -> HttpResponse:
    """The description of the API (OpenAPI 3.1)."""
    return HttpResponse(_document(), content_type="application/json", headers={"Cache-Control": "public, max-age=300"})


urlpatterns = [path("api/v1/openapi.json", openapi), path("api/v1/", api.urls)]
