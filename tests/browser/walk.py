"""What a person does on the pages, in small steps that read like the walk."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

DOOR = {"consumer": "/", "merchant": "/merchant/", "courier": "/courier/", "operator": "/operator/", "support": "/support/"}


def become(page: Page, persona: str) -> None:
    """One press in the demo's bar."""
    page.goto("/city/")
    page.locator(f"form[action='/demo/become/{persona}'] button, button[name=persona][value={persona}]").first.click()
    page.wait_for_url(re.compile(re.escape(DOOR[persona])))


def sign_in(page: Page, phone: str) -> None:
    """A newcomer, by phone and code."""
    page.goto("/sign-in?next=/me")
    page.locator("input[name=phone]").fill(phone)
    page.locator("main form button.main").click()
    code = re.search(r"\b(\d{6})\b", page.locator("main .notice").inner_text())
    assert code, "a demo shows the code"
    page.locator("input[name=code]").fill(code.group(1))
    page.locator("form[action='/sign-in/code'] button.main").click()
    page.wait_for_url("**/me")


def open_store(page: Page, text: str = "宫保鸡丁") -> None:
    """Search, and open the first store that is open and delivers."""
    page.goto(f"/search?q={text}&open=1")
    page.locator("main a[href^='/stores/st-']").first.click()
    page.wait_for_url(re.compile("/stores/st-"))


def add_dishes(page: Page, count: int) -> None:
    """Add the first dishes that can be had, with their first choices."""
    page.wait_for_load_state("networkidle")
    dishes = page.locator("article.dish:not(.gone)")
    expect(dishes.first).to_be_visible()
    for at in range(count):
        dish = dishes.nth(at % dishes.count())
        dish.locator("button, a.button").last.click()
        sheet = page.locator("#dish-form button.main")
        if sheet.first.is_visible() or dish.locator("[data-sheet]").count():
            sheet.first.click()
        page.wait_for_timeout(400)


def until_it_can_be_ordered(page: Page) -> None:
    """At checkout; while the minimum is not reached, add more."""
    store = re.search(r"/stores/(st-\w+)", page.url)
    assert store
    for _ in range(8):
        page.goto(f"/checkout/{store.group(1)}")
        if page.locator("form.checkout button.main.wide:enabled").count():
            return
        page.goto(f"/stores/{store.group(1)}")
        add_dishes(page, 1)
    raise AssertionError("it cannot be ordered: " + page.locator("main").inner_text()[:400])


def pay_at_the_sandbox(page: Page) -> str:
    """From the checkout's button to the order's page; its address."""
    page.locator("form.checkout button.main.wide:enabled").click()
    page.wait_for_url(re.compile("/pay/in-|/orders/or-|/sandbox/"))
    if "/pay/" in page.url:
        page.locator("form[action^='/pay/in-'] button.main").first.click()
        page.wait_for_url(re.compile("/sandbox/|/orders/or-"))
    if "/sandbox/" in page.url:
        page.locator("button[value=pay]").first.click()
    page.wait_for_url(re.compile("/orders/or-"), timeout=20_000)
    return page.url


def wait_for_state(page: Page, words: str, *, seconds: float) -> None:
    """Watch the order's page, which renews itself, until its heading says `words`."""
    expect(page.locator(".status-card h1")).to_have_text(re.compile(words), timeout=seconds * 1000)


def complain(page: Page, text: str) -> None:
    """Say what is wrong with one piece of the first dish."""
    page.locator("a[href$='/complain']").first.click()
    page.locator("input[name=kind][value=missing]").check(force=True)
    page.locator("select[name^=line-]").first.select_option("1")
    page.locator("textarea[name=text]").fill(text)
    page.locator("main form button.main").click()
    page.wait_for_url(re.compile("/cases/cs-"))


def rooms(page: Page, prefix: str) -> list[str]:
    """The addresses that the navigation of a console leads to."""
    links = page.locator(f"nav a[href^='{prefix}']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return sorted({link.split("#")[0].split("?")[0] for link in links})


def settle(page: Page, case: str) -> None:
    """As support: give back what was asked for, unless the store did so before."""
    page.goto(f"/support/cases/{case}")
    decide = page.locator("form[action$='/decide']")
    if decide.count():
        decide.locator("[name=text]").fill("We are sorry. Here is your money.")
        decide.locator("button.main").click()
        page.wait_for_load_state()
