"""An address is found by its shape as the framework finds it, the first time and every other time."""

from __future__ import annotations

import pytest
from django.urls import Resolver404, get_resolver

from linli.fronts.api import roads
from linli.platform import ids

STORE, LINE = ids.seal("st", 7), ids.seal("li", 8)


@pytest.mark.parametrize(
    "path", [f"/api/v1/carts/{STORE}", f"/api/v1/carts/{STORE}/lines/{LINE}", "/api/v1/carts", "/gateways/sandbox/notify", "/api/v1/cities"]
)
def test_the_same_view_with_the_same_arguments(path: str) -> None:
    want = get_resolver().resolve(path)
    for _ in range(2):
        found = roads.resolve(path)
        assert (found.func, found.route, found.kwargs) == (want.func, want.route, want.kwargs)


def test_another_identifier_is_another_argument() -> None:
    roads.resolve(f"/api/v1/carts/{STORE}")
    other = ids.seal("st", 9)
    assert roads.resolve(f"/api/v1/carts/{other}").kwargs == {"store": other}


def test_what_leads_nowhere_leads_nowhere() -> None:
    roads.resolve(f"/api/v1/carts/{STORE}/lines/{LINE}")
    for path in (f"/api/v1/nothing/{STORE}", f"/api/v1/carts/{STORE}/lines/{LINE}/more", f"/api/v1/carts/{STORE}x/{LINE}"):
        with pytest.raises(Resolver404):
            roads.resolve(path)
