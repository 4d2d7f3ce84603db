"""Reading the inbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.apps.notices.models import Message, Preference
from linli.apps.notices.rides import trip_link as trip_link
from linli.apps.notices.rides import trip_of as trip_of
from linli.platform import pages
from linli.platform.pages import Page


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message in both languages; `url` leads to what it is about."""

    id: int
    kind: str
    title: str
    body: str
    title_en: str
    body_en: str
    url: str
    created_at: datetime
    read_at: datetime | None


def inbox(*, person_id: int, cursor: str | None = None, limit: int = 20) -> Page[MessageView]:
    """One page of messages, newest first."""
    return pages.page(
        Message.objects.filter(person_id=person_id), cursor=cursor, limit=limit, make=lambda rows: [_view(row) for row in rows]
    )


def unread(*, person_id: int) -> int:
    """How many messages wait to be read."""
    return Message.objects.filter(person_id=person_id, read_at=None).count()


@dataclass(frozen=True, slots=True)
class ReachView:
    """How the person hears besides the inbox: by SMS, at a confirmed mail address, on so many browsers."""

    sms: bool
    mail: str
    browsers: int


def reach(*, person_id: int) -> ReachView:
    """What the person asked for."""
    row = Preference.objects.filter(person_id=person_id).first()
    return ReachView(row.sms, row.mail, len(row.pushes)) if row else ReachView(False, "", 0)


def _view(row: Message) -> MessageView:
    return MessageView(row.pk, row.kind, row.title, row.body, row.title_en, row.body_en, row.url, row.created_at, row.read_at)
