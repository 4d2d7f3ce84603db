"""A PostgreSQL server of a test's own, which may be killed and started again without anybody else noticing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection

from bench.made.processes import family, free_port

HOMES = "usr/lib/postgresql/*/bin"  # where Debian keeps what need not be on the path
NEEDED = ("initdb", "pg_ctl", "pg_dump", "createdb", "psql")
OWNER = "postgres"


def _programs() -> Path:
    places = [*sorted(Path("/").glob(HOMES), key=lambda path: int(path.parent.name)), *map(Path, os.get_exec_path())]
    found = [place for place in places if all((place / name).exists() for name in NEEDED)]
    assert found, "the programs of PostgreSQL are not installed"
    return found[0]


def _lives(pid: int) -> bool:
    """Whether the process is more than an entry that nobody has read yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Cluster:
    """The server in `folder`; it refuses to run as root, so there it runs as `postgres`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self._programs = folder / "data", free_port(), _programs()
        self._as = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
        if self._as:
            shutil.chown(folder, OWNER)
        self._run("initdb", "-D", str(self.folder), "-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")

    def _run(self, program: str, *words: str) -> None:
        command = [*self._as, str(self._programs / program), *words]
        done = subprocess.run(command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        assert done.returncode == 0, done.stdout[-2000:]

    def start(self) -> None:
        """Start it and wait until it answers, after what it has to recover."""
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        log = str(self.folder.parent / "log")
        command = [*self._as, str(self._programs / "pg_ctl"), "-D", str(self.folder), "-l", log, "-w", "-t", "90", "-o", options, "start"]
        # not through a pipe: the server would keep it open
        done = subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
        assert done.returncode == 0, Path(log).read_text()[-2000:]

    def kill(self) -> None:
        """The server and everybody who serves in it, at once (SIGKILL): nothing is written down any more."""
        everybody = family(int((self.folder / "postmaster.pid").read_text().splitlines()[0]))
        for pid in everybody:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        end = time.monotonic() + 30
        while any(_lives(pid) for pid in everybody):
            assert time.monotonic() < end, "the server does not die"
            time.sleep(0.02)
        (self.folder / "postmaster.pid").unlink()  # the next one asks whether the number lives; a dead process may be listed for a while

    def stop(self) -> None:
        """End it for good."""
        if (self.folder / "postmaster.pid").exists():
            self.kill()

    def take(self, name: str) -> None:
        """A copy of the test's database, tables and rows."""
        there = connection.settings_dict
        login = {**os.environ, "PGPASSWORD": str(there["PASSWORD"] or "")}
        words = ["--no-owner", "-h", there["HOST"], "-p", str(there["PORT"] or 5432), *(["-U", there["USER"]] if there["USER"] else [])]
        dump = subprocess.run([self._programs / "pg_dump", *words, there["NAME"]], env=login, check=True, stdout=subprocess.PIPE).stdout
        ours = ["-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-q", "-v", "ON_ERROR_STOP=1"]
        subprocess.run([self._programs / "createdb", *ours[:6], name], check=True)
        subprocess.run([self._programs / "psql", *ours, "-d", name], input=dump, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def own_server() -> Iterator[Cluster | None]:
    """The test's database moves to a server of its own for the block. None on SQLite, which has no server."""
    if connection.vendor != "postgresql":
        yield None
        return
    before = dict(connection.settings_dict)
    with tempfile.TemporaryDirectory(prefix="linli-cluster-") as folder:
        cluster = Cluster(Path(folder))
        cluster.start()
        try:
            cluster.take("linli")
            connection.close()
            connection.settings_dict.update(HOST="127.0.0.1", PORT=str(cluster.port), NAME="linli", USER=OWNER, PASSWORD="")
            yield cluster
        finally:
            connection.close()
            connection.settings_dict.update(before)
            cluster.stop()
