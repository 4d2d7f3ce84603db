"""What people do with their account, and what operators do with roles."""

from linli.apps.accounts.operations.addresses import delete_address, save_address, touch_address
from linli.apps.accounts.operations.consents import set_consent
from linli.apps.accounts.operations.people import (
    PersonWant,
    ensure_people,
    ensure_person,
    erase_person,
    grant_role,
    lock,
    revoke_role,
    set_profile,
)
from linli.apps.accounts.operations.signing import CodeSent, issue_token, request_code, sign_in, sign_out
from linli.apps.accounts.operations.trusting import trust, trust_nobody

__all__ = [
    "CodeSent",
    "PersonWant",
    "delete_address",
    "ensure_people",
    "ensure_person",
    "erase_person",
    "grant_role",
    "issue_token",
    "lock",
    "request_code",
    "revoke_role",
    "save_address",
    "set_consent",
    "set_profile",
    "sign_in",
    "sign_out",
    "touch_address",
    "trust",
    "trust_nobody",
]
