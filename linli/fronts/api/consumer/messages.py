"""The inbox, and hearing at once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Router
from pydantic import Field

from linli.apps.notices import operations, queries
from linli.fronts.api.door import CONSUMER, Request, endpoint
from linli.fronts.api.forms import In, MessageId, Out
from linli.platform import push

router = Router(tags=["messages"])


class MessageOut(Out):
    """A message in both languages; `url` is the page about it."""

    id: MessageId
    kind: str
    title: str
    body: str
    title_en: str
    body_en: str
    url: str
    created_at: datetime
    read_at: datetime | None


class MessagePage(Out):
    """Some messages, newest first."""

    items: list[MessageOut]
    next_cursor: str | None
    unread: int


class ReadIn(In):
    """Which messages have been read; null for all."""

    ids: list[MessageId] | None = Field(None, max_length=200)


class UnreadOut(Out):
    """How many wait to be read."""

    unread: int


class LiveOut(Out):
    """An address that streams news as Server-Sent Events for some hours."""

    url: str


@endpoint(router, "GET", "/messages", who=CONSUMER, out=MessagePage, summary="My messages")
def messages(request: Request, cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=50)] = 20) -> MessagePage:
    """The inbox, newest first."""
    page = queries.inbox(person_id=request.actor.person_id, cursor=cursor, limit=limit)
    unread = queries.unread(person_id=request.actor.person_id)
    return MessagePage(items=[MessageOut.of(view) for view in page.items], next_cursor=page.next_cursor, unread=unread)


@endpoint(router, "POST", "/messages/read", who=CONSUMER, out=UnreadOut, summary="Mark as read")
def read(request: Request, body: ReadIn) -> UnreadOut:
    """Marks messages read; those of others are left alone. Returns how many are unread still."""
    operations.read(person_id=request.actor.person_id, message_ids=body.ids, at=request.at)
    return UnreadOut(unread=queries.unread(person_id=request.actor.person_id))


@endpoint(router, "GET", "/me/live", who=CONSUMER, out=LiveOut, summary="Hear at once")
def live(request: Request) -> LiveOut:
    """Where the news of the person signed in is streamed."""
    return LiveOut(url=f"/live?t={push.topic_token(f'person:{request.actor.person_id}')}")
