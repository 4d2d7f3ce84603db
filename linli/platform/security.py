"""Signed texts that say what they are for and until when they count. They are readable by anybody; they only cannot be made up."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer

from linli.kernel.errors import N_, Gone, Invalid


@lru_cache(maxsize=256)
def _signer(purpose: str, secret: str) -> Signer:
    return Signer(key=secret, salt=f"linli.{purpose}")


@lru_cache(maxsize=8192)  # who sends a token sends it with every request; what is none of ours raises, and is not kept
def _opened(purpose: str, token: str, secret: str) -> Any:
    return _signer(purpose, secret).unsign_object(token)


def sign(purpose: str, data: dict[str, Any], *, at: datetime, valid_for_s: float) -> str:
    """A text for addresses and headers that carries `data` (plain JSON) and counts for `valid_for_s` seconds."""
    until = int(at.timestamp() + valid_for_s)
    return _signer(purpose, settings.SECRET_KEY).sign_object({"d": data, "u": until})


def read(purpose: str, token: str, *, at: datetime) -> dict[str, Any]:
    """The data that `sign` put in for the same purpose. Raises Gone when its time is over, Invalid when it is not one of ours."""
    try:
        inside = _opened(purpose, token, settings.SECRET_KEY)
        data, until = dict(inside["d"]), int(inside["u"])
    except (BadSignature, ValueError, KeyError, TypeError):
        raise Invalid("token.forged", N_("This link or code is not a valid one.")) from None
    if at.timestamp() >= until:
        raise Gone("token.expired", N_("This link or code has expired."))
    return data
