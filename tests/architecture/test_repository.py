"""The repository itself: no generated file, no address of a registry or a machine, no sprawling file."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    if not listed:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).exists()]


def test_requirements_are_pinned_without_addresses() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith("#"):
                assert re.fullmatch(r"[A-Za-z0-9_.\[\]-]+==[\w.]+|-r requirements\.txt", line), f"{name}: {line}"


def test_no_generated_file_is_kept(files: list[Path]) -> None:
    assert [f for f in files if f.suffix in {".mo", ".pyc", ".sqlite3"} or f.name == "package-lock.json"] == []


def test_a_file_is_one_idea(files: list[Path]) -> None:
    long = {
        str(f.relative_to(ROOT)): count
        for f in files
        if f.suffix == ".py" and "migrations" not in f.parts and (count := len(f.read_text().splitlines())) > 400
    }
    assert long == {}


def test_vendored_front_end_files_name_version_and_licence(files: list[Path]) -> None:
    vendored = {f.relative_to(ROOT).parts[: f.relative_to(ROOT).parts.index("vendor") + 2] for f in files if "vendor" in f.parts[:-2]}
    for parts in vendored:
        folder = ROOT.joinpath(*parts)
        assert re.search(r"-\d+(\.\d+)+", folder.name), f"{folder.name} does not say its version"
        assert list(folder.glob("LICEN[SC]E*")), f"{folder.name} has no licence"


def test_the_suite_marks_do_not_hide_tests(files: list[Path]) -> None:
    hidden = [
        str(f.relative_to(ROOT))
        for f in files
        if f.suffix == ".py" and f.name != "test_repository.py" and re.search(r"mark\.(skip|xfail)\b", f.read_text())
    ]
    assert hidden == []
