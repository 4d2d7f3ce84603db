"""The siting desk: propose, open, ask what one is worth; what is wrong is said on the page."""

from __future__ import annotations

from linli.apps.city import queries as cities
from linli.platform.ids import seal
from tests.apps.fulfilment.street import wanted
from tests.fronts.operator.test_console import Desk, desk  # noqa: F401


def test_places_are_worked_out_opened_and_judged(desk: Desk) -> None:  # noqa: F811
    for number in range(25):
        wanted(desk.world.city_id, f"or:9{number:03d}", at=desk.world.at)
    desk.world.pass_(5)
    answer = desk.operator.post("/operator/siting/propose", {"kind": "locker", "count": "1", "days": "7"})
    assert (answer.status_code, answer["Location"]) == (303, "/operator/siting?kind=locker&done=propose")
    (site,) = cities.sites(city_id=desk.world.city_id, kind="locker")
    sealed = seal("si", site.id)
    assert sealed in desk.operator.get("/operator/siting?kind=locker").content.decode()
    assert "With this site" in desk.operator.get(f"/operator/siting?kind=locker&without={sealed}").content.decode()
    assert desk.operator.post(f"/operator/siting/{sealed}/decide", {"kind": "locker", "event": "open"}).status_code == 303
    assert desk.operator.post(f"/operator/siting/{sealed}/decide", {"kind": "locker", "event": "open"}).status_code == 409
    assert [one.state for one in cities.sites(city_id=desk.world.city_id, kind="locker")] == ["open"]


def test_what_is_wrong_is_said_and_nothing_is_kept(desk: Desk) -> None:  # noqa: F811
    for wrong in ({"count": "x"}, {"count": "-1"}, {"count": "0"}, {"days": "99999"}, {}):
        assert desk.operator.post("/operator/siting/propose", {"kind": "locker"} | wrong).status_code == 422, wrong
    for wrong in (
        {"lat": "x", "lng": "1"},
        {"lat": "nan", "lng": "1"},
        {"lat": "99", "lng": "1"},
        {"lat": "39.9", "lng": "116.4", "name": ""},
    ):
        assert desk.operator.post("/operator/siting/put", {"kind": "locker", "name": "柜"} | wrong).status_code == 422, wrong
    assert desk.operator.post("/operator/siting/si-nonsense/decide", {"event": "open"}).status_code == 404
    assert cities.sites(city_id=desk.world.city_id, kind="locker") == []
