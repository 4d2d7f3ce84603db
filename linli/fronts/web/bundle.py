"""The style sheet of every page: tokens, base and one file a part, joined and named by its content so that it is kept for ever."""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

LOOK = Path(__file__).parent / "static" / "look"


def _joined() -> bytes:
    """The sheets in their order, without comments and the space that nobody reads."""
    sheets = [LOOK / "tokens.css", LOOK / "base.css", *sorted((LOOK / "parts").glob("*.css"))]
    text = re.sub(r"/\*.*?\*/", "", "\n".join(sheet.read_text("utf8") for sheet in sheets), flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?([{};,]) ?", r"\1", text).strip().encode()


def _named() -> tuple[str, bytes, bytes]:
    body = _joined()
    return hashlib.blake2s(body, digest_size=8).hexdigest(), body, gzip.compress(body, 9, mtime=0)


_kept = cache(_named)


def sheet() -> tuple[str, bytes, bytes]:
    """The name (a digest), the text and the gzipped text of the style sheet; read anew on each call while debugging."""
    return _named() if settings.DEBUG else _kept()


def css(request: HttpRequest, name: str) -> HttpResponse:
    """The style sheet. An older name, from a page that is still open, leads to the one in force."""
    current, body, packed = sheet()
    if name != current:
        return HttpResponseRedirect(f"/look/{current}.css")
    pack = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if pack else body, content_type="text/css; charset=utf-8")
    if pack:
        response["Content-Encoding"] = "gzip"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Vary"] = "Accept-Encoding"
    return response
