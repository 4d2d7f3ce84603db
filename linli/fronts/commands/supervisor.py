"""Starts the processes of an installation, starts again the ones that die, and ends all of them together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
SETTLED_S = 60.0  # a process that has lived this long is forgiven its earlier deaths
PATIENCE_S = 10.0  # how long a process may take to end before it is killed
LOOK_EVERY_S = 0.2
KEEP_LOG_BYTES = 5_000_000


def _die_with_parent() -> None:
    """On Linux, have the kernel end a child whose supervisor was killed outright (PR_SET_PDEATHSIG is 1)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@dataclass
class Child:
    """One process of ours: a name, the words that start it, and where its output goes."""

    name: str
    words: Sequence[str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0

    def start(self) -> None:
        """Start it, in a process group of its own so that a Ctrl-C reaches only the supervisor."""
        with self._open_log() as log:
            self.process = subprocess.Popen(
                self.words, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                start_new_session=True, preexec_fn=_die_with_parent,
            )  # fmt: skip
        self.started = time.monotonic()

    def _open_log(self) -> IO[bytes]:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > KEEP_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".old"))
        return self.log.open("ab")

    def died(self) -> int | None:
        """The exit code of a process that has just ended (minus the signal that ended it), None while it runs."""
        if self.process is None or self.process.poll() is None:
            return None
        code = self.process.returncode
        self._signal_group(signal.SIGKILL)  # whatever it had started itself
        self.process = None
        self.deaths = 1 if time.monotonic() - self.started > SETTLED_S else self.deaths + 1
        self.due = time.monotonic() + self.pause
        return code

    @property
    def pause(self) -> float:
        """Seconds to wait before it is started again; doubles with every death."""
        return float(min(FIRST_PAUSE_S * 2 ** (self.deaths - 1), LONGEST_PAUSE_S))

    def _signal_group(self, number: int) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def ask_to_end(self) -> None:
        """Ask the process politely; it passes that on to its own children."""
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()

    def end(self, by: float) -> None:
        """Wait until `by` (monotonic) for it to end, then kill it and everything it started."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.1, by - time.monotonic()))
        self._signal_group(signal.SIGKILL)
        self.process.wait()
        self.process = None

    def last_words(self, lines: int = 5) -> list[str]:
        """The end of its log."""
        return self.log.read_text(errors="replace").splitlines()[-lines:] if self.log.exists() else []


@dataclass
class Supervisor:
    """Keeps `children` running until a signal comes; `say` tells the person at the terminal."""

    children: list[Child]
    say: Callable[[str], None]
    _told: threading.Event = field(default_factory=threading.Event)
    _started: bool = False

    def stopping(self) -> bool:
        """Whether a signal has come."""
        return self._told.is_set()

    def listen(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal mean: end everything."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, *_: object) -> None:
        """Before anything runs, what is being set up is broken off (its transaction is rolled back); later the watch ends."""
        if not self._told.is_set() and not self._started:
            self._told.set()
            raise KeyboardInterrupt
        self._told.set()

    def start(self) -> None:
        """Start all of them."""
        self._started = True
        for child in self.children:
            child.start()

    def watch(self, until: Callable[[], bool] = lambda: False) -> None:
        """Start again what dies, until told to stop or `until` says so."""
        while not self.stopping() and not until():
            for child in self.children:
                self._look_after(child)
            self._told.wait(LOOK_EVERY_S)

    def _look_after(self, child: Child) -> None:
        code = child.died()
        if code is not None:
            words = "\n".join(f"    {line}" for line in child.last_words())
            self.say(f"{child.name} ended ({_how(code)}); starting it again in {child.pause:.0f} s. Its last words ({child.log}):\n{words}")
        elif child.process is None and time.monotonic() >= child.due:
            child.start()

    def end(self) -> None:
        """End all of them, the last started first, and leave nothing behind."""
        for child in reversed(self.children):
            child.ask_to_end()
        by = time.monotonic() + PATIENCE_S
        for child in self.children:
            child.end(by)


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def python(*words: str) -> list[str]:
    """The words that run a module of this very Python."""
    return [sys.executable, "-m", *words]
