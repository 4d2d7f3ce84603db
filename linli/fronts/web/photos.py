"""Showing photos that people sent; whoever calls this has checked that they may be seen."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse

from linli.kernel.errors import N_, NotFound
from linli.platform import files


def shown(names: Sequence[str], number: int, *, everybody: bool = False) -> HttpResponse:
    """The photo with this number, as a picture that never changes. Raises NotFound."""
    if not 0 <= number < len(names):
        raise NotFound("picture.unknown", N_("There is no such picture."))
    response = HttpResponse(files.read_picture(names[number]), content_type="image/jpeg")
    response["Cache-Control"] = f"{'public' if everybody else 'private'}, max-age=86400"
    return response
