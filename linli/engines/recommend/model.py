"""A fitted recommender: plain arrays that are saved as .npy and read back memory-mapped, so that processes share them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from linli.engines.recommend.problem import Floats, Ints, Settings

FORMAT = 4


@dataclass(frozen=True)
class Model:
    """The graph of persons and items in both directions, damping weights, and the graph's slowest waves over the items."""

    person_starts: Ints
    person_items: npt.NDArray[np.int32]
    item_starts: Ints
    item_persons: npt.NDArray[np.int32]
    item_in: Floats  # (items,) what a shared item weighs
    person_weight: Floats  # (persons,) what likeness to a person is multiplied by; the mean person is as alike to themselves as 1
    person_voice: Floats  # (persons,) what their word is multiplied by
    item_out: Floats  # (items,) what a suggestion's score is multiplied by
    factors: Floats  # (items, k), orthonormal columns, the slowest wave first
    settings: Settings
    metrics: dict[str, float] = field(default_factory=dict)

    @property
    def items(self) -> int:
        return len(self.item_in)

    @property
    def persons(self) -> int:
        return len(self.person_weight)

    def save(self, folder: Path) -> None:
        """Write the arrays and, last, `model.json`: a folder without it is no model."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        about = {"format": FORMAT, "settings": asdict(self.settings), "metrics": self.metrics}
        (folder / "model.json").write_text(json.dumps(about, indent=1))

    @classmethod
    def load(cls, folder: Path) -> Model:
        """Read a saved model, arrays memory-mapped. Raises FileNotFoundError, or ValueError for another format."""
        about = json.loads((folder / "model.json").read_text())
        if about["format"] != FORMAT:
            raise ValueError(f"a model of format {about['format']}, where {FORMAT} is read")
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in _ARRAYS}
        return cls(**arrays, settings=Settings(**about["settings"]), metrics=about["metrics"])


_ARRAYS = [known.name for known in fields(Model) if known.name not in {"settings", "metrics"}]
