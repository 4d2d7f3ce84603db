"""Experiments: the same people see the same, looking often raises no false alarm, a log tells what another policy would have earned."""

from __future__ import annotations

import random
from collections import Counter
from math import erfc, inf, sqrt

import numpy as np
import pytest

from linli.engines.experiments import (
    Arm,
    Bandit,
    Experiment,
    Guardrail,
    Logged,
    Look,
    Moments,
    assign,
    breached,
    compare,
    doubly_robust,
    inverse_propensity,
    sample_ratio_p,
    self_normalised,
)

HALVES = (Arm("a", 0.5), Arm("b", 0.5))


def test_people_keep_their_arm_and_shares_are_kept() -> None:
    test = Experiment("one", (Arm("a", 0.2), Arm("b", 0.3), Arm("c", 0.5)))
    seen = Counter(assign(test, number) for number in range(20_000))
    assert sample_ratio_p([seen["a"], seen["b"], seen["c"]], [0.2, 0.3, 0.5]) > 0.001
    assert all(assign(test, number) == assign(test, str(number)) for number in range(200))


def test_experiments_are_dealt_independently() -> None:
    one, other = Experiment("one", HALVES), Experiment("other", HALVES)
    both = Counter((assign(one, number), assign(other, number)) for number in range(8000))
    assert sample_ratio_p(list(both.values()), [1, 1, 1, 1]) > 0.001


def test_more_traffic_moves_nobody() -> None:
    small, large = Experiment("x", HALVES, traffic=0.1), Experiment("x", HALVES, traffic=0.6)
    inside = [number for number in range(5000) if assign(small, number)]
    assert 400 < len(inside) < 600
    assert all(assign(small, number) == assign(large, number) for number in inside)


@pytest.mark.parametrize(
    "arms", [(), (Arm("a", 1.0),), (Arm("a", 0.5), Arm("a", 0.5)), (Arm("a", 0.5), Arm("b", 0.6)), (Arm("a", 1.0), Arm("b", 0.0))]
)
def test_experiments_that_make_no_sense_are_refused(arms: tuple[Arm, ...]) -> None:
    with pytest.raises(ValueError):
        Experiment("x", arms)


def moments(values: list[float]) -> Moments:
    return Moments(len(values), sum(values), sum(value * value for value in values))


def _ever(lift: float, rng: random.Random) -> bool:
    one, other = Moments(0, 0, 0), Moments(0, 0, 0)
    for _ in range(30):
        one += moments([float(rng.random() < 0.1) for _ in range(100)])
        other += moments([float(rng.random() < 0.1 + lift) for _ in range(100)])
        if compare(one, other).decided:
            return True
    return False


def test_looking_every_day_raises_few_false_alarms_and_sees_what_there_is() -> None:
    rng = random.Random(3)
    assert sum(_ever(0.0, rng) for _ in range(100)) <= 5
    assert sum(_ever(0.05, rng) for _ in range(20)) >= 18


def test_a_look_says_interval_p_value_and_decision_alike() -> None:
    rng = random.Random(5)
    one = moments([rng.gauss(10, 2) for _ in range(4000)])
    look = compare(one, moments([rng.gauss(10.5, 2) for _ in range(4000)]))
    assert look.low < 0.5 < look.high
    assert (look.decided, look.low > 0, look.p_value < 0.05) == (True, True, True)
    same = compare(one, one)
    assert (same.difference, same.decided, same.p_value) == (0.0, False, 1.0)
    edge = compare(one, one, alpha=0.5)
    assert (edge.high - edge.low) < (same.high - same.low)


def test_too_few_or_all_alike_decide_nothing() -> None:
    few = moments([0.0] * 50)
    assert compare(few, moments([1.0] * 50)) == Look(1.0, -inf, inf, 1.0, False)
    assert not compare(moments([1.0] * 500), moments([1.0] * 500)).decided
    with pytest.raises(ValueError):
        compare(few, few, alpha=0)


def test_guardrails_break_only_when_it_is_sure() -> None:
    speed, faults = Guardrail("orders", 0.5), Guardrail("late", 0.5, up_is_good=False)
    assert breached(speed, Look(-1, -1.4, -0.6, 0.01, True))
    assert not breached(speed, Look(-1, -1.6, -0.4, 0.01, True))
    assert breached(faults, Look(1, 0.6, 1.4, 0.01, True))
    assert not breached(faults, Look(-1, -1.4, -0.6, 0.01, True))


