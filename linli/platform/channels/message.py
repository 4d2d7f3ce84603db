"""What is sent, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Message:
    """`to` is a phone number, a mail address or a push subscription (its JSON). `url` is where a tap leads."""

    to: str
    subject: str
    body: str
    url: str
    at: datetime
