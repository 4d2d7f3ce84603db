"""Stations, lockers and dark stores, read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.apps.city.models import Site, Siting
from linli.kernel.geo import Point


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site. `share` is the part of demand (0 to 1) that the run which proposed it counted as nearest to it."""

    id: int
    kind: str
    state: str
    name: str
    point: Point
    share: float | None

    @property
    def share_pct(self) -> float | None:
        """The share in percent."""
        return None if self.share is None else 100 * self.share


@dataclass(frozen=True, slots=True)
class SitingView:
    """A run of siting: what it rests on and comes to, see `siting.SitingFigures`."""

    id: int
    kind: str
    at: datetime
    days: int
    orders: int
    before_s: float | None
    after_s: float
    gap: float

    @property
    def gap_pct(self) -> float:
        """The gap in percent."""
        return 100 * self.gap


def sites(*, city_id: int, kind: str) -> list[SiteView]:
    """The open and the proposed sites of a kind, open ones first, by id."""
    rows = Site.objects.filter(city_id=city_id, kind=kind, state__in=("open", "proposed")).order_by("state", "id")
    return [SiteView(row.pk, row.kind, row.state, row.name, Point(row.lat, row.lng), row.share) for row in rows]


def last_siting(*, city_id: int, kind: str) -> SitingView | None:
    """The latest run for a kind, None before the first."""
    row = Siting.objects.filter(city_id=city_id, kind=kind).order_by("-at", "-id").first()
    if row is None:
        return None
    return SitingView(row.pk, row.kind, row.at, row.days, row.orders, row.before_s, row.after_s, row.gap)
