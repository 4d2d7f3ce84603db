"""The statements that every order runs, written by hand once for both databases."""

from __future__ import annotations

from django.db import connection

from linli.apps.orders.states import CLOSED

_CLAIM = """
INSERT INTO orders_claim (person_id, "key", digest, order_id) VALUES (%s, %s, %s, %s)
ON CONFLICT (person_id, "key") DO NOTHING RETURNING order_id
"""
_CLAIMED = 'SELECT order_id, digest FROM orders_claim WHERE person_id = %s AND "key" = %s'
_ORDERED = f"SELECT 1 FROM orders_order WHERE person_id = %s AND state NOT IN ({', '.join(['%s'] * len(CLOSED))}) LIMIT 1"


def claim(person_id: int, key: str, digest: str, order_id: int) -> tuple[int, str] | None:
    """Take the key; None when it is ours now, otherwise the order id and the digest it was taken with.

    Whoever comes second waits here until the first one's transaction has ended. One statement, two when it is taken.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [person_id, key, digest, order_id])
        if cursor.fetchone() is not None:
            return None
        cursor.execute(_CLAIMED, [person_id, key])
        found: tuple[int, str] = cursor.fetchone()
        return found


def has_ordered(person_id: int) -> bool:
    """Whether the person has an order that did not come to nothing. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ORDERED, [person_id, *sorted(CLOSED)])
        return cursor.fetchone() is not None
