"""A photo of a bag at a door, drawn."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw


@cache
def of_a_door() -> bytes:
    """A small JPEG: a door, a mat, a paper bag."""
    picture = Image.new("RGB", (240, 320), (214, 206, 190))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 40, 180, 270), fill=(122, 84, 58), outline=(84, 56, 38), width=4)
    pen.ellipse((160, 150, 170, 160), fill=(220, 190, 110))
    pen.rectangle((40, 270, 200, 290), fill=(96, 104, 96))
    pen.rectangle((96, 222, 146, 276), fill=(206, 168, 112), outline=(160, 124, 76), width=2)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70)
    return out.getvalue()
