"""Text messages to phones."""

from __future__ import annotations

from linli.platform.channels.sandbox import keep
from linli.platform.channels.sms.webhook import send

ADAPTERS = {"sandbox": keep("sms"), "webhook": send}
