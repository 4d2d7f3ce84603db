"""Key pairs for signing between parties, made at first use and kept in LINLI_HOME (a demo's; a real party's keys are put there by hand)."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings

BITS = 2048


def _made(path: Path) -> None:
    """Writes a new private key unless somebody else is first; a reader never sees half of one."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    text = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(text)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


@cache
def _private(name: str, home: Path) -> rsa.RSAPrivateKey:
    path = home / "keys" / f"{name}.pem"
    if not path.exists():
        _made(path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{path} is not an RSA key")
    return key


def sign(name: str, text: bytes) -> str:
    """The signature of the key called `name` over `text`: RSA PKCS #1 v1.5 with SHA-256, base64."""
    return base64.b64encode(_private(name, settings.HOME).sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()


def verify(name: str, text: bytes, signature: str) -> bool:
    """Whether `signature` is that of the key called `name` over `text`."""
    try:
        raw = base64.b64decode(signature, validate=True)
        _private(name, settings.HOME).public_key().verify(raw, text, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
