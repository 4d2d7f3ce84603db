"""Places, identifiers, states and events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel import events
from linli.kernel.actors import SYSTEM, Actor
from linli.kernel.errors import Conflict, Forbidden, NotFound
from linli.kernel.geo import Box, Point, cell, metres, towards
from linli.kernel.ids import Sealer, new_id, new_ids
from linli.kernel.states import Machine, table

lats, lngs = st.floats(-80, 80), st.floats(-170, 170)
points = st.builds(Point, lats, lngs)


def test_a_known_distance() -> None:
    tiananmen, tokyo = Point(39.9087, 116.3975), Point(35.6812, 139.7671)
    assert metres(tiananmen, tokyo) == pytest.approx(2_095_000, rel=0.005)


@given(points, points)
def test_distance_is_symmetric_and_never_negative(a: Point, b: Point) -> None:
    assert metres(a, b) == pytest.approx(metres(b, a))
    assert metres(a, a) == 0


@given(points, st.floats(10, 20_000), st.floats(0, 0.99))
def test_the_box_around_holds_the_circle(centre: Point, radius: float, share: float) -> None:
    box = Box.around(centre, radius)
    north = Point(min(90, centre.lat + (box.north - centre.lat) * share), centre.lng)
    assert box.holds(north)
    assert metres(centre, Point(box.north, centre.lng)) == pytest.approx(radius, rel=1e-3)


def test_places_that_do_not_exist_are_refused() -> None:
    for lat, lng in ((91, 0), (0, 181), (float("nan"), 0)):
        with pytest.raises(ValueError):
            Point(lat, lng)


def test_cells_and_ways() -> None:
    assert cell(Point(39.9, 116.4)) == cell(Point(39.9001, 116.4001))
    assert towards(Point(0, 0), Point(2, 4), 0.5) == Point(1, 2)


@given(st.integers(0, 2**63 - 1))
def test_a_sealed_identifier_opens_only_as_what_it_is(number: int) -> None:
    sealer = Sealer("a secret")
    text = sealer.seal("or", number)
    assert sealer.unseal("or", text) == number
    for wrong in (text.replace("or-", "st-"), text[:-1], text + "0", "or-!!!!!!!!!!!!!"):
        with pytest.raises(NotFound):
            sealer.unseal("st" if wrong.startswith("or") and len(wrong) == len(text) and "!" not in wrong else "or", wrong)


def test_another_secret_gives_other_text() -> None:
    assert Sealer("one").seal("or", 7) != Sealer("two").seal("or", 7)


def test_identifiers_sort_by_time() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert new_id(at) < new_id(at + timedelta(milliseconds=1))
    assert len(set(new_ids(at, 20_000))) == 20_000
    alike = [new_id(at) for _ in range(20_000)]  # a loader that says the same moment again and again
    assert alike == sorted(set(alike))
    with pytest.raises(ValueError):
        new_id(datetime(2020, 1, 1, tzinfo=UTC))


DOOR = Machine("door", "shut", table("shut | open | open | consumer\nopen | shut | shut | consumer system"), {"open": frozenset({"enter"})})


def test_a_machine_follows_its_table() -> None:
    person = Actor("consumer", 1)
    assert DOOR.step("shut", "open", person) == "open"
    with pytest.raises(Forbidden):
        DOOR.step("shut", "open", SYSTEM)
    with pytest.raises(Conflict):
        DOOR.step("open", "open", person)
    assert DOOR.sources("shut") == {"open"}
    assert DOOR.events("open", "system") == ("shut",)
    assert DOOR.permits("open", "enter")
    assert not DOOR.permits("shut", "enter")


def test_a_machine_refuses_a_table_that_contradicts_itself() -> None:
    with pytest.raises(ValueError):
        Machine("x", "a", table("a | go | b | system\na | go | c | system"))
    with pytest.raises(ValueError):
        Machine("x", "a", table("a | go | b | system"), {"nowhere": frozenset({"x"})})


@dataclass(frozen=True, kw_only=True)
class Rang(events.Event):
    NAME = "test.door_rang"
    door_id: int
    at: datetime
    by: tuple[int, ...] = ()
    note: str | None = None


def test_an_event_is_read_back_as_it_was_written() -> None:
    rang = Rang(door_id=2**60, at=datetime(2026, 1, 1, 5, tzinfo=UTC), by=(1, 2), note=None)
    assert events.kind("test.door_rang").from_json(rang.to_json() | {"from the future": 1}) == rang


def test_two_events_cannot_share_a_name() -> None:
    with pytest.raises(ValueError):
        type("Other", (events.Event,), {"NAME": "test.door_rang", "__qualname__": "Other"})
