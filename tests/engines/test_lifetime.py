"""Orders to come are foretold for people made by the model's own story, and for people made by another one not absurdly."""

from __future__ import annotations

import numpy as np
import pytest

from linli.engines.segments.lifetime import History, fit

AGE, LATER = 100.0, 30.0


def people(count: int, seed: int):
    """Histories of `count` people who order at gamma rates and leave by a beta coin, and how many orders came in the days after."""
    rng = np.random.default_rng(seed)
    rows, after, gone = [], [], []
    for rate, leaves in zip(rng.gamma(1.2, 1 / 8, count), rng.beta(1.5, 6, count), strict=True):
        at, orders, left = 0.0, [], False
        while not left and at < AGE + LATER:
            at += rng.exponential(1 / rate)
            orders.append(at)
            left = rng.random() < leaves
        known = [one for one in orders if one <= AGE]
        rows.append((len(known), known[-1] if known else 0.0, AGE))
        after.append(sum(AGE < one <= AGE + LATER for one in orders))
        gone.append(left and orders[-1] <= AGE)
    return History(*np.array(rows, float).T), np.array(after), np.array(gone)


def test_orders_to_come_are_foretold_within_a_tenth_and_rank_people():
    history, after, gone = people(3000, seed=1)
    model = fit(history)
    expected = model.expected(history, LATER)
    assert expected.sum() == pytest.approx(after.sum(), rel=0.1)
    assert np.corrcoef(expected, after)[0, 1] > 0.6
    alive = model.alive(history)
    assert alive[~gone].mean() > alive[gone & (history.repeats > 0)].mean() + 0.3
    assert alive.mean() == pytest.approx(1 - gone.mean(), abs=0.06)


def test_whoever_has_just_ordered_is_likelier_there_than_whoever_has_not_for_long():
    history, _, _ = people(500, seed=2)
    model = fit(history)
    two = History(np.array([6.0, 6.0]), np.array([99.0, 30.0]), np.array([100.0, 100.0]))
    assert model.alive(two)[0] > model.alive(two)[1]


def test_nobody_and_nonsense_are_refused():
    with pytest.raises(ValueError, match="nobody"):
        fit(History(np.array([]), np.array([]), np.array([])))
    with pytest.raises(ValueError, match="between"):
        History(np.array([1.0]), np.array([5.0]), np.array([2.0]))
