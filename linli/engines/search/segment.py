"""Stores and their offers as columns that never change: built once, kept in files, shared by processes through the page cache."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from linli.engines.search import lexicon
from linli.engines.search.lexicon import Lexicon
from linli.engines.search.params import Params
from linli.engines.search.problem import PARTS_OF_DAY, Dish, Name, Store
from linli.kernel.geo import EARTH_M, Point

FORMAT = 2
_SMALL = 4096  # bytes
_NO_LINE = 0  # the empty name, which nothing matches

Arrays = dict[str, NDArray[Any]]
Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


def build(stores: Iterable[Store], params: Params) -> Segment:
    """The columns of `stores`, which are laid out by where they are, so that neighbours are read together."""
    ordered = sorted(stores, key=_place)
    lines: dict[Name, int] = {Name(""): _NO_LINE}
    number = lines.setdefault
    columns = _store_columns(ordered, lines, params)
    offers = [offer for store in ordered for offer in store.offers]
    columns |= {
        "first": np.concatenate([[0], np.cumsum([len(store.offers) for store in ordered])]).astype(np.int32),
        "offer_id": np.array([offer.id for offer in offers], dtype=np.int64),
        "offer_line": np.array([number(offer.name, len(lines)) for offer in offers], dtype=np.int32),
        "offer_price": np.array([offer.price for offer in offers], dtype=np.int32),
        "allergens": np.array([offer.allergens for offer in offers], dtype=np.int32),
        "popularity": np.array([offer.popularity for offer in offers], dtype=np.float32).reshape(-1, PARTS_OF_DAY),
    }
    columns["store_popularity"] = _summed(columns["popularity"], columns["first"])
    columns["offer_store"] = np.repeat(np.arange(len(ordered), dtype=np.int32), np.diff(columns["first"]))
    columns["by_line"] = np.argsort(columns["offer_line"], kind="stable").astype(np.int32)
    columns["line_first"] = np.concatenate([[0], np.cumsum(np.bincount(columns["offer_line"], minlength=len(lines)))]).astype(np.int32)
    columns |= {f"lexicon_{key}": array for key, array in lexicon.build(list(lines)).items()}
    return Segment(columns | _written(list(lines)))


def _summed(values: NDArray[np.float32], first: NDArray[np.int32]) -> NDArray[np.float32]:
    """The sum of each store's rows."""
    running = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)])
    return np.asarray(running[first[1:]] - running[first[:-1]], dtype=np.float32)


def _place(store: Store) -> tuple[float, float, int]:
    return round(store.lat, 2), store.lng, store.id


def _written(names: Sequence[Name]) -> Arrays:
    """The names as they are shown."""
    texts = [f"{name.native}\t{name.english}".encode() for name in names]
    ends = np.cumsum([len(text) for text in texts])
    return {"shown": np.frombuffer(b"".join(texts), dtype=np.uint8), "shown_at": np.concatenate([[0], ends]).astype(np.int64)}


def _store_columns(stores: Sequence[Store], lines: dict[Name, int], params: Params) -> Arrays:
    kinds, zones = sorted({store.kind for store in stores}), sorted({store.zone for store in stores})
    cuisines = sorted({store.cuisine.native for store in stores})
    hours = {spans: number for number, spans in enumerate(dict.fromkeys(store.openings for store in stores))}  # most stores share theirs
    words = {"kinds": kinds, "zones": zones, "cuisines": cuisines, "format": FORMAT}
    lat, lng = (np.radians(np.array([getattr(store, axis) for store in stores], dtype=np.float64)) for axis in ("lat", "lng"))
    return {
        "words": np.frombuffer(json.dumps(words, ensure_ascii=False).encode(), dtype=np.uint8),
        "store_id": np.array([store.id for store in stores], dtype=np.int64),
        "place": np.stack([np.cos(lat) * np.cos(lng), np.cos(lat) * np.sin(lng), np.sin(lat)]),
        "store_line": _lines(lines, [store.name for store in stores]),
        "cuisine_line": _lines(lines, [store.cuisine for store in stores]),
        "tag_line": _padded([[lines.setdefault(Name(tag), len(lines)) for tag in store.tags] for store in stores], _NO_LINE, np.int32),
        "kind": np.array([kinds.index(store.kind) for store in stores], dtype=np.int16),
        "zone": np.array([zones.index(store.zone) for store in stores], dtype=np.int16),
        "cuisine": np.array([cuisines.index(store.cuisine.native) for store in stores], dtype=np.int16),
        "per_head": np.array([store.per_head for store in stores], dtype=np.int64),
        "rating": np.array([store.rating for store in stores], dtype=np.int16),
        "quality": _quality(stores, params),
        "prep": np.array([store.prep_minutes for store in stores], dtype=np.int16),
        "paused_until": np.array([store.paused_until.timestamp() if store.paused_until else 0 for store in stores], dtype=np.float64),
        "hours": np.array([hours[store.openings] for store in stores], dtype=np.int32),
        "opens": _padded([[start for start, _ in spans] for spans in hours], -1, np.int32),
        "closes": _padded([[end for _, end in spans] for spans in hours], -1, np.int32),
        "ring_m": _padded([[ring[0] for ring in store.rings] for store in stores], -1, np.int32),
        "ring_fee": _padded([[ring[1] for ring in store.rings] for store in stores], -1, np.int32),
    }


