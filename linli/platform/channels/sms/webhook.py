"""Hands a text message to an SMS gateway over HTTP: a signed POST with JSON, as most gateways (or a few lines before them) take it."""

from __future__ import annotations

import hashlib
import hmac
import json

from django.conf import settings

from linli.platform import http
from linli.platform.channels.message import Message


def send(message: Message) -> None:
    """POST `{"to", "text", "sent_at"}` with `X-Signature: sha256=<HMAC of the body>`. Raises httpx.HTTPError unless it is taken (2xx)."""
    config = settings.CHANNELS["sms"]
    text = f"{message.body} {message.url}".strip()
    body = json.dumps({"to": message.to, "text": text, "sent_at": message.at.isoformat()}, ensure_ascii=False).encode()
    signature = hmac.new(config["secret"].encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Signature": f"sha256={signature}"}
    with http.client(timeout_s=10) as client:
        client.post(config["url"], content=body, headers=headers).raise_for_status()
