"""What templates say about money, time, distance and pictures: `{% load linli %}`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.template.context import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from linli.fronts.web import bundle, icons, pictures
from linli.kernel.money import EXPONENTS, SYMBOLS, Money
from linli.platform import clock as platform_clock
from linli.platform import ids

register = template.Library()
ZONE = "Asia/Shanghai"  # of the page's city when the context names none


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """A sign: `{% icon "cart" %}`, `{% icon "star" "solid" %}`."""
    return icons.icon(name, extra)


@register.simple_tag
def price(amount: int | None, currency: str = "CNY", extra: str = "") -> SafeString:
    """Minor units as a price, currency and cents small: `{% price offer.price "CNY" "hot" %}`. None gives a dash."""
    if amount is None:
        return format_html("<span class=price>—</span>")
    number = Money(abs(amount), currency).number
    whole, _, part = number.partition(".")
    cents = format_html("<u>.{}</u>", part) if part.strip("0") else ""
    sign = "−" if amount < 0 else ""
    return format_html('<span class="price {}">{}<i>{}</i>{}{}</span>', extra, sign, SYMBOLS.get(currency, currency), whole, cents)


@register.simple_tag
def price_was(amount: int | None, currency: str = "CNY") -> SafeString | str:
    """The price before, crossed out and said as such to readers; nothing when there is none."""
    if not amount:
        return ""
    text = gettext("Before: %(price)s") % {"price": Money(amount, currency)}
    return format_html(
        '<s class="price-was"><span class="away">{}</span><span aria-hidden="true">{}</span></s>', text, Money(amount, currency)
    )


@register.filter
def money(amount: int | None, currency: str = "CNY") -> str:
    """Minor units as plain text, for buttons and titles: `¥38.50`."""
    return "—" if amount is None else str(Money(amount, currency))


@register.filter
def major(amount: int | None, currency: str = "CNY") -> str:
    """Minor units as the number a person types into a field: `38.5`."""
    if amount is None:
        return ""
    return Money(amount, currency).number.rstrip("0").rstrip(".") if EXPONENTS.get(currency, 2) else str(amount)


@register.filter
def slice_tenths(rating: int | None) -> str:
    """A rating of 0 to 50 tenths as people write it: `4.6`."""
    return f"{(rating or 0) / 10:.1f}"


@register.filter
def distance(metres: float | None) -> str:
    """Under 1 km in metres (tens), above in kilometres with one decimal."""
    if metres is None:
        return ""
    if metres < 995:
        return f"{max(10, round(metres / 10) * 10)} m"
    return f"{metres / 1000:.1f} km"


def zone_of(context: Context, zone: str = "") -> ZoneInfo:
    """The zone named, else that of the page's city."""
    city = context.get("city")
    return ZoneInfo(zone or getattr(city, "zone", "") or ZONE)


def day_text(local: datetime, today: datetime) -> str:
    """The day of a local moment as people say it today; nothing for today."""
    days = (local.date() - today.date()).days
    named = {0: "", 1: gettext("Tomorrow"), -1: gettext("Yesterday")}
    if days in named:
        return named[days]
    return date_format(local, "n月j日" if (get_language() or "").startswith("zh") else "M j")


@register.simple_tag(takes_context=True)
def clock(context: Context, at: datetime | None, zone: str = "") -> SafeString | str:
    """A moment in the city's own time: `12:40`, with the day when it is not today."""
    if at is None:
        return ""
    local = at.astimezone(zone_of(context, zone))
    today = platform_clock.now().astimezone(local.tzinfo)
    text = f"{day_text(local, today)} {local:%H:%M}".strip()
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), text)


@register.simple_tag
def wall(at: datetime, zone: str) -> str:
    """What a clock on the wall there shows: `09:30`."""
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


@register.simple_tag(takes_context=True)
def promise(context: Context, start: datetime | None, end: datetime | None, source: str = "") -> SafeString | str:
    """A promised window with what it rests on: `12:40-12:50`, then the source in small words."""
    if start is None or end is None:
        return ""
    zone = zone_of(context, "")
    first, last, today = start.astimezone(zone), end.astimezone(zone), platform_clock.now().astimezone(zone)
    day = day_text(first, today)
    text = (
        f"{day} {first:%H:%M}–{last:%H:%M}".strip() if first.strftime("%H:%M") != last.strftime("%H:%M") else f"{day} {first:%H:%M}".strip()
    )
    words = format_html('<small class="quiet">{}</small>', source) if source else ""
    return format_html('<span class="promise"><b class="tabular">{}</b> {}</span>', text, words)


@register.simple_tag
def seal(kind: str, number: int) -> str:
    """The outside name of a thing: `{% seal "or" order.id %}`."""
    return ids.seal(kind, number)


@register.simple_tag
def picture(kind: str, name: str, category: str = "") -> str:
    """Where the drawing of a dish, front, room or sight is: `{% picture "dish" offer.name store.cuisine %}`."""
    return pictures.address(kind, name, category)


@register.simple_tag
def plate_of(store_name: str, cuisine: str) -> str:
    """The drawing of a plate that is typical of a store; with an empty name, of its kind of food."""
    return pictures.address("dish", store_name, cuisine, of_store=True)


@register.simple_tag
def look_css() -> str:
    """The address of the style sheet."""
    return f"/look/{bundle.sheet()[0]}.css"


@register.simple_tag(takes_context=True)
def named(context: Context, thing: Any, field: str = "name") -> str:
    """The name in the reader's language where there is one: `{% named store %}`, `{% named line "title" %}`."""
    english = getattr(thing, f"{field}_en", "") if (get_language() or "").startswith("en") else ""
    return english or getattr(thing, field, "") or ""


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The present query string with `changes`; an empty value drops the key, and `cursor` never stays."""
    kept = {key: values for key, values in context["request"].GET.lists() if key != "cursor"} | {
        key: [value] for key, value in changes.items()
    }
    return "?" + urlencode([(key, value) for key, values in kept.items() for value in values if value not in ("", None)])


@register.simple_tag
def bars(values: list[float], height: int = 96, width: int = 480) -> list[dict[str, float]]:
    """The bars of a chart, in the units of its view box: x, y, width and height of each value."""
    top = max([*values, 1])
    step = width / max(1, len(values))
    return [
        {
            "x": round(i * step + step * 0.12, 1),
            "w": round(step * 0.76, 1),
            "h": round(v / top * height, 1),
            "y": round(height - v / top * height, 1),
            "v": v,
        }
        for i, v in enumerate(values)
    ]


@register.inclusion_tag("web/demo.html", takes_context=True)
def demo_bar(context: Context) -> dict[str, Any]:
    """The slim bar of a demo city: its time, its pace, and one tap to be anybody. Nothing elsewhere."""
    if not settings.DEMO:
        return {"demo": False}
    now = platform_clock.now()
    return {
        "demo": True,
        "request": context.get("request"),
        "now": now,
        "local": f"{now.astimezone(zone_of(context)):%H:%M}",
        "zone": str(zone_of(context)),
        "speed": platform_clock.speed(),
    }
