"""Mail."""

from __future__ import annotations

from linli.platform.channels.mail.smtp import send
from linli.platform.channels.sandbox import keep

ADAPTERS = {"sandbox": keep("mail"), "smtp": send}
