"""The fitted model of a city in each process: arrays shared through the page cache, looked at anew every few seconds.

Nothing here fits; serving needs numpy alone.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

from linli.apps.discovery.models import Fit
from linli.engines.recommend import Model
from linli.engines.recommend.together import Together

log = logging.getLogger("linli.discovery")

FRESH_S = 5.0  # how long another process may go on with the version before
PARTS = 4  # of the day: morning from 5, noon from 10, evening from 15, night from 21


def folder(city_id: int) -> Path:
    """Where the versions of a city lie."""
    return Path(settings.HOME) / "models" / str(city_id)


@dataclass(frozen=True)
class Fitted:
    """A version that answers: `stores` are its items (rising), `popular` (parts of the day, items) orders, `takers` people by item."""

    version: int
    model: Model
    together: Together
    stores: npt.NDArray[np.int64]
    popular: npt.NDArray[np.float32]
    takers: npt.NDArray[np.int64]

    def items(self, store_ids: Any) -> npt.NDArray[np.int64]:
        """The items of these stores; those that were not there when it was fitted are left out."""
        wanted = np.asarray(list(store_ids), dtype=np.int64)
        if not len(wanted) or not len(self.stores):
            return np.empty(0, dtype=np.int64)
        at = np.minimum(np.searchsorted(self.stores, wanted), len(self.stores) - 1)
        known: npt.NDArray[np.int64] = at[self.stores[at] == wanted]
        return known

    def tried_by(self, store_ids: Any) -> npt.NDArray[np.int64]:
        """How many people took from each of these stores; 0 for those that were not there when it was fitted."""
        wanted = np.asarray(list(store_ids), dtype=np.int64)
        if not len(wanted) or not len(self.stores):
            return np.zeros(len(wanted), dtype=np.int64)
        at = np.minimum(np.searchsorted(self.stores, wanted), len(self.stores) - 1)
        return np.where(self.stores[at] == wanted, self.takers[at], 0)


_kept: dict[int, tuple[float, Fitted | None]] = {}


def fitted(city_id: int) -> Fitted | None:
    """The version that serves in the city, None when there is none that can be read. At most one statement every few seconds."""
    now = time.monotonic()
    before = _kept.get(city_id)
    if before is not None and now - before[0] < FRESH_S:
        return before[1]
    version = Fit.objects.filter(city_id=city_id, state=Fit.SERVING).values_list("id", flat=True).first()
    found = before[1] if before and before[1] and before[1].version == version else _read(city_id, version)
    _kept[city_id] = (now, found)
    return found


def _read(city_id: int, version: int | None) -> Fitted | None:
    if version is None:
        return None
    place = folder(city_id) / str(version)
    try:
        model, pairs = Model.load(place), Together.load(place)
        stores, popular = (np.load(place / f"{name}.npy", mmap_mode="r") for name in ("stores", "popular"))
    except (OSError, ValueError):
        log.exception("fit.unreadable", extra={"city": city_id, "version": version})
        return None
    return Fitted(version, model, pairs, stores, popular, np.diff(model.item_starts))


def forget() -> None:
    """Look anew at the next question."""
    _kept.clear()
