"""How often the sandbox provider behaves as badly as real ones sometimes do, when nobody chooses on its page."""

from __future__ import annotations

from linli.kernel.errors import N_
from linli.policy.number import Number

LATE_BP = Number("sandbox.late_bp", 100, "bp", 0, 10000, N_("Share of payments of which the sandbox tells a minute late."))
TWICE_BP = Number("sandbox.twice_bp", 100, "bp", 0, 10000, N_("Share of payments of which the sandbox tells twice."))
SHUFFLED_BP = Number("sandbox.shuffled_bp", 100, "bp", 0, 10000, N_("Share of payments of which the sandbox tells in the wrong order."))
NEVER_BP = Number("sandbox.never_bp", 30, "bp", 0, 10000, N_("Share of payments of which the sandbox never tells."))
