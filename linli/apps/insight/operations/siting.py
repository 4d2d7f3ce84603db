"""Where another station, locker or dark store would bring things nearest to people: computed here, kept in `city`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from linli.apps.city import operations as city
from linli.apps.city import queries as cities
from linli.apps.city.operations import Proposal, SitingFigures
from linli.apps.insight.where import LEAST_ORDERS, Demand, Floats, demand, mean_s, seconds
from linli.engines.siting import Params, Problem, Result, check, solve
from linli.kernel.errors import N_, Invalid
from linli.kernel.geo import Point

MOST_NEW = 20


def propose_sites(*, city_id: int, kind: str, count: int, days: int, at: datetime, seed: int = 0) -> int:
    """The id of the run that proposes `count` more sites of `kind` beside those that are open, for the deliveries of the last `days`.

    The choice is the weighted p-median over the cells (seconds by bicycle), with a proven gap. Raises Invalid for senseless numbers,
    or too few deliveries to go by.
    """
    wants = demand(city_id=city_id, days=days, at=at)
    if wants.total < LEAST_ORDERS:
        raise Invalid(
            "siting.few", N_("There are %(count)s deliveries to go by; %(least)s are needed."), count=wants.total, least=LEAST_ORDERS
        )
    if not 1 <= count <= min(MOST_NEW, len(wants.cells)):
        raise Invalid(
            "siting.count", N_("Between 1 and %(most)s sites can be proposed."), most=min(MOST_NEW, len(wants.cells)), field="count"
        )
    there = [site.point for site in cities.sites(city_id=city_id, kind=kind) if site.state == "open"]
    today, problem = _problem(city_id, wants, there, count, at)
    result = solve(problem, Params(), seed=seed)
    if faults := check(problem, result):
        raise AssertionError(f"siting: {faults[0]}")
    figures = SitingFigures(
        days=days, orders=wants.total, before_s=mean_s(wants, today), after_s=result.value / wants.total, gap=round(result.gap, 6)
    )
    return city.propose(city_id=city_id, kind=kind, sites=_proposals(wants, today, problem, result), figures=figures, at=at)


def _problem(city_id: int, wants: Demand, there: list[Point], count: int, at: datetime) -> tuple[Floats, Problem]:
    """Seconds from what is open, and the choice of `count` cells more: nobody goes to a new site who has an open one nearer."""
    ways = seconds(city_id, wants.cells, wants, at)
    today = seconds(city_id, there, wants, at) if there else np.empty((len(wants.cells), 0))
    if there:
        ways = np.minimum(ways, today.min(axis=1)[:, None])
    return today, Problem(ways * np.array(wants.counts)[:, None], count)


def _proposals(wants: Demand, today: Floats, problem: Problem, result: Result) -> list[Proposal]:
    counts = np.array(wants.counts)
    chosen = list(result.sites)
    nearest = np.array(chosen)[problem.cost[:, chosen].argmin(axis=1)]
    better = np.ones(len(counts), bool)
    if today.shape[1]:
        better = problem.cost[:, chosen].min(axis=1) < today.min(axis=1) * counts - 1e-9
    return [Proposal(point=wants.cells[j], share=float(counts[(nearest == j) & better].sum() / wants.total)) for j in chosen]


@dataclass(frozen=True, slots=True)
class Without:
    """Mean seconds from the nearest site (open or proposed) to a door with a site and without it; None where nothing would be left."""

    with_s: float | None
    without_s: float | None


def without_site(*, city_id: int, kind: str, site_id: int, days: int, at: datetime) -> Without:
    """What one site is worth among all that are open or proposed; nothing is written. Raises Invalid when it is not one of them."""
    sites = cities.sites(city_id=city_id, kind=kind)
    if site_id not in {site.id for site in sites}:
        raise Invalid("site.unknown", N_("There is no such site."), field="site")
    wants = demand(city_id=city_id, days=days, at=at)
    ways = seconds(city_id, [site.point for site in sites], wants, at) if wants.total else np.empty((0, len(sites)))
    left = [i for i, site in enumerate(sites) if site.id != site_id]
    return Without(mean_s(wants, ways), mean_s(wants, ways[:, left]))
