"""Photos with a complaint and a review: who sees them, and what is no photo."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.apps.care import queries as care
from linli.apps.community import queries as community
from linli.platform import files
from linli.platform.ids import seal
from tests.fronts.consumer.conftest import browser
from tests.town import World


@pytest.fixture(autouse=True)
def _media(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def photo(name: str = "soup.png") -> SimpleUploadedFile:
    kept = io.BytesIO()
    Image.new("RGB", (40, 30), "tomato").save(kept, "PNG")
    return SimpleUploadedFile(name, kept.getvalue(), "image/png")


def kept(tmp_path: Path) -> list[Path]:
    return list(tmp_path.rglob("*.jpg"))


def test_photos_of_a_complaint_are_for_those_concerned(town: World, lin: Client, visitor: Client) -> None:
    order = town.delivered()
    answer = lin.post(f"/orders/{seal('or', order.id)}/complain", {"kind": "wrong", "text": "Look", "photo": [photo(), photo()]})
    page = answer.headers["Location"]
    (case,) = care.cases_for_order(order_id=order.id)
    assert len(case.photos) == 2
    assert lin.get(page).content.decode().count(f'src="{page}/photos/') == 2
    shown = lin.get(f"{page}/photos/1")
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert "private" in shown.headers["Cache-Control"]
    assert lin.get(f"{page}/photos/2").status_code == 404
    assert browser(town, town.he).get(f"{page}/photos/0").status_code == 404
    assert visitor.get(f"{page}/photos/0").status_code == 302


def test_the_store_sees_the_photos_of_its_complaints_only(town: World, lin: Client) -> None:
    order = town.delivered()
    page = lin.post(f"/orders/{seal('or', order.id)}/complain", {"kind": "wrong", "text": "Look", "photo": [photo()]}).headers["Location"]
    name = page.removeprefix("/cases/")
    chen = browser(town, town.chen.person_id)
    work = f"/merchant/{seal('st', town.noodles)}/complaints/{name}"
    assert f'src="{work}/photos/0"' in chen.get(work).content.decode()
    assert chen.get(f"{work}/photos/0").headers["Content-Type"] == "image/jpeg"
    assert chen.get(f"{work}/photos/1").status_code == 404
    assert browser(town, town.he).get(f"{work}/photos/0").status_code in {403, 404}
    su = browser(town, town.su.person_id)
    assert f'src="/support/cases/{name}/photos/0"' in su.get(f"/support/cases/{name}").content.decode()
    assert su.get(f"/support/cases/{name}/photos/0").headers["Content-Type"] == "image/jpeg"
    assert browser(town, town.he).get(f"/support/cases/{name}/photos/0").status_code == 403


def test_photos_of_a_review_are_for_everybody(town: World, lin: Client, visitor: Client) -> None:
    order = town.delivered()
    assert lin.post(f"/orders/{seal('or', order.id)}/review", {"stars": "5", "photo": [photo()]}).status_code == 302
    review = community.review_of(order_id=order.id)
    assert review is not None
    where = f"/reviews/{seal('rv', review.id)}/photos/0"
    assert where in visitor.get(f"/stores/{seal('st', town.noodles)}/reviews").content.decode()
    assert visitor.get(where).headers["Content-Type"] == "image/jpeg"
    assert visitor.get(where[:-1] + "7").status_code == 404


@pytest.mark.parametrize("what", ["complain", "review"])
@pytest.mark.parametrize("bad", ["not a picture", "too many", "too large"])
def test_what_is_no_photo_is_said_and_nothing_is_kept(
    town: World, lin: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, bad: str
) -> None:
    order = town.delivered()
    sent, words = {
        "not a picture": ([photo(), SimpleUploadedFile("menu.png", b"MZ\x90", "image/png")], "not a picture"),
        "too many": ([photo() for _ in range(4)], "At most 3 photos"),
        "too large": ([photo()], "12 MB"),
    }[bad]
    if bad == "too large":
        monkeypatch.setattr(files, "LARGEST_BYTES", 10)
    answer = lin.post(f"/orders/{seal('or', order.id)}/{what}", {"kind": "wrong", "text": "My words", "stars": "4", "photo": sent})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert words in html
    assert "My words" in html
    assert kept(tmp_path) == []
    assert care.cases_for_order(order_id=order.id) == []
    assert community.review_of(order_id=order.id) is None


def test_a_refused_complaint_keeps_no_photo(town: World, lin: Client, tmp_path: Path) -> None:
    order = town.delivered()
    assert lin.post(f"/orders/{seal('or', order.id)}/complain", {"kind": "wrong", "text": " ", "photo": [photo()]}).status_code == 422
    assert kept(tmp_path) == []
