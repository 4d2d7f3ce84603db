"""What an order needs to know of where somebody lives, and a new address, written by hand once for both databases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.platform import reads
from linli.platform.reads import Read, moment
from linli.platform.writes import Write, later, send

ADDRESS = """
SELECT {list}(id, person_id, label, contact_name, phone, place, detail, lat, lng, is_default)
FROM accounts_address WHERE id = %s AND person_id = %s
"""
_BOOK = """
SELECT {list}((SELECT count(*) FROM accounts_address WHERE person_id = %s),
  (SELECT 1 FROM accounts_person WHERE id = %s AND erased_at IS NULL))
"""
_ADD = """
INSERT INTO accounts_address (id, person_id, label, contact_name, phone, place, detail, lat, lng, is_default, used_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_NO_DEFAULT = "UPDATE accounts_address SET is_default = FALSE WHERE person_id = %s AND is_default"


def book(person_id: int) -> tuple[int, bool]:
    """How many addresses the person has, and whether there is such a person. One statement."""
    return reads.one(Read(_BOOK, (person_id, person_id), _book))


def _book(row: Any) -> tuple[int, bool]:
    return row[0], bool(row[1])


def add(row: tuple[Any, ...], used_at: datetime) -> None:
    """Write a new address: its columns up to `is_default`, which takes the place of the default before. One statement, or two."""
    if row[-1]:
        later(Write(_NO_DEFAULT, (row[1],)))
        send()
    later(Write(_ADD, (*row, moment(used_at))))
