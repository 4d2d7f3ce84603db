"""Telling people, and noting what they have read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from linli.apps.notices import hot
from linli.apps.notices.models import Message
from linli.apps.notices.operations import reach
from linli.apps.notices.texts import TEXTS, Text, render
from linli.kernel.errors import N_, Invalid
from linli.kernel.ids import new_id
from linli.platform import ids, policies, push, rows
from linli.platform.writes import unit
from linli.policy import notices as numbers

_LONGEST = 500


def notify(
    *, person_id: int, kind: str, ref: str, url: str, at: datetime, words: Mapping[str, Any], words_en: Mapping[str, Any] | None = None
) -> int:
    """Put a message of `kind` into the inbox, tell open pages, and send it wherever else the person wants to hear; returns its id.

    `words` fill the places of the text; `words_en` are those that differ in English (names).
    Raises Invalid `notice.kind` for a kind that has no text.
    """
    text = TEXTS.get(kind)
    if text is None:
        raise Invalid("notice.kind", N_("There is no message of the kind “%(kind)s”."), kind=kind)
    said = {"zh-hans": dict(words), "en": {**words, **(words_en or {})}}
    row = _row(person_id, kind, text, ref, url, said, at)
    with unit():
        hot.put(row)
        push.publish(topic=f"person:{person_id}", event="message", data={"id": ids.seal("ms", row.pk), "kind": kind}, at=at)
        if text.loud:
            reach.send(row, urgent=text.urgent, at=at)
    return row.pk


@transaction.atomic
def read(*, person_id: int, at: datetime, message_ids: Sequence[int] | None = None) -> int:
    """Mark these messages (None: all) of this person read; others' are left alone. Returns how many were unread."""
    unread = Message.objects.filter(person_id=person_id, read_at=None)
    if message_ids is not None:
        unread = unread.filter(pk__in=message_ids)
    return unread.update(read_at=at)


def prune(*, at: datetime) -> int:
    """Forget messages that are older than the policy keeps them; returns how many."""
    oldest = at - timedelta(days=policies.whole(numbers.INBOX_KEEP_D))
    return Message.objects.filter(created_at__lt=oldest).delete()[0]


def _row(person_id: int, kind: str, text: Text, ref: str, url: str, said: dict[str, dict[str, Any]], at: datetime) -> Message:
    chinese, english = ({name: render(part, lang, said[lang]) for name, part in _parts(text)} for lang in ("zh-hans", "en"))
    return rows.fresh(
        Message, id=new_id(at), person_id=person_id, kind=kind, ref=ref, url=url, created_at=at,
        title=chinese["title"][:120], body=chinese["body"][:_LONGEST], title_en=english["title"][:120], body_en=english["body"][:_LONGEST],
    )  # fmt: skip


def _parts(text: Text) -> tuple[tuple[str, str], ...]:
    return ("title", text.title), ("body", text.body)
