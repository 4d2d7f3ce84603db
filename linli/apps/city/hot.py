"""What an order needs to know of its city, written by hand once for both databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from linli.apps.city.queries.ways import asking, one_way
from linli.kernel.geo import Point
from linli.platform.reads import Read, Sql, moment, number

_GROUND = """
SELECT {list}(c.id, c.currency, c.zone,
  (SELECT k.speed_factor FROM city_conditions k WHERE k.city_id = c.id AND k.at <= %s ORDER BY k.at DESC LIMIT 1))
FROM city_city c WHERE c.id = CITY
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """A city's money, its zone, and the share of the usual speed that its streets allow at the moment asked about."""

    id: int
    currency: str
    zone: str
    speed_factor: float

    def travel_seconds(self, *, origin: Point, destination: Point, vehicle: str, at: datetime) -> int:
        """Seconds from `origin` to `destination`, as `queries.travel_seconds` has them. Raises Invalid for an unknown vehicle."""
        return ceil(one_way(asking(self.id, self.zone, self.speed_factor, [origin], [destination], vehicle, at)))


def ground(*, city_id: int | Sql, at: datetime) -> Read[Ground | None]:
    """The city as it is at `at`; None when there is none."""
    city = number(city_id)
    return Read(_GROUND.replace("CITY", city.text), (moment(at), *city.params), _ground)


def _ground(row: Any) -> Ground | None:
    if row is None:
        return None
    row[3] = 1.0 if row[3] is None else float(row[3])
    return Ground(*row)
