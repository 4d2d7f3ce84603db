"""Reading cities, landmarks and ways."""

from __future__ import annotations

from linli.apps.city.queries.places import CityView, LandmarkView, cities, city, default_city, inside, landmarks

__all__ = [
    "CityView", "LandmarkView", "cities", "city", "default_city", "inside", "landmarks",
]  # fmt: skip
