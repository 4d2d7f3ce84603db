"""Forecasts see nothing that is not yet known, follow days and weeks and holidays, and their bounds hold."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from linli.engines.forecast import Calendar, Params, Series, check, covered, forecast, likely, regular, wape
from linli.engines.forecast.cells import History, expect, fit

DAYS, A_DAY = 70, 24
HOLIDAYS = (date(2024, 2, 7), date(2024, 2, 22), date(2024, 3, 6))


def made(seed: int = 0, holidays: tuple[date, ...] = HOLIDAYS) -> Series:
    rng = np.random.default_rng(seed)
    step = np.arange(DAYS * A_DAY)
    day, hour = step // A_DAY, step % A_DAY
    first = date(2024, 1, 8)
    sunday = np.array([one % 7 == 6 or first + timedelta(days=int(one)) in holidays for one in range(DAYS)])[day]
    shape = np.where(sunday, 60 + 30 * np.sin((hour - 10) / 24 * 6.28), 100 + 60 * np.sin((hour - 8) / 24 * 6.28))
    return Series(first, 60, rng.poisson(shape * (1 + 0.3 * (day % 7 == 5))).astype(float))


@pytest.mark.slow
@pytest.mark.parametrize("ahead", [1, A_DAY])
def test_what_comes_later_changes_no_forecast(ahead: int) -> None:
    series, calendar, since = made(), Calendar(frozenset(HOLIDAYS)), 40 * A_DAY
    step = 45 * A_DAY + 7
    changed = series.values.copy()
    changed[step - ahead + 1 :] *= 3
    a, b = (
        forecast(Series(series.first, 60, v), ahead=ahead, since=since, calendar=calendar, with_trees=False)
        for v in (series.values, changed)
    )
    np.testing.assert_array_equal(a.middle[since : step + 1], b.middle[since : step + 1])
    np.testing.assert_array_equal(a.high[since : step + 1], b.high[since : step + 1])
    assert (a.middle[step + 1 :] != b.middle[step + 1 :]).any()


def test_it_beats_last_week_and_its_bounds_hold() -> None:
    series = made()
    found = forecast(series, ahead=A_DAY, since=35 * A_DAY, calendar=Calendar(frozenset(HOLIDAYS)), with_trees=False)
    truth = np.where(np.arange(len(series.values)) >= 45 * A_DAY, series.values, np.nan)
    last_week = np.append(np.full(7 * A_DAY, np.nan), series.values)[: len(truth)]
    assert check(series, found) == []
    assert wape(truth, found.middle) < 0.85 * wape(truth, last_week)
    assert 74 <= covered(truth, found) <= 87


@pytest.mark.slow
def test_a_known_holiday_is_forecast_better_than_an_unknown_one() -> None:
    series = made()
    day = slice((HOLIDAYS[2] - series.first).days * A_DAY, ((HOLIDAYS[2] - series.first).days + 1) * A_DAY)
    knowing, blind = (
        forecast(series, ahead=A_DAY, since=50 * A_DAY, calendar=calendar, with_trees=False).middle
        for calendar in (Calendar(frozenset(HOLIDAYS)), Calendar())
    )
    assert wape(series.values[day], knowing[day]) < 0.7 * wape(series.values[day], blind[day])


def test_the_calendar_that_fits_is_found_and_none_where_none_fits() -> None:
    among = {"XX": Calendar(frozenset({date(2024, 2, 1), date(2024, 2, 20)}), name="XX"), "YY": Calendar(frozenset(HOLIDAYS), name="YY")}
    assert likely(made(), DAYS * A_DAY, among).name == "YY"
    assert likely(made(holidays=()), DAYS * A_DAY, among).name == ""


def test_steps_to_come_are_forecast_and_gaps_are_borne() -> None:
    series = made()
    values = np.append(series.values, np.full(A_DAY, np.nan))
    values[300:340] = np.nan
    found = forecast(Series(series.first, 60, values), ahead=A_DAY, since=60 * A_DAY, with_trees=False)
    assert np.isfinite(found.middle[60 * A_DAY :]).all()
    usual = series.values[-7 * A_DAY : -6 * A_DAY]
    assert wape(usual, found.middle[-A_DAY:]) < 20


def test_a_short_history_gives_what_it_can() -> None:
    series = made()
    short = Series(series.first, 60, series.values[: 10 * A_DAY])
    found = forecast(short, ahead=1, since=8 * A_DAY, with_trees=False)
    assert np.isfinite(found.middle[8 * A_DAY :]).all()
    assert np.isnan(found.low).all()


def test_moments_become_a_grid() -> None:
    start = datetime.fromisoformat("2024-01-01 06:00:00")
    moments = [start + timedelta(minutes=30 * k) for k in (0, 1, 3, 2, 6)]
    series = regular(moments, [1.0, 2.0, 4.0, 3.0, 7.0])
    assert (series.step_min, series.a_day, series.at(12)) == (30, 48, start)
    np.testing.assert_array_equal(series.values[12:], [1, 2, 3, 4, np.nan, np.nan, 7])
    with pytest.raises(ValueError, match="divide a day"):
        regular([start + timedelta(minutes=7 * k) for k in range(3)], [1.0, 2.0, 3.0])


def test_senseless_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="ridge"):
        Params(ridge=0)
    with pytest.raises(ValueError, match="one step"):
        forecast(made(), ahead=0, since=100)
    with pytest.raises(ValueError, match="below zero"):
        Series(date(2024, 1, 1), 30, np.array([-1.0]))


@pytest.fixture(scope="module")
def city() -> tuple[np.ndarray, History, History]:
    rng = np.random.default_rng(5)
    slot = np.tile(np.arange(12), 40)
    share = rng.dirichlet(np.full(60, 0.4))
    rate = share[:, None] * (20 + 15 * np.sin(slot / 2)) * (1 + 0.5 * ((np.arange(60)[:, None] + slot) % 3 == 0))
    counts, later = rng.poisson(rate).astype(float), rng.poisson(rate).astype(float)
    parent = np.arange(60) // 10
    return rate, History(counts[:, :120], parent, slot[:120]), History(later, parent, slot)


def test_cells_with_little_history_lean_on_their_neighbourhood(city: tuple[np.ndarray, History, History]) -> None:
    rate, history, later = city
    spread = fit(history)
    np.testing.assert_allclose(spread.share.sum(axis=0), 1.0)
    assert (spread.share > 0).all()
    total = rate.sum(axis=0)
    mean, low, high = expect(spread, later.slot, total)
    raw = np.stack([history.counts[:, history.slot == s].mean(axis=1) for s in range(12)], axis=1)[:, later.slot]
    assert np.abs(mean - rate).sum() < 0.8 * np.abs(raw - rate).sum()
    inside = ((later.counts >= low) & (later.counts <= high)).mean()
    assert 0.8 <= inside < 1
    busy = rate > 3
    assert 0.78 <= ((later.counts >= low) & (later.counts <= high))[busy].mean() <= 0.95


def test_a_city_without_orders_is_expected_to_be_even() -> None:
    spread = fit(History(np.zeros((4, 10)), np.array([0, 0, 1, 1]), np.arange(10) % 2))
    np.testing.assert_allclose(spread.share, 0.25)
