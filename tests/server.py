"""A real server over the test's database: two processes of several threads, as in use."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.parties import database_url


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(workers: int = 2, hands: int = 0) -> Iterator[str]:
    """The address of a server that answers, with `hands` processes that do jobs; all are ended at the end.

    It is a demo's, so that it goes by the stored clock.
    """
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    settings = {"LINLI_DATABASE_URL": database_url(), "LINLI_DEMO": "1", "PORT": str(port), "PYTHONPATH": os.getcwd()}
    web = ["granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "--no-ws"]
    commands = [[*web, "linli.serve:asgi"], *[["linli", "worker", "--threads", "1"]] * hands]
    with tempfile.TemporaryFile("w+") as said:
        environment = {**os.environ, **settings}
        running = [
            subprocess.Popen([sys.executable, "-m", *command], env=environment, stdout=said, stderr=subprocess.STDOUT)
            for command in commands
        ]
        try:
            if not _answers(address, running[0]):
                said.seek(0)
                raise AssertionError(f"the server does not answer:\n{said.read()[-3000:]}")
            yield address
        finally:
            for process in running:
                process.terminate()
            for process in running:
                _gone(process)


def _gone(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + 180
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{address}/health/live", timeout=2, trust_env=False).status_code == 200:
                return True
        except httpx.HTTPError:
            time.sleep(0.2)
    return False
