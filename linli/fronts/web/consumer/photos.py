"""Photos that go with a complaint or a review: kept when they are sent, shown to whoever may see what they belong to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from linli.apps.care import queries as care
from linli.apps.community import queries as community
from linli.fronts.web.identity import Request, signed_in
from linli.fronts.web.photos import shown
from linli.kernel.errors import N_, Invalid
from linli.platform import files, ids

FOLDER = "people"
MOST = 3


@contextmanager
def sent(request: Request) -> Iterator[list[str]]:
    """The names of the photos in the form, kept for as long as what they go with comes about; else they are thrown away.

    Raises Invalid for too many, for what is no picture, or for one that is too large.
    """
    names: list[str] = []
    try:
        photos = request.FILES.getlist("photo")
        if len(photos) > MOST:
            raise Invalid("photos.most", N_("At most %(most)s photos."), most=MOST, field="photo")
        for photo in photos:
            names.append(files.keep_picture(photo.read(files.LARGEST_BYTES + 1), folder=FOLDER))
        yield names
    except Exception:
        for name in names:
            files.discard(name)
        raise


@require_safe
@signed_in
def of_case(request: Request, name: str, number: int) -> HttpResponse:
    """A photo of one's own complaint."""
    case = care.case(case_id=ids.unseal("cs", name), person_id=request.actor.person_id)
    return shown(case.photos, number)


@require_safe
def of_review(request: Request, name: str, number: int) -> HttpResponse:
    """A photo of a review, for everybody."""
    return shown(community.review(review_id=ids.unseal("rv", name)).photos, number, everybody=True)
