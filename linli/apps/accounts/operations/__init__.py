"""What people do with their account, and what operators do with roles."""

from linli.apps.accounts.operations.addresses import delete_address, save_address, touch_address
from linli.apps.accounts.operations.people import (
    PersonWant,
    ensure_people,
    ensure_person,
    erase_person,
    grant_role,
    revoke_role,
    set_profile,
)

__all__ = [
    "PersonWant",
    "delete_address",
    "ensure_people",
    "ensure_person",
    "erase_person",
    "grant_role",
    "revoke_role",
    "save_address",
    "set_profile",
    "touch_address",
]
