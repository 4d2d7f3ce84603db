"""Money: integers, fair splits, text in and out."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.errors import Invalid
from linli.kernel.money import Money, parse, share, split

weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(lambda parts: sum(parts) > 0)


@given(st.integers(-(10**12), 10**12), weights)
def test_a_split_loses_nothing_and_is_fair(amount: int, parts: list[int]) -> None:
    result = split(amount, parts)
    assert sum(result) == amount
    for part, weight in zip(result, parts, strict=True):
        assert abs(part - Decimal(amount) * weight / sum(parts)) < 1


def test_ties_go_to_the_earlier_part() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize("parts", [[], [0, 0], [1, -1, 2]])
def test_senseless_weights_are_refused(parts: list[int]) -> None:
    with pytest.raises(ValueError):
        split(10, parts)


@pytest.mark.parametrize(("text", "amount"), [("38", 3800), ("38.5", 3850), ("¥38.50", 3850), (" 0.01 ", 1), ("-2", -200)])
def test_money_is_read_as_people_write_it(text: str, amount: int) -> None:
    assert parse(text) == amount


@pytest.mark.parametrize("text", ["", "abc", "1.234", "1,000", "1e5", "٣", "NaN", "9" * 14, "--1"])
def test_what_is_no_money_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(text)
    assert refusal.value.code == "money.unreadable"


def test_money_prints_with_its_own_exponent() -> None:
    assert str(Money(3850)) == "¥38.50"
    assert str(Money(-5)) == "-¥0.05"
    assert str(Money(1200, "JPY")) == "¥1200"
    assert parse("1200", "JPY") == 1200


def test_currencies_do_not_mix() -> None:
    with pytest.raises(ValueError):
        Money(1, "CNY") + Money(1, "USD")


def test_a_share_rounds_half_to_even() -> None:
    assert [share(amount, Decimal("0.5")) for amount in (1, 3, 5)] == [0, 2, 2]


@given(st.integers(0, 10**10))
def test_printed_money_is_read_back(amount: int) -> None:
    assert parse(str(Money(amount))) == amount
