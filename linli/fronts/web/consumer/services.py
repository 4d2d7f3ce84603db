"""What can be had: the signs under the search field of the first page, in their order. A new service is a line here."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Service:
    """One way in: its name (a msgid), its sign, and where it leads."""

    name: str
    icon: str
    href: str


SERVICES = (
    Service(N_("Takeaway"), "bowl", "/search?mode=delivery"),
    Service(N_("Hotels"), "bed", "/stays"),
    Service(N_("Ride"), "car", "/ride"),
    Service(N_("Appointments"), "calendar", "/nearby/services"),
    Service(N_("Deals and tickets"), "ticket", "/nearby/passes"),
    Service(N_("Trip planner"), "map", "/trip"),
)
