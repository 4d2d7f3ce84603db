"""Pictures that people send: checked, turned upright, made small, stripped of where and with what they were taken, and kept.

Names are random, so that knowing one is no accident; whoever may see a picture is still checked where it is shown.
"""

from __future__ import annotations

import io
import re
import secrets
import warnings
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from linli.kernel.errors import N_, Invalid, NotFound

LARGEST_BYTES = 12 * 1024 * 1024
LARGEST_PIXELS = 50_000_000  # a decompression bomb needs few bytes; this is what a good phone takes
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP")
_NAME = re.compile(r"[a-z]{1,20}/[0-9a-f]{32}\.jpg", re.ASCII)


def keep_picture(data: bytes, *, folder: str) -> str:
    """Keep a JPEG, PNG or WebP picture; returns its name, `folder/….jpg`. Raises Invalid when it is none, or too large."""
    if len(data) > LARGEST_BYTES:
        raise Invalid("picture.large", N_("A picture may have at most 12 MB."), field="photo")
    name = f"{folder}/{secrets.token_hex(16)}.jpg"
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a folder name: {folder!r}")
    path = Path(settings.MEDIA_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_small(data))
    return name


def _small(data: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > LARGEST_PIXELS:
                    raise Invalid("picture.large", N_("A picture may have at most 50 million pixels."), field="photo")
                picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(
            "picture.unreadable", N_("This is not a picture that can be read. Send a JPEG, PNG or WebP file."), field="photo"
        ) from None
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=82)
    return kept.getvalue()


def kept(name: str, *, folder: str) -> bool:
    """Whether there is a picture of this name in this folder."""
    return bool(_NAME.fullmatch(name)) and name.startswith(f"{folder}/") and (Path(settings.MEDIA_ROOT) / name).is_file()


def read_picture(name: str) -> bytes:
    """The JPEG kept under `name`. Raises NotFound."""
    path = Path(settings.MEDIA_ROOT) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("picture.unknown", N_("There is no such picture."))
    return path.read_bytes()


def discard(name: str) -> None:
    """Throw away what was kept under `name` for a purpose that came to nothing; no error when it is gone already."""
    if _NAME.fullmatch(name):
        (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)
