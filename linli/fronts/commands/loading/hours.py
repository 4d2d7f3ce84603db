"""Opening hours as people write them, in Chinese or English, read into weekly openings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from linli.kernel.errors import N_, Invalid
from linli.kernel.time import DAY_MINUTES, Opening

_CHINESE = {day: i for i, day in enumerate("一二三四五六日")} | {"天": 6}
_ENGLISH = {day: i for i, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))}
_EVERY_DAY = tuple(range(7))

_DAY = r"(?:周|星期|礼拜)[一二三四五六日天]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_DAYS = rf"(?:{_DAY})(?:\s*(?:至|到|-|,|、)\s*(?:{_DAY}|[一二三四五六日天](?![0-9])))*|工作日|周末|daily|每天|每日"
_HALF = r"(?:次日|翌日|凌晨|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|晚间|夜间|早|晚)"
_CLOCK = rf"(?:营业)?({_HALF})?\s*(\d{{1,2}})(?:\s*[:点时]\s*(\d{{2}}|半)?(?:分)?)?\s*([ap]m)?"
_SPAN = rf"{_CLOCK}\s*(?:-|至|到)\s*{_CLOCK}(?!\s*年)"
_TOKEN = re.compile(rf"(?P<days>{_DAYS})|(?P<span>{_SPAN})|(?P<whole>全天|24\s*小时|二十四小时|24h)", re.IGNORECASE)
_CLOSED = re.compile(r"非营业时段.*", re.DOTALL)
_SEASONS = re.compile(r"(?:[春夏秋冬]季?[、,]?)*[春夏秋冬]季")


@dataclass(frozen=True, slots=True)
class ReadHours:
    """Openings in local wall-clock minutes, and what was passed over while reading (English, for the report)."""

    openings: tuple[Opening, ...]
    notes: tuple[str, ...]


def read_hours(text: str) -> ReadHours:
    """The weekly openings that `text` tells, such as `周一至周五 11:00-14:00 17:00-21:30; 周六,周日 全天` or `mon-fri 9:00-18:00`.

    Understands 次日 and closings past midnight, several spans, lists of weekdays, 全天 and 24小时. Closures on dates and
    all seasons but the first are passed over with a note. Raises Invalid when no opening can be read.
    """
    plain, notes = _plain(text)
    spans: dict[int, list[tuple[int, int]]] = {}
    for days, times in _groups(plain):
        for day in days:
            spans.setdefault(day, []).extend(times)
    openings = tuple(Opening(day, opens, closes) for day in sorted(spans) for opens, closes in _merged(spans[day]))
    if not openings:
        raise Invalid("hours.unreadable", N_("No opening hours can be read from “%(text)s”."), text=text[:60], field="hours")
    return ReadHours(openings, notes)


def read_days(text: str) -> tuple[int, ...]:
    """The weekdays (0 is Monday) that `text` names, such as `mon-fri` or `周六、周日`. Raises Invalid for anything else."""
    plain, _ = _plain(text.strip())
    if re.fullmatch(_DAYS, plain, re.IGNORECASE) is None:
        raise Invalid("hours.days", N_("“%(text)s” names no weekdays."), text=text[:60], field="days")
    return _days(plain)


def union(openings: Iterable[Opening]) -> tuple[Opening, ...]:
    """The same hours with openings of one day that overlap or touch made one."""
    by_day: dict[int, list[tuple[int, int]]] = {}
    for opening in openings:
        by_day.setdefault(opening.weekday, []).append((opening.opens, opening.closes))
    return tuple(Opening(day, opens, closes) for day in sorted(by_day) for opens, closes in _merged(by_day[day]))


def write_hours(openings: Iterable[Opening]) -> str:
    """The openings as compact text that `read_hours` reads back, weekdays with the same hours together."""
    by_day: dict[int, list[str]] = {}
    for opening in sorted(openings):
        closes = opening.closes if opening.closes <= DAY_MINUTES else opening.closes - DAY_MINUTES
        by_day.setdefault(opening.weekday, []).append(f"{_clock(opening.opens)}-{_clock(closes)}")
    names = list(_ENGLISH)
    by_text: dict[str, list[str]] = {}
    for day, spans in by_day.items():
        by_text.setdefault(" ".join(spans), []).append(names[day])
    return "; ".join(f"{'mon-sun' if len(days) == 7 else ','.join(days)} {spans}" for spans, days in by_text.items())


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _plain(text: str) -> tuple[str, tuple[str, ...]]:
    """Half-width, one kind of dash, without closures on dates and without the later seasons."""
    plain = re.sub(r"[-—–―~～]+", "-", unicodedata.normalize("NFKC", text).replace("－", "-"))
    plain, closures = _CLOSED.subn("", plain)
    seasons = list(_SEASONS.finditer(plain))
    if len(seasons) > 1:
        plain = plain[: seasons[1].start()]
    notes = ["closures on dates passed over"] * bool(closures) + ["only the first season read"] * (len(seasons) > 1)
    return plain, tuple(notes)


def _groups(plain: str) -> list[tuple[tuple[int, ...], list[tuple[int, int]]]]:
    """Weekdays with their spans; days written after all the spans belong to these."""
    groups: list[tuple[tuple[int, ...], list[tuple[int, int]]]] = []
    days: tuple[int, ...] = _EVERY_DAY
    for token in _TOKEN.finditer(plain):
        if token["days"]:
            days = _days(token["days"])
            if groups and not _TOKEN_TIME.search(plain, token.end()) and all(group[0] == _EVERY_DAY for group in groups):
                return [(days, [span for group in groups for span in group[1]])]
            continue
        span = (0, DAY_MINUTES) if token["whole"] else _span(token)
        if span and not (token["whole"] and _span_next(plain, token.end())):
            groups.append((days, [span]))
    return groups


_TOKEN_TIME = re.compile(rf"{_SPAN}|全天|24\s*小时", re.IGNORECASE)


def _span_next(plain: str, position: int) -> bool:
    """Whether a span follows at once, as in `全天 10:00-22:00` (where 全天 means: without a break)."""
    return re.match(rf"\s*{_SPAN}", plain[position:], re.IGNORECASE) is not None


def _days(text: str) -> tuple[int, ...]:
    lowered = text.lower()
    fixed = {"工作日": (0, 1, 2, 3, 4), "周末": (5, 6), "daily": _EVERY_DAY, "每天": _EVERY_DAY, "每日": _EVERY_DAY}
    if lowered in fixed:
        return fixed[lowered]
    days: list[int] = []
    for part in re.split(r"[,、]", lowered):
        ends = [_day(end) for end in re.split(r"至|到|-", part) if end.strip()]
        last = ends[-1] if ends[-1] >= ends[0] else ends[-1] + 7
        days.extend(day % 7 for day in range(ends[0], last + 1))
    return tuple(sorted(set(days)))


def _day(text: str) -> int:
    word = text.strip()
    return _ENGLISH[word[:3]] if word[:3] in _ENGLISH else _CHINESE[word[-1]]


def _span(token: re.Match[str]) -> tuple[int, int] | None:
    match = re.fullmatch(_SPAN, token["span"], re.IGNORECASE)
    if match is None:
        return None
    opens, closes = _minute(*match.group(1, 2, 3, 4)), _minute(*match.group(5, 6, 7, 8))
    if opens is None or closes is None or not any(match.group(1, 3, 4, 5, 7, 8)):
        return None  # two bare numbers, such as 10-10, are not hours that anybody could be held to
    opens %= DAY_MINUTES
    return (opens, closes if closes > opens else closes + DAY_MINUTES)


def _minute(half: str | None, hour: str, minute: str | None, noon: str | None) -> int | None:
    late = half in {"下午", "傍晚", "晚上", "晚间", "晚", "夜间"} or (noon or "").lower() == "pm"
    hours = int(hour) + (12 if late and 1 <= int(hour) < 12 else 0)
    minutes = 30 if minute == "半" else int(minute or 0)
    return hours * 60 + minutes if hours <= 24 and minutes < 60 and hours * 60 + minutes <= DAY_MINUTES else None


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The union of the spans, in order."""
    merged: list[tuple[int, int]] = []
    for opens, closes in sorted(set(spans)):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged
