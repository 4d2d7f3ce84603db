"""What a web server loads: one ASGI application that streams `/live` itself and leaves everything else to Django in threads."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
wsgi = get_wsgi_application()

from linli.fronts.api.server import ApiServer, takes  # noqa: E402  (needs the settings)
from linli.fronts.api.turns import Turns  # noqa: E402
from linli.platform import connections, garbage, reads  # noqa: E402
from linli.platform.push.app import app as live  # noqa: E402

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

THREADS = int(os.environ.get("LINLI_THREADS", "8"))  # requests that one process answers at a time; the rest wait
TURNS = 1 if reads.VENDOR == "sqlite" else 2  # requests that get on at a time: one computes while a server is asked for another
_pages: App = cast(Any, WSGIMiddleware)(wsgi, workers=THREADS)
_programs = ApiServer(Turns(width=TURNS, threads=THREADS))
connections.by_thread()
garbage.look_rarely()


async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
    """Route one connection."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        if takes(scope):
            await _programs(scope, receive, send)
        else:
            await (live if scope["path"] == "/live" else _pages)(scope, _coroutine(receive), send)
    else:
        await send({"type": "websocket.close", "code": 1000})


def _coroutine(receive: Receive) -> Receive:
    """Granian hands out futures where ASGI servers hand out coroutines, and a2wsgi, reading a body from its thread, takes only those."""

    async def received() -> MutableMapping[str, Any]:
        return await receive()

    return received


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return
