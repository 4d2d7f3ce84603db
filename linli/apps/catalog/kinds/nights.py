"""Which nights can be booked, and when guests come and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from linli.engines.stays import Day, Night, Rate, Season, nights
from linli.kernel.errors import N_, Conflict, Invalid
from linli.platform import policies
from linli.policy import stays as policy


def check_in(*, zone: str, first: date) -> datetime:
    """From when guests of the night of `first` are let in (UTC)."""
    return _moment(zone, first, policies.whole(policy.CHECK_IN_MIN))


def check_out(*, zone: str, last: date) -> datetime:
    """Until when those who leave on the day `last` do so (UTC)."""
    return _moment(zone, last, policies.whole(policy.CHECK_OUT_MIN))


def _moment(zone: str, day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(minutes // 60, minutes % 60), ZoneInfo(zone)).astimezone(UTC)


def tonight(*, zone: str, at: datetime) -> date:
    """The first night that can be had: tonight, and until six in the morning the one that is not over yet."""
    return (at.astimezone(ZoneInfo(zone)) - timedelta(hours=6)).date()


def ensure_nights(*, zone: str, first: date, count: int, guests: int, rooms: int, at: datetime) -> None:
    """Raise Invalid, with words for the guest, for nights in the past, reversed, too long or too far away, and too many guests."""
    first_free, most, ahead = tonight(zone=zone, at=at), policies.whole(policy.NIGHTS_MOST), policies.whole(policy.AHEAD_D)
    if first < first_free:
        raise Invalid("stay.past", N_("This night is over. Choose one from %(day)s on."), day=first_free.isoformat(), field="first")
    if count < 1:
        raise Invalid("stay.reversed", N_("The day of leaving comes after the day of arriving."), field="last")
    if count > most:
        raise Invalid("stay.long", N_("A stay has at most %(most)s nights; for more please ask the hotel."), most=most, field="last")
    if first > first_free + timedelta(days=ahead):
        raise Invalid("stay.ahead", N_("Nights can be booked up to %(most)s days ahead."), most=ahead, field="first")
    many, crowd = policies.whole(policy.ROOMS_MOST), policies.whole(policy.GUESTS_MOST)
    if not 1 <= rooms <= many:
        raise Invalid("stay.rooms", N_("One to %(most)s rooms at a time."), most=many, field="rooms")
    if not rooms <= guests <= crowd:
        raise Invalid("stay.party", N_("At least one guest a room, and at most %(most)s guests."), most=crowd, field="guests")


def ensure_fits(room: str, sleeps: int, *, guests: int, rooms: int) -> None:
    """Raise Invalid when so many guests do not fit into so many rooms."""
    if guests > sleeps * rooms:
        raise Invalid(
            "stay.guests", N_("“%(room)s” is for %(sleeps)s guests a room; take more rooms or a larger one."), room=room, sleeps=sleeps,
            field="guests",
        )  # fmt: skip


def priced_nights(
    room: str, rate: Rate, first: date, count: int, days: Mapping[date, Day], seasons: Sequence[Season]
) -> list[Night]:  # fmt: skip
    """The nights with their prices. Raises Invalid "stay.nights" (too short, too long), Conflict "room.closed" (a night not sold)."""
    if not rate.least_nights <= count <= rate.most_nights:
        raise Invalid(
            "stay.nights", N_("This price is for %(least)s to %(most)s nights."), least=rate.least_nights, most=rate.most_nights,
            field="nights",
        )  # fmt: skip
    priced = nights(rate, first, count, days=days, seasons=seasons)
    if shut := [night.day for night in priced if night.price is None]:
        raise Conflict("room.closed", N_("“%(room)s” is not sold for the night of %(day)s."), room=room, day=shut[0].isoformat())
    return priced
