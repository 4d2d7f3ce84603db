"""Reading cities, landmarks and ways."""

from __future__ import annotations

from linli.apps.city.hot import Ground, ground
from linli.apps.city.queries.places import CityView, LandmarkView, cities, city, default_city, inside, landmarks
from linli.apps.city.queries.sites import SiteView, SitingView, last_siting, sites
from linli.apps.city.queries.ways import VEHICLES, ConditionsView, conditions, travel_matrix, travel_seconds

__all__ = [
    "VEHICLES",
    "CityView",
    "ConditionsView",
    "Ground",
    "LandmarkView",
    "SiteView",
    "SitingView",
    "cities",
    "city",
    "conditions",
    "default_city",
    "ground",
    "inside",
    "landmarks",
    "last_siting",
    "sites",
    "travel_matrix",
    "travel_seconds",
]  # fmt: skip
