"""Phone numbers: read as people write them, kept as E.164 (ITU-T), shown with the middle hidden."""

from __future__ import annotations

import re
import unicodedata

from linli.kernel.errors import N_, Invalid

_NOISE = re.compile(r"[\s\-.()·]")
_MAINLAND = re.compile(r"1[3-9]\d{9}")
_E164 = re.compile(r"\+[1-9]\d{6,14}")


def parse(text: str) -> str:
    """`text` as E.164, such as `+8613800138000`; eleven digits alone are a number of mainland China.

    Raises Invalid `phone.invalid` for anything else, also for a `+86` number that is not a mobile one.
    """
    bare = _NOISE.sub("", unicodedata.normalize("NFKC", text[:64]))
    number = "+" + bare[2:] if bare.startswith("00") else bare
    national = number.removeprefix("+86")
    if not number.isascii():
        raise _invalid()
    if not number.startswith("+") or national != number:
        if not _MAINLAND.fullmatch(national):
            raise _invalid()
        return f"+86{national}"
    if not _E164.fullmatch(number):
        raise _invalid()
    return number


def mask(phone: str) -> str:
    """`phone` as others may see it: `138****8000`, or the country code and the last two digits."""
    national = phone.removeprefix("+86")
    if national != phone and len(national) == 11:
        return f"{national[:3]}****{national[-4:]}"
    return f"{phone[:3]}{'*' * max(len(phone) - 5, 0)}{phone[-2:]}" if phone else ""


def _invalid() -> Invalid:
    return Invalid("phone.invalid", N_("This is not a phone number: eleven digits, or + and the country code."), field="phone")
