"""The ways to pay: one table of methods, one of providers, one of what the house does itself."""

from __future__ import annotations

from django.conf import settings

from linli.apps.payments.adapters.balance import Balance
from linli.apps.payments.adapters.base import House, Method, Provider
from linli.apps.payments.adapters.cash import Cash
from linli.apps.payments.adapters.sandbox.provider import Sandbox
from linli.apps.payments.adapters.tab import Tab
from linli.kernel.errors import N_

_PROVIDERS: tuple[Provider, ...] = (Sandbox(),) if settings.SANDBOX_PAY else ()
_METHODS = (
    Method("sandbox", N_("Sandbox Pay"), "sandbox"),
    Method("sandbox_qr", N_("Sandbox Pay, by QR code"), "sandbox"),
    Method("balance", N_("Balance")),
    Method("cash", N_("Cash on delivery"), modes=("delivery", "ride")),
    Method("tab", N_("On the table's bill"), modes=("dine_in",), offered=False),
    Method("desk", N_("At the hotel"), modes=("stay",), offered=False),
    Method("later", N_("After the stay"), modes=("stay",), offered=False),
)
PROVIDERS: dict[str, Provider] = {provider.code: provider for provider in _PROVIDERS}
METHODS: dict[str, Method] = {method.code: method for method in _METHODS if method.provider in ("", *PROVIDERS)}
HOUSE: dict[str, House] = {"balance": Balance(), "cash": Cash(), "tab": Tab(), "desk": Cash(), "later": Tab()}
