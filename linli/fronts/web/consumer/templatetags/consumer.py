"""Words of the consumer's pages: `{% load consumer %}`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django import template
from django.template.context import Context
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from linli.apps.accounts.queries import mask_phone
from linli.apps.catalog.queries import GroupView, TicketView, VoucherView
from linli.apps.discovery.queries import Card, Why
from linli.apps.fulfilment.queries import PassView
from linli.apps.orders.queries import MODES, OrderLineView, Quote, QuoteLine, Slot
from linli.fronts.web.consumer import words as named
from linli.fronts.web.consumer.here import Here
from linli.fronts.web.problems import words
from linli.fronts.web.templatetags.linli import day_text, zone_of
from linli.kernel.errors import N_, Problem
from linli.kernel.money import EXPONENTS, Money
from linli.platform import clock as platform_clock

register = template.Library()
KINDS = {"packaging": N_("Packaging"), "delivery": N_("Delivery"), "tip": N_("Tip for the courier")}
METHODS = {
    "sandbox": N_("Sandbox Pay"),
    "sandbox_qr": N_("Sandbox Pay, by QR code"),
    "balance": N_("Balance"),
    "cash": N_("Cash on delivery"),
    "tab": N_("On the table's bill"),
    "desk": N_("At the hotel"),
    "later": N_("After the stay"),
    "none": N_("Nothing to pay"),
}
TONES = {
    "placed": "warn",
    "paid": "brand",
    "accepted": "brand",
    "ready": "brand",
    "picked_up": "accent",
    "delivered": "good",
    "collected": "good",
    "completed": "good",
    "cancelled": "",
    "refused": "bad",
    "expired": "",
}
PASS_STATES = {"valid": N_("Ready to be used"), "used": N_("Used up"), "void": N_("Given back"), "lapsed": N_("Over")}
MOVEMENTS = {
    "capture": N_("Paid for an order"),
    "refund": N_("Given back"),
    "top_up": N_("Topped up"),
    "give": N_("From Linli"),
}
REASONS = {
    "text": N_("fits your words"),
    "near": N_("near you"),
    "quality": N_("well rated"),
    "popular": N_("ordered a lot at this hour"),
    "price": N_("costs about what you usually pay"),
    "taste": N_("to your taste"),
}
AGAINST = {"near": N_("rather far"), "taste": N_("less to your taste")}
CUISINES = {
    "家常菜": "Home cooking",
    "火锅": "Hot pot",
    "北京菜": "Beijing",
    "烤鸭": "Roast duck",
    "西餐": "Western",
    "川菜": "Sichuan",
    "甜品饮品": "Sweets and drinks",
    "烧烤": "Barbecue",
    "小吃": "Snacks",
    "快餐": "Fast food",
    "海鲜": "Seafood",
    "东北菜": "Northeastern",
    "粤菜": "Cantonese",
    "日本料理": "Japanese",
    "韩国料理": "Korean",
    "素食": "Vegetarian",
    "清真": "Halal",
    "西北菜": "Northwestern",
    "江浙菜": "Jiangsu and Zhejiang",
    "东南亚菜": "Southeast Asian",
    "自助餐": "Buffet",
    "湘菜": "Hunan",
    "云贵菜": "Yunnan and Guizhou",
    "新疆菜": "Xinjiang",
    "农家菜": "Farmhouse",
}


@dataclass(frozen=True, slots=True)
class Sums:
    """Parts of a bill that are shown as one number."""

    goods: int


@register.filter
def money_short(amount: int | None, currency: str = "CNY") -> str:
    """Money without idle cents: `¥38`, `¥38.5`."""
    text = str(Money(amount or 0, currency))
    return text.removesuffix(".00")


@register.simple_tag
def reasons_of(why: Mapping[int, Sequence[Why]] | str, card: Card | str) -> str:
    """Why a store stands where it does on a list, the strongest reason first; empty where nothing is said of it."""
    given = why.get(card.store.id, ()) if isinstance(why, Mapping) and isinstance(card, Card) else ()
    return " · ".join(gettext((AGAINST if one.points < 0 else REASONS)[one.reason]) for one in given if one.speaks)


@register.filter
def names_of(things: Sequence[Any]) -> str:
    """The names of several things in the reader's language, in one line."""
    english = (get_language() or "").startswith("en")
    return (" / " if english else "、").join((english and thing.name_en) or thing.name for thing in things)


