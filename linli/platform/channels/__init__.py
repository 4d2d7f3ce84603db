"""The ways to reach a person outside: one folder for each kind, each with a sandbox and a real adapter; the table is in `registry`."""

from __future__ import annotations

from linli.platform.channels.message import Message
from linli.platform.channels.outbound import SentView, recent_sent, send, sent

__all__ = ["Message", "SentView", "recent_sent", "send", "sent"]
