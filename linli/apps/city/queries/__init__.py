"""Reading cities, landmarks and ways."""

from __future__ import annotations

from linli.apps.city.hot import Ground, ground
from linli.apps.city.queries.places import CityView, LandmarkView, cities, city, default_city, inside, landmarks
from linli.apps.city.queries.roads import IncidentView, RoadsView, WaysView, incidents, roads, ways_now
from linli.apps.city.queries.sites import SiteView, SitingView, last_siting, sites
from linli.apps.city.queries.ways import (
    VEHICLES,
    ConditionsView,
    Found,
    conditions,
    knows_streets,
    pace,
    travel_found,
    travel_matrix,
    travel_seconds,
)

__all__ = [
    "VEHICLES",
    "CityView",
    "ConditionsView",
    "Found",
    "Ground",
    "IncidentView",
    "LandmarkView",
    "RoadsView",
    "SiteView",
    "SitingView",
    "WaysView",
    "cities",
    "city",
    "conditions",
    "default_city",
    "ground",
    "incidents",
    "inside",
    "knows_streets",
    "landmarks",
    "last_siting",
    "pace",
    "roads",
    "sites",
    "travel_found",
    "travel_matrix",
    "travel_seconds",
    "ways_now",
]  # fmt: skip
