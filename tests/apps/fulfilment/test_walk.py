"""From the request to the door: offered, accepted, collected by code, delivered by code or photo, and paid."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from PIL import Image

from linli.apps.city import operations as city
from linli.apps.fulfilment import operations, queries
from linli.apps.fulfilment.operations import Proof
from linli.kernel.errors import Conflict, Gone, Invalid, NotFound, TooMany
from linli.kernel.geo import Point
from linli.platform import files
from linli.platform.models import Event
from tests import world
from tests.apps.fulfilment.street import LI, NOODLES, NOON, WANG, courier, minutes, wanted

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: None) -> int:
    return world.beijing()


def told() -> list[str]:
    return list(Event.objects.filter(name__startswith="fulfilment.").order_by("pk").values_list("name", flat=True))


def accepted(place: int, courier_id: int = WANG, **more: object) -> int:
    job = wanted(place, **more)  # type: ignore[arg-type]
    operations.tick(city_id=place, at=minutes(1))
    operations.answer(courier_id=courier_id, job_id=job, accept=True, at=minutes(1))
    return job


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(kept, "PNG")
    return kept.getvalue()


def test_the_whole_walk(place: int) -> None:
    courier(WANG, place)
    job = accepted(place, tip=200)
    operations.arrive(courier_id=WANG, job_id=job, at=minutes(4))
    operations.pick_up(courier_id=WANG, job_id=job, code="a17 ", at=minutes(6))
    earned = operations.deliver(courier_id=WANG, job_id=job, proof=Proof("code", "2468"), at=minutes(15))
    view = queries.job(ref="or:1")
    assert (view.state, view.delivered_at, view.proof["kind"]) == ("delivered", minutes(15), "code")
    lines = {line.kind: line.amount for line in queries.earnings(courier_id=WANG, start=NOON, end=minutes(60))}
    assert lines == {"base": 450, "distance": 134, "tip": 200}  # 1,115 m at 1.20 a kilometre
    assert sum(lines.values()) == earned
    assert told() == [f"fulfilment.{name}" for name in ("job_offered", "job_accepted", "courier_arrived", "job_picked_up", "job_delivered")]
    assert queries.open_jobs(courier_id=WANG) == []
    assert [done.id for done in queries.history(courier_id=WANG)] == [job]


def test_doing_a_step_twice_pays_and_tells_once(place: int) -> None:
    courier(WANG, place)
    job = accepted(place)
    for _ in range(2):
        operations.answer(courier_id=WANG, job_id=job, accept=True, at=minutes(2))
        operations.arrive(courier_id=WANG, job_id=job, at=minutes(4))
    for _ in range(2):
        operations.pick_up(courier_id=WANG, job_id=job, code="A17", at=minutes(6))
    paid = {operations.deliver(courier_id=WANG, job_id=job, proof=Proof("code", "2468"), at=minutes(15)) for _ in range(2)}
    assert len(paid) == 1
    assert len(told()) == 5
    assert len(queries.earnings(courier_id=WANG, start=NOON, end=minutes(60))) == 2


def test_night_and_rain_are_paid_for(place: int) -> None:
    city.set_conditions(city_id=place, weather="rain", speed_factor=Decimal("0.8"), at=NOON)
    late = 11 * 60  # 23:00 in Beijing
    courier(WANG, place, at=minutes(late))
    job = wanted(place, at=minutes(late))
    operations.tick(city_id=place, at=minutes(late + 1))
    operations.answer(courier_id=WANG, job_id=job, accept=True, at=minutes(late + 1))
    operations.pick_up(courier_id=WANG, job_id=job, code="A17", at=minutes(late + 6))
    operations.deliver(courier_id=WANG, job_id=job, proof=Proof("code", "2468"), at=minutes(late + 15))
    lines = {line.kind: line.amount for line in queries.earnings(courier_id=WANG, start=NOON, end=minutes(late + 60))}
    assert lines == {"base": 450, "distance": 134, "night": 200, "weather": 150}


def test_a_photo_is_proof_and_loses_its_metadata(place: int) -> None:
    courier(WANG, place)
    job = accepted(place)
    operations.pick_up(courier_id=WANG, job_id=job, code="A17", at=minutes(6))
    name = files.keep_picture(picture(), folder="proofs")
    operations.deliver(courier_id=WANG, job_id=job, proof=Proof("photo", name), at=minutes(15))
    assert queries.job(job_id=job).proof == {"kind": "photo", "value": name}
    with Image.open(io.BytesIO(files.read_picture(name))) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (64, 48), {})


@pytest.mark.parametrize("data", [b"", b"GIF89a not a picture", b"\xff\xd8\xff\xe0 cut off"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="not a picture"):
        files.keep_picture(data, folder="proofs")


@pytest.mark.parametrize("name", ["../secret", "proofs/../../secret", "proofs/none.jpg", "cases/" + "0" * 32 + ".jpg", ""])
def test_a_photo_that_was_not_taken_is_no_proof(place: int, name: str) -> None:
    courier(WANG, place)
    job = accepted(place)
    operations.pick_up(courier_id=WANG, job_id=job, code="A17", at=minutes(6))
    with pytest.raises(Invalid):
        operations.deliver(courier_id=WANG, job_id=job, proof=Proof("photo", name), at=minutes(15))
    assert queries.job(job_id=job).state == "picked_up"


def test_wrong_codes_are_refused_and_not_to_be_guessed(place: int) -> None:
    courier(WANG, place)
    job = accepted(place)
    with pytest.raises(Invalid):
        operations.pick_up(courier_id=WANG, job_id=job, code="A18", at=minutes(6))
    assert queries.job(job_id=job).state == "accepted"
    operations.pick_up(courier_id=WANG, job_id=job, code="A17", at=minutes(6))
    for guess in range(6):
        with pytest.raises(Invalid):
            operations.deliver(courier_id=WANG, job_id=job, proof=Proof("code", str(guess)), at=minutes(15))
    with pytest.raises(TooMany):
        operations.deliver(courier_id=WANG, job_id=job, proof=Proof("code", "2468"), at=minutes(15))
    assert queries.job(job_id=job).state == "picked_up"
    assert queries.earnings(courier_id=WANG, start=NOON, end=minutes(60)) == []


def test_nobody_touches_somebody_elses_job(place: int) -> None:
    courier(WANG, place)
    courier(LI, place, point=Point(39.95, 116.45))
    job = accepted(place)
    for act in (
        lambda: operations.answer(courier_id=LI, job_id=job, accept=True, at=minutes(2)),
        lambda: operations.arrive(courier_id=LI, job_id=job, at=minutes(2)),
        lambda: operations.pick_up(courier_id=LI, job_id=job, code="A17", at=minutes(2)),
        lambda: operations.deliver(courier_id=LI, job_id=job, proof=Proof("code", "2468"), at=minutes(2)),
        lambda: operations.give_up(courier_id=LI, job_id=job, reason="other", at=minutes(2)),
    ):
        with pytest.raises(NotFound):
            act()
    assert queries.job(job_id=job).state == "accepted"


def test_steps_out_of_order_are_refused(place: int) -> None:
    courier(WANG, place)
    job = wanted(place)
    operations.tick(city_id=place, at=minutes(1))
    with pytest.raises(Conflict):
        operations.arrive(courier_id=WANG, job_id=job, at=minutes(1))
    with pytest.raises(Conflict):
        operations.pick_up(courier_id=WANG, job_id=job, code="A17", at=minutes(1))
    operations.answer(courier_id=WANG, job_id=job, accept=True, at=minutes(1))
    with pytest.raises(Conflict):
        operations.deliver(courier_id=WANG, job_id=job, proof=Proof("code", "2468"), at=minutes(2))


def test_a_declined_offer_goes_to_the_next(place: int) -> None:
    courier(WANG, place)
    courier(LI, place, point=Point(39.93, 116.42))
    job = wanted(place)
    operations.tick(city_id=place, at=minutes(1))
    with pytest.raises(Invalid):
        operations.answer(courier_id=WANG, job_id=job, accept=False, reason="", at=minutes(1))
    operations.answer(courier_id=WANG, job_id=job, accept=False, reason="far", at=minutes(1))
    assert operations.tick(city_id=place, at=minutes(1.1)).offered == ((job, LI),)
    with pytest.raises(Gone):
        operations.answer(courier_id=WANG, job_id=job, accept=True, at=minutes(1.2))


def test_an_offer_that_nobody_answers_goes_to_the_next(place: int) -> None:
    courier(WANG, place)
    courier(LI, place, point=Point(39.93, 116.42))
    job = wanted(place)
    assert operations.tick(city_id=place, at=minutes(1)).offered == ((job, WANG),)
    assert operations.tick(city_id=place, at=minutes(1.5)).offered == ()
    with pytest.raises(Gone):
        operations.answer(courier_id=WANG, job_id=job, accept=True, at=minutes(2))
    assert operations.tick(city_id=place, at=minutes(2)).offered == ((job, LI),)
    assert queries.courier(courier_id=WANG).strikes == 1
    assert queries.job(job_id=job).declines[0]["reason"] == "no_answer"


def test_who_declined_is_asked_again_after_a_while_if_there_is_nobody_else(place: int) -> None:
    courier(WANG, place)
    job = wanted(place)
    operations.tick(city_id=place, at=minutes(1))
    operations.answer(courier_id=WANG, job_id=job, accept=False, reason="break", at=minutes(1))
    assert operations.tick(city_id=place, at=minutes(2)).offered == ()
    operations.report(courier_id=WANG, points=[(NOODLES, minutes(12))], at=minutes(12))
    assert operations.tick(city_id=place, at=minutes(12)).offered == ((job, WANG),)


def test_what_is_handed_back_goes_to_another_and_what_was_on_board_fails(place: int) -> None:
    courier(WANG, place)
    courier(LI, place, point=Point(39.93, 116.42))
    job = accepted(place)
    operations.give_up(courier_id=WANG, job_id=job, reason="vehicle", at=minutes(2))
    assert operations.tick(city_id=place, at=minutes(2)).offered == ((job, LI),)
    operations.answer(courier_id=LI, job_id=job, accept=True, at=minutes(2))
    operations.pick_up(courier_id=LI, job_id=job, code="A17", at=minutes(6))
    with pytest.raises(Invalid):
        operations.give_up(courier_id=LI, job_id=job, reason="bored", at=minutes(8))
    operations.give_up(courier_id=LI, job_id=job, reason="spilled", at=minutes(8))
    view = queries.job(job_id=job)
    assert (view.state, view.courier_id, view.closed_at) == ("failed", LI, minutes(8))
    assert queries.eta(ref="or:1", at=minutes(9)).source == "none"


def test_a_silent_courier_is_taken_off_and_others_get_its_jobs(place: int) -> None:
    courier(WANG, place)
    job = accepted(place)
    courier(LI, place, point=Point(39.93, 116.42), at=minutes(3))
    assert operations.tick(city_id=place, at=minutes(3)).offered == ()
    assert operations.tick(city_id=place, at=minutes(5)).offered == ((job, LI),)
    assert not queries.courier(courier_id=WANG).on
    with pytest.raises(Gone):
        operations.arrive(courier_id=WANG, job_id=job, at=minutes(5))


def test_a_silent_courier_keeps_what_is_on_board(place: int) -> None:
    courier(WANG, place)
    job = accepted(place)
    operations.pick_up(courier_id=WANG, job_id=job, code="A17", at=minutes(6))
    operations.tick(city_id=place, at=minutes(20))
    assert not queries.courier(courier_id=WANG).on
    assert queries.job(job_id=job).state == "picked_up"
    operations.deliver(courier_id=WANG, job_id=job, proof=Proof("code", "2468"), at=minutes(25))
    assert queries.job(job_id=job).state == "delivered"


def test_calling_off_frees_the_courier_until_it_is_on_board(place: int) -> None:
    courier(WANG, place)
    accepted(place)
    operations.cancel(ref="or:1", at=minutes(2))
    operations.cancel(ref="or:1", at=minutes(3))
    assert queries.job(ref="or:1").state == "cancelled"
    second = wanted(place, "or:2", at=minutes(3), ready_in=0)
    assert operations.tick(city_id=place, at=minutes(3)).offered == ((second, WANG),)
    operations.answer(courier_id=WANG, job_id=second, accept=True, at=minutes(3))
    operations.pick_up(courier_id=WANG, job_id=second, code="A17", at=minutes(6))
    with pytest.raises(Conflict):
        operations.cancel(ref="or:2", at=minutes(7))


def test_asking_twice_for_the_same_gives_the_same_job(place: int) -> None:
    assert wanted(place) == wanted(place)
    with pytest.raises(Invalid):
        wanted(place, "or:2", tip=-1)
    with pytest.raises(Invalid):
        wanted(place, "or:2", load=0)


def test_a_tip_given_afterwards_is_earned_too(place: int) -> None:
    courier(WANG, place)
    job = accepted(place)
    operations.pick_up(courier_id=WANG, job_id=job, code="A17", at=minutes(6))
    operations.deliver(courier_id=WANG, job_id=job, proof=Proof("code", "2468"), at=minutes(15))
    operations.set_tip(ref="or:1", tip=300, at=minutes(20))
    with pytest.raises(Conflict):
        operations.set_tip(ref="or:1", tip=100, at=minutes(21))
    assert [line.amount for line in queries.earnings(courier_id=WANG, start=NOON, end=minutes(60)) if line.kind == "tip"] == [300]


def test_arriving_counts_for_everything_that_waits_there(place: int) -> None:
    courier(WANG, place)
    both = [wanted(place), wanted(place, "or:2")]
    operations.tick(city_id=place, at=minutes(2))
    for job in both:
        operations.answer(courier_id=WANG, job_id=job, accept=True, at=minutes(2))
    for job in both:
        operations.arrive(courier_id=WANG, job_id=job, at=minutes(5))
    assert [queries.job(job_id=job).state for job in both] == ["arrived", "arrived"]
    assert told().count("fulfilment.courier_arrived") == 2
