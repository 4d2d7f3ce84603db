"""Ticks are kept, made again, and explained; an operator may decide instead."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from linli.apps.fulfilment import invariants, operations, queries, tasks
from linli.apps.fulfilment.models import Job, Shift, Tick
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from linli.kernel.geo import Point
from linli.platform import audit, jobs, policies
from linli.platform.ids import seal
from linli.policy import dispatch
from tests import world
from tests.apps.fulfilment.street import LI, WANG, ZHAO, courier, minutes, wanted

pytestmark = pytest.mark.django_db
BOSS = Actor("operator", 1)
AWAY = Point(39.93, 116.42)


@pytest.fixture
def place(db: None) -> int:
    return world.beijing()


def test_a_tick_made_again_gives_the_same_answer_whatever_has_changed_since(place: int) -> None:
    courier(WANG, place)
    courier(LI, place, point=AWAY)
    for number in range(4):
        wanted(place, f"or:{number}", drop=Point(39.91 + number * 0.003, 116.42 + number * 0.004))
    done = operations.tick(city_id=place, at=minutes(2))
    operations.go_offline(courier_id=LI, at=minutes(3))
    policies.change(number_name=dispatch.LATE_WEIGHT.name, city_id=place, value=50, actor=BOSS, at=minutes(3), reason="test")
    replay = queries.replay(tick_id=done.id)
    assert replay.same
    assert replay.faults == ()
    assert {(job, a.courier) for a in replay.again.assignments for job in a.orders} == set(done.offered)


def test_a_tick_that_was_tampered_with_is_noticed(place: int) -> None:
    courier(WANG, place)
    wanted(place)
    done = operations.tick(city_id=place, at=minutes(2))
    row = Tick.objects.get(pk=done.id)
    row.result["assignments"][0]["courier"] = 5
    row.save()
    assert not queries.replay(tick_id=done.id).same


def test_why_this_courier_and_not_the_others(place: int) -> None:
    courier(WANG, place)
    courier(LI, place, point=AWAY)
    courier(ZHAO, place, point=Point(40.2, 116.6))
    job = wanted(place)
    done = operations.tick(city_id=place, at=minutes(2))
    reasons = queries.explain(tick_id=done.id, job_id=job)
    assert (reasons.outcome, reasons.courier) == ("assigned", WANG)
    assert [(other.courier, other.reason) for other in reasons.others] == [(LI, "dearer"), (ZHAO, "far")]
    for missing in ({"tick_id": done.id, "job_id": 5}, {"tick_id": 5, "job_id": job}):
        with pytest.raises(NotFound):
            queries.explain(**missing)


def test_nothing_to_decide_leaves_no_trace_and_costs_next_to_nothing(place: int, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    courier(WANG, place)
    operations.tick(city_id=place, at=minutes(0.5))
    with django_assert_max_num_queries(3):
        operations.tick(city_id=place, at=minutes(1))
    assert operations.tick(city_id=place, at=minutes(1)).id == 0
    assert Tick.objects.count() == 0


def test_food_that_is_not_ready_for_long_binds_nobody_yet(place: int) -> None:
    courier(WANG, place)
    job = wanted(place, ready_in=25)
    done = operations.tick(city_id=place, at=minutes(0.1))
    assert (done.offered, done.postponed) == ((), 1)
    operations.report(courier_id=WANG, points=[(Point(39.9165, 116.418), minutes(22))], at=minutes(22))
    assert operations.tick(city_id=place, at=minutes(22)).offered == ((job, WANG),)


def test_ready_sooner_is_brought_sooner(place: int) -> None:
    courier(WANG, place)
    job = wanted(place, ready_in=25)
    operations.set_ready(ref="or:1", ready_at=minutes(1), ready=True, at=minutes(1))
    assert operations.tick(city_id=place, at=minutes(1)).offered == ((job, WANG),)


def test_two_meals_of_one_store_go_together(place: int) -> None:
    courier(WANG, place)
    both = {wanted(place, "or:1"), wanted(place, "or:2")}
    done = operations.tick(city_id=place, at=minutes(2))
    assert set(done.offered) == {(job, WANG) for job in both}
    for job in both:
        operations.answer(courier_id=WANG, job_id=job, accept=True, at=minutes(2))
    assert [stop.kind for stop in queries.plan(courier_id=WANG, at=minutes(2))] == ["pickup", "pickup", "drop", "drop"]


def test_an_operator_assigns_by_hand_and_it_is_on_record(place: int) -> None:
    courier(WANG, place)
    courier(LI, place, point=AWAY)
    job = wanted(place)
    operations.tick(city_id=place, at=minutes(1))
    operations.assign(job_id=job, courier_id=LI, actor=BOSS, at=minutes(1), reason="knows the house")
    assert queries.job(job_id=job).state == "accepted"
    assert [held.id for held in queries.open_jobs(courier_id=LI)] == [job]
    entry = audit.entries(subject=f"jb:{job}").items[0]
    assert (entry.action, entry.before, entry.after, entry.reason) == ("job.assign", WANG, LI, "knows the house")
    operations.assign(job_id=job, courier_id=WANG, actor=BOSS, at=minutes(2))
    assert queries.open_jobs(courier_id=LI) == []


def test_what_an_operator_cannot_do(place: int) -> None:
    courier(WANG, place, capacity=2)
    courier(LI, place, point=AWAY, on=False)
    job, heavy = wanted(place), wanted(place, "or:2", load=3)
    with pytest.raises(Conflict):
        operations.assign(job_id=job, courier_id=LI, actor=BOSS, at=minutes(1))
    with pytest.raises(Invalid):
        operations.assign(job_id=heavy, courier_id=WANG, actor=BOSS, at=minutes(1))
    with pytest.raises(NotFound):
        operations.assign(job_id=job, courier_id=5, actor=BOSS, at=minutes(1))
    with pytest.raises(Forbidden):
        operations.assign(job_id=job, courier_id=WANG, actor=Actor("courier", WANG), at=minutes(1))
    operations.assign(job_id=job, courier_id=WANG, actor=BOSS, at=minutes(1))
    with pytest.raises(Conflict):
        operations.assign(job_id=job, courier_id=WANG, actor=BOSS, at=minutes(1))
    operations.pick_up(courier_id=WANG, job_id=job, code="A17", at=minutes(6))
    with pytest.raises(Conflict):
        operations.assign(job_id=job, courier_id=WANG, actor=BOSS, at=minutes(7))
    assert len(audit.entries(action="job.assign").items) == 1


def test_a_fifth_delivery_by_hand_is_refused(place: int) -> None:
    courier(WANG, place, capacity=20)
    ids = [wanted(place, f"or:{number}") for number in range(5)]
    for job in ids[:4]:
        operations.assign(job_id=job, courier_id=WANG, actor=BOSS, at=minutes(1))
    with pytest.raises(Conflict):
        operations.assign(job_id=ids[4], courier_id=WANG, actor=BOSS, at=minutes(1))


def test_ticks_come_by_themselves_every_few_seconds(place: int) -> None:
    courier(WANG, place)
    tasks.see_to_ticks.run(at=minutes(0))
    jobs.drain(minutes(0))
    job = wanted(place)
    jobs.drain(minutes(4 / 60))
    assert queries.job(job_id=job).state == "waiting"
    jobs.drain(minutes(5 / 60))
    assert queries.job(job_id=job).state == "offered"
    tasks.see_to_ticks.run(at=minutes(6 / 60))
    jobs.drain(minutes(1))
    assert jobs.health(minutes(1)).waiting == 1  # one next tick, however often somebody sees to it


def test_a_clock_that_was_set_back_does_not_stop_the_ticks(place: int) -> None:
    tasks.see_to_ticks.run(at=minutes(600))
    jobs.drain(minutes(600))
    courier(WANG, place)
    job = wanted(place)
    tasks.see_to_ticks.run(at=minutes(1))
    jobs.drain(minutes(1.2))
    assert queries.job(job_id=job).state == "offered"


def test_old_tracks_and_decisions_are_cleared_away(place: int) -> None:
    courier(WANG, place)
    wanted(place)
    operations.tick(city_id=place, at=minutes(2))
    tasks.prune.run(at=minutes(47 * 60))
    assert Tick.objects.count() == 1
    tasks.prune.run(at=minutes(49 * 60))
    assert Tick.objects.count() == 0
    operations.answer(courier_id=WANG, job_id=queries.job(ref="or:1").id, accept=True, at=minutes(2))
    assert queries.track(ref="or:1") == []


def test_the_command_makes_a_decision_again_and_says_when_it_differs(place: int) -> None:
    courier(WANG, place)
    courier(LI, place, point=AWAY)
    wanted(place)
    done = operations.tick(city_id=place, at=minutes(2))
    for name in (seal("tk", done.id), str(done.id), "last"):
        said = StringIO()
        call_command("dispatch", "replay", name, "--why", stdout=said)
        assert "the same answer" in said.getvalue()
        assert "dearer" in said.getvalue()
    listed = StringIO()
    call_command("dispatch", "list", stdout=listed)
    assert seal("tk", done.id) in listed.getvalue()
    row = Tick.objects.get(pk=done.id)
    row.result["assignments"][0]["courier"] = LI
    row.save()
    with pytest.raises(CommandError, match="not the same"):
        call_command("dispatch", "replay", "last", stdout=StringIO())
    for unknown in ("tk-nonsense", "5"):
        with pytest.raises(CommandError):
            call_command("dispatch", "replay", unknown, stdout=StringIO())


def test_the_rules_of_the_street_find_what_is_wrong(place: int) -> None:
    courier(WANG, place)
    job = wanted(place)
    operations.tick(city_id=place, at=minutes(2))
    rules = (invariants.delivered_is_paid, invariants.offers_end, invariants.on_duty_is_a_shift)
    assert [rule(minutes(3)) for rule in rules] == [[], [], []]
    assert "or:1" in invariants.offers_end(minutes(30))[0]
    Shift.objects.update(off_at=minutes(3))
    assert len(invariants.on_duty_is_a_shift(minutes(3))) == 1
    Job.objects.filter(pk=job).update(state="delivered", picked_up_at=minutes(3), delivered_at=minutes(4))
    assert "or:1" in invariants.delivered_is_paid(minutes(5))[0]
