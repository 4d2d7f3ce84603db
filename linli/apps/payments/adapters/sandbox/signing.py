"""RSA2 as page-redirect providers use it: SHA-256 with RSA over the sorted, non-empty parameters but `sign`, joined by `&`."""

from __future__ import annotations

from collections.abc import Mapping

from linli.platform import keys

MERCHANT_KEY, PROVIDER_KEY = "sandbox-merchant", "sandbox-provider"


def canonical(params: Mapping[str, str]) -> bytes:
    """The bytes that are signed."""
    return "&".join(f"{name}={params[name]}" for name in sorted(params) if params[name] != "" and name != "sign").encode()


def signed(params: Mapping[str, str]) -> dict[str, str]:
    """`params` with our signature."""
    return {**params, "sign": keys.sign(MERCHANT_KEY, canonical(params))}


def genuine(params: Mapping[str, str]) -> bool:
    """Whether the provider has signed `params`."""
    return keys.verify(PROVIDER_KEY, canonical(params), params.get("sign", ""))
