"""Sending, later and with patience; and what the sandbox has kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.platform import jobs
from linli.platform.channels.message import Message
from linli.platform.channels.registry import adapter
from linli.platform.models import Sent


@jobs.task("channels.deliver", transactional=False, retries=6)
def deliver(*, at: datetime, channel: str, to: str, subject: str, body: str, url: str) -> None:
    """Hand one message to the channel's adapter; at least once, since the outside cannot be asked to forget."""
    adapter(channel)(Message(to, subject, body, url, at))


def send(*, channel: str, to: str, subject: str = "", body: str, url: str = "", at: datetime) -> None:
    """Send a message by `sms`, `mail` or `webpush` if the current transaction commits. Raises Invalid for another channel."""
    adapter(channel)
    deliver.enqueue(run_at=at, at=at, channel=channel, to=to, subject=subject, body=body, url=url)


@dataclass(frozen=True, slots=True)
class SentView:
    """A message that the sandbox kept."""

    id: int
    channel: str
    to: str
    subject: str
    body: str
    url: str
    at: datetime


def _views(rows: list[Sent]) -> list[SentView]:
    return [SentView(row.pk, row.channel, row.to, row.subject, row.body, row.url, row.at) for row in rows]


def sent(to: str, limit: int = 20) -> list[SentView]:
    """What the sandbox kept for one recipient, newest first."""
    return _views(list(Sent.objects.filter(to=to).order_by("-pk")[:limit]))


def recent_sent(limit: int = 50) -> list[SentView]:
    """What the sandbox kept, newest first."""
    return _views(list(Sent.objects.order_by("-pk")[:limit]))
