"""Sites: noted, proposed, opened, closed; by operators only, and on record."""

from __future__ import annotations

import pytest

from linli.apps.city import operations, queries
from linli.apps.city.operations import Proposal, SitingFigures
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from linli.kernel.geo import Point
from linli.platform import audit
from tests import world
from tests.world import DENGSHIKOU, MONDAY_NOON

pytestmark = pytest.mark.django_db
BOSS = Actor("operator", 1)
FIGURES = SitingFigures(days=28, orders=50, before_s=None, after_s=300.0, gap=0.0)


def put(city: int, **more: object) -> int:
    values: dict[str, object] = {"kind": "locker", "name": "东单柜", "point": DENGSHIKOU, "actor": BOSS} | more
    return operations.put_site(city_id=city, at=MONDAY_NOON, **values)  # type: ignore[arg-type]


def test_new_proposals_take_the_place_of_old_ones_and_leave_what_is_open() -> None:
    city = world.beijing()
    put(city)
    for lat in (39.90, 39.95):
        operations.propose(
            city_id=city, kind="locker", sites=[Proposal(point=Point(lat, 116.4), share=0.5)], figures=FIGURES, at=MONDAY_NOON
        )
    assert [(site.state, site.point.lat) for site in queries.sites(city_id=city, kind="locker")] == [("open", 39.9165), ("proposed", 39.95)]
    assert queries.sites(city_id=city, kind="station") == []
    run = queries.last_siting(city_id=city, kind="locker")
    assert run is not None
    assert (run.orders, run.before_s, run.after_s) == (50, None, 300.0)


def test_a_proposal_is_opened_or_dropped_once_and_it_is_on_record() -> None:
    city = world.beijing()
    both = [Proposal(point=Point(39.9, 116.4), share=0.5), Proposal(point=Point(39.95, 116.4), share=0.5)]
    operations.propose(city_id=city, kind="station", sites=both, figures=FIGURES, at=MONDAY_NOON)
    first, second = (site.id for site in queries.sites(city_id=city, kind="station"))
    operations.decide_site(site_id=first, event="open", name="东站", actor=BOSS, at=MONDAY_NOON)
    operations.decide_site(site_id=second, event="drop", actor=BOSS, at=MONDAY_NOON)
    assert [(site.state, site.name) for site in queries.sites(city_id=city, kind="station")] == [("open", "东站")]
    for site_id, event in ((first, "open"), (first, "drop"), (second, "open"), (first, "burn")):
        with pytest.raises(Conflict):
            operations.decide_site(site_id=site_id, event=event, actor=BOSS, at=MONDAY_NOON)
    operations.decide_site(site_id=first, event="close", actor=BOSS, at=MONDAY_NOON)
    assert queries.sites(city_id=city, kind="station") == []
    assert [entry.action for entry in audit.entries(subject=f"si:{first}").items] == ["site.close", "site.open"]


def test_what_is_no_site_is_refused() -> None:
    city = world.beijing()
    for wrong in ({"kind": "palace"}, {"name": "  "}, {"point": Point(10.0, 10.0)}):
        with pytest.raises(Invalid):
            put(city, **wrong)
    with pytest.raises(NotFound):
        put(5)
    for actor in (Actor("courier", 9), Actor("support", 9)):
        with pytest.raises(Forbidden):
            put(city, actor=actor)
        with pytest.raises(Forbidden):
            operations.decide_site(site_id=1, event="open", actor=actor, at=MONDAY_NOON)
    with pytest.raises(NotFound):
        operations.decide_site(site_id=1, event="open", actor=BOSS, at=MONDAY_NOON)
