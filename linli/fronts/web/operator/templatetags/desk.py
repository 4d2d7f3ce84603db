"""What the console's templates say: `{% load desk %}`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from linli.apps.accounts.queries import mask_phone
from linli.apps.orders.queries import reason_words
from linli.fronts.web.operator import words
from linli.platform import ids

register = template.Library()
_LINKED = {"or": "orders"}


@register.filter
def say(code: str, table: str) -> str:
    """The words for a code: `{{ order.state|say:"state" }}`."""
    return words.say(table, str(code))


@register.filter
def why(reason: str) -> str:
    """Why something ended or went back, in words."""
    sentence = reason_words(str(reason))
    return gettext(sentence) if sentence else ""


@register.filter
def tone(code: str) -> str:
    """The colour of a state."""
    return words.TONES.get(code, "")


@register.filter
def span(seconds: float | None) -> str:
    """A length of time in the two units that matter: `3 min`, `2 h 5 min`, `40 s`."""
    if seconds is None:
        return "—"
    whole = int(abs(seconds))
    if whole < 60:
        return gettext("%(n)s s") % {"n": whole}
    minutes, hours = whole // 60 % 60, whole // 3600
    if hours >= 48:
        return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}
    if hours:
        return gettext("%(h)s h %(m)s min") % {"h": hours, "m": minutes}
    return gettext("%(n)s min") % {"n": minutes}


@register.filter
def since(at: datetime | None, now: datetime) -> str:
    """How long ago (or ahead) a moment is."""
    return "—" if at is None else span((now - at) / timedelta(seconds=1))


@register.filter
def plain(value: Any) -> str:
    """A JSON value as a person reads it; nothing for none."""
    if value is None or value == "":
        return "—"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@register.simple_tag
def subject(text: str, base: str) -> SafeString | str:
    """The subject of an audit line, with a way to it where there is a page."""
    kind, _, number = text.partition(":")
    if kind == "policy":
        name, _, city = number.partition("@")
        scope = "all" if city == "0" else "city"
        return format_html('<a href="{}/policies/{}?scope={}">{}</a>', base, name, scope, name)
    if kind in _LINKED and number.isdigit():
        sealed = ids.seal(kind, int(number))
        return format_html('<a href="{}/{}/{}">{}</a>', base, _LINKED[kind], sealed, sealed)
    return ids.seal(kind, int(number)) if number.isdigit() and len(kind) == 2 else text


@register.filter(name="is")
def same(value: str, other: str) -> bool:
    """Whether two words are the same; for what is handed to a part."""
    return value == other


@register.filter
def at(table: dict[Any, Any], key: Any) -> Any:
    """The entry of a table, None when there is none."""
    return table.get(key)


@register.filter
def number_of(value: Any) -> str:
    """A policy value as it is typed, yes or no in words."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return f"{value:g}" if isinstance(value, float) else str(value)


@register.filter
def order_of(ref: str) -> str:
    """The outside name of the order behind a ref."""
    return ids.seal("or", int(ref.partition(":")[2]))


@register.filter
def masked(phone: str) -> str:
    """A phone number with its middle hidden."""
    return mask_phone(phone)


@register.filter
def percent(part: float | None) -> str:
    """A part of 1 in percent with one decimal, a dash for none."""
    return "—" if part is None else f"{100 * part:.1f} %"


@register.filter
def mean_of(means: Sequence[tuple[str, float]], name: str) -> str:
    """The mean of the measure called `name`."""
    return f"{dict(means).get(name, 0.0):.3f}"


@register.filter
def share(percent: float | None) -> str:
    """A share in percent, a dash for none."""
    return "—" if percent is None else f"{percent:.0f} %"
