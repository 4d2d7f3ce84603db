"""`linli up` for real: it serves, it mends itself, it says why it cannot start, and it leaves no process behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def processes_of(home: Path) -> dict[int, str]:
    """The command lines of the processes that were started with this LINLI_HOME, by process id."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"LINLI_HOME={home}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return {number: words for number, words in found.items() if words}


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


class Running:
    """An installation that has been started in a folder of its own."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.processes: list[subprocess.Popen[str]] = []

    def up(self, port: int | None = None, home: Path | None = None) -> subprocess.Popen[str]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("LINLI_", "DJANGO_"))}
        environment |= {"LINLI_HOME": str(home or self.home), "PORT": str(port or self.port), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "linli", "up"]
        out = subprocess.PIPE
        self.processes.append(subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT, text=True, cwd=ROOT))
        return self.processes[-1]

    def ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/health/ready", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def find(self, words: str) -> int:
        return next((number for number, line in processes_of(self.home).items() if words in line), 0)


@pytest.fixture
def running(tmp_path) -> Iterator[Running]:
    installation = Running(tmp_path)
    yield installation
    for process in installation.processes:
        process.kill()
        process.communicate()
    wait_for(lambda: not processes_of(tmp_path), 15)


def refuses_what_is_forged(running: Running) -> bool:
    """Whether live news is served, and only to whom it is for; False while nobody answers (the old process may do so for a moment)."""
    with suppress(httpx.TransportError), httpx.stream("GET", f"http://127.0.0.1:{running.port}/live?t=forged", trust_env=False) as answer:
        assert answer.status_code == 422
        return True
    return False


def test_it_serves_mends_itself_and_ends_cleanly(running) -> None:
    first = running.up()
    wait_for(running.ready)
    worker = running.find("linli worker")
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: running.find("linli worker") not in {0, worker})
    web = running.find("granian")
    os.kill(web, signal.SIGKILL)
    wait_for(lambda: running.find("granian") not in {0, web} and refuses_what_is_forged(running))
    first.send_signal(signal.SIGINT)
    said = first.communicate(timeout=60)[0]
    assert first.returncode == 0
    assert processes_of(running.home) == {}
    assert "Linli is running" in said
    assert "worker ended (SIGKILL)" in said


def test_the_second_start_is_quick_and_keeps_the_data(running) -> None:
    running.up()
    wait_for(running.ready)
    running.processes[0].terminate()
    running.processes[0].wait(timeout=60)
    secret = (running.home / "secret").read_text()
    start = time.monotonic()
    running.up()
    wait_for(running.ready)
    assert time.monotonic() - start < 10
    assert (running.home / "secret").read_text() == secret


def test_it_says_when_the_port_is_taken(running, tmp_path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", running.port))
        other.listen()
        said = running.up().communicate(timeout=60)[0]
    assert running.processes[0].returncode == 1
    assert f"Port {running.port}" in said
    assert f"PORT={running.port + 1}" in said


def test_it_says_when_another_one_runs_on_the_same_data(running) -> None:
    running.up()
    wait_for(running.ready)
    second = running.up(port=free_port())
    said = second.communicate(timeout=60)[0]
    assert second.returncode == 1
    assert str(running.home) in said
    assert running.ready()


def test_killed_outright_it_takes_its_children_along(running) -> None:
    first = running.up()
    wait_for(running.ready)
    first.kill()
    first.wait()
    wait_for(lambda: not processes_of(running.home), 20)
