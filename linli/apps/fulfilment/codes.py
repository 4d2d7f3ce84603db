"""The codes of passes: twelve digits that nobody can guess, made anew from the installation's secret whenever their owner looks."""

from __future__ import annotations

import hmac
from hashlib import sha256

from django.conf import settings

DIGITS = 12


def _mac(purpose: str, text: str) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), f"linli.pass.{purpose}:{text}".encode(), sha256).digest()


def code_of(pass_id: int, salt: int) -> str:
    """The code of a pass, twelve digits."""
    return f"{int.from_bytes(_mac('code', f'{pass_id}:{salt}'), 'big') % 10**DIGITS:0{DIGITS}d}"


def found_by(code: str) -> str:
    """What a code is found by: a keyed fingerprint, so that whoever reads the database has no codes."""
    return _mac("find", code).hex()


def plain(text: str) -> str:
    """The digits of what was typed or scanned; empty when it cannot be a code."""
    digits = "".join(text.split()).replace("-", "")
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else ""
