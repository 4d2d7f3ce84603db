"""The streets desk: close a road, see it, free it; what is wrong is said and what was typed stays."""

from __future__ import annotations

from typing import Any

from linli.apps.city import queries as cities
from linli.platform.ids import seal
from tests.fronts.operator.test_console import Desk, desk  # noqa: F401

THERE = {"lat": "39.91", "lng": "116.40", "radius_m": "250", "pct": "0", "minutes": "30", "note": "水管爆裂"}


def test_a_road_is_closed_shown_and_freed(desk: Desk) -> None:  # noqa: F811
    assert desk.operator.post("/operator/streets/report", THERE).status_code == 303
    (one,) = cities.incidents(city_id=desk.world.city_id, at=desk.world.at)
    shown = desk.operator.get("/operator/streets").content.decode()
    assert "水管爆裂" in shown
    assert seal("ri", one.id) in shown
    assert (one.radius_m, one.speed_factor, (one.until_at - one.from_at).total_seconds()) == (250, 0, 1800)
    assert desk.operator.post(f"/operator/streets/{seal('ri', one.id)}/free").status_code == 303
    desk.world.pass_(1)
    assert cities.incidents(city_id=desk.world.city_id, at=desk.world.at) == []
    assert desk.operator.post("/operator/streets/ri-nonsense/free").status_code == 404


def test_what_is_wrong_is_said_and_what_was_typed_stays(desk: Desk) -> None:  # noqa: F811
    wrongs: list[dict[str, str]] = [
        {"lat": ""}, {"lat": "nan"}, {"lng": "999"}, {"radius_m": "1"}, {"pct": "100"}, {"pct": "-5"}, {"minutes": "0"}, {"minutes": "1e9"},
        {"minutes": "x"}, {"radius_m": "9" * 30},
    ]  # fmt: skip
    for wrong in wrongs:
        answer = desk.operator.post("/operator/streets/report", THERE | wrong)
        assert answer.status_code == 422, wrong
        assert "水管爆裂" in answer.content.decode()
    assert cities.incidents(city_id=desk.world.city_id, at=desk.world.at) == []


def test_a_provider_that_does_not_answer_is_shown(desk: Desk, settings: Any) -> None:  # noqa: F811
    settings.WAYS, settings.WAYS_URL = "osrm", "http://127.0.0.1:9"
    assert "does not say how long ways take" in desk.operator.get("/operator/streets").content.decode()
