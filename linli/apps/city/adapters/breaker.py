"""Not asking again at once who has just not answered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Breaker:
    """Open (nobody is asked) for `pause_s` after `most` failures in a row; then one may try."""

    most: int = 3
    pause_s: float = 30.0
    failures: int = 0
    until: float = 0.0

    def open(self, now: float) -> bool:
        """Whether nobody should be asked at `now`, seconds of any clock that only goes forward."""
        return self.failures >= self.most and now < self.until

    def failed(self, now: float) -> None:
        """Somebody was asked and did not answer."""
        self.failures += 1
        self.until = now + self.pause_s

    def answered(self) -> None:
        """Somebody was asked and answered."""
        self.failures = 0
