"""`linli up`: set everything up, start web, worker and (in a demo) the city, watch over them, end them cleanly."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from pathlib import Path
from typing import IO, Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from rich.console import Console

from linli.fronts.commands import setup
from linli.fronts.commands.supervisor import Child, Supervisor, python

READY_WITHIN_S = 60.0


class Command(BaseCommand):
    help = "Set Linli up and run it on 127.0.0.1 (PORT=, LINLI_HOME=); Ctrl-C ends everything."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(highlight=False)
        _need_port(settings.PORT)
        lock = _only_one()
        supervisor = Supervisor(_children(), say=console.print)
        supervisor.listen()
        try:
            _set_up(console, supervisor)
            _run(console, supervisor)
        except KeyboardInterrupt:
            console.print("Broken off; what was half done is undone, and the next start goes on from there.")
        finally:
            supervisor.end()
            lock.close()
        console.print("Everything has ended; your data stays in", str(settings.HOME))


def _need_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            message = f"Port {port} on 127.0.0.1 cannot be used ({error.strerror}): another program listens there. "
            raise CommandError(message + f"Stop it, or choose another port: PORT={port + 1} make run") from None


def _only_one() -> IO[str]:
    """Hold the folder of the data, so that two of us do not run on it."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    lock = Path(settings.HOME, "up.lock").open("w")  # noqa: SIM115 (held until the end)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        message = f"Linli already runs on the data in {settings.HOME}. Stop that one, or choose another folder with LINLI_HOME="
        raise CommandError(message) from None
    return lock


def _children() -> list[Child]:
    logs = Path(settings.HOME, "logs")
    web = [
        "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(settings.PORT), "--workers", "1", "--no-ws",
        "--workers-kill-timeout", "3", "--log-level", "warning", "linli.serve:asgi",
    ]  # fmt: skip
    children = [Child("web", python(*web), logs / "web.log"), Child("worker", python("linli", "worker"), logs / "worker.log")]
    if settings.DEMO and setup.has_city_command():
        children.append(Child("city", python("linli", "city", "run"), logs / "city.log"))
    return children


def _set_up(console: Console, supervisor: Supervisor) -> None:
    """Do what is left to do, one step after the other, each shown with its time."""
    steps = setup.steps()
    for number, step in enumerate(steps, 1):
        if supervisor.stopping():
            return
        start = time.monotonic()
        with console.status(f"[{number}/{len(steps)}] {step.title} …"):
            done = step.run()
        console.print(f"[{number}/{len(steps)}] {step.title}: {done} ({time.monotonic() - start:.1f} s)", markup=False)
    connections.close_all()


def _run(console: Console, supervisor: Supervisor) -> None:
    if supervisor.stopping():
        return
    start = time.monotonic()
    supervisor.start()
    with console.status("Starting the web server …"):
        supervisor.watch(until=lambda: _ready() or time.monotonic() - start > READY_WITHIN_S)
    if supervisor.stopping():
        return
    if _ready():
        _welcome(console, time.monotonic() - start)
    else:
        console.print(f"No page after {READY_WITHIN_S:.0f} s; look into {Path(settings.HOME, 'logs')}. I keep trying.")
    supervisor.watch()


def _ready() -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{settings.PORT}/health/ready", timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _welcome(console: Console, took: float) -> None:
    console.print(f"\n[bold]Linli is running[/bold] at [bold]{settings.BASE_URL}/[/bold] ({took:.1f} s). Ctrl-C ends it.")
    if settings.DEMO:
        console.print(f"The living city, and a door for each role: {settings.BASE_URL}/city/")
    console.print(f"Data and logs: {settings.HOME}  (process {os.getpid()})\n")
