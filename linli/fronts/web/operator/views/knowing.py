"""What is known of people, for those who answer for it: models, the experiment, groups, rules, and the lake. Nobody is named here."""

from __future__ import annotations

from django.http import HttpResponse

from linli.apps.discovery import operations as discovery_operations
from linli.apps.discovery import queries as discovery
from linli.apps.insight import queries as insight
from linli.fronts.web.identity import Request
from linli.fronts.web.operator.frame import back, city_of, show
from linli.kernel.errors import Problem
from linli.platform import policies
from linli.platform.ids import seal, unseal
from linli.policy import insight as numbers
from linli.policy import recommend


def page(request: Request, problem: Problem | None = None) -> HttpResponse:
    """Everything on one page."""
    city = city_of(request)
    fits = [(seal("fi", fit.version), fit) for fit in discovery.fits_of(city_id=city.id)]
    return show(
        request, "operator/knowing.html", "knowing", problem=problem, city=city, fits=fits, on=policies.value(recommend.ON, city.id),
        experiment=insight.experiment(city_id=city.id), groups=insight.groups(city_id=city.id), rules=insight.rules(city_id=city.id),
        days=insight.days(), waiting=insight.waiting(), forget_h=policies.whole(numbers.FORGET_H),
    )  # fmt: skip


def serve(request: Request, version: str) -> HttpResponse:
    """Let an older (or again the newer) model answer."""
    try:
        city = city_of(request)
        discovery_operations.roll_back(city_id=city.id, version=unseal("fi", version), actor=request.actor, at=request.at)
    except Problem as problem:
        return page(request, problem)
    return back("/operator/knowing", "fit")
