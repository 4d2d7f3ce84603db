"""A channel that keeps what it should send, so that everything can be tried without a contract with anybody."""

from __future__ import annotations

from collections.abc import Callable

from linli.platform.channels.message import Message
from linli.platform.models import Sent


def keep(channel: str) -> Callable[[Message], None]:
    """The sandbox adapter of a channel."""

    def send(message: Message) -> None:
        Sent.objects.create(
            channel=channel, to=message.to[:500], subject=message.subject[:200], body=message.body, url=message.url[:500],
            at=message.at,
        )  # fmt: skip

    return send
