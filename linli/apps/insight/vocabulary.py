"""What people do, in one vocabulary for pages, programs and what other rooms tell; every row says the version it was written in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from linli.kernel.errors import N_, Invalid

VERSION = 2  # 2: `listed` and `chance`
KINDS = ("view", "search", "click", "cart", "favourite", "dwell", "exposure", "order", "review", "in_store_purchase")
FROM_WITHIN = ("favourite", "order", "review", "in_store_purchase")  # what is only true when its own room has told it
FROM_OUTSIDE = tuple(kind for kind in KINDS if kind not in FROM_WITHIN)  # what pages and programs may send
OF_A_STORE = frozenset(KINDS) - {"search", "exposure"}
LONGEST_TEXT, LONGEST_KEY, LONGEST_DWELL_S = 80, 64, 3600
_NUMBERS = re.compile(r"\d{5,}")
_WORD = re.compile(r"[a-z0-9._-]{0,40}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that somebody did. `key` is the sender's own name for it: sent again, it counts once.

    `section` says in which list it happened and `place` where in it (1 is the first); `seconds` is how long, of a dwell; `text` what
    was searched; `arm` which arm of the experiment `section` was shown, of an exposure; `amount` in minor units, of an order. `listed`
    is the list that was shown (of its exposures, and of a click in it), `chance` how likely the store was chosen for its place there.
    Raises Invalid for what no person does.
    """

    kind: str
    key: str
    at: datetime
    store_id: int = 0
    offer_id: int = 0
    section: str = ""
    place: int = 0
    seconds: int = 0
    text: str = ""
    arm: str = ""
    amount: int = 0
    listed: int = 0
    chance: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise Invalid("deed.kind", N_("“%(kind)s” is nothing that is noted."), kind=self.kind[:20], field="kind")
        if not 8 <= len(self.key) <= LONGEST_KEY:
            raise Invalid("deed.key", N_("A key has 8 to 64 letters."), field="key")
        if self.kind in OF_A_STORE and not self.store_id:
            raise Invalid("deed.store", N_("Say which store it was."), field="store_id")
        if not (0 <= self.place <= 10_000 and 0 <= self.seconds <= LONGEST_DWELL_S and 0 <= self.amount < 1 << 40):
            raise Invalid("deed.number", N_("That number is out of bounds."), field="place")
        if not (0 <= self.listed < 1 << 63 and 0 <= self.chance <= 1):
            raise Invalid("deed.number", N_("That number is out of bounds."), field="listed")
        if not (_WORD.fullmatch(self.section) and _WORD.fullmatch(self.arm)):
            raise Invalid("deed.section", N_("A section is a plain word."), field="section")


def words_of(text: str) -> str:
    """What is kept of a search: its first letters on one line, long numbers (a phone, a card) struck out."""
    return _NUMBERS.sub("#", " ".join(text.replace("\x00", " ").split()))[:LONGEST_TEXT]


def mark(person_id: int, deed: Deed) -> str:
    """What tells the deed from all others: nobody can take up another one's keys, for the person is part of it."""
    return blake2b(f"{person_id}|{deed.kind}|{deed.key}".encode(errors="replace"), digest_size=16).hexdigest()


COLUMNS: Mapping[str, str] = {
    "mark": "VARCHAR", "version": "INTEGER", "kind": "VARCHAR", "person_id": "BIGINT", "city_id": "BIGINT", "store_id": "BIGINT",
    "offer_id": "BIGINT", "at": "TIMESTAMP", "received_at": "TIMESTAMP", "section": "VARCHAR", "place": "INTEGER", "seconds": "INTEGER",
    "text": "VARCHAR", "arm": "VARCHAR", "amount": "BIGINT",
    "listed": "BIGINT", "chance": "DOUBLE",
}  # fmt: skip
