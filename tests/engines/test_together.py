"""Pairs that are no chance, and nothing else."""

from __future__ import annotations

import numpy as np

from linli.engines.recommend.together import Together, together


def test_a_pair_that_is_planted_is_found_and_chance_is_not(tmp_path):
    rng, baskets = np.random.default_rng(0), []
    for _ in range(400):
        basket = {int(offer) for offer in rng.integers(3, 20, 2)}
        if rng.random() < 0.3:
            basket |= {1, 2} if rng.random() < 0.8 else {1}
        baskets.append((7, sorted(basket)))
    found = together(baskets)
    assert found.of(1)[0][0] == 2
    assert found.of(2)[0] == (1, found.of(1)[0][1])
    assert found.of(1)[0][1] > 2
    spurious = sum(len(found.of(offer)) for offer in range(3, 20))
    assert spurious < 0.15 * 17 * 16  # of all ordered pairs of the others about one in twenty is beyond 3.84
    assert found.of(999) == []
    found.save(tmp_path)
    assert Together.load(tmp_path).of(1) == found.of(1)


def test_fewer_than_wanted_together_is_no_pair():
    assert together([(1, [1, 2])] * 2 + [(1, [3, 4])] * 9).of(1) == []


def test_no_baskets_give_no_pairs():
    assert together([]).of(1) == []
