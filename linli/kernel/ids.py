"""Identifiers: sortable inside (time first), opaque outside (sealed, so that nobody can count or guess them)."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections.abc import Sequence
from datetime import UTC, datetime

from linli.kernel.errors import N_, NotFound

EPOCH = datetime(2024, 1, 1, tzinfo=UTC)
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that is read as something else
_VALUE = {letter: value for value, letter in enumerate(_ALPHABET)}
_HALF = (1 << 32) - 1
_LENGTH = 13  # 13 letters of 5 bits hold 64 bits


_KEPT = 1024  # milliseconds that a process remembers; a loader or a simulator may say one and the same thousands of times
_next: dict[int, int] = {}
_counting = threading.Lock()
os.register_at_fork(after_in_child=_next.clear)  # a child that went on counting would give what its parent and siblings give


def new_ids(at: datetime, count: int) -> list[int]:
    """`count` neighbouring 63-bit integers: 41 bits of milliseconds since 2024, then 22 bits that begin at random (in the lower half).

    Within a process later calls for one millisecond go on where the last one ended, so they never meet and stay in their order;
    two processes within one millisecond meet once in two million.
    """
    milliseconds = int((at - EPOCH).total_seconds() * 1000)
    if not 0 <= milliseconds < 1 << 41:
        raise ValueError(f"no identifiers for {at}")
    with _counting:
        first = _next.pop(milliseconds, None) or milliseconds << 22 | secrets.randbits(21)
        _next[milliseconds] = first + count
        if len(_next) > _KEPT:
            del _next[next(iter(_next))]
    return list(range(first, first + count))


def new_id(at: datetime) -> int:
    """One identifier; see `new_ids`."""
    return new_ids(at, 1)[0]


def since(at: datetime) -> int:
    """A number below every identifier made from `at` on and above every one made before: rows of a time, found by their key."""
    return int((at - EPOCH).total_seconds() * 1000) << 22


_TURNS = tuple(bytes([turn]) for turn in range(8))


_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)  # ten bits at a time


def _permute(number: int, keyed: hashlib.blake2s, turns: Sequence[bytes]) -> int:
    left, right, read = number >> 32, number & _HALF, int.from_bytes
    for turn in turns:
        mixed = keyed.copy()  # half the work of giving it the key again
        mixed.update(right.to_bytes(4, "big") + turn)
        left, right = right, left ^ read(mixed.digest(), "big")
    return right << 32 | left


class Sealer:
    """Turns identifiers into opaque text and back with a keyed permutation (a Feistel network of eight rounds).

    It hides order and number; it is no permission. Whoever may see a thing is checked where the thing is read.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._keys: dict[str, hashlib.blake2s] = {}

    def _key(self, kind: str) -> hashlib.blake2s:
        if kind not in self._keys:
            key = hashlib.blake2s(f"{kind}|{self._secret}".encode()).digest()
            self._keys[kind] = hashlib.blake2s(key=key, digest_size=4)
        return self._keys[kind]

    def seal(self, kind: str, number: int) -> str:
        """`kind` and 13 letters, such as `or-3x8…`; the same number gives other letters under another kind."""
        sealed = _permute(number, self._key(kind), _TURNS)
        letters = "".join([_PAIRS[sealed >> shift & 1023] for shift in (50, 40, 30, 20, 10, 0)])
        return f"{kind}-{_ALPHABET[sealed >> 60]}{letters}"

    def unseal(self, kind: str, text: str) -> int:
        """The number behind `text`. Raises NotFound when it is not one of this kind."""
        prefix, _, letters = text.partition("-")
        if prefix != kind or len(letters) != _LENGTH or any(letter not in _VALUE for letter in letters):
            raise NotFound("id.unknown", N_("There is nothing at this address."))
        sealed = 0
        for letter in letters:
            sealed = sealed << 5 | _VALUE[letter]
        if sealed >> 64:
            raise NotFound("id.unknown", N_("There is nothing at this address."))
        number = _permute(sealed, self._key(kind), _TURNS[::-1])
        if number >> 63:
            raise NotFound("id.unknown", N_("There is nothing at this address."))
        return number
