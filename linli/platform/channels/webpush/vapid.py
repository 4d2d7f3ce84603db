"""Sends Web Push (RFC 8030) with VAPID (RFC 8292) and payload encryption (RFC 8291), through pywebpush."""

from __future__ import annotations

import json

from django.conf import settings

from linli.platform.channels.message import Message

KEEP_S = 3600  # the push service forgets a message that could not be delivered for this long


def send(message: Message) -> None:
    """One message to the subscription in `message.to`. One that is gone (404, 410) is no error; the rest raise WebPushException."""
    from pywebpush import WebPushException, webpush

    config = settings.CHANNELS["webpush"]
    data = json.dumps({"title": message.subject, "body": message.body, "url": message.url}, ensure_ascii=False)
    try:
        webpush(
            subscription_info=json.loads(message.to), data=data, vapid_private_key=config["private_key"],
            vapid_claims={"sub": config["contact"]}, ttl=KEEP_S, timeout=10,
        )  # fmt: skip
    except WebPushException as error:
        if error.response is None or error.response.status_code not in {404, 410}:
            raise