def test_a_broken_split_is_seen() -> None:
    assert sample_ratio_p([5000, 5300], [1, 1]) == pytest.approx(erfc(sqrt((300**2 / 10300) / 2)), rel=1e-9)
    assert sample_ratio_p([5000, 5500], [1, 1]) < 1e-5
    assert sample_ratio_p([0, 0], [1, 1]) == 1.0
    with pytest.raises(ValueError):
        sample_ratio_p([1, 2], [1, 0])


def test_the_bandit_finds_the_best_arm_and_says_how_likely_it_was() -> None:
    rates, bandit, rng = [0.02, 0.05, 0.15], Bandit(3, seed=1), random.Random(1)
    chosen: Counter[int] = Counter()
    for _ in range(6000):
        choice = bandit.choose()
        assert 0 < choice.propensity <= 1
        chosen[choice.arm] += 1
        bandit.saw(choice.arm, rng.random() < rates[choice.arm])
    assert chosen[2] > 4500
    again = [Bandit(3, seed=1).choose().arm for _ in range(2)]
    assert again[0] == again[1]


def test_posteriors_are_calibrated() -> None:
    rng = np.random.default_rng(2)
    rates = rng.beta(3, 40, 400)
    bandit = Bandit(400, seed=0)
    arms = np.repeat(np.arange(400), 60)
    bandit.learn(arms, (rng.random(len(arms)) < rates[arms]).astype(float))
    good, bad = bandit.posterior()
    draws = rng.beta(good, bad, size=(2000, 400))
    low, high = np.quantile(draws, [0.1, 0.9], axis=0)
    assert 0.74 < float(((low <= rates) & (rates <= high)).mean()) < 0.86


def test_a_share_goes_to_any_arm_alike() -> None:
    bandit = Bandit(4, seed=0, explore=0.2)
    bandit.learn([0] * 1000, [1.0] * 900 + [0.0] * 100)
    bandit.learn([1, 2, 3] * 300, [0.0] * 900)
    assert min(bandit.choose().propensity for _ in range(500)) >= 0.05


def _log(count: int, seed: int) -> tuple[Logged, np.ndarray, np.ndarray]:
    """Servings of a lopsided policy in two contexts, the policy asked about, and the true rates."""
    rng = np.random.default_rng(seed)
    serving = np.array([[0.6, 0.3, 0.1], [0.2, 0.2, 0.6]])
    asked = np.array([[0.1, 0.3, 0.6], [0.5, 0.4, 0.1]])
    rates = np.array([[0.1, 0.2, 0.4], [0.3, 0.1, 0.05]])
    context = rng.integers(2, size=count)
    action = np.array([rng.choice(3, p=serving[row]) for row in context])
    reward = (rng.random(count) < rates[context, action]).astype(float)
    return Logged(context, action, serving[context, action], reward, 3), asked, rates


@pytest.mark.slow
@pytest.mark.parametrize("estimator", [inverse_propensity, self_normalised, doubly_robust])
def test_what_a_log_says_of_another_policy_is_true_as_often_as_it_says(estimator) -> None:  # type: ignore[no-untyped-def]
    inside = 0
    for seed in range(40):
        log, asked, rates = _log(800, seed)
        estimate = estimator(log, lambda contexts, asked=asked: asked[contexts])
        inside += estimate.low <= float((asked * rates).sum(axis=1).mean()) <= estimate.high
        assert estimate.reliable
    assert inside >= 34


def test_a_log_that_never_did_it_vouches_for_nothing() -> None:
    log, _, _ = _log(500, 1)
    never = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    assert inverse_propensity(log, lambda contexts: never[contexts] * 0).value == 0.0
    with pytest.raises(ValueError):
        self_normalised(log, lambda contexts: never[contexts] * 0)
    with pytest.raises(ValueError):
        Logged(log.context, log.action, log.propensity * 0, log.reward, 3)
    lucky = np.zeros(len(log.action), dtype=np.int64)
    lucky[0] = 1  # done once, and most unlikely: nearly all of the estimate would rest on it
    rare = Logged(log.context, lucky, np.where(lucky == 1, 1e-4, 0.9999), log.reward, 3)
    assert not inverse_propensity(rare, lambda contexts: np.full((len(contexts), 3), 1 / 3)).reliable
