"""Sends mail by SMTP, through Django's mail backend."""

from __future__ import annotations

from django.core.mail import EmailMessage

from linli.platform.channels.message import Message


def send(message: Message) -> None:
    """One plain-text mail. Raises smtplib.SMTPException or OSError when the server does not take it."""
    body = f"{message.body}\n\n{message.url}".strip()
    EmailMessage(subject=message.subject, body=body, to=[message.to]).send()
