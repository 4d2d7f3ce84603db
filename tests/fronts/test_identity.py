"""The doors: who gets in, who is sent to sign in, who is refused, and what a stranger's page cannot do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from linli.apps.accounts import operations
from linli.fronts.web import identity
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Forbidden
from linli.kernel.time import ManualClock
from linli.platform import clock, ids
from linli.urls import urlpatterns as pages

NOON = datetime(2026, 5, 4, 4, tzinfo=UTC)
PHONE = "13800138000"
pytestmark = pytest.mark.django_db


@identity.signed_in
def mine(request):
    return HttpResponse(f"hello {request.actor}")


@identity.role_required("merchant", scope="store")
def kitchen(request, store):
    return HttpResponse(f"kitchen {request.actor.scope_id}")


urlpatterns = [*pages, path("test/mine", mine), path("test/kitchen/<store>", kitchen)]


@pytest.fixture(autouse=True)
def world(settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = __name__
    with clock.use(ManualClock(NOON)) as stopped:
        yield stopped


@pytest.fixture
def li():
    return operations.ensure_person(phone=PHONE, name="李雷", at=NOON)


def browser(person=None, at=NOON, **kwargs) -> Client:
    client = Client(**kwargs)
    if person:
        client.cookies[identity.COOKIE] = operations.issue_token(person_id=person.id, at=at)
    return client


def bearer(person, at=NOON):
    return {"HTTP_AUTHORIZATION": f"Bearer {operations.issue_token(person_id=person.id, at=at)}"}


def code_on(page) -> str:
    return page.context["demo_code"]


def test_phone_then_code_then_back_to_where_one_came_from():
    client = browser()
    asked = client.post("/sign-in", {"phone": PHONE, "next": "/orders?tab=open"})
    assert (asked.status_code, asked["Location"]) == (302, "/sign-in/code")
    page = client.get("/sign-in/code")
    assert "138****8000" in page.content.decode()
    entered = client.post("/sign-in/code", {"code": code_on(page)})
    assert (entered.status_code, entered["Location"]) == (302, "/orders?tab=open")
    cookie = entered.cookies[identity.COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.get("/test/mine").content.startswith(b"hello consumer:")


def test_the_phone_number_is_in_no_address():
    client = browser()
    asked = client.post("/sign-in", {"phone": PHONE})
    assert "138" not in asked["Location"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_wrong_phone_is_said_on_the_page(language):
    page = browser().post("/sign-in", {"phone": "123"}, headers={"accept-language": language})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.content.decode()
    assert 'value="123"' in page.content.decode()


def test_a_wrong_code_stays_on_the_page_and_signs_nobody_in():
    client = browser()
    client.post("/sign-in", {"phone": PHONE})
    code = code_on(client.get("/sign-in/code"))
    page = client.post("/sign-in/code", {"code": f"{(int(code) + 1) % 1_000_000:06}"})
    assert page.status_code == 422
    assert identity.COOKIE not in client.cookies


def test_an_expired_code_says_so(world):
    client = browser()
    client.post("/sign-in", {"phone": PHONE})
    code = code_on(client.get("/sign-in/code"))
    world.move_to(NOON + timedelta(minutes=5))
    assert client.post("/sign-in/code", {"code": code}).status_code == 422
    assert identity.COOKIE not in client.cookies


def test_sending_again_too_soon_is_429():
    client = browser()
    client.post("/sign-in", {"phone": PHONE})
    again = client.post("/sign-in", {"phone": PHONE})
    assert (again.status_code, again.templates[0].name) == (429, "sign_in/code.html")  # where the code on its way is typed
    assert browser().post("/sign-in", {"phone": PHONE}).templates[0].name == "sign_in/phone.html"


def test_the_second_page_alone_leads_to_the_first():
    assert browser().get("/sign-in/code")["Location"] == "/sign-in"
    client = browser()
    client.cookies["linli-step"] = "forged"
    assert client.post("/sign-in/code", {"code": "123456"})["Location"] == "/sign-in"


@pytest.mark.parametrize(
    "evil", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "http:evil", "\t//evil.example"]
)
def test_no_open_redirect(evil):
    client = browser()
    client.post("/sign-in", {"phone": PHONE, "next": evil})
    page = client.get("/sign-in/code")
    assert client.post("/sign-in/code", {"code": code_on(page)})["Location"] == "/"


def test_strangers_are_asked_to_sign_in_and_come_back():
    away = browser().get("/test/mine?page=2")
    assert (away.status_code, away["Location"]) == (302, "/sign-in?next=%2Ftest%2Fmine%3Fpage%3D2")
    fragment = browser().post("/test/mine", headers={"hx-request": "true", "hx-current-url": "http://testserver/stores/1"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, "/sign-in?next=%2Fstores%2F1")
    elsewhere = browser().post("/test/mine", headers={"referer": "http://evil.example/trap"})
    assert elsewhere["Location"] == "/sign-in?next=%2F"


@pytest.mark.parametrize("token", ["", "x", "forged:token", "eyJkIjp7InAiOjF9fQ:abc"])
def test_a_forged_token_is_nobody(token):
    client = browser()
    client.cookies[identity.COOKIE] = token
    assert client.get("/test/mine").status_code == 302


def test_an_expired_token_is_nobody(li, world):
    client = browser(li)
    assert client.get("/test/mine").status_code == 200
    world.move_to(NOON + timedelta(days=31))
    assert client.get("/test/mine").status_code == 302


def test_a_role_opens_its_own_store_and_no_other(li):
    operations.grant_role(person_id=li.id, role="merchant", scope_id=5, by=SYSTEM, at=NOON)
    client = browser(li)
    assert client.get(f"/test/kitchen/{ids.seal('st', 5)}").content == b"kitchen 5"
    for address in (f"/test/kitchen/{ids.seal('st', 6)}",):
        with pytest.raises(Forbidden):
            kitchen(asking(li), store=address.rsplit("/", 1)[1])


def test_a_revoked_role_loses_its_room_at_once(li):
    operations.grant_role(person_id=li.id, role="merchant", scope_id=5, by=SYSTEM, at=NOON)
    store = ids.seal("st", 5)
    assert kitchen(asking(li), store=store).status_code == 200
    operations.revoke_role(person_id=li.id, role="merchant", scope_id=5, by=SYSTEM, at=NOON)
    with pytest.raises(Forbidden):
        kitchen(asking(li), store=store)


def test_signing_out_closes_staff_rooms_for_older_tokens(li, world):
    operations.grant_role(person_id=li.id, role="merchant", scope_id=5, by=SYSTEM, at=NOON)
    here, elsewhere = browser(li), browser(li)
    world.move_to(NOON + timedelta(minutes=1))
    assert here.post("/sign-out").status_code == 302
    assert here.cookies[identity.COOKIE].value == ""
    assert elsewhere.get(f"/test/kitchen/{ids.seal('st', 5)}").status_code == 302
    assert browser(li, at=NOON + timedelta(minutes=2)).get(f"/test/kitchen/{ids.seal('st', 5)}").status_code == 200


def test_a_cookie_needs_a_csrf_token(li):
    client = browser(li, enforce_csrf_checks=True)
    assert client.post("/test/mine").status_code == 403
    client.get("/sign-in?next=/")  # hands out the CSRF cookie
    assert client.post("/test/mine", headers={"x-csrftoken": client.cookies["csrftoken"].value}).status_code == 200


def test_a_bearer_needs_none_and_leaves_the_cookie_aside(li):
    stranger = operations.ensure_person(phone="13900139000", name="", at=NOON)
    client = browser(stranger, enforce_csrf_checks=True)
    assert client.post("/test/mine", **bearer(li)).content == f"hello consumer:{li.id}".encode()
    assert client.post("/test/mine", HTTP_AUTHORIZATION="Bearer forged").status_code == 302


def test_what_is_for_one_person_is_not_cached_for_others(li):
    page = browser(li).get("/test/mine")
    assert "private" in page["Cache-Control"]
    assert "Cookie" in page["Vary"]


def test_a_nul_is_refused_before_it_reaches_a_database(li):
    client = browser(li)
    assert client.get("/test/mine?x=%00").status_code == 400
    assert client.post("/sign-in", "phone=1%00", content_type="application/x-www-form-urlencoded").status_code == 400
    assert client.get("/test/mine").status_code == 200


def asking(person):
    request = identity.Request()
    request.META["REQUEST_METHOD"] = request.method = "GET"
    request.at = NOON
    request.identity = identity.Identity(person.id, NOON)
    return request
