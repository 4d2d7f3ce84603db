"""What a loading did, and every row that it could not use."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Bad:
    """A row that was left out; `line` counts from 1 with the header as line 1, `column` is empty when the whole row is at fault."""

    file: str
    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}{f' {self.column}:' if self.column else ':'} {self.reason}"


@dataclass
class Report:
    """Counts of what was put by kind, the rows left out, and remarks on rows that were used all the same."""

    city: str = ""
    loaded: dict[str, int] = field(default_factory=dict)
    bad: list[Bad] = field(default_factory=list)
    notes: list[Bad] = field(default_factory=list)

    def reject(self, file: str, line: int, reason: str, column: str = "") -> None:
        """Write down a row that is left out."""
        self.bad.append(Bad(file, line, column, reason))

    def to_json(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            "city": self.city,
            "loaded": self.loaded,
            "bad": [asdict(bad) for bad in self.bad],
            "notes": [asdict(note) for note in self.notes],
        }
