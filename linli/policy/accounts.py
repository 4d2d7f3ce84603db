"""Accounts and address books."""

from __future__ import annotations

from linli.kernel.errors import N_
from linli.policy.number import Number

ADDRESSES_MOST = Number("accounts.addresses_most", 30, "addresses", 5, 200, N_("Most addresses that one person's book holds."))
