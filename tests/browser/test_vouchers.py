"""A voucher, from the store's page to the till: bought on a phone, shown with its code, used by the store, and gone from the wallet."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import walk

pytestmark = pytest.mark.browser


def sound(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response["violations"]
    assert [(fault["id"], node["html"][:160]) for fault in found for node in fault["nodes"]] == []


def buy(page: Page, store: str) -> None:
    """The first voucher of the store, paid at the sandbox."""
    page.goto(f"/stores/{store}")
    page.locator("#passes a[href*='/passes/']").first.click()
    sound(page)
    page.locator("#pass-offer button.main").click()
    page.wait_for_url(re.compile(r"/checkout/st-\w+\?mode=voucher"))
    sound(page)
    walk.pay_at_the_sandbox(page)
    expect(page.locator("a[href^='/me/passes/ps-']").first).to_be_visible(timeout=40_000)  # the code is there once the money is


@pytest.mark.parametrize(("width", "language"), [("phone", "zh-CN"), ("desktop", "en-US")])
def test_a_voucher_is_bought_and_used_at_the_till(
    person: Callable[..., Page], photograph: Callable[[Page, str], None], width: str, language: str
) -> None:
    chen, lin = person("desktop", language), person(width, language)
    walk.become(chen, "merchant")
    chen.wait_for_url(re.compile("/merchant/st-"))
    store = re.search(r"st-\w+", chen.url)[0]  # type: ignore[index]
    walk.become(lin, "consumer")
    buy(lin, store)
    lin.goto("/me/passes")
    photograph(lin, f"passes-{width}")
    sound(lin)
    lin.locator("a[href^='/me/passes/ps-']").first.click()
    expect(lin.locator(".qr svg")).to_be_visible()
    photograph(lin, f"pass-{width}")
    sound(lin)
    code = lin.locator(".code-digits").inner_text()
    chen.goto(f"/merchant/{store}/till")
    chen.locator("#code").fill(code)
    chen.locator("#till button.main").click()
    expect(chen.locator("#found .badge.good")).to_be_visible()
    photograph(chen, f"till-{width}")
    sound(chen)
    chen.locator("#found button.main").click()
    expect(chen.locator(".notice.good")).to_be_visible()
    expect(lin.locator(".qr")).to_have_count(0, timeout=15_000)  # the page on the phone hears of it by itself
    chen.locator("#code").fill(code)
    chen.locator("#till button.main").click()
    expect(chen.locator("#found .badge.bad")).to_be_visible()
    expect(chen.locator("#found button.main")).to_have_count(0)


EYES = """(() => {
  window.BarcodeDetector = class { async detect() { return [{ rawValue: "%s" }]; } };
  const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();
  HTMLMediaElement.prototype.play = async () => {};
})()"""
BLIND = "delete window.BarcodeDetector"


def test_the_camera_at_the_till_reads_a_code_and_where_it_cannot_that_is_said(person: Callable[..., Page]) -> None:
    chen, lin = person("phone", "en-US"), person("phone", "en-US")
    walk.become(chen, "merchant")
    chen.wait_for_url(re.compile("/merchant/st-"))
    store = re.search(r"st-\w+", chen.url)[0]  # type: ignore[index]
    walk.become(lin, "consumer")
    buy(lin, store)
    lin.goto("/me/passes")
    lin.locator("a[href^='/me/passes/ps-']").first.click()
    code = lin.locator(".code-digits").inner_text()

    chen.add_init_script(BLIND)
    chen.goto(f"/merchant/{store}/till")
    expect(chen.locator("[data-no-camera]")).to_be_visible()
    expect(chen.locator("[data-scan]")).to_be_hidden()

    chen.add_init_script(EYES % code)
    chen.goto(f"/merchant/{store}/till")
    expect(chen.locator("[data-no-camera]")).to_be_hidden()
    chen.locator("[data-scan]").click()
    expect(chen.locator("#found .badge.good")).to_be_visible()
    chen.locator("#found button.main").click()
    expect(chen.locator(".notice.good")).to_be_visible()
    expect(lin.locator(".qr")).to_have_count(0, timeout=15_000)
