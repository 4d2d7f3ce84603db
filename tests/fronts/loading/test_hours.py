"""Opening hours as real stores write them."""

from __future__ import annotations

import pytest

from linli.fronts.commands.loading.hours import read_hours, write_hours
from linli.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("5:30-21:00", "mon-sun 05:30-21:00"),
        ("周一至周日 11:00-14:00 17:00-21:00", "mon-sun 11:00-14:00 17:00-21:00"),
        ("13:00-次日6:30", "mon-sun 13:00-06:30"),
        ("周一至周日 全天;", "mon-sun 00:00-24:00"),
        ("二十四小时", "mon-sun 00:00-24:00"),
        ("全天 10:00-21:00 周一,周二,周三,周四,周五,周六,周日", "mon-sun 10:00-21:00"),
        ("10:00-20:00 周一至周三", "mon,tue,wed 10:00-20:00"),
        ("周六,周日 10:00-21:00  周一,周三至周五 10:30-20:30", "mon,wed,thu,fri 10:30-20:30; sat,sun 10:00-21:00"),
        ("周一至周四,周日 11:00-00:00  周五,周六 11:00-01:00", "mon,tue,wed,thu,sun 11:00-24:00; fri,sat 11:00-01:00"),
        ("周六至周一 9:00-12:00", "mon,sat,sun 09:00-12:00"),
        ("营业时间为早9：00—晚11：00", "mon-sun 09:00-23:00"),
        ("上午11点--晚上9点半", "mon-sun 11:00-21:30"),
        ("上午10点至晚间22点", "mon-sun 10:00-22:00"),
        ("10:00AM~22:00PM", "mon-sun 10:00-22:00"),
        ("mon-fri 9:00 am - 5:30 pm; sat 10:00-14:00", "mon,tue,wed,thu,fri 09:00-17:30; sat 10:00-14:00"),
        ("11:00-14:0017:00-21:00", "mon-sun 11:00-14:00 17:00-21:00"),
        ("周六 11:00-14:30 11:00-15:00 16:30-21:00", "sat 11:00-15:00 16:30-21:00"),
        ("工作日：早 9：30~~~晚 7：00", "mon,tue,wed,thu,fri 09:30-19:00"),
    ],
)  # fmt: skip
def test_read(text: str, read: str) -> None:
    hours = read_hours(text)
    assert write_hours(hours.openings) == read
    assert hours.notes == ()
    assert read_hours(read).openings == hours.openings


@pytest.mark.parametrize(
    ("text", "read", "note"),
    [
        ("周一至周日 11:00-23:00  非营业时段 2018-02-14至2018-02-16 全天", "mon-sun 11:00-23:00", "closures on dates passed over"),
        ("春季、夏季、秋季 周一至周日 07:00-22:00  冬季 周一至周日 07:00-20:00", "mon-sun 07:00-22:00", "only the first season read"),
    ],
)
def test_what_is_passed_over_is_said(text: str, read: str, note: str) -> None:
    hours = read_hours(text)
    assert write_hours(hours.openings) == read
    assert hours.notes == (note,)


@pytest.mark.parametrize(
    "text", ["", "即将开业", "周一至周日", "10--10", "25:00-26:00", "8:00---客人走为止", "非营业时段 2018-02-15至2018-02-19 全天"]
)
def test_what_nobody_can_be_held_to_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_hours(text)
    assert caught.value.code == "hours.unreadable"
