"""What is said about rides: to whoever rides, to the contact they trust, and to anybody whom they gave the link."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext, override

from linli.apps.accounts import queries as accounts
from linli.apps.fulfilment import queries as street
from linli.apps.orders import queries as orders
from linli.apps.orders.events import OrderMoved
from linli.kernel.errors import N_
from linli.platform import channels, policies, security
from linli.policy import rides

TRIP = "trip"  # what the link to a trip is signed for
TOLD = {"match": "ride.matched", "arrive": "ride.arrived", "finish": "ride.finished"}
_CONTACT = {
    "start": N_("%(name)s has set off from %(origin)s to %(target)s in the car %(plate)s and wanted you to know: %(link)s"),
    "finish": N_("%(name)s has arrived at %(target)s."),
}


def trip_link(*, order_id: int, city_id: int, at: datetime) -> str:
    """An address under which anybody can follow the trip of an order for some hours, and nothing else of the person's."""
    token = security.sign(TRIP, {"o": order_id}, at=at, valid_for_s=policies.whole(rides.SHARE_H, city_id) * 3600)
    return f"{settings.BASE_URL}/t/{token}"


def trip_of(*, token: str, at: datetime) -> int:
    """The order of such a link. Raises Gone when its time is over, Invalid when it is none of ours."""
    return int(security.read(TRIP, token, at=at)["o"])


def plate(order_id: int) -> str:
    """The number plate of the car that drives the order; empty when there is none."""
    driver = street.ride(ref=f"or:{order_id}").driver
    return driver.plate if driver else ""


def tell_contact(event: OrderMoved, at: datetime) -> None:
    """The trusted contact hears, by SMS, that the ride has begun or ended."""
    contact = accounts.trusted_contact(person_id=event.person_id)
    text = _CONTACT.get(event.event)
    if contact is None or text is None:
        return
    person, order = accounts.person(person_id=event.person_id), orders.order(order_id=event.order_id)
    ends = order.items[0].details
    with override(person.locale):
        body = gettext(text) % {
            "name": person.name or gettext("Somebody"), "origin": ends["from"]["name"], "target": ends["to"]["name"],
            "plate": plate(event.order_id), "link": trip_link(order_id=event.order_id, city_id=event.city_id, at=at),
        }  # fmt: skip
    channels.send(channel="sms", to=contact.phone, body=body, at=at)
