"""The API as an ASGI application of its own: a request is read whole, answered in a thread by the lane, and sent in one piece.

Django's own handlers do the same with signals, several hops between threads and a chain of middleware of which the API needs one.
"""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any, cast

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from linli.fronts.api import lane, problems
from linli.fronts.api.turns import Turns
from linli.platform import connections, files
from linli.platform.telemetry.middleware import Telemetry

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def takes(scope: Message) -> bool:
    """Whether a request is the API's to answer."""
    return lane.takes(scope["method"], scope["path"])


class ApiServer:
    """Answers what it `takes`, each request when it has its turn."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns
        self._answer = Telemetry(cast(Any, lane.ApiLane(_nobody)))

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            return
        status, headers, content = await self._turns.run(partial(self._respond, scope, body))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _respond(self, scope: Message, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        connections.ready()
        try:
            request = ASGIRequest(scope, io.BytesIO(body))
            response = problems.simple(413) if len(body) > files.LARGEST_BYTES else self._answer(request)
            return response.status_code, _headers(response), _content(response)
        finally:
            connections.settle()


def _nobody(request: HttpRequest) -> HttpResponseBase:
    return problems.simple(404)


async def _body(receive: Receive) -> bytes | None:
    """The body as far as it is of any use; None when the client has hung up."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size <= files.LARGEST_BYTES + 1:
            parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts) if size <= files.LARGEST_BYTES else bytes(files.LARGEST_BYTES + 1)


def _headers(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    cookies = [(b"set-cookie", cookie.output(header="").strip().encode("latin1")) for cookie in response.cookies.values()]
    return [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in response.items()] + cookies


def _content(response: HttpResponseBase) -> bytes:
    if isinstance(response, HttpResponse):
        return response.content
    return b"".join(response)
