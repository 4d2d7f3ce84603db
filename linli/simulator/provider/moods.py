"""How the provider will tell of a payment: on time, late, twice, in the wrong order, or never."""

from __future__ import annotations

import hashlib

from linli.platform import policies
from linli.policy import sandbox

CHOICES = ("normal", "late", "twice", "shuffled", "never")
_SHARES = (("late", sandbox.LATE_BP), ("twice", sandbox.TWICE_BP), ("shuffled", sandbox.SHUFFLED_BP), ("never", sandbox.NEVER_BP))


def mood_for(number: str) -> str:
    """The mood that falls to the trade called `number`: the same one every time, spread by the policy's shares."""
    drawn = int.from_bytes(hashlib.blake2s(number.encode(), digest_size=4).digest(), "big") % 10_000
    for mood, share in _SHARES:
        drawn -= policies.whole(share)
        if drawn < 0:
            return mood
    return "normal"