def _lines(lines: dict[Name, int], names: Iterable[Name]) -> NDArray[np.int32]:
    return np.array([lines.setdefault(name, len(lines)) for name in names], dtype=np.int32)


def _padded(rows: Sequence[Sequence[int]], filling: int, kind: Any) -> NDArray[Any]:
    """The rows side by side, one more column than the longest needs: the last one is always filling."""
    width = max(map(len, rows), default=0) + 1
    return np.array([[*row, *[filling] * (width - len(row))] for row in rows], dtype=kind).reshape(-1, width)


def _quality(stores: Sequence[Store], params: Params) -> NDArray[np.float32]:
    """What is believed of each store's stars (0 to 1): the mean drawn to the prior, less the doubt that few voices leave."""
    stars = np.array([store.rating / 10 for store in stores])
    voices = np.array([store.rating_count if store.rating else 0 for store in stores], dtype=np.float64)
    known = np.where(stars > 0, np.maximum(voices, 1.0), 0.0)
    mean = (stars * known + params.prior_stars * params.prior_voices) / (known + params.prior_voices)
    return np.asarray(np.clip((mean - params.doubt / np.sqrt(known + params.prior_voices)) / 5, 0, 1), dtype=np.float32)


class Segment:
    """Columns with names, and what is worked out from them once."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.words: dict[str, Any] = json.loads(bytes(arrays["words"]))
        self.lexicon = Lexicon({key.removeprefix("lexicon_"): array for key, array in arrays.items() if key.startswith("lexicon_")})
        self.stores, self.offers = len(arrays["store_id"]), len(arrays["offer_id"])

    def __getitem__(self, column: str) -> NDArray[Any]:
        return self.arrays[column]

    @cached_property
    def _by_id(self) -> Numbers:
        return np.argsort(self.arrays["store_id"], kind="stable")

    @cached_property
    def cuisine_lines(self) -> Numbers:
        """The names of cuisines, each once."""
        return np.unique(self.arrays["cuisine_line"]).astype(np.int64)

    @cached_property
    def tag_lines(self) -> Numbers:
        """The names of tags, each once."""
        return np.unique(self.arrays["tag_line"]).astype(np.int64)

    def places_of(self, store_ids: Iterable[int]) -> Numbers:
        """The rows of those of the stores that are here."""
        wanted = np.array(sorted(store_ids), dtype=np.int64)
        ids = self.arrays["store_id"][self._by_id]
        at = np.searchsorted(ids, wanted)
        here = at < len(ids)
        here[here] = ids[at[here]] == wanted[here]
        return np.asarray(self._by_id[at[here]], dtype=np.int64)

    def near(self, point: Point, radius_m: float) -> tuple[Numbers, Floats]:
        """The rows of the stores within `radius_m`, and their great-circle metres (by the chord, which is exact near and far)."""
        lat, lng = np.radians(point.lat), np.radians(point.lng)
        x, y, z = self.arrays["place"]
        x0, y0, z0 = np.cos(lat) * np.cos(lng), np.cos(lat) * np.sin(lng), np.sin(lat)
        square = (x - x0) ** 2 + (y - y0) ** 2 + (z - z0) ** 2
        rows = np.flatnonzero(square <= (2 * np.sin(min(radius_m / EARTH_M, np.pi) / 2)) ** 2)
        return rows, np.asarray(2 * EARTH_M * np.arcsin(np.minimum(1.0, np.sqrt(square[rows]) / 2)), dtype=np.float64)

    def shown(self, line: int) -> tuple[str, str]:
        """The name numbered `line` as it is written, in Chinese and in English."""
        native, _, english = bytes(self["shown"][self["shown_at"][line] : self["shown_at"][line + 1]]).decode().partition("\t")
        return native, english

    def dish(self, offer: int) -> Dish:
        """The offer in row `offer`."""
        return Dish(int(self["offer_id"][offer]), *self.shown(int(self["offer_line"][offer])), int(self["offer_price"][offer]))

    @property
    def megabytes(self) -> float:
        """How much the columns hold."""
        return float(sum(array.nbytes for array in self.arrays.values()) / 1e6)

    def save(self, folder: Path) -> None:
        """Keep the columns in `folder`, one file each. Whoever looks sees all of them or none."""
        draft = folder.with_name(folder.name + ".draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        for name, array in self.arrays.items():
            np.save(draft / f"{name}.npy", array)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)

    @staticmethod
    def load(folder: Path) -> Segment:
        """The columns kept in `folder`, read when they are looked at. Raises OSError or ValueError when they are not whole."""
        arrays = {path.stem: _mapped(path) for path in folder.glob("*.npy")}
        if "words" not in arrays or json.loads(bytes(arrays["words"])).get("format") != FORMAT:
            raise ValueError(f"{folder} is not an index of this version")
        return Segment(arrays)


def _mapped(path: Path) -> NDArray[Any]:
    """The array in `path`, in memory shared with every process that looks at it; nothing can be mapped that is empty."""
    if path.stat().st_size <= _SMALL:
        return np.asarray(np.load(path))
    mapped: NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)
    return mapped
