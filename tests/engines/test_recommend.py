"""Recommendation: what the walk says, that a click counts at once, and the list that comes of it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.made import checkins
from linli.engines.recommend import Interactions, Model, Params, Settings, score
from linli.engines.recommend.fit import WAVES, build, fit, largest
from linli.engines.recommend.fit_near import fit_near
from linli.engines.recommend.judge import gains, top
from linli.engines.recommend.place import Nearby, near
from linli.engines.recommend.rank import Listing, rank
from linli.engines.recommend.score import scores

PLAIN = Settings(item_damp=0.5, person_damp=0.5, ridge=10.0, out_damp=0.5)


def two_tastes(persons: int = 60, items: int = 20, seed: int = 0) -> Interactions:
    """People of even number like the first half of the items, the others the second half."""
    rng = np.random.default_rng(seed)
    likes = (np.arange(persons) % 2)[:, None] == (np.arange(items) >= items // 2)[None, :]
    took = rng.random((persons, items)) < np.where(likes, 0.6, 0.02)
    return Interactions.of(*np.nonzero(took), (persons, items))


@pytest.fixture(scope="module")
def model() -> Model:
    return build(two_tastes(), PLAIN, Params(factors=4), 0)


def dense(interactions: Interactions) -> np.ndarray:
    matrix = np.zeros((interactions.persons, interactions.count))
    matrix[interactions.rows(), interactions.items] = 1
    return matrix


def test_those_alike_are_weighted_by_a_ridge_regression(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score, "STEPS", 80)
    interactions = two_tastes()
    settings = Settings(0.4, 0.6, 0.3, 2.0, 0.2)
    taken = dense(interactions)
    popular, busy = taken.sum(axis=0).clip(1), taken.sum(axis=1).clip(1)
    rows = taken * popular**-0.2 * busy[:, None] ** -0.6
    rows /= np.sqrt((rows**2).sum(axis=1).mean())
    history = np.array([1, 3, 12])
    own = np.zeros(20)
    own[history] = popular[history] ** -0.2
    some = rows @ own > 0
    weights = np.linalg.solve(rows[some] @ rows[some].T + 2 * np.eye(some.sum()), rows[some] @ own)
    scale = rows[some].max(axis=1) / (taken[some] * popular**-0.2).max(axis=1)
    wanted = (weights * scale * busy[some] ** -0.3) @ taken[some] * popular**-0.2
    np.testing.assert_allclose(scores(build(interactions, settings, Params(factors=3), 0), history), wanted, rtol=1e-3, atol=1e-5)


def test_the_owner_of_a_history_does_not_answer_for_themselves() -> None:
    interactions = two_tastes()
    fitted = build(interactions, PLAIN, Params(factors=3), 0)
    history = interactions.items[interactions.starts[7] : interactions.starts[8]]
    voices = score.say(fitted, history, score.likeness(fitted, history))
    assert 7 not in voices.asked
    assert len(voices.asked) == len(voices.word) > 10


def test_a_few_candidates_score_as_they_do_among_all(model: Model) -> None:
    some = np.array([17, 2, 9])
    np.testing.assert_allclose(scores(model, [4, 6], some), scores(model, [4, 6])[some], rtol=1e-5)


def test_the_slowest_waves_raise_the_best_scores_by_what_they_carry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score, "WIDE", 6)
    interactions = two_tastes()
    plain, waved = (build(interactions, replace(PLAIN, waves=weight), Params(factors=4), 0) for weight in (0.0, 0.5))
    history = np.array([1, 3, 5])
    before, after = scores(plain, history), scores(waved, history)
    fresh = np.setdiff1d(np.arange(20), history)
    best = fresh[np.argsort(-before[fresh])[:6]]
    popular = dense(interactions).sum(axis=0)
    smooth = (waved.factors @ waved.factors.T)[best][:, history] @ popular[history] ** -0.5 * popular[best] ** -0.3  # a projection
    raised = after[best] - before[best]
    np.testing.assert_allclose(raised, 0.5 * before[best].std() / smooth.std() * (smooth - smooth.min()), rtol=1e-3, atol=1e-9)
    others = np.setdiff1d(np.arange(20), best)
    np.testing.assert_array_equal(after[others], before[others])
    some = np.concatenate([best[::-1], others])
    np.testing.assert_allclose(scores(waved, history, some), after[some], rtol=1e-5)


def test_waves_count_only_where_they_helped() -> None:
    crowd = two_tastes(persons=160, items=30)
    assert fit(crowd, Params(factors=2, judges=30, more_judges=100), seed=1).settings.waves in {0.0, *WAVES}
    noise = np.random.default_rng(5).random((160, 30)) < 0.3
    for seed in range(3):
        said = fit(Interactions.of(*np.nonzero(noise), noise.shape), Params(factors=2, judges=20, more_judges=100), seed=seed)
        assert said.settings.waves <= WAVES[0]


def test_of_a_very_long_history_the_rarest_items_are_told(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = np.arange(20)
    takers = np.diff(model.item_starts)
    monkeypatch.setattr(score, "TOLD", int(np.sort(takers)[:7].sum()))
    rarest = np.sort(np.argsort(takers, kind="stable")[:7])
    told = score.likeness(model, everything)
    np.testing.assert_array_equal(told, score.likeness(model, rarest))
    monkeypatch.setattr(score, "TOLD", int(takers.sum()))
    assert (score.likeness(model, everything) > told).any()  # the control: otherwise all of it counts


def test_a_click_changes_the_next_list(model: Model) -> None:
    def first_half(history: list[int]) -> int:
        return sum(one.item < 10 for one in rank(model, history, Listing(count=5)))

    assert first_half([1, 2]) == 5
    assert first_half([1, 12, 13, 14, 15]) < 5


def test_a_list_says_because_of_what(model: Model) -> None:
    for one in rank(model, [1, 2, 15], Listing(count=4, reasons=1)):
        assert one.because
        assert (one.because[0] < 10) == (one.item < 10)


def test_nothing_of_the_history_is_shown_again(model: Model) -> None:
    shown = [one.item for one in rank(model, range(15), Listing(count=20))]
    assert sorted(shown) == [15, 16, 17, 18, 19]


def test_variety_brings_the_other_taste_in(model: Model) -> None:
    history = [0, 1, 2, 12]
    narrow, varied = (rank(model, history, Listing(count=6, variety=v)) for v in (0.0, 0.6))
    assert sum(one.item >= 10 for one in varied) > sum(one.item >= 10 for one in narrow)


def test_newcomers_take_turns_and_keep_to_their_places(model: Model) -> None:
    lists = [rank(model, [1, 2], Listing(count=10, newcomer_every=5), newcomers=np.arange(100, 120), seed=seed) for seed in range(8)]
    for shown in lists:
        assert [place for place, one in enumerate(shown) if one.newcomer] == [4, 9]
        assert len(shown) == 10
    assert len({one.item for shown in lists for one in shown if one.newcomer}) > 4


def test_somebody_new_sees_what_is_liked_and_near(model: Model) -> None:
    popular = rank(model, [], Listing(count=3))
    assert popular[0].item == int(np.diff(model.item_starts).argmax())
    degrees = np.stack([np.linspace(39.0, 41.0, 20), np.full(20, 116.4)], axis=1)
    nearby = Nearby(degrees, np.arange(20, dtype=np.int32)[:, None], np.ones(1, np.float32), 0.0, 1.0)
    assert rank(model, [], Listing(count=3), nearby=nearby, place=(40.0, 116.4))[0].item in {9, 10}


def test_settings_are_chosen_on_what_was_held_out() -> None:
    interactions = two_tastes(persons=120)
    one, again = (fit(interactions, Params(factors=4, judges=30), seed=3) for _ in range(2))
    assert one.settings == again.settings
    assert one.metrics["tried"] > 20
    assert 0 < one.metrics["held_out"] <= 1


def test_a_model_comes_back_as_it_was_saved(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)
    back = Model.load(tmp_path)
    assert isinstance(back.person_items, np.memmap)
    np.testing.assert_array_equal(scores(back, [1, 2]), scores(model, [1, 2]))
    assert back.settings == model.settings


def test_singular_vectors_are_those_of_the_matrix() -> None:
    from scipy.sparse import csr_array

    matrix = np.random.default_rng(1).random((40, 25)).astype(np.float32)
    values, vectors = largest(csr_array(matrix), 3, 8, 0)
    _, exact, right = np.linalg.svd(matrix)
    np.testing.assert_allclose(values, exact[:3] ** 2, rtol=1e-3)
    np.testing.assert_allclose(abs(vectors[:, 0]), abs(right[0]), atol=1e-3)


def test_place_counts_where_people_go_by_it_and_not_where_they_do_not() -> None:
    rng = np.random.default_rng(5)
    homes, line = rng.random(80), np.linspace(0, 1, 60)
    near_home = rng.random((80, 60)) < np.exp(-abs(homes[:, None] - line) / 0.03)
    anywhere = rng.random((80, 60)) < 0.1
    degrees = np.stack([39 + line, np.full(60, 116.0)], axis=1)
    for took, counts in ((near_home, True), (anywhere, False)):
        later = took & (rng.random(took.shape) < 0.4)
        known, rest = (Interactions.of(*np.nonzero(part), took.shape) for part in (took & ~later, later))
        fitted = build(known, Settings(person_damp=3.0, item_damp=3.0) if counts else PLAIN, Params(factors=4), 0)
        assert (fit_near(fitted, known, rest, degrees, seed=1).weight > 0) is counts


@pytest.mark.parametrize(("pull", "counts"), [(1.5, True), (0.0, False)])
def test_in_a_made_town_the_weight_of_place_is_learned_and_helps_choices_it_was_not_learned_on(pull: float, counts: bool) -> None:
    who, what, degrees = checkins.town(people=500, places=900, pull=pull, seed=2)
    part, shape = checkins.split(who, 2), (500, 900)
    known, tune, test = (Interactions.of(who[part == number], what[part == number], shape) for number in range(3))
    fitted = build(known, Settings(), Params(factors=8), 0)
    nearby = fit_near(fitted, known, tune, degrees, seed=0)
    found = []
    for person in range(500):
        history, wanted = (side.items[side.starts[person] : side.starts[person + 1]] for side in (known, test))
        rated = scores(fitted, history)
        found.append([gains(top(way, history, 10), wanted)[0] for way in (near(nearby, rated, history, None, None), rated)])
    placed, plain = np.mean(found, axis=0)
    assert (nearby.weight > 0) is counts
    assert placed > 1.03 * plain if counts else placed == plain


def test_recall_and_ndcg_are_counted_as_the_literature_does() -> None:
    assert gains(np.array([5, 6, 7]), np.array([7])) == (1.0, pytest.approx(0.5))
    assert gains(np.array([5, 6, 7]), np.array([5, 8])) == (0.5, pytest.approx(1 / (1 + 1 / np.log2(3))))
    assert top(np.array([0.1, 0.9, 0.9, 0.5]), np.array([1]), 2).tolist() == [2, 3]


def test_a_web_process_needs_nothing_heavy_to_serve() -> None:
    asked = "import sys; import linli.engines.recommend.rank; print([m for m in sys.modules if m.split('.')[0] in ('scipy', 'sklearn')])"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout.strip() == "[]"


@pytest.mark.parametrize("wrong", [([0, 2], [1, 9], 5), ([0, 3], [1, 2], 5), ([1, 2], [1, 2], 5)])
def test_interactions_that_cannot_be_are_refused(wrong: tuple[list[int], list[int], int]) -> None:
    with pytest.raises(ValueError):
        Interactions(np.array(wrong[0]), np.array(wrong[1]), wrong[2])


def test_where_people_take_much_fewer_of_them_are_asked_the_most_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted, history = build(two_tastes(), PLAIN, Params(factors=4), 0), np.array([0, 1])
    alike = score.likeness(fitted, history)
    everybody = score.say(fitted, history, alike)
    monkeypatch.setattr(score, "HEARD", len(everybody.items) // 2)
    few = score.say(fitted, history, alike)
    assert 0 < len(few.asked) < len(everybody.asked)
    assert len(few.items) <= len(everybody.items) // 2
    near = alike * fitted.person_weight
    assert near[few.asked].min() >= near[np.setdiff1d(everybody.asked, few.asked)].max()
