"""The API's own way through the server: past everything that only pages need, so that a request costs little.

What pages get from middleware is done here where it applies: the clock, the identity (bearer only, so a cookie and with it a
forged form count for nothing), the language, the size limit, the headers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import Resolver404
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from linli.apps.accounts import queries as accounts
from linli.fronts.api import problems, roads
from linli.fronts.web.identity import Request, bearer_of
from linli.platform import clock, files
from linli.platform.transactions import away, crowded

log = logging.getLogger("linli.api")

PREFIX = "/api/"
CALLBACKS = "/gateways/"  # what providers tell us comes from programs, too
LARGEST_BODY = 262_144  # bytes: a long batch of positions is 20 KB
PHOTOS = "/photos"  # addresses that end like this take a picture as it comes from a phone


def takes(method: str, path: str) -> bool:
    """Whether a request is one that programs send."""
    return path.startswith(PREFIX) or (method == "POST" and path.startswith(CALLBACKS))


class ApiLane:
    """Middleware that serves the API by itself and lets all else pass."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        if not takes(request.method or "", request.path_info):
            return self._get_response(request)
        language = language_of(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        with translation.override(language):
            response = _serve(request)
        if isinstance(response, HttpResponse):  # with its length said it is sent in one piece
            response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Language"] = "zh-Hans" if language == "zh-hans" else language
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        if settings.SECURE_HSTS_SECONDS and request.is_secure():
            response.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        response.headers["Vary"] = "Authorization, Accept-Language"
        return response


def _serve(request: Request) -> HttpResponseBase:
    try:
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return HttpResponsePermanentRedirect(f"https://{request.get_host()}{request.get_full_path()}")
        request.get_host()  # refuses hosts that are not ours
        if _size(request) > (files.LARGEST_BYTES if request.path_info.endswith(PHOTOS) else LARGEST_BODY):
            return problems.simple(413)
        if _holds_nul(request):
            return problems.simple(422)
        request.at = clock.now()
        token = bearer_of(request)
        request.identity = accounts.identify(token=token, at=request.at) if token else None
        match = request.resolver_match = roads.resolve(request.path_info)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return _not_allowed(response) if response.status_code == 405 else response
    except Resolver404:
        return problems.simple(404)
    except DisallowedHost:
        return problems.simple(400)
    except Exception as error:
        if (refusal := crowded(error) or away(error)) is not None:
            return problems.from_problem(request, refusal)
        log.exception("api.failed", extra={"path": request.path_info})
        return problems.simple(500)


def _size(request: HttpRequest) -> int:
    """The announced size of the body; what is announced wrongly is cut off by the server before it reaches us."""
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(text) if text.isascii() and text.isdigit() else files.LARGEST_BYTES + 1


def _holds_nul(request: HttpRequest) -> bool:
    """Whether a text that came in has a NUL in it: no database of ours keeps one, and nobody types one."""
    if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path_info:
        return True
    return not request.path_info.endswith(PHOTOS) and b"\\u0000" in request.body


def _not_allowed(plain: HttpResponseBase) -> HttpResponseBase:
    response = problems.simple(405)
    response["Allow"] = plain["Allow"]
    return response


@lru_cache(maxsize=1024)
def language_of(header: str) -> str:
    """The best of our languages for an `Accept-Language` header; any Chinese and anything unknown is Simplified Chinese."""
    for name, quality in parse_accept_lang_header(header.lower()[:500]):
        if quality <= 0:
            continue
        if name.startswith("en"):
            return "en"
        if name.startswith("zh") or name == "*":
            break
    return settings.LANGUAGE_CODE
