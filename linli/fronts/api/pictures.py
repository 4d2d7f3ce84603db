"""Photos that people send along, and showing them again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from linli.kernel.errors import N_, Invalid
from linli.platform import files

FOLDER = "people"
Names = Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=9, description="Names of photos that were sent before.")]


def checked(names: Sequence[str]) -> list[str]:
    """The names, all of photos that are kept. Raises Invalid."""
    if not all(files.kept(name, folder=FOLDER) for name in names):
        raise Invalid("photo.unknown", N_("Send the photo first, then name it here."), field="photos")
    return list(names)
