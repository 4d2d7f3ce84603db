"""Several processes that do the same thing at the same moment against the test's database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.db import connection


def database_url() -> str:
    """The address of the test's database for another process."""
    config = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{config['NAME']}"
    login = f"{config['USER']}:{config['PASSWORD']}" if config["PASSWORD"] else config["USER"]
    return f"postgresql://{login}@{config['HOST']}:{config['PORT']}/{config['NAME']}"


def at_once(program: Path, *words: str, parties: int = 4) -> list[str]:
    """What `parties` processes of `program` print, all lines together. Each says `ready` first and waits for a line before it begins."""
    environment = {**os.environ, "LINLI_DATABASE_URL": database_url(), "PYTHONPATH": os.getcwd()}
    command = [sys.executable, str(program), *words]
    pipe = subprocess.PIPE
    running = [subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(parties)]
    try:
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", process.communicate()[1][-2000:]
        for process in running:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        said = [process.communicate(timeout=120) for process in running]
        assert all(process.returncode == 0 for process in running), [err[-1500:] for _, err in said]
        return [line for out, _ in said for line in out.splitlines()]
    finally:
        for process in running:
            process.kill()
            process.wait()
