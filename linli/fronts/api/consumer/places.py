"""Cities and the places people name in them."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import Field

from linli.apps.city import queries
from linli.fronts.api.door import ANYBODY, Request, endpoint
from linli.fronts.api.forms import CityId, Lat, Lng, Out, SpotOut
from linli.kernel.errors import N_, Invalid
from linli.kernel.geo import Point

router = Router(tags=["places"])


class CityOut(Out):
    """A city."""

    id: CityId
    slug: str
    name: str
    name_en: str
    currency: str
    zone: str
    centre: SpotOut


class LandmarkOut(Out):
    """A place people name; `metres` from the point asked about."""

    kind: str
    name: str
    name_en: str
    point: SpotOut
    metres: int | None


def point_of(lat: float | None, lng: float | None) -> Point | None:
    """The point, or None when neither is given. Raises Invalid for half a point."""
    if lat is None and lng is None:
        return None
    if lat is None or lng is None:
        raise Invalid("point.half", N_("Give both lat and lng, or neither."), field="lat" if lat is None else "lng")
    return Point(lat, lng)


@endpoint(router, "GET", "/cities", who=ANYBODY, out=list[CityOut], summary="Cities")
def cities(request: Request) -> list[CityOut]:
    """Every city served."""
    return [CityOut.of(view) for view in queries.cities()]


@endpoint(router, "GET", "/places", who=ANYBODY, out=list[LandmarkOut], summary="Find a place")
def places(
    request: Request,
    text: Annotated[str, Field(max_length=60, description="Chinese, English or pinyin.")] = "",
    city: CityId | None = None,
    lat: Lat | None = None,
    lng: Lng | None = None,
    limit: Annotated[int, Field(ge=1, le=50)] = 20,
) -> list[LandmarkOut]:
    """Metro stations, exits, sights and the like by name, or those near a point; for filling in addresses."""
    city_id = city or queries.default_city().id
    found = queries.landmarks(city_id=city_id, text=text, near=point_of(lat, lng), limit=limit)
    return [LandmarkOut.of(view) for view in found]
