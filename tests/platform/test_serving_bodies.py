"""A body that a browser sends arrives, also where the server hands out futures instead of coroutines (as Granian does)."""

from __future__ import annotations

import asyncio
from typing import Any

from linli.serve import asgi


def posted(path: str, kind: str, body: bytes) -> list[dict[str, Any]]:
    async def post() -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        left = [{"type": "http.request", "body": body, "more_body": False}]

        def receive() -> asyncio.Future[dict[str, Any]]:
            future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
            if left:
                future.set_result(left.pop())
            return future

        async def send(message: Any) -> None:
            sent.append(dict(message))

        headers = [(b"host", b"127.0.0.1"), (b"content-type", kind.encode()), (b"content-length", b"%d" % len(body))]
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        await asyncio.wait_for(asgi(scope, receive, send), 20)
        return sent

    return asyncio.run(post())


def test_a_body_arrives_through_the_one_port() -> None:
    sent = posted("/sandbox/api/query", "application/x-www-form-urlencoded", b"timestamp=yesterday")
    assert sent[0]["status"] == 400  # read and not understood; 500 would mean that it was not read


def test_a_program_is_answered_in_one_piece() -> None:
    sent = posted("/api/v1/auth/code", "application/json", b'{"nothing": "of ours"}')
    headers = dict(sent[0]["headers"])
    assert (sent[0]["status"], headers[b"content-type"]) == (422, b"application/problem+json")
    assert int(headers[b"content-length"]) == len(sent[1]["body"])
    assert headers[b"x-request-id"]
    assert len(sent) == 2
