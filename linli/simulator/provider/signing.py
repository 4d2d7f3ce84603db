"""The provider's side of RSA2: it signs with its own key and checks the merchant's. Written apart from the client's on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from linli.platform import keys

MERCHANTS = {"linli": "sandbox-merchant"}  # merchant to the name of its key
OWN_KEY = "sandbox-provider"


def _text(params: Mapping[str, str]) -> bytes:
    kept = sorted((name, value) for name, value in params.items() if name != "sign" and value)
    return "&".join(f"{name}={value}" for name, value in kept).encode()


def seal(params: Mapping[str, str]) -> dict[str, str]:
    """`params` with the provider's signature."""
    return {**params, "sign": keys.sign(OWN_KEY, _text(params))}


def from_merchant(params: Mapping[str, str]) -> bool:
    """Whether a known merchant has signed `params`."""
    key = MERCHANTS.get(params.get("app_id", ""))
    return key is not None and keys.verify(key, _text(params), params.get("sign", ""))


def moment(text: str) -> datetime:
    """The moment that a parameter names. Raises ValueError, also for one without a zone."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found
