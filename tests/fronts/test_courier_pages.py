"""The courier's phone: every page, in both languages, with and without scripts, and what happens to bad input."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.apps.accounts import operations as accounts
from linli.apps.city.operations import LandmarkRow, put_landmarks
from linli.apps.fulfilment import operations, queries
from linli.apps.fulfilment.operations import DropStop, PickupStop
from linli.kernel.actors import SYSTEM
from linli.kernel.geo import Point
from linli.kernel.time import ManualClock
from linli.platform import clock, policies
from linli.platform.ids import seal
from linli.policy import dispatch
from tests import world

pytestmark = pytest.mark.django_db
NOON = world.MONDAY_NOON
PAGES = ["/courier/", "/courier/now", "/courier/earnings", "/courier/history", "/courier/help"]


@pytest.fixture
def place(db: None) -> int:
    city = world.beijing()
    row = LandmarkRow(kind="metro", name="灯市口", name_en="Dengshikou", pinyin="dengshikou", point=world.DENGSHIKOU)
    put_landmarks(city_id=city, rows=[row], at=NOON)
    return city


@pytest.fixture
def time(db: None):  # type: ignore[no-untyped-def]
    with clock.use(ManualClock(NOON)) as shown:
        yield shown


def person(phone: str, role: str = "") -> int:
    number = accounts.ensure_person(phone=phone, name="王师傅", at=NOON).id
    if role:
        accounts.grant_role(person_id=number, role=role, by=SYSTEM, at=NOON)  # type: ignore[arg-type]
    return number


def browser(person_id: int, language: str = "zh-hans") -> Client:
    client = Client()
    client.cookies["linli"] = accounts.issue_token(person_id=person_id, at=NOON)
    client.cookies["language"] = language
    return client


@pytest.fixture
def wang(place: int, time: ManualClock) -> int:
    number = person("13900000001", "courier")
    operations.add_courier(person_id=number, city_id=place, vehicle="bike", capacity=6, at=NOON)
    return number


def wanted(place: int, ref: str = "or:1", **more: object) -> int:
    values: dict[str, object] = {"pickup_code": "A17"} | more
    return operations.request(
        ref=ref, city_id=place, at=NOON, ready_at=NOON, promise_at=NOON + timedelta(minutes=30),
        pickup=PickupStop(store_id=7, name="兰州牛肉面", address="灯市口大街 1 号", lat=39.92, lng=116.419),
        drop=DropStop(name="陈女士", phone="13800002468", address="东单北大街 3 号", detail="501", lat=39.91, lng=116.42),
        **values,  # type: ignore[arg-type]
    )  # fmt: skip


def offered(wang: int, place: int, **more: object) -> int:
    operations.go_online(courier_id=wang, point=world.DENGSHIKOU, at=NOON)
    job = wanted(place, **more)  # type: ignore[arg-type]
    assert operations.tick(city_id=place, at=NOON).offered == ((job, wang),)
    return job


def on_the_way(wang: int, place: int) -> int:
    job = offered(wang, place)
    operations.answer(courier_id=wang, job_id=job, accept=True, at=NOON)
    return job


def on_board(wang: int, place: int) -> int:
    job = on_the_way(wang, place)
    operations.pick_up(courier_id=wang, job_id=job, code="A17", at=NOON)
    return job


def photo(data: bytes | None = None) -> SimpleUploadedFile:
    if data is None:
        kept = io.BytesIO()
        Image.new("RGB", (40, 30), "green").save(kept, "JPEG")
        data = kept.getvalue()
    return SimpleUploadedFile("door.jpg", data, "image/jpeg")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_on_and_off_duty(wang: int, place: int, path: str, language: str) -> None:
    client = browser(wang, language)
    assert client.get(path).status_code == 200
    job = on_the_way(wang, place)
    wanted(place, "or:2", cash_due=4250)
    response = client.get(path)
    assert response.status_code == 200
    assert client.get(f"/courier/jobs/{seal('jb', job)}").status_code == 200
    assert b"style=" not in response.content
    assert b"<script>" not in response.content


def test_only_couriers_come_in(wang: int, place: int) -> None:
    job = seal("jb", offered(wang, place))
    others = {"": 302, "operator": 403, "merchant": 403}
    for number, (role, status) in enumerate(others.items()):
        client = browser(person(f"1380000000{number}", role)) if role else Client()
        for path in [*PAGES, f"/courier/jobs/{job}", "/courier/map.json"]:
            assert client.get(path).status_code == status, path
        for path in ("/courier/online", "/courier/offers", f"/courier/jobs/{job}/arrive", f"/courier/jobs/{job}/deliver"):
            assert client.post(path, {"job": job, "answer": "accept"}).status_code == status, path
    assert queries.job(ref="or:1").state == "offered"


def test_nobody_sees_or_does_somebody_elses_delivery(wang: int, place: int) -> None:
    job = seal("jb", on_the_way(wang, place))
    other = person("13900000002", "courier")
    operations.add_courier(person_id=other, city_id=place, vehicle="bike", capacity=6, at=NOON)
    client = browser(other)
    assert client.get(f"/courier/jobs/{job}").status_code == 404
    for verb in ("arrive", "pick-up", "deliver", "give-up"):
        assert client.post(f"/courier/jobs/{job}/{verb}", {"code": "A17", "reason": "other"}).status_code == 404
    assert queries.job(ref="or:1").state == "accepted"


def test_the_whole_walk_by_forms(wang: int, place: int) -> None:
    client = browser(wang)
    assert client.post("/courier/online", {"place": "灯市口"}).status_code == 302
    assert queries.courier(courier_id=wang).point == world.DENGSHIKOU
    job = seal("jb", wanted(place, tip=200))
    operations.tick(city_id=place, at=NOON)
    page = client.get("/courier/").content.decode()
    assert "接单" in page
    assert "45" in page
    client.post("/courier/offers", {"job": job, "answer": "accept"})
    assert "我已到店" in client.get("/courier/").content.decode()
    client.post(f"/courier/jobs/{job}/arrive")
    assert client.post(f"/courier/jobs/{job}/pick-up", {"code": "A17"}).status_code == 302
    page = client.get(f"/courier/jobs/{job}").content.decode()
    assert "tel:13800002468" in page
    assert client.post(f"/courier/jobs/{job}/deliver", {"code": "2468"}).status_code == 302
    done = client.get(f"/courier/jobs/{job}").content.decode()
    assert "13800002468" not in done
    assert "陈女士" not in done
    earnings = client.get("/courier/earnings").content.decode()
    assert "小费" in earnings
    assert "¥7.84" in earnings or "7<u>.84" in earnings or ">7<" in earnings
    assert "兰州牛肉面" in client.get("/courier/history").content.decode()
    assert client.post("/courier/offline").status_code == 302
    assert not queries.courier(courier_id=wang).on


def test_a_photo_is_kept_and_shown_only_to_who_took_it(wang: int, place: int) -> None:
    job = seal("jb", on_board(wang, place))
    client = browser(wang)
    assert client.post(f"/courier/jobs/{job}/deliver", {"photo": photo()}).status_code == 302
    assert client.get(f"/courier/jobs/{job}/proof.jpg")["Content-Type"] == "image/jpeg"
    other = person("13900000002", "courier")
    operations.add_courier(person_id=other, city_id=place, vehicle="bike", capacity=6, at=NOON)
    assert browser(other).get(f"/courier/jobs/{job}/proof.jpg").status_code == 404


def test_what_is_wrong_is_said_at_its_field(wang: int, place: int) -> None:
    number = on_the_way(wang, place)
    job, client = seal("jb", number), browser(wang)
    page = client.post(f"/courier/jobs/{job}/pick-up", {"code": "Z"})
    assert page.status_code == 422
    assert "取餐码不对" in page.content.decode()
    operations.pick_up(courier_id=wang, job_id=number, code="A17", at=NOON)
    page = client.post(f"/courier/jobs/{job}/deliver", {"code": "0000"})
    assert page.status_code == 422
    assert "收货码不对" in page.content.decode()
    page = client.post(f"/courier/jobs/{job}/deliver", {"photo": photo(b"not a picture")})
    assert page.status_code == 422
    assert "无法识别这张图片" in page.content.decode()
    assert queries.job(ref="or:1").state == "picked_up"


def test_declining_needs_a_reason_and_double_clicks_do_no_harm(wang: int, place: int) -> None:
    number = offered(wang, place)
    job, client = seal("jb", number), browser(wang)
    assert client.post("/courier/offers", {"job": job, "answer": "decline"}).status_code == 422
    assert client.post("/courier/offers", {"answer": "accept"}).status_code == 422
    assert client.post("/courier/offers", {"job": "jb-nonsense", "answer": "accept"}).status_code == 404
    for _ in range(2):
        assert client.post("/courier/offers", {"job": job, "answer": "accept"}).status_code == 302
    assert queries.job(job_id=number).state == "accepted"


def test_an_offer_that_has_gone_says_so(wang: int, place: int, time: ManualClock) -> None:
    job, client = seal("jb", offered(wang, place)), browser(wang)
    time.move_to(NOON + timedelta(minutes=2))
    page = client.post("/courier/offers", {"job": job, "answer": "accept"})
    assert page.status_code == 410
    assert "已转给其他骑手" in page.content.decode()


def test_of_two_offered_together_the_one_that_is_left_is_taken(wang: int, place: int) -> None:
    operations.go_online(courier_id=wang, point=world.DENGSHIKOU, at=NOON)
    first, second = wanted(place), wanted(place, "or:2")
    assert len(operations.tick(city_id=place, at=NOON).offered) == 2
    operations.cancel(ref="or:1", at=NOON)
    sealed = [seal("jb", first), seal("jb", second)]
    assert browser(wang).post("/courier/offers", {"job": sealed, "answer": "accept"}).status_code == 302
    assert [job.id for job in queries.open_jobs(courier_id=wang)] == [second]
    assert browser(wang).get(f"/courier/jobs/{sealed[0]}").status_code == 410


def test_handing_back_needs_a_reason(wang: int, place: int) -> None:
    job, client = seal("jb", on_the_way(wang, place)), browser(wang)
    assert client.post(f"/courier/jobs/{job}/give-up", {}).status_code == 422
    assert client.post(f"/courier/jobs/{job}/give-up", {"reason": "vehicle"}).status_code == 302
    assert queries.job(ref="or:1").state == "waiting"


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"lat": "39.92", "lng": "116.42"}, 302),
        ({"place": "dengshikou"}, 302),
        ({"lat": "nan", "lng": "1"}, 422),
        ({"lat": "1000", "lng": "1"}, 422),
        ({"lat": "39.9"}, 422),
        ({"place": "Atlantis"}, 422),
        ({}, 422),
    ],
)
def test_where_one_is(wang: int, form: dict[str, str], status: int) -> None:
    assert browser(wang).post("/courier/online", form).status_code == status
    assert queries.courier(courier_id=wang).on == (status == 302)


@pytest.mark.parametrize(
    "body", ["", "[]", '{"points": 5}', '{"points": [[1, 2]]}', '{"points": [[99, 1, 0]]}', '{"points": [[1, 2, -5]]}']
)
def test_measured_positions_that_make_no_sense(wang: int, body: str) -> None:
    operations.go_online(courier_id=wang, point=world.DENGSHIKOU, at=NOON)
    assert browser(wang).post("/courier/positions", body, content_type="application/json").status_code == 422


def test_measured_positions_are_taken_down(wang: int, time: ManualClock) -> None:
    client = browser(wang)
    body = json.dumps({"points": [[39.917, 116.418, 20], [39.918, 116.418, 5]]})
    assert client.post("/courier/positions", body, content_type="application/json").status_code == 409
    operations.go_online(courier_id=wang, point=world.DENGSHIKOU, at=NOON)
    time.move_to(NOON + timedelta(minutes=1))
    answer = client.post("/courier/positions", body, content_type="application/json")
    assert answer.json() == {"taken": 2}
    assert queries.courier(courier_id=wang).point == Point(39.918, 116.418)


@pytest.mark.parametrize("address", ["/courier/earnings?day=x", "/courier/earnings?day=2026-99-01"])
def test_days_that_are_none(wang: int, address: str) -> None:
    assert browser(wang).get(address).status_code == 422


@pytest.mark.parametrize("query", ["?day=0001-01-01", "?day=9999-12-31", "?day=2026-02-28"])
def test_days_without_anything(wang: int, query: str) -> None:
    assert browser(wang).get(f"/courier/earnings{query}").status_code == 200
    assert browser(wang).get("/courier/history?before=nonsense").status_code == 200


def test_the_page_of_now_costs_the_same_with_more_to_do(wang: int, place: int, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    operations.go_online(courier_id=wang, point=world.DENGSHIKOU, at=NOON)
    for number in range(3):
        job = wanted(place, f"or:{number}")
        operations.assign(job_id=job, courier_id=wang, actor=SYSTEM, at=NOON)
    policies.value(dispatch.TICK_S)
    with django_assert_max_num_queries(14):
        assert browser(wang).get("/courier/").status_code == 200


def test_the_codes_are_shown_in_a_demo_only(wang: int, place: int, settings) -> None:  # type: ignore[no-untyped-def]
    number = on_the_way(wang, place)
    client, job = browser(wang), seal("jb", number)
    assert "A17" not in client.get(f"/courier/jobs/{job}").content.decode()
    settings.DEMO = True
    assert "A17" in client.get(f"/courier/jobs/{job}").content.decode()
    operations.pick_up(courier_id=wang, job_id=number, code="A17", at=NOON)
    assert "这里：2468" in client.get(f"/courier/jobs/{job}").content.decode()


def test_a_page_that_is_open_keeps_its_courier_on_duty(wang: int, place: int, time: ManualClock) -> None:
    operations.go_online(courier_id=wang, point=world.DENGSHIKOU, at=NOON)
    client = browser(wang)
    for minute in (2, 4, 6):
        time.move_to(NOON + timedelta(minutes=minute))
        client.get("/courier/now")
        operations.tick(city_id=place, at=NOON + timedelta(minutes=minute))
    assert queries.courier(courier_id=wang).on
