"""Web Push: messages to an installed page while it is closed."""

from __future__ import annotations

from linli.platform.channels.sandbox import keep
from linli.platform.channels.webpush.vapid import send

ADAPTERS = {"sandbox": keep("webpush"), "vapid": send}
