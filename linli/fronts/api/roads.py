"""Which view an address of the API leads to, found by its shape once it has been found by the framework."""

from __future__ import annotations

import re

from django.urls import ResolverMatch, get_resolver

_SEALED = re.compile(r"(?<=/)[a-z]{2}-[0-9a-z]{13}(?=/|$)")
_MOST_KEPT = 1_000
_known: dict[str, ResolverMatch] = {}


def resolve(path: str) -> ResolverMatch:
    """What `path` leads to. Raises Resolver404.

    An address whose only arguments are sealed identifiers is one of few shapes; asking every pattern about each costs more than many views.
    """
    sealed = _SEALED.findall(path)
    shape = _SEALED.sub("\0", path) if sealed else path
    found = _known.get(shape)
    if found is None:
        return _learn(path, shape, sealed)
    match = ResolverMatch.__new__(ResolverMatch)
    match.__dict__ |= found.__dict__
    match.kwargs = dict(zip(found.kwargs, sealed, strict=True))
    return match


def _learn(path: str, shape: str, sealed: list[str]) -> ResolverMatch:
    match = get_resolver().resolve(path)
    if list(match.kwargs.values()) == sealed and not match.args and len(_known) < _MOST_KEPT:
        _known[shape] = match
    return match
