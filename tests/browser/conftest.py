"""A real browser on a real city: `linli up` in a folder of its own, Chromium at phone and desktop width."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "build" / "shots"
WIDTHS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(ready: Callable[[], bool], *, seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return
        time.sleep(0.3)
    pytest.fail(f"{what} did not happen within {seconds} s")


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running demo city, the same that `make run` gives."""
    home, port = tmp_path_factory.mktemp("city"), free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_") and name != "PORT"}
    log = (home / "up.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "linli", "up"],
        cwd=ROOT,
        env=kept | {"LINLI_HOME": str(home / "home"), "LINLI_DEMO": "1", "PORT": str(port)},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 120
        while not answers(url):
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail("the city did not start:\n" + (home / "up.log").read_text()[-4000:])
            time.sleep(0.3)
        yield url
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "these tests need Chromium on the machine"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def watch(page: Page, city: str, faults: list[str]) -> None:
    """Note what must not happen on any page: a script error, a broken policy, a request to another host, a server error."""

    def console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(f"{page.url}: {message.text}")

    def request(sent: Request) -> None:
        if not sent.url.startswith((city, "data:", "blob:")):
            faults.append(f"{page.url} asked {sent.url}")

    def response(got: Response) -> None:
        if got.status >= 500:
            faults.append(f"{got.status} {got.url}")

    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", console)
    page.on("request", request)
    page.on("response", response)


@pytest.fixture
def person(chromium: Browser, city: str) -> Iterator[Callable[..., Page]]:
    """Opens a page as a newcomer: `person("phone", "en")`. Fails when a page had a script error or asked another host."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(width: str = "phone", language: str = "zh-CN", *, scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=city,
            viewport=WIDTHS[width],  # type: ignore[arg-type]
            locale=language,
            java_script_enabled=scripts,
            has_touch=width == "phone",
            timezone_id="Asia/Shanghai",
            service_workers="block",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        watch(page, city, faults)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def photograph() -> Callable[[Page, str], None]:
    """Keeps a picture of the page in build/shots, and fails when the page is wider than the window."""

    def shoot(page: Page, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{name}.png", full_page=True, animations="disabled")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{name} is {wide} px wider than the window"

    return shoot
