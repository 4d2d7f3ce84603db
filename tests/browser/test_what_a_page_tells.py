"""What pages tell this house of what is looked at: each thing once, of somebody only when they agreed, nothing when it is not wanted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk

pytestmark = pytest.mark.browser

FIRST, SECOND = 0, 1  # stores of the list


WRITE_DOWN = """(() => {
  const send = navigator.sendBeacon.bind(navigator);
  navigator.sendBeacon = (to, form) => {
    const told = JSON.parse(localStorage.getItem("told") ?? "[]");
    localStorage.setItem("told", JSON.stringify([...told, ...JSON.parse(form.get("deeds"))]));
    return send(to, form);
  };
})()"""  # a beacon leaves when its page is gone: nothing outside of the page sees it


def told(page: Page) -> list[dict[str, Any]]:
    """The deeds that pages of this browser have sent."""
    found: list[dict[str, Any]] = json.loads(page.evaluate("localStorage.getItem('told') ?? '[]'"))
    return found


def look(page: Page, which: int) -> str:
    """Tap the store at that place of the list of answers and look at it for two seconds; its reference."""
    page.goto("/search?q=面")
    links = page.locator("[data-section=search] a[href^='/stores/st-']")
    stores = list(dict.fromkeys(re.findall(r"st-\w{13}", " ".join(links.evaluate_all("all => all.map((one) => one.href)")))))
    page.locator(f"[data-section=search] a[href^='/stores/{stores[which]}']").first.click()
    page.wait_for_url(re.compile(stores[which]))
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2_000)
    return stores[which]


def leave(page: Page) -> None:
    """To the page that says what is known: what was being told has gone by then."""
    page.goto("/me/taste")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)


def of(told: list[dict[str, Any]], kind: str, store: str) -> list[dict[str, Any]]:
    return [one for one in told if one["kind"] == kind and one.get("store") == store]


def test_what_is_looked_at_is_told_once_and_kept_of_those_who_agreed(person: Callable[..., Page]) -> None:
    lin = person("phone", "en-US")
    walk.sign_in(lin, "13912345670")
    lin.add_init_script(WRITE_DOWN)
    before = look(lin, FIRST)
    leave(lin)
    assert [len(of(told(lin), kind, before)) for kind in ("click", "view", "dwell")] == [1, 1, 1]
    lin.locator("button[name=change][value=agree]").click()
    expect(lin.locator("button[value=delete]")).to_be_visible()
    assert lin.locator(f"main a[href*='{before}']").count() == 0  # what was seen before is nobody's
    count = len(told(lin))
    after = look(lin, SECOND)
    leave(lin)
    sent = told(lin)
    (click,), (view,), (dwell,) = (of(sent, kind, after) for kind in ("click", "view", "dwell"))
    assert (click["section"], click["place"]) == ("search", SECOND + 1)
    assert 1 <= dwell["seconds"] <= 60
    assert [one["text"] for one in sent[count:] if one["kind"] == "search"] == ["面"]
    assert len({one["key"] for one in sent}) == len(sent)
    expect(lin.locator(f"main a[href*='{after}']").first).to_be_visible()
    lin.reload()
    lin.go_back()
    leave(lin)
    keys = [one["key"] for one in told(lin)]
    assert [keys.count(one["key"]) for one in (click, view, dwell)] == [1, 1, 1]


def test_a_browser_that_asks_not_to_be_followed_tells_nothing(person: Callable[..., Page]) -> None:
    lin = person("phone", "en-US")
    lin.add_init_script("Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })")
    lin.add_init_script(WRITE_DOWN)
    look(lin, FIRST)
    lin.goto("/")
    lin.wait_for_timeout(1_000)
    assert told(lin) == []
