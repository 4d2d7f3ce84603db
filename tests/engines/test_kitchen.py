"""What is believed of kitchens: learned from meals, robust against one that nobody reported, and told as times that hold."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.forecast.kitchen import MEMORY, SPREAD, Kitchen, ready_in


def meals(kitchen: Kitchen, drift: float, spread: float, count: int, seed: int = 1) -> Kitchen:
    rng = random.Random(seed)
    for _ in range(count):
        kitchen = kitchen.after(900, 900 * math.exp(rng.gauss(drift, spread)))
    return kitchen


def test_a_kitchen_of_which_nothing_is_known_takes_what_it_says() -> None:
    assert Kitchen().middle_s(900) == 900
    assert ready_in(900, 0, 0.5, drift=0, spread=Kitchen().spread) == pytest.approx(900)


@pytest.mark.parametrize(("drift", "spread"), [(0.3, 0.1), (-0.2, 0.25), (0.0, 0.05)])
def test_what_a_kitchen_is_like_is_learned(drift: float, spread: float) -> None:
    few, many = meals(Kitchen(), drift, spread, 3), meals(Kitchen(), drift, spread, 200)
    assert abs(few.drift) < abs(drift) or drift == 0  # three meals are not believed outright
    assert many.drift == pytest.approx(drift, abs=3 * spread / math.sqrt(MEMORY))
    assert many.spread == pytest.approx(spread, rel=0.35)
    changed = meals(many, drift + 0.5, spread, 200)
    assert changed.drift == pytest.approx(drift + 0.5, abs=0.1)  # a new cook


def test_one_meal_that_was_forgotten_moves_it_little() -> None:
    known = meals(Kitchen(), 0.0, 0.1, 100)
    after = known.after(900, 6 * 3600)
    assert after.middle_s(900) - known.middle_s(900) < 30


@pytest.mark.parametrize("gone", [0, 600, 1500])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_the_share_that_is_promised_is_kept(gone: float, share: float) -> None:
    rng = random.Random(7)
    taken = [t for t in (900 * math.exp(rng.gauss(0.1, 0.3)) for _ in range(40_000)) if t > gone]
    by = ready_in(900, gone, share, drift=0.1, spread=0.3)
    assert sum(t <= by for t in taken) / len(taken) == pytest.approx(share, abs=0.02)


@given(st.floats(0, 20_000), st.floats(0, 20_000), st.floats(0.01, 0.94), st.floats(-1, 1), st.floats(0, 1))
def test_never_in_the_past_later_for_more_certainty(said: float, gone: float, share: float, drift: float, spread: float) -> None:
    first, sure = (ready_in(said, gone, part, drift=drift, spread=spread) for part in (share, share + 0.05))
    assert gone <= first <= sure
    assert math.isfinite(sure)


def test_senseless_numbers() -> None:
    for wrong in ({"drift": math.nan}, {"variance": -1.0}, {"weight": 0.0}):
        with pytest.raises(ValueError, match="kitchen"):
            Kitchen(**wrong)
    with pytest.raises(ValueError, match="share"):
        ready_in(900, 0, 1.0, drift=0, spread=SPREAD)