@register.filter
def major(amount: int, currency: str = "CNY") -> str:
    """Money as somebody would type it: `50`, `12.5`."""
    return f"{Decimal(amount).scaleb(-EXPONENTS.get(currency, 2)).normalize():f}"


@register.filter
def unlocal(number: float | str | None) -> str:
    """A number as machines write it, whatever the language."""
    return "" if number in (None, "") else str(number)


@register.filter
def masked(phone: str) -> str:
    """A phone number as it may be shown: `138****0001`."""
    return mask_phone(phone)


@register.filter
def upto(most: int) -> range:
    """0 to `most`."""
    return range(int(most) + 1)


@register.filter
def hours_ahead(minutes: int) -> str:
    """So long before it begins, in words: `24 hours before`."""
    if minutes % 60:
        return gettext("%(n)s minutes before") % {"n": minutes}
    return gettext("%(n)s hours before") % {"n": minutes // 60}


@register.filter
def get(kept: Mapping[Any, Any] | None, key: Any) -> Any:
    """The value under `key`."""
    return (kept or {}).get(key, 0)


@register.simple_tag
def trans_any(text: Any) -> str:
    """A text that is known only when the page is shown, in the reader's language if there is a translation."""
    return gettext(str(text)) if text else ""


@register.simple_tag
def diet_word(code: str) -> str:
    """A diet in the reader's language; an unknown one as it is written."""
    return gettext(named.DIETS[code]) if code in named.DIETS else code


@register.simple_tag
def allergen_word(word: str) -> str:
    """An allergen in the reader's language."""
    return gettext(word)


@register.simple_tag
def problem_words(problem: Problem) -> str:
    """Why something cannot be done."""
    return words(problem)


@register.simple_tag
def cuisine_name(name: str, store: Any = None) -> str:
    """A kind of food in the reader's language."""
    if not (get_language() or "").startswith("en"):
        return name
    known = store.facts.get("cuisine_en") if store is not None else None
    return str(known or CUISINES.get(name, name))


@register.simple_tag
def yuan_signs(band: int) -> str:
    """A price band as signs."""
    return "¥" * int(band)


@register.simple_tag
def choice_words(group: GroupView) -> str:
    """How many of a group are to be chosen."""
    if group.least == group.most == 1:
        return gettext("choose one")
    if group.least == 0:
        return ngettext("up to %(n)s", "up to %(n)s", group.most) % {"n": group.most}
    return gettext("%(least)s to %(most)s") % {"least": group.least, "most": group.most}


@register.simple_tag(takes_context=True)
def slot_words(context: Context, slot: Slot) -> str:
    """A slot of the select: day, from, to."""
    zone = zone_of(context)
    start, end, today = slot.start.astimezone(zone), slot.end.astimezone(zone), platform_clock.now().astimezone(zone)
    return f"{day_text(start, today) or gettext('Today')} {start:%H:%M}–{end:%H:%M}"


@register.simple_tag
def bill_sum(quote: Quote) -> Sums:
    """The goods of a quote in one number."""
    return Sums(sum(line.amount for line in quote.lines if line.kind == "item"))


@register.simple_tag
def line_words(line: QuoteLine | OrderLineView) -> str:
    """What a line that is no dish is called."""
    if line.kind in KINDS:
        return gettext(KINDS[line.kind])
    english = (get_language() or "").startswith("en")
    return (line.title_en if english else line.title) or line.title


@register.simple_tag
def payer_words(line: QuoteLine | OrderLineView, currency: str = "CNY") -> str:
    """Who bears a discount."""
    merchant, platform = line.by_merchant, line.by_platform
    if merchant and platform:
        return gettext("the store bears %(store)s, Linli %(linli)s") % {
            "store": money_short(merchant, currency), "linli": money_short(platform, currency),
        }  # fmt: skip
    return gettext("borne by the store") if merchant else gettext("borne by Linli")


@register.simple_tag
def state_tone(state: str) -> str:
    """The colour of a state."""
    return TONES.get(state, "")


@register.simple_tag
def state_words(state: str) -> str:
    """What a state of an order is called."""
    return gettext(named.STATES.get(state, state))


@register.simple_tag
def method_words(code: str) -> str:
    """What a way to pay is called."""
    return gettext(METHODS.get(code, code))


@register.simple_tag
def movement_words(kind: str) -> str:
    """What a movement of the balance was."""
    return gettext(MOVEMENTS.get(kind, kind))


@register.simple_tag
def cancel_reasons() -> tuple[str, ...]:
    """Why people call an order off."""
    return named.CANCEL_REASONS


@register.simple_tag
def place_points(here: Here) -> dict[str, Any]:
    """The map on which the reader says where they are."""
    mark = {"id": "picked", "kind": "you", "lat": here.point.lat, "lng": here.point.lng}
    return {"marks": [mark], "centre": [here.point.lat, here.point.lng], "zoom": 14, "pick": "#picked"}


@register.filter
def times(number: int | None, by: int) -> int:
    """`number` times `by`."""
    return int(number or 0) * int(by)


def _day(day: date) -> str:
    return date_format(day, "n月j日" if (get_language() or "").startswith("zh") else "M j")


@register.simple_tag
def qr(text: str) -> SafeString:
    """A QR code of `text`, drawn into the page; dark on light whatever the colours of the page, so that every scanner reads it."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(border=3, dark="#000", light="#fff", omitsize=True, svgclass=None)
    return format_html('<span class="qr" role="img" aria-label="{}">{}</span>', gettext("QR code"), mark_safe(drawn))


@register.simple_tag
def blackout_words(rule: Mapping[str, Any]) -> str:
    """When a voucher cannot be used: `on 10月1日–10月7日`, `Fri, Sat 17:00–22:00`."""
    if "from" in rule:
        first, last = date.fromisoformat(rule["from"]), date.fromisoformat(rule["to"])
        return _day(first) if first == last else f"{_day(first)}–{_day(last)}"
    days = (", " if (get_language() or "").startswith("en") else "、").join(str(WEEKDAYS_ABBR[day]) for day in sorted(rule["weekdays"]))
    start, end = int(rule.get("start", 0)), int(rule.get("end", 1440))
    return days if (start, end) == (0, 1440) else f"{days} {_minutes(start)}–{_minutes(end)}"


def _minutes(count: int) -> str:
    return f"{count // 60:02d}:{count % 60:02d}"


@register.simple_tag
def last_day(until: datetime, zone: str) -> str:
    """The last day before `until` by the clock there."""
    return _day((until.astimezone(ZoneInfo(zone)) - timedelta(microseconds=1)).date())


@register.simple_tag
def pass_words(own: VoucherView | TicketView | None) -> str:
    """What a voucher or a ticket is worth, in a few words."""
    if isinstance(own, TicketView):
        hours = {"hours": f"{_minutes(own.opens)}–{_minutes(own.closes)}"}
        return (gettext("Entry %(hours)s, by slots") if own.slot_minutes else gettext("Entry %(hours)s")) % hours
    if own is None:
        return ""
    days = ngettext("%(n)s day", "%(n)s days", own.valid_days) % {"n": own.valid_days}
    uses = ngettext("%(n)s use", "%(n)s uses", own.uses) % {"n": own.uses}
    return f"{uses} · {days}" + (" · " + gettext("not at all times") if own.blackout else "")


@register.simple_tag
def free_until_words(own: TicketView) -> str:
    """Until when a ticket is given back for nothing, and what is kept later."""
    if not own.late_bp:
        return gettext("Can be given back for nothing.")
    if not own.free_until:
        return gettext("Can be given back for nothing until its entry begins.")
    told = {"ahead": hours_ahead(own.free_until), "share": f"{own.late_bp / 100:g}"}
    return gettext("Given back for nothing until %(ahead)s its entry begins; later, or not used, %(share)s %% is kept.") % told


@register.simple_tag
def pass_when(pass_: PassView) -> str:
    """When a pass can be used: until a day, or for its entry slot."""
    zone = ZoneInfo(pass_.zone)
    if pass_.valid_from is None:
        return gettext("until %(day)s") % {"day": last_day(pass_.valid_until, pass_.zone)}
    start, end = pass_.valid_from.astimezone(zone), pass_.valid_until.astimezone(zone)
    return f"{_day(start.date())} {start:%H:%M}–{end:%H:%M}"


@register.simple_tag
def pass_state(pass_: PassView) -> str:
    """What the state of a pass is called."""
    return gettext(PASS_STATES.get(pass_.state, pass_.state))


@register.filter
def mode_word(mode: str) -> str:
    """What a service mode is called."""
    return gettext(MODES[mode].name) if mode in MODES else mode
