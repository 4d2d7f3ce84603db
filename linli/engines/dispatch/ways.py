"""Ways by street between the places of a problem, as a table that fits into a kept tick."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Place = tuple[float, float]  # latitude, longitude
CUT = 100_000_000  # metres: there is no way


@dataclass(frozen=True, slots=True)
class Ways:
    """From each place (rows) to each: the straight metres that would take a courier as long as its way by street, `CUT` without one.

    `table` holds them as little-endian uint32, row by row. Raises ValueError for doubles or a table of another size.
    """

    places: tuple[Place, ...]
    table: bytes

    def __post_init__(self) -> None:
        if len(set(self.places)) < len(self.places):
            raise ValueError("ways: a place is given twice")
        if len(self.table) != 4 * len(self.places) ** 2:
            raise ValueError("ways: the table must have a number for each two places")

    @staticmethod
    def of(places: Sequence[Place], metres: NDArray[np.float64]) -> Ways:
        """The ways of a matrix; what is not finite is cut off. Raises ValueError for negative numbers."""
        if (metres < 0).any():
            raise ValueError("ways: a negative distance")
        whole = np.where(np.isfinite(metres), np.minimum(np.round(metres), CUT), CUT)
        return Ways(tuple(places), whole.astype("<u4").tobytes())

    def metres(self) -> NDArray[np.uint32]:
        """The table as a matrix."""
        return np.frombuffer(self.table, "<u4").reshape(len(self.places), len(self.places))

    def to_json(self) -> dict[str, Any]:
        """A JSON object, the table packed."""
        return {"places": [list(place) for place in self.places], "table": b64encode(zlib.compress(self.table, 1)).decode()}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Ways:
        """The ways that `to_json` wrote."""
        return Ways(tuple((float(lat), float(lng)) for lat, lng in data["places"]), zlib.decompress(b64decode(data["table"])))
