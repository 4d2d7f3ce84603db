"""Cities and landmarks: put once, brought up to date, found by name, pinyin and place."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.apps.city import operations, queries
from linli.apps.city.operations import LandmarkRow
from linli.kernel.errors import Invalid, NotFound
from linli.kernel.geo import Box, Point

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
CENTRE = Point(39.9087, 116.3975)
BOX = Box(39.4, 115.4, 41.1, 117.5)


def put(**changed: object) -> int:
    fields: dict[str, object] = {
        "slug": "beijing", "name": "北京", "name_en": "Beijing", "currency": "CNY", "zone": "Asia/Shanghai",
        "centre": CENTRE, "box": BOX, "at": AT,
    }  # fmt: skip
    return operations.put_city(**{**fields, **changed})  # type: ignore[arg-type]


@pytest.fixture
def beijing() -> int:
    city_id = put()
    operations.put_landmarks(
        city_id=city_id,
        rows=[
            LandmarkRow(kind="metro", name="西直门", name_en="Xizhimen", pinyin="xizhimen", point=Point(39.9403, 116.3556)),
            LandmarkRow(kind="exit", name="西直门 A口", name_en="Xizhimen exit A", pinyin="xizhimen a", point=Point(39.9412, 116.3550)),
            LandmarkRow(kind="sight", name="故宫", name_en="Forbidden City", pinyin="gugong", point=Point(39.9163, 116.3972)),
        ],
        at=AT,
    )
    return city_id


def test_the_same_slug_is_the_same_city() -> None:
    first, second = put(), put(name_en="Peking")
    assert first == second
    assert queries.city(slug="beijing").name_en == "Peking"
    assert [city.id for city in queries.cities()] == [first]
    assert queries.default_city().box == BOX


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"zone": "Asia/Nowhere"}, "city.zone"),
        ({"zone": "../etc/passwd"}, "city.zone"),
        ({"currency": "XXX"}, "city.currency"),
        ({"centre": Point(0, 0)}, "city.box"),
        ({"box": Box(41, 115, 39, 117)}, "city.box"),
    ],
)
def test_a_senseless_city_is_refused(changed: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        put(**changed)
    assert caught.value.code == code
    assert queries.cities() == []


def test_without_a_city_the_message_says_what_to_run() -> None:
    with pytest.raises(NotFound, match="linli city load"):
        queries.default_city()


@pytest.mark.parametrize(("text", "first"), [("西直门", "西直门"), ("xizhi", "西直门"), ("forbidden", "故宫"), ("gu gong", "故宫")])
def test_landmarks_are_found_as_people_write_them(beijing: int, text: str, first: str) -> None:
    assert queries.landmarks(city_id=beijing, text=text)[0].name == first


def test_landmarks_near_come_nearest_first_in_one_statement(beijing: int) -> None:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        found = queries.landmarks(city_id=beijing, near=Point(39.9412, 116.3550))
    assert [view.name for view in found] == ["西直门 A口", "西直门"]
    assert found[0].metres == 0
    assert 90 < (found[1].metres or 0) < 130
    assert len(caught) == 1


def test_a_landmark_put_twice_moves(beijing: int) -> None:
    row = LandmarkRow(kind="sight", name="故宫", name_en="Palace Museum", pinyin="gugong", point=Point(39.9170, 116.3970))
    operations.put_landmarks(city_id=beijing, rows=[row, row], at=AT)
    views = [view for view in queries.landmarks(city_id=beijing) if view.kind == "sight"]
    assert [(view.name_en, view.point) for view in views] == [("Palace Museum", row.point)]


def test_an_unknown_kind_of_landmark_is_refused(beijing: int) -> None:
    with pytest.raises(Invalid, match="castle"):
        operations.put_landmarks(city_id=beijing, rows=[LandmarkRow(kind="castle", name="x", point=CENTRE)], at=AT)


def test_inside(beijing: int) -> None:
    assert queries.inside(city_id=beijing, point=CENTRE)
    assert not queries.inside(city_id=beijing, point=Point(31.2, 121.5))


def test_conditions_need_a_city_and_sane_numbers(beijing: int) -> None:
    with pytest.raises(Invalid):
        operations.set_conditions(city_id=beijing, weather="rain", speed_factor=Decimal("0.01"), at=AT)
    with pytest.raises(Invalid):
        operations.set_conditions(city_id=beijing, weather="frogs", speed_factor=Decimal("0.8"), at=AT)
    with pytest.raises(NotFound):
        operations.set_conditions(city_id=1, weather="rain", speed_factor=Decimal("0.8"), at=AT)
