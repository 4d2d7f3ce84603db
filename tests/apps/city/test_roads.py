"""Ways in the city's own road graph: around the river, slower at lunch, not through what is closed; and by servers that may not answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from linli.apps.city import adapters, operations, queries
from linli.apps.city.adapters.breaker import Breaker
from linli.apps.city.adapters.servers import Osrm, Valhalla
from linli.apps.city.models import RoadEdge, RoadNode
from linli.apps.city.operations import LandmarkRow, Road
from linli.apps.city.queries import ways
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import Forbidden, Invalid
from linli.kernel.geo import Box, Point, metres
from linli.platform import policies, reads
from linli.platform.telemetry import metrics
from linli.policy import dispatch

pytestmark = pytest.mark.django_db
CALM = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)  # 15:00 in Beijing
LUNCH = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 12:00 in Beijing
HERE = Point(39.90, 116.40)
OPERATOR = Actor("operator", 1)
# Two banks of a river, 500 m apart, and a bridge 2 km to the east. 1-2 is the near bank, 3-4 the far one.
NODES = {
    1: Point(39.900, 116.400),
    2: Point(39.900, 116.424),
    3: Point(39.9045, 116.400),
    4: Point(39.9045, 116.424),
    5: Point(39.95, 116.5),
}
BANKS = [(1, 2, "primary"), (3, 4, "primary"), (2, 4, "residential")]


def both_ways(*roads: tuple[int, int, str]) -> list[Road]:
    return [road for a, b, name in roads for road in (Road(a, b, name), Road(b, a, name))]


@pytest.fixture
def beijing(settings: Any) -> int:
    settings.WAYS = "graph"
    return operations.put_city(
        slug="beijing", name="北京", name_en="Beijing", currency="CNY", zone="Asia/Shanghai", centre=HERE,
        box=Box(39.4, 115.4, 41.1, 117.5), at=CALM,
    )  # fmt: skip


@pytest.fixture
def banks(beijing: int) -> int:
    operations.put_roads(city_id=beijing, nodes=NODES, roads=both_ways(*BANKS), source="test", at=CALM)
    return beijing


def found(city_id: int, a: int = 1, b: int = 3, vehicle: str = "ebike", at: datetime = CALM) -> queries.Found:
    return queries.travel_found(city_id=city_id, origins=[NODES[a]], destinations=[NODES[b]], vehicle=vehicle, at=at)


def test_the_way_leads_over_the_bridge(banks: int) -> None:
    way = metres(NODES[1], NODES[2]) + metres(NODES[2], NODES[4]) + metres(NODES[4], NODES[3])
    speed = float(policies.value(dispatch.BIKE_KMH)) / 3.6
    answer = found(banks)
    assert (answer.source, answer.missed) == ("graph", "")
    assert answer.seconds[0, 0] == pytest.approx(way / speed, rel=0.01)
    ground = queries.ground(city_id=banks, at=CALM)
    town = reads.one(ground)
    assert town is not None
    promised = town.travel_seconds(origin=NODES[1], destination=NODES[3], vehicle="ebike", at=CALM)
    assert promised == pytest.approx(answer.seconds[0, 0], abs=1)  # what is promised is what dispatch reckons with


def test_a_road_of_one_direction_and_a_place_off_the_map(banks: int) -> None:
    operations.put_roads(city_id=banks, nodes=NODES, roads=[Road(1, 2, "primary"), *both_ways(BANKS[2])], source="test", at=CALM)
    assert np.isfinite(found(banks, 1, 4).seconds[0, 0])
    assert np.isinf(found(banks, 4, 1).seconds[0, 0])
    assert np.isinf(found(banks, 1, 5).seconds[0, 0])
    straight = queries.travel_seconds(city_id=banks, origin=NODES[4], destination=NODES[1], vehicle="ebike", at=CALM)
    assert 0 < straight < 3_600  # a promise is made all the same


def test_cars_are_slower_at_lunch_by_the_profile_of_the_class(banks: int) -> None:
    lunch = [0.5 if hour == 12 else 1.0 for hour in range(24)]
    operations.put_roads(city_id=banks, nodes=NODES, roads=both_ways(*BANKS), profile={"primary": lunch}, source="test", at=CALM)
    calm, slow = (found(banks, 1, 2, "car", at).seconds[0, 0] for at in (CALM, LUNCH))
    assert slow == pytest.approx(2 * calm, rel=0.01)
    assert found(banks, 1, 2, "walk").seconds[0, 0] > calm


def test_a_closed_bridge_cuts_the_far_bank_off_for_a_while(banks: int) -> None:
    before = found(banks).seconds[0, 0]
    bridge = Point(39.9022, 116.424)
    incident = operations.report_incident(
        city_id=banks, point=bridge, radius_m=100, speed_factor=Decimal(0), note="flood",
        until_at=CALM + timedelta(minutes=30), actor=OPERATOR, at=CALM,
    )  # fmt: skip
    soon, later = CALM + timedelta(minutes=1), CALM + timedelta(minutes=30)
    assert np.isinf(found(banks, at=soon).seconds[0, 0])
    assert found(banks, at=later).seconds[0, 0] == pytest.approx(before)
    assert [row.note for row in queries.incidents(city_id=banks, at=soon)] == ["flood"]
    operations.end_incident(incident_id=incident, actor=OPERATOR, at=soon)
    assert found(banks, at=soon).seconds[0, 0] == pytest.approx(before)
    assert queries.incidents(city_id=banks, at=soon) == []


def test_the_same_noted_again_is_one_that_lasts_until_the_later_moment(banks: int) -> None:
    same: dict[str, Any] = {"city_id": banks, "point": HERE, "radius_m": 100, "speed_factor": Decimal("0.50"), "actor": OPERATOR}
    first = operations.report_incident(**same, note="works", until_at=CALM + timedelta(minutes=30), at=CALM)
    soon, later = CALM + timedelta(minutes=1), CALM + timedelta(minutes=60)
    assert operations.report_incident(**same, note="works", until_at=later, at=soon) == first
    (one,) = queries.incidents(city_id=banks, at=soon)
    assert (one.from_at, one.until_at) == (CALM, later)
    assert operations.report_incident(**same, note="flood", until_at=later, at=soon) != first
    assert operations.report_incident(**same, note="works", until_at=later + timedelta(hours=1), at=later) != first  # that one is over


def test_roadworks_slow_only_what_is_near(banks: int) -> None:
    calm, far = found(banks, 2, 4).seconds[0, 0], found(banks, 1, 2).seconds[0, 0]
    operations.report_incident(
        city_id=banks, point=Point(39.9022, 116.424), radius_m=100, speed_factor=Decimal("0.25"), note="",
        until_at=CALM + timedelta(hours=1), actor=OPERATOR, at=CALM,
    )  # fmt: skip
    assert found(banks, 2, 4).seconds[0, 0] == pytest.approx(4 * calm, rel=0.01)
    assert found(banks, 1, 2).seconds[0, 0] == pytest.approx(far)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"speed_factor": Decimal(1)}, "incident.share"), ({"speed_factor": Decimal(-1)}, "incident.share"),
        ({"radius_m": 1}, "incident.radius"),
        ({"until_at": CALM}, "incident.until"), ({"until_at": CALM + timedelta(days=40)}, "incident.until"),
    ],
)  # fmt: skip
def test_senseless_incidents_are_refused(banks: int, change: dict[str, Any], code: str) -> None:
    values: dict[str, Any] = {
        "point": HERE,
        "radius_m": 100,
        "speed_factor": Decimal(0),
        "note": "",
        "until_at": CALM + timedelta(hours=1),
    } | change
    with pytest.raises(Invalid) as refused:
        operations.report_incident(city_id=banks, actor=OPERATOR, at=CALM, **values)
    assert refused.value.code == code
    assert queries.incidents(city_id=banks, at=CALM) == []


def test_only_an_operator_closes_roads(banks: int) -> None:
    with pytest.raises(Forbidden):
        operations.report_incident(
            city_id=banks, point=HERE, radius_m=100, speed_factor=Decimal(0), note="", until_at=LUNCH, actor=SYSTEM, at=CALM
        )
    with pytest.raises(Forbidden):
        operations.end_incident(incident_id=1, actor=SYSTEM, at=CALM)


@pytest.mark.parametrize(
    ("roads", "profile", "code"),
    [
        ([], None, "roads.empty"), ([Road(1, 1, "primary")], None, "roads.empty"), ([Road(1, 99, "primary")], None, "roads.node"),
        ([Road(1, 2, "river")], None, "roads.class"), ([Road(1, 2, "path", -1.0)], None, "roads.metres"),
        ([Road(1, 2, "path", float("nan"))], None, "roads.metres"), ([Road(1, 2, "path")], {"path": [1.0]}, "roads.profile"),
        ([Road(1, 2, "path")], {"path": [0.0] * 24}, "roads.profile"),
    ],
)  # fmt: skip
def test_a_senseless_graph_is_refused_and_the_old_one_stays(banks: int, roads: list[Road], profile: Any, code: str) -> None:
    before = RoadEdge.objects.count(), RoadNode.objects.count()
    with pytest.raises(Invalid) as refused:
        operations.put_roads(city_id=banks, nodes=NODES, roads=roads, profile=profile, source="test", at=CALM)
    assert refused.value.code == code
    assert (RoadEdge.objects.count(), RoadNode.objects.count()) == before


def test_without_a_graph_straight_lines_stand_in_and_it_is_said(beijing: int, settings: Any) -> None:
    counted = metrics.ways.labels(provider="graph", answered="no")._value
    before = counted.get()
    answer = found(beijing)
    assert (answer.source, answer.missed) == ("straight", "no road graph has been loaded")
    assert counted.get() == before + 1
    said = queries.ways_now(city_id=beijing, at=CALM)
    assert (said.chosen, said.answers) == ("graph", "straight")
    settings.WAYS = "straight"
    assert found(beijing).seconds[0, 0] == pytest.approx(answer.seconds[0, 0])


def test_a_made_up_grid_says_that_it_is_made_up_and_is_the_same_each_time(beijing: int) -> None:
    rows = [LandmarkRow(kind="metro", name=f"m{i}", point=Point(39.9 + i * 0.004, 116.4 + (i % 3) * 0.006)) for i in range(12)]
    operations.put_landmarks(city_id=beijing, rows=rows, at=CALM)
    first = operations.make_roads(city_id=beijing, at=CALM)
    graph = sorted(RoadEdge.objects.values_list("start", "end", "road_class"))
    assert operations.make_roads(city_id=beijing, at=LUNCH) == first
    assert sorted(RoadEdge.objects.values_list("start", "end", "road_class")) == graph
    view = queries.roads(city_id=beijing)
    assert view is not None
    assert view.made
    table = queries.travel_matrix(
        city_id=beijing, origins=[row.point for row in rows], destinations=[row.point for row in rows], vehicle="bike", at=CALM
    )
    straight = np.array([[metres(a.point, b.point) for b in rows] for a in rows]) / (float(policies.value(dispatch.BIKE_KMH)) / 3.6)
    assert (table >= straight * 0.999).all()
    assert np.median(table[straight > 300] / straight[straight > 300]) < 1.7


def test_a_city_without_places_gets_no_grid(beijing: int) -> None:
    with pytest.raises(Invalid):
        operations.make_roads(city_id=beijing, at=CALM)


# the command


def test_roads_are_read_from_csv_with_their_speeds(beijing: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "nodes.csv").write_text("node,lat,lng\n1,39.9,116.4\n2,39.9,116.41\n3,39.91,116.41\n")
    (tmp_path / "roads.csv").write_text("from,to,class,oneway,metres\n1,2,primary,,900\n2,3,residential,yes,\n")
    (tmp_path / "speeds.csv").write_text("class,hour,share\nprimary,8,0.6\n")
    call_command("roads", "load", str(tmp_path))
    assert sorted(RoadEdge.objects.values_list("start", "end")) == [(1, 2), (2, 1), (2, 3)]
    (tmp_path / "roads.csv").write_text("from,to,class,oneway,metres\n1,x,primary,,900\n")
    with pytest.raises(CommandError, match="line 2"):
        call_command("roads", "load", str(tmp_path))
    assert RoadEdge.objects.count() == 3
    with pytest.raises(CommandError):
        call_command("roads", "load", str(tmp_path / "nowhere"))


def test_roads_are_read_from_an_extract(beijing: int, tmp_path: Path) -> None:
    extract = tmp_path / "some.osm"
    extract.write_text(
        """<osm><node id="1" lat="39.9" lon="116.4"/><node id="2" lat="39.9" lon="116.41"/><node id="3" lat="39.91" lon="116.41"/>
        <node id="4" lat="39.92" lon="116.41"/>
        <way id="9"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="tertiary"/></way>
        <way id="10"><nd ref="3"/><nd ref="1"/><nd ref="77"/><tag k="highway" v="primary_link"/><tag k="oneway" v="yes"/></way>
        <way id="11"><nd ref="4"/><nd ref="1"/><tag k="waterway" v="river"/></way></osm>"""
    )
    call_command("roads", "load", str(extract))
    assert sorted(RoadEdge.objects.values_list("start", "end", "road_class")) == [
        (1, 2, "secondary"), (2, 1, "secondary"), (2, 3, "secondary"), (3, 1, "primary"), (3, 2, "secondary"),
    ]  # fmt: skip
    assert sorted(RoadNode.objects.values_list("number", flat=True)) == [1, 2, 3]
    extract.write_text("<osm><node")
    with pytest.raises(CommandError):
        call_command("roads", "load", str(extract))


# servers

Answer = Callable[[str, Any], tuple[int, Any]]


@contextmanager
def answering(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, its address, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append(self.path)
            status, said = answer(self.path, json.loads(body) if body else None)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(said if isinstance(said, bytes) else json.dumps(said).encode())

        do_GET = do_POST = _serve

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def osrm(path: str, _: Any) -> tuple[int, Any]:
    """A second a thousandth of a degree of latitude; nobody comes from the 117th meridian."""
    parts = urlsplit(path)
    points = [tuple(map(float, pair.split(","))) for pair in parts.path.rpartition("/")[2].split(";")]
    asked = parse_qs(parts.query)
    sides = [[points[int(number)] for number in asked[side][0].split(";")] for side in ("sources", "destinations")]
    rows = [[None if a[0] >= 117 else round(1_000 * abs(a[1] - b[1]), 3) for b in sides[1]] for a in sides[0]]
    return 200, {"code": "Ok", "durations": rows}


def valhalla(path: str, body: Any) -> tuple[int, Any]:
    assert path == "/sources_to_targets"
    assert body["costing"] == "auto"
    return 200, {
        "sources_to_targets": [
            [{"time": 1_000 * abs(a["lat"] - b["lat"]), "distance": 1.0} for b in body["targets"]] for a in body["sources"]
        ]
    }


def ask(count: int = 2, at: datetime = CALM, vehicle: str = "car") -> adapters.Ask:
    points = [Point(39.9 + i / 1_000, 116.4) for i in range(count)]
    return adapters.Ask(1, points, points[::-1], vehicle, at, 15, 5.0, 0.5, 1.0, 1.35)


def test_both_servers_are_asked_in_blocks_and_slowed_by_the_hour() -> None:
    for make, answer in ((Osrm, osrm), (Valhalla, valhalla)):
        with answering(answer) as (url, asked):
            table = make(url).seconds(ask(70))
        assert len(asked) == 4  # two blocks by two
        assert table.shape == (70, 70)
        assert table[0, 69] == pytest.approx(0, abs=1e-6)
        assert table[3, 69] == pytest.approx(3 / 0.5, abs=0.01)


def test_where_the_server_knows_no_way_there_is_none() -> None:
    with answering(osrm) as (url, _):
        question = adapters.Ask(1, [Point(39.9, 117.2)], [Point(39.91, 116.4)], "car", CALM, 15, 5.0, 1.0, 1.0, 1.35)
        assert np.isinf(Osrm(url).seconds(question)[0, 0])


@pytest.mark.parametrize(
    "bad",
    [
        (500, {}), (200, b"<html>"), (200, {"code": "NoSegment"}), (200, {"code": "Ok", "durations": [[1.0]]}),
        (200, {"code": "Ok", "durations": [[-1.0, 2.0], [1.0, 2.0]]}), (200, {"code": "Ok"}), (200, []),
        (200, {"code": "Ok", "durations": [[1.0], [1.0, 2.0]]}), (302, {}),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_not_believed(bad: tuple[int, Any]) -> None:
    with answering(lambda *_: bad) as (url, _), pytest.raises(adapters.Unavailable):
        Osrm(url).seconds(ask())


def test_a_slow_server_is_not_waited_for() -> None:
    waits = threading.Event()
    with answering(lambda *_: (200, waits.wait(3) or {})) as (url, _):
        with pytest.raises(adapters.Unavailable, match="Timeout"):
            Osrm(url, within_s=0.2).seconds(ask())
        waits.set()


def test_who_has_failed_three_times_is_left_alone_and_tried_again_later() -> None:
    with answering(lambda *_: (503, {})) as (url, asked):
        server = Osrm(url)
        for _ in range(5):
            with pytest.raises(adapters.Unavailable):
                server.seconds(ask())
        assert len(asked) == 3
    breaker = Breaker(most=2, pause_s=10)
    breaker.failed(0.0)
    assert not breaker.open(1.0)
    breaker.failed(1.0)
    assert breaker.open(10.9)
    assert not breaker.open(11.0)
    breaker.answered()
    assert not breaker.open(2.0)


def test_too_many_places_are_not_asked_about() -> None:
    with answering(osrm) as (url, asked), pytest.raises(adapters.Unavailable, match="too many"):
        Osrm(url).seconds(ask(500))
    assert asked == []


@pytest.mark.django_db(transaction=True)
def test_the_city_asks_the_server_and_falls_back_to_straight_lines(beijing: int, settings: Any) -> None:
    with answering(osrm) as (url, asked):
        settings.WAYS, settings.WAYS_URL = "osrm", url
        answer = found(beijing, vehicle="car")
        assert (answer.source, answer.missed) == ("osrm", "")
        assert answer.seconds[0, 0] == pytest.approx(4.5, abs=0.01)
        question = ways.asking(beijing, "Asia/Shanghai", 1.0, [NODES[1]], [NODES[3]], "car", CALM)
        before = len(asked)
        assert ways.one_way(question) == ways.one_way(question) == pytest.approx(4.5, abs=0.01)
        assert len(asked) == before + 1  # what was quoted is ordered without asking again
    answer = found(beijing, vehicle="car")  # the server has gone
    assert answer.source == "straight"
    assert "ConnectError" in answer.missed
    assert queries.ways_now(city_id=beijing, at=CALM).missed


def test_nobody_waits_for_a_server_within_a_transaction(beijing: int, settings: Any) -> None:
    with answering(osrm) as (url, asked):
        settings.WAYS, settings.WAYS_URL = "osrm", url
        assert "transaction" in found(beijing).missed
    assert asked == []
