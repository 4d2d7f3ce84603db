"""What personal order of the home page brings against popularity, in a made city whose people have tastes: orders a visit, time to find.

Everything of it is made, the way people read a list too; only what the two orders are worth *there* is measured. People are fond of a
fifth of the kinds of food. They look at a list from its top, go on with a probability, and order at a store they like. A history is made
first, by lists of what is near; the recommender is fitted on it as it would be, and then half of the people see six stores picked
by it above the near ones, the others the six that are ordered at most around there.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from linli.engines.experiments import Arm, Experiment, Moments, assign, compare, sample_ratio_p
from linli.engines.recommend import Interactions, Model
from linli.engines.recommend.fit import fit
from linli.engines.recommend.rank import Listing, rank

KINDS, FOND = 24, 0.2
LIKES, LIKES_NOT = 0.35, 0.03  # probability to order at a store that is looked at, by whether one is fond of its kind
GOES_ON, SECONDS = 0.93, 4.0  # after each store; how long one is looked at
AROUND, NEAR, PICKED = 200, 20, 6
BEFORE, VISITS = 12, 4
DEALS = 400  # that the check of the split is tried on
Ints = npt.NDArray[np.int64]


@dataclass
class City:
    """Stores and people on a plane of kilometres; `fond` is (people, stores)."""

    stores: npt.NDArray[np.float64]
    homes: npt.NDArray[np.float64]
    fond: npt.NDArray[np.bool_]
    rng: np.random.Generator

    def near(self, person: int) -> Ints:
        """The nearest stores, the nearest first."""
        far = np.hypot(*(self.stores - self.homes[person]).T)
        return np.argsort(far, kind="stable")[:AROUND]

    def visit(self, person: int, shown: Ints) -> tuple[int, float]:
        """The store that is ordered at (-1: none), and the seconds that were spent looking."""
        for place, store in enumerate(shown.tolist(), 1):
            if self.rng.random() < (LIKES if self.fond[person, store] else LIKES_NOT):
                return store, place * SECONDS
            if self.rng.random() > GOES_ON:
                break
        return -1, place * SECONDS


def made(people: int, stores: int, seed: int) -> City:
    """A city with five middles."""
    rng = np.random.default_rng(seed)
    middles = rng.uniform(-6, 6, (5, 2))
    where = [middles[rng.integers(5, size=count)] + rng.normal(0, 1.5, (count, 2)) for count in (stores, people)]
    kinds = rng.choice(KINDS, stores, p=rng.dirichlet(np.full(KINDS, 2.0)))
    return City(where[0], where[1], (rng.random((people, KINDS)) < FOND)[:, kinds], rng)


def history(city: City) -> tuple[Ints, Ints]:
    """(persons, stores) of the orders before: each list begins anywhere among the near ones, so that all of them are seen."""
    rows: list[tuple[int, int]] = []
    for person in range(len(city.homes)):
        near = city.near(person)
        for _ in range(BEFORE):
            store, _ = city.visit(person, city.rng.permutation(near)[: NEAR + PICKED])
            rows += [(person, store)] if store >= 0 else []
    persons, stores = np.array(rows, dtype=np.int64).T
    return persons, stores


def shown(city: City, model: Model, taken: Ints, orders: npt.NDArray[np.float64], person: int, arm: str) -> Ints:
    """The page: six picked stores, then the near ones."""
    near = city.near(person)
    if arm == "personal":
        picked = np.array(
            [one.item for one in rank(model, taken, Listing(count=PICKED, variety=0.2), candidates=np.sort(near))], dtype=np.int64
        )
    else:
        fresh = near[~np.isin(near, taken)]
        picked = fresh[np.argsort(-orders[fresh], kind="stable")[:PICKED]]
    rest = near[:NEAR]
    return np.concatenate([picked, rest[~np.isin(rest, picked)]])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--cities", type=int, default=8, help="made cities, from the seed on")


def run(data: Path, *, seed: int, limit: float | None, people: int = 2_000, cities: int = 8) -> dict[str, Any]:
    """Orders a visit and seconds to find by arm, of all cities together, with 95 % intervals that hold at all looks; and how often the
    check of the split is below .05 in many deals, where 5 % are meant to be. `data` is not read.
    """
    rows, arms = [], {"popular": np.empty((0, 2)), "personal": np.empty((0, 2))}
    for number in range(seed, seed + cities):
        row, found = _city(number, people)
        rows.append(row)
        arms = {arm: np.concatenate([arms[arm], found[arm]]) for arm in arms}
    together: dict[str, Any] = {"instance": f"all {cities}", "people": people * cities}
    together["split_p"] = sample_ratio_p([len(arms["popular"]), len(arms["personal"])], [0.5, 0.5])
    for turn, name in enumerate(("orders_a_visit", "seconds_to_find")):
        together |= _compared(name, arms["popular"][:, turn], arms["personal"][:, turn])
    low = [_split(f"deal-{seed}-{number}", people) < 0.05 for number in range(DEALS)]
    figures = {name: together[name] for name in ("orders_a_visit_lift_pct", "seconds_to_find_saved_pct", "split_p")}
    return {
        "figures": figures | {"split_below_05_pct": 100 * float(np.mean(low))}, "rows": [*rows, together],
        "reference": {"split_below_05_pct": 5},
    }  # fmt: skip


def _split(salt: str, people: int) -> float:
    deal = Experiment(salt, (Arm("popular", 0.5), Arm("personal", 0.5)))
    personal = sum(assign(deal, person) == "personal" for person in range(people))
    return sample_ratio_p([people - personal, personal], [0.5, 0.5])


def _city(seed: int, people: int) -> tuple[dict[str, Any], dict[str, npt.NDArray[np.float64]]]:
    """One city: its row, and (people, 2) orders a visit and seconds to find (NaN: nothing found) by arm."""
    began = time.process_time()
    city = made(people, 600, seed)
    persons, stores = history(city)
    known = Interactions.of(persons, stores, (people, len(city.stores)))
    model, orders = fit(known, seed=seed), np.bincount(stores, minlength=len(city.stores)).astype(np.float64)
    deal = Experiment(f"home-{seed}", (Arm("popular", 0.5), Arm("personal", 0.5)))
    seen: dict[str, list[tuple[float, float]]] = {"popular": [], "personal": []}
    for person in range(people):
        arm = assign(deal, person) or "popular"
        taken = known.items[known.starts[person] : known.starts[person + 1]]
        page = shown(city, model, taken, orders, person, arm)
        visits = [city.visit(person, page) for _ in range(VISITS)]
        found = [seconds for store, seconds in visits if store >= 0]
        seen[arm].append((len(found) / VISITS, float(np.mean(found)) if found else np.nan))
    arms = {arm: np.array(rows) for arm, rows in seen.items()}
    row: dict[str, Any] = {
        "instance": f"seed {seed}",
        "people": people,
        "split_p": sample_ratio_p([len(arms[a]) for a in arms], [0.5, 0.5]),
    }
    for turn, name in enumerate(("orders_a_visit", "seconds_to_find")):
        row |= _compared(name, arms["popular"][:, turn], arms["personal"][:, turn])
    return row | {"cpu_s": time.process_time() - began}, arms


def _compared(name: str, popular: npt.NDArray[np.float64], personal: npt.NDArray[np.float64]) -> dict[str, float]:
    one, other = (
        Moments(len(x), float(x.sum()), float((x**2).sum())) for x in (popular[~np.isnan(popular)], personal[~np.isnan(personal)])
    )
    look = compare(one, other)
    lift = 100 * look.difference / one.mean
    short = f"{name}_lift_pct" if name.startswith("orders") else f"{name}_saved_pct"
    return {
        f"{name}_popular": one.mean, f"{name}_personal": other.mean, f"{name}_low": look.low, f"{name}_high": look.high,
        f"{name}_p": look.p_value, short: lift if name.startswith("orders") else -lift,
    }  # fmt: skip
