"""The values in force: a city's own, else that of all cities, else the default. Changes are checked, audited and seen everywhere."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from linli.kernel.actors import Actor
from linli.kernel.errors import N_, Invalid, NotFound
from linli.platform import audit
from linli.platform.models import PolicyValue
from linli.policy import NUMBERS, Number, Value

log = logging.getLogger("linli.policies")

FRESH_S = 5.0  # how long another process may go on with the old value

_kept: tuple[float, dict[tuple[str, int], Value]] | None = None


def value(number: Number, city_id: int = 0) -> Value:
    """The value in force in `city_id`, of the type of the number's default. At most one statement every five seconds a process."""
    changed = _changed()
    return changed.get((number.name, city_id), changed.get((number.name, 0), number.default))


def whole(number: Number, city_id: int = 0) -> int:
    """`value` for numbers that are whole (or yes/no)."""
    return int(value(number, city_id))


def _changed() -> dict[tuple[str, int], Value]:
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > FRESH_S:
        rows = PolicyValue.objects.values_list("name", "city_id", "value")
        _kept = (time.monotonic(), dict(_readable(rows)))
    return _kept[1]


def _readable(rows: Iterable[tuple[str, int, str]]) -> Iterator[tuple[tuple[str, int], Value]]:
    """The stored values that this version still understands; others fall back to the default, loudly."""
    for name, city_id, text in rows:
        try:
            yield (name, city_id), NUMBERS[name].parse(text)
        except (KeyError, Invalid):
            log.error("policy.unreadable", extra={"number": name, "value": text})


def forget() -> None:
    """Read the changed values again at the next look."""
    global _kept
    _kept = None


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A number and its value in force; `own` says that it is set for this very city."""

    number: Number
    value: Value
    own: bool


def all_values(city_id: int = 0) -> list[PolicyView]:
    """Every number with the value in force in `city_id`, by name."""
    changed = _changed()
    ordered = sorted(NUMBERS.values(), key=lambda number: number.name)
    return [PolicyView(number, value(number, city_id), (number.name, city_id) in changed) for number in ordered]


def change(*, number_name: str, city_id: int, value: Value | str | None, actor: Actor, at: datetime, reason: str) -> Value:
    """Set a number for a city (0: for all that have none of their own); None takes the city's own value away again.

    Returns the value now in force. Raises NotFound for an unknown name, Invalid out of bounds or without a reason.
    """
    number = NUMBERS.get(number_name)
    if number is None:
        raise NotFound("policy.unknown", N_("There is no such policy number."))
    if not reason.strip():
        raise Invalid("policy.reason", N_("Say why this is changed."), field="reason")
    with transaction.atomic():
        rows = PolicyValue.objects.filter(name=number.name, city_id=city_id)
        before = rows.values_list("value", flat=True).first()
        after = None if value is None else str(number.parse(str(value)))
        if after is None:
            rows.delete()
        else:
            fields = {"value": after, "changed_at": at}
            PolicyValue.objects.update_or_create(name=number.name, city_id=city_id, defaults=fields)
        subject = f"policy:{number.name}@{city_id}"
        audit.record(actor=actor, action="policy.change", subject=subject, at=at, before=before, after=after, reason=reason)
    forget()
    return _in_force(number, city_id)


def _in_force(number: Number, city_id: int) -> Value:
    return value(number, city_id)
