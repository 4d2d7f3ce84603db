"""The store's calendar: a booking is dragged to another time; where it cannot be, the server says so and it stays where it was."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser import walk

pytestmark = pytest.mark.browser


def book_a_table(page: Page, store: str) -> str:
    """Two people, on the third day from now, for noon; that day."""
    page.goto(f"/stores/{store}")
    page.locator(f"a[href^='/stores/{store}/book/']").first.click()
    days = page.locator("#book a[href*='day=']")
    day = re.search(r"day=([\d-]+)", days.nth(2).get_attribute("href") or "")
    assert day
    days.nth(2).click()
    page.wait_for_url(re.compile(f"day={day[1]}"))
    page.locator("#book button[name=starts_at]", has_text="12:00").click()
    page.wait_for_url(re.compile("/checkout/"))
    page.locator("form.checkout button.main.wide:enabled").click()
    page.wait_for_url(re.compile("/orders/or-"))
    return day[1]


def cell(page: Page, time: str, of: Locator) -> Locator:
    """Half an hour of the column in which `of` stands."""
    lead = of.locator("xpath=ancestor::td").get_attribute("data-lead")
    return page.locator(f"td[data-time='{time}'][data-lead='{lead}']")


def test_a_booking_is_dragged_and_the_server_decides(person: Callable[..., Page], photograph: Callable[[Page, str], None]) -> None:
    zhao, lin = person("desktop", "en-US"), person("phone", "zh-CN")
    walk.become(zhao, "merchant")
    zhao.wait_for_url(re.compile("/merchant/st-"))
    store = re.search(r"st-\w+", zhao.url)[0]  # type: ignore[index]
    walk.become(lin, "consumer")
    day = book_a_table(lin, store)
    zhao.goto(f"/merchant/{store}/bookings?day={day}")
    mine = zhao.locator("article.booked[draggable]", has_text="林小满").first
    expect(mine).to_contain_text("12:00–")
    found = Axe().run(zhao, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response["violations"]
    assert [(fault["id"], node["html"][:160]) for fault in found for node in fault["nodes"]] == []
    mine.drag_to(cell(zhao, "13:00", mine))
    expect(zhao.locator(".notice.good")).to_be_visible()
    expect(mine).to_contain_text("13:00–")
    photograph(zhao, "calendar-moved")
    mine.drag_to(cell(zhao, "16:00", mine))  # between lunch and dinner, when no table can be booked
    expect(zhao.locator(".notice.bad")).to_be_visible()
    expect(mine).to_contain_text("13:00–")
    mine.get_by_role("link", name="Move").click()  # the same by keyboard and touch
    zhao.locator("#time").fill("12:30")
    zhao.locator("main form button.main").click()
    expect(zhao.locator(".notice.good")).to_be_visible()
    expect(mine).to_contain_text("12:30–")
