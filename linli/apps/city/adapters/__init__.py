"""Where travel times come from: one table. `LINLI_WAYS` chooses; what cannot be answered is answered by straight lines, and said."""

from __future__ import annotations

from django.conf import settings

from linli.apps.city.adapters.base import Ask, Floats, Provider, Unavailable
from linli.apps.city.adapters.graph import Graph
from linli.apps.city.adapters.servers import Osrm, Valhalla
from linli.apps.city.adapters.straight import Straight

__all__ = ["STRAIGHT", "Ask", "Floats", "Provider", "Unavailable", "provider"]

STRAIGHT = Straight()
_MADE: dict[tuple[str, str], Provider] = {}


def provider() -> Provider:
    """The provider of the settings; it lives as long as the process, as it remembers what it has found out."""
    wanted = (settings.WAYS, settings.WAYS_URL)
    if wanted not in _MADE:
        _MADE[wanted] = _make(*wanted)
    return _MADE[wanted]


def _make(name: str, url: str) -> Provider:
    if name == "graph":
        return Graph()
    if name == "osrm":
        return Osrm(url)
    return Valhalla(url) if name == "valhalla" else STRAIGHT
