"""An operator pins a delivery to a courier, keeps one away from it, and tries other numbers on a decision."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from linli.apps.fulfilment import operations, queries
from linli.apps.fulfilment.models import Courier, Job
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from linli.kernel.geo import Point
from linli.platform import audit, policies
from linli.policy import dispatch
from tests import world
from tests.apps.fulfilment.street import LI, WANG, courier, minutes, wanted

pytestmark = pytest.mark.django_db
BOSS = Actor("operator", 1)
AWAY = Point(39.93, 116.42)


@pytest.fixture
def place(db: None) -> int:
    city = world.beijing()
    courier(WANG, city)
    courier(LI, city, point=AWAY)
    return city


def tick(place: int, after: float) -> tuple[tuple[int, int], ...]:
    done = operations.tick(city_id=place, at=minutes(after))
    if done.id:
        assert queries.replay(tick_id=done.id).faults == ()
    return done.offered


def test_a_pin_wins_over_the_nearer_one_and_is_on_record(place: int) -> None:
    job = wanted(place)
    operations.pin(job_id=job, courier_id=LI, actor=BOSS, at=minutes(1), reason="knows the gate")
    assert tick(place, 2) == ((job, LI),)
    entry = audit.entries(subject=f"jb:{job}").items[0]
    assert (entry.action, entry.after, entry.reason) == ("job.pin", LI, "knows the gate")


def test_a_pin_takes_back_an_offer_to_another_without_a_strike(place: int) -> None:
    job = wanted(place)
    assert tick(place, 2) == ((job, WANG),)
    operations.pin(job_id=job, courier_id=LI, actor=BOSS, at=minutes(2.1))
    assert queries.job(job_id=job).state == "waiting"
    assert Courier.objects.get(pk=WANG).strikes == 0
    assert tick(place, 2.2) == ((job, LI),)


def test_who_declines_a_pinned_delivery_takes_the_pin_away(place: int) -> None:
    job = wanted(place)
    operations.pin(job_id=job, courier_id=LI, actor=BOSS, at=minutes(1))
    assert tick(place, 2) == ((job, LI),)
    operations.answer(courier_id=LI, job_id=job, accept=False, reason="far", at=minutes(2.1))
    assert queries.job(job_id=job).pinned_id is None
    assert tick(place, 2.2) == ((job, WANG),)


def test_who_goes_home_takes_the_pin_away(place: int) -> None:
    job = wanted(place)
    operations.pin(job_id=job, courier_id=LI, actor=BOSS, at=minutes(1))
    operations.go_offline(courier_id=LI, at=minutes(1.5))
    assert tick(place, 2) == ((job, WANG),)


def test_a_banned_courier_is_passed_over_until_allowed_again(place: int) -> None:
    job = wanted(place)
    assert tick(place, 2) == ((job, WANG),)
    operations.ban(job_id=job, courier_id=WANG, actor=BOSS, at=minutes(2.1))
    operations.ban(job_id=job, courier_id=LI, actor=BOSS, at=minutes(2.1))
    assert tick(place, 2.2) == ()
    operations.allow(job_id=job, courier_id=LI, actor=BOSS, at=minutes(2.3))
    assert tick(place, 2.4) == ((job, LI),)


def test_a_pin_set_while_a_tick_thinks_is_kept(place: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tick has read the job before the operator pins it; it must not offer it to somebody else after."""
    from linli.apps.fulfilment.operations import ticking

    job = wanted(place)
    think = ticking.solve

    def slowly(*args: object, **more: object) -> object:
        operations.pin(job_id=job, courier_id=LI, actor=BOSS, at=minutes(2))
        return think(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(ticking, "solve", slowly)
    done = operations.tick(city_id=place, at=minutes(2))
    assert done.offered == ()
    assert done.lost == 1


def test_what_cannot_be_pinned_or_banned(place: int) -> None:
    job, heavy = wanted(place), wanted(place, "or:2", load=9)
    for actor in (Actor("courier", WANG), Actor("support", 5)):
        for act in (operations.pin, operations.ban, operations.allow):
            with pytest.raises(Forbidden):
                act(job_id=job, courier_id=LI, actor=actor, at=minutes(1))
    with pytest.raises(NotFound):
        operations.pin(job_id=job, courier_id=5, actor=BOSS, at=minutes(1))
    with pytest.raises(NotFound):
        operations.ban(job_id=5, courier_id=LI, actor=BOSS, at=minutes(1))
    with pytest.raises(Invalid):
        operations.pin(job_id=heavy, courier_id=LI, actor=BOSS, at=minutes(1))
    operations.assign(job_id=job, courier_id=WANG, actor=BOSS, at=minutes(1))
    for act in (operations.pin, operations.ban):
        with pytest.raises(Conflict):
            act(job_id=job, courier_id=LI, actor=BOSS, at=minutes(1))
    assert Job.objects.filter(pinned__isnull=False).count() == 0


def test_other_numbers_on_a_decision_change_nothing_in_the_city(place: int) -> None:
    job = wanted(place, ready_in=25)
    done = operations.tick(city_id=place, at=minutes(1))
    other = queries.what_if(tick_id=done.id, changes={"slack_s": "3000"})
    assert (other.comparison.before.postponed, other.comparison.after.assigned, other.faults) == (1, 1, ())
    assert [(move.order, move.after) for move in other.comparison.moves] == [(job, WANG)]
    assert queries.job(job_id=job).state == "waiting"
    with pytest.raises(Invalid):
        queries.what_if(tick_id=done.id, changes={"slack_s": "soon"})
    said = StringIO()
    call_command("dispatch", "replay", "last", "--set", "slack_s=3000", stdout=said)
    assert "the same answer" in said.getvalue()
    assert str(job) in said.getvalue()
    with pytest.raises(CommandError):
        call_command("dispatch", "replay", "last", "--set", "nothing=1", stdout=StringIO())


def test_the_baseline_is_a_policy(place: int) -> None:
    policies.change(number_name=dispatch.NEAREST_ONLY.name, city_id=place, value=True, actor=BOSS, at=minutes(0), reason="test")
    both = [wanted(place, "or:1", ready_in=25), wanted(place, "or:2", ready_in=25)]
    assert tick(place, 1) == ((both[0], WANG), (both[1], LI))
