"""Reading what forms send: money, numbers, moments; what cannot be read is said with its field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from linli.kernel.errors import N_, Invalid
from linli.kernel.geo import Point
from linli.platform import ids


def whole(data: Mapping[str, str], field: str, default: int = 0) -> int:
    """The whole number in `field`; `default` when it is empty. Raises Invalid."""
    text = str(data.get(field, "")).strip()
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise Invalid("form.number", N_("“%(text)s” is not a number."), text=text[:20], field=field) from None


def point(data: Mapping[str, str]) -> Point:
    """The place in `lat` and `lng`. Raises Invalid when none was chosen, or none that is on the earth."""
    try:
        return Point(float(str(data.get("lat", ""))), float(str(data.get("lng", ""))))
    except ValueError:
        raise Invalid("address.place", N_("Choose the place on the map or from the list."), field="place") from None


def moment(data: Mapping[str, str], field: str) -> datetime | None:
    """The moment in `field`, None when it is empty. Raises Invalid."""
    text = str(data.get(field, "")).strip()
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Invalid("form.moment", N_("This time cannot be read."), field=field)
    return at


def sealed(data: Mapping[str, str], field: str, kind: str) -> int | None:
    """The number behind the sealed name in `field`, None when it is empty. Raises NotFound."""
    text = str(data.get(field, "")).strip()
    return ids.unseal(kind, text) if text else None
