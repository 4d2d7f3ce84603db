"""The address `/live`: Server-Sent Events (WHATWG HTML, chapter 9.2) for the topics of a token, as a bare ASGI application."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, TypeVar
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from linli.kernel.errors import Problem
from linli.platform.push.hub import Listener, hub, latest_id, missed
from linli.platform.push.publish import read_token

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

T = TypeVar("T")

HEARTBEAT_S = 15.0  # below the idle limit of common proxies (60 s)
RECONNECT_MS = 2000
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


async def _refuse(send: Send, problem: Problem) -> None:
    body = json.dumps({"title": str(problem), "status": problem.status, "code": problem.code}).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@sync_to_async
def _ask(question: Callable[..., T], *args: Any) -> T:
    """Ask the database from a thread, over a connection that is still good."""
    close_old_connections()
    return question(*args)


def _last_id(scope: Scope, query: dict[str, list[str]]) -> int | None:
    """Where the page stopped hearing: the header that browsers send on coming back, or `last` in the address."""
    sent = dict(scope["headers"]).get(b"last-event-id", b"").decode("latin-1") or query.get("last", [""])[0]
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 19 else None


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Stream until the page goes away. Answers with a problem document when the token is no good."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    try:
        topics = await _ask(read_token, query.get("t", [""])[0])
    except Problem as problem:
        await _refuse(send, problem)
        return
    listener = Listener(tuple(topics), asyncio.get_running_loop())
    await _ask(hub.join, listener)  # before looking back, so that nothing falls between
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        last = await _catch_up(listener, _last_id(scope, query), send)
        await _until_gone(receive, _stream(listener, last, send))
    finally:
        hub.leave(listener)


async def _catch_up(listener: Listener, last: int | None, send: Send) -> int:
    found = [] if last is None else await _ask(missed, listener.topics, last)
    at = found[-1].id if found else last if last is not None else await _ask(latest_id)
    start = f"retry: {RECONNECT_MS}\nid: {at}\nevent: hello\ndata: {{}}\n\n".encode()
    await _write(send, b"".join(item.frame for item in found) + start)
    return found[-1].id if found else last or 0


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _stream(listener: Listener, last: int, send: Send) -> None:
    """Pass on what comes; `last` was sent already while catching up. Ends when the connection has fallen too far behind."""
    beat = listener.loop.call_later(HEARTBEAT_S, listener.beat)
    try:
        while (items := await listener.next()) is not None:
            body = b"".join([item.frame for item in items if item.id > last])
            if listener.due:
                listener.due, beat = False, listener.loop.call_later(HEARTBEAT_S, listener.beat)
                body = body or b": still here\n\n"
            if body:
                await send({"type": "http.response.body", "body": body, "more_body": True})
    finally:
        beat.cancel()


async def _until_gone(receive: Receive, streaming: Awaitable[None]) -> None:
    """Run `streaming` until it ends or the page hangs up."""
    work = asyncio.ensure_future(streaming)
    gone = asyncio.ensure_future(_gone(receive))
    done, pending = await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
