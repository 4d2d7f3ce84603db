"""Identifiers as outsiders see them: sealed with the installation's secret."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from linli.kernel.ids import Sealer


@lru_cache(maxsize=4)
def _sealer(secret: str) -> Sealer:
    return Sealer(secret)


@lru_cache(maxsize=16_384)
def _sealed(kind: str, number: int, secret: str) -> str:
    return _sealer(secret).seal(kind, number)


def seal(kind: str, number: int) -> str:
    """The opaque text for `number` of this kind, such as `or-3x8…`."""
    return _sealed(kind, number, settings.SECRET_KEY)


@lru_cache(maxsize=16_384)
def _unsealed(kind: str, text: str, secret: str) -> int:
    return _sealer(secret).unseal(kind, text)


def unseal(kind: str, text: str) -> int:
    """The number behind `text`. Raises NotFound when it is not one of this kind."""
    return _unsealed(kind, text, settings.SECRET_KEY)
