"""Two phones scan one table: each sees what the other picks at once, one press sends it all, and each pays their own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walk

pytestmark = pytest.mark.browser


def sit(page: Page, code: str) -> None:
    """What the camera does, and the button."""
    page.goto(code)
    page.locator("form[action$='/sit'] button.main").click()
    page.wait_for_url(re.compile("/visits/vi-"))
    page.wait_for_load_state("networkidle")


def pay(page: Page) -> None:
    """One's own dishes, at the sandbox."""
    page.locator("form[action$='/bill/pay'] button.main").first.click()
    page.wait_for_url(re.compile("/pay/in-"))
    page.locator("form[action^='/pay/in-'] button.main").first.click()
    page.wait_for_url(re.compile("/sandbox/|/bill"))
    if "/sandbox/" in page.url:
        page.locator("button[value=pay]").first.click()
    page.wait_for_url(re.compile("/visits/vi-.*/bill"), timeout=20_000)


def test_each_sees_what_the_other_picks_and_each_pays_their_own(
    person: Callable[..., Page], photograph: Callable[[Page, str], None]
) -> None:
    first, second, store = person("phone", "zh-CN"), person("phone", "en-US"), person("desktop", "en-US")
    walk.become(store, "merchant")
    sealed = re.search(r"/merchant/(st-\w+)/", store.url)
    assert sealed
    walk.sign_in(first, "13911112222")
    walk.sign_in(second, "13911113333")
    first.goto(f"/stores/{sealed[1]}")
    code = first.locator("a[href^='/table/']").get_attribute("href") or ""
    photograph(first, "table-store-phone")
    sit(first, code)
    second.goto(code)
    photograph(second, "table-scanned-phone")
    sit(second, code)
    for page in (first, second):
        walk.add_dishes(page, 1)
    for page in (first, second):  # neither has read its page anew
        expect(page.locator("#table .cart-line")).to_have_count(2, timeout=15_000)
    photograph(second, "table-picked-phone")
    second.locator("#table form[action$='/send'] button.main").click()
    for page in (first, second):
        expect(page.locator("#table .cart-line")).to_have_count(0, timeout=15_000)
        expect(page.locator("#table .at-kitchen")).to_have_count(2, timeout=15_000)
    store.goto(f"/merchant/{sealed[1]}/floor")
    visit = re.search(r"vi-\w+", first.url)[0]  # type: ignore[index]
    expect(store.locator(f".spot.ordered:has(a[href$='/visits/{visit}'])")).to_have_count(1)  # the city's people eat there, too
    photograph(store, "table-floor-desktop")
    for page in (first, second):
        page.locator("#table a[href$='/bill']").click()
        photograph(page, f"table-bill-{'first' if page is first else 'second'}-phone")
        pay(page)
    expect(second.locator("#bill")).to_contain_text("Everything is paid.", timeout=20_000)
    expect(first.locator("#bill")).to_contain_text("已全部付清", timeout=20_000)
