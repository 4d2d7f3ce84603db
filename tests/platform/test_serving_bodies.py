"""A body that a browser sends arrives, also where the server hands out futures instead of coroutines (as Granian does)."""

from __future__ import annotations

import asyncio
from typing import Any

from linli.serve import asgi


def test_a_body_arrives_through_the_one_port() -> None:
    async def post(body: bytes) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        left = [{"type": "http.request", "body": body, "more_body": False}]

        def receive() -> asyncio.Future[dict[str, Any]]:
            future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
            if left:
                future.set_result(left.pop())
            return future

        async def send(message: Any) -> None:
            sent.append(dict(message))

        headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"%d" % len(body))]
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": "/sandbox/api/query", "raw_path": b"/sandbox/api/query", "query_string": b"", "root_path": "", "headers": headers,
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        await asyncio.wait_for(asgi(scope, receive, send), 20)
        return sent

    sent = asyncio.run(post(b"timestamp=yesterday"))
    assert sent[0]["status"] == 400  # read and not understood; 500 would mean that it was not read
