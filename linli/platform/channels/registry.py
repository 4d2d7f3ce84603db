"""Which adapter serves which channel. A new kind is a folder beside the others, a line here, and a setting."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.conf import settings

from linli.kernel.errors import N_, Invalid
from linli.platform.channels import mail, sms, webpush
from linli.platform.channels.message import Message

Adapter = Callable[[Message], None]

ADAPTERS: Mapping[str, Mapping[str, Adapter]] = {"sms": sms.ADAPTERS, "mail": mail.ADAPTERS, "webpush": webpush.ADAPTERS}


def adapter(channel: str) -> Adapter:
    """The adapter that the settings choose. Raises Invalid for a channel that does not exist."""
    if channel not in ADAPTERS:
        raise Invalid("channel.unknown", N_("There is no channel called “%(channel)s”."), channel=channel)
    return ADAPTERS[channel][settings.CHANNELS[channel]["adapter"]]
