"""A ride that is booked for later: ordered together with other things, offered to drivers shortly before, called off by notice."""

from datetime import datetime, timedelta

import pytest

from linli.apps.fulfilment import operations as fulfilment
from linli.apps.fulfilment import queries as street
from linli.apps.fulfilment.models import Job
from linli.apps.fulfilment.operations import Spot
from linli.apps.notices import queries as notices
from linli.apps.orders import operations as orders
from linli.apps.orders import queries
from linli.apps.orders.queries import CheckoutWant, OrderView
from linli.apps.payments import operations as payments
from linli.apps.payments import queries as paying
from linli.fronts import riding
from linli.kernel.actors import Actor
from linli.platform import invariants
from tests.driving import STATION, at_the_wheel, company, job_of, matched
from tests.inn import open_inn
from tests.town import HOME, World, refused

DAY = 24 * 60


def tomorrow(world: World) -> datetime:
    """Eight in the morning there, twenty and a half hours from now."""
    return world.at + timedelta(hours=20, minutes=30)


def fare(world: World, starts: datetime | None) -> street.KeptFare:
    places = Spot(name="和平里", point=HOME), Spot(name="火车站", point=STATION)
    kept = street.fares_for(city_id=world.city_id, origin=places[0], target=places[1], at=world.at, starts=starts)
    return next(each for each in kept.classes if each.found.service == "economy")


def book(world: World, method: str = "balance") -> OrderView:
    kept = fare(world, tomorrow(world))
    order = riding.call(
        person_id=world.lin, fare=kept.token, sold=riding.sold(kept), guests=1, method=method, key=world.key(), at=world.at
    )  # fmt: skip
    if method == "cash":
        world.pass_()
        return world.order(order)
    return world.pay(order)


def sound(world: World) -> None:
    assert {name: said for name, said in invariants.check_all(world.at).items() if said} == {}


@pytest.fixture
def rides(world: World) -> World:
    company(world)
    return world


def until(world: World, order: OrderView, minutes: int) -> None:
    """Let time go by up to so many minutes before the ride."""
    world.pass_((order.promise_from - world.at).total_seconds() / 60 - minutes)


def test_from_the_booking_to_the_station(rides: World) -> None:
    order = book(rides)
    assert (order.state, order.promise_from, Job.objects.count()) == ("confirmed", tomorrow(rides), 0)
    assert "ride.booked" in [one.kind for one in notices.inbox(person_id=rides.lin).items]
    assert [each.id for each in queries.rides_ahead(city_id=rides.city_id, until=rides.at + timedelta(days=1))] == [order.id]
    until(rides, order, 21)
    assert Job.objects.count() == 0
    until(rides, order, 20)
    assert (rides.order(order).state, job_of(order).state) == ("calling", "waiting")
    at_the_wheel(rides)
    driver = matched(rides, order)
    fulfilment.arrive(courier_id=driver, job_id=job_of(order).id, at=rides.pass_(3))
    assert street.cancel_terms(ref=order.ref, at=rides.at).fee == 800
    rides.pass_(10)  # still before it begins: nobody has waited in vain
    with refused("ride.wait"):
        fulfilment.no_show(courier_id=driver, job_id=job_of(order).id, at=rides.at)
    assert street.cancel_terms(ref=order.ref, at=rides.at).fee == 800
    fulfilment.pick_up(courier_id=driver, job_id=job_of(order).id, code=order.pickup_code, at=rides.pass_(7))
    fulfilment.finish_ride(courier_id=driver, job_id=job_of(order).id, at=rides.pass_(20))
    rides.pass_(1)
    rides.pass_(4 * 60)
    assert rides.order(order).state == "completed"
    sound(rides)


def test_nobody_is_found_it_costs_nothing_and_that_is_said(rides: World) -> None:
    before, order = paying.balance(person_id=rides.lin), book(rides)
    until(rides, order, 20)
    fulfilment.match_rides(city_id=rides.city_id, at=rides.pass_(10))
    assert rides.order(order).state == "calling"  # it is tried until it was to begin
    fulfilment.match_rides(city_id=rides.city_id, at=rides.pass_(11))
    rides.pass_()
    after = rides.order(order)
    assert (after.state, after.cancel_reason) == ("cancelled", "no_driver")
    assert (paying.balance(person_id=rides.lin), after.kept) == (before, 0)
    assert "order.cancelled" in [one.kind for one in notices.inbox(person_id=rides.lin).items]
    sound(rides)


@pytest.mark.parametrize(("minutes", "share"), [(61, 0), (59, 10)])
def test_called_off_by_notice(rides: World, minutes: int, share: int) -> None:
    before, order = paying.balance(person_id=rides.lin), book(rides)
    until(rides, order, minutes)
    kept = order.total * share // 100
    assert queries.call_off(order=rides.order(order), at=rides.at).kept == kept
    orders.cancel(order_id=order.id, actor=Actor("consumer", rides.lin), reason="plans", at=rides.at)
    assert (rides.order(order).state, rides.order(order).kept) == ("cancelled", kept)
    assert paying.balance(person_id=rides.lin) == before - kept
    rides.pass_(2 * 60)
    assert Job.objects.count() == 0
    sound(rides)


def test_in_cash_nothing_is_kept(rides: World) -> None:
    order = book(rides, "cash")
    assert order.state == "confirmed"
    until(rides, order, 30)
    orders.cancel(order_id=order.id, actor=Actor("consumer", rides.lin), reason="plans", at=rides.at)
    assert rides.order(order).kept == 0
    sound(rides)


def test_dinner_a_room_and_the_ride_in_one_checkout(rides: World) -> None:
    inn = open_inn(rides)
    inn.put(rides.lin)
    rides.fill(rides.lin, {"牛肉面": 1})
    kept = fare(rides, tomorrow(rides))
    store, offer = riding.sold(kept)
    orders.add_line(person_id=rides.lin, store_id=store, offer_id=offer, guests=1, details={"fare": kept.token}, at=rides.at)
    wants = [
        rides.want(),
        CheckoutWant(store_id=inn.store_id, mode="stay", coupon_id=None),
        CheckoutWant(store_id=store, mode="ride", coupon_id=None),
    ]
    quote = queries.quote_all(person_id=rides.lin, wants=wants, at=rides.at)
    assert quote.problems == ()
    made = orders.place_all(
        person_id=rides.lin, wants=wants, quote_token=quote.token, method="balance", idempotency_key=rides.key(), at=rides.at
    )
    intent = paying.intent(ref=f"co:{made[0].checkout_id}")
    payments.start(intent_id=intent.id, person_id=rides.lin, method="balance", at=rides.at)
    rides.pass_()
    assert {each.mode: rides.order(each).state for each in made} == {"delivery": "paid", "stay": "paid", "ride": "confirmed"}
    sound(rides)


@pytest.mark.parametrize("minutes", [-10, 0, 39, 7 * DAY + 1])
def test_too_soon_and_too_far_away(rides: World, minutes: int) -> None:
    with refused("ride.when"):
        fare(rides, rides.at + timedelta(minutes=minutes))


def test_who_is_free_now_does_not_count_but_the_night_does(rides: World) -> None:
    now = fare(rides, None).found.fare
    morning, night = fare(rides, tomorrow(rides)).found.fare, fare(rides, rides.at + timedelta(hours=14)).found.fare
    assert [part.kind for part in night.parts if part.kind == "night"] == ["night"]
    assert "surge" not in [part.kind for part in morning.parts]
    assert now.total > 0


def test_paid_so_late_that_it_begins_a_driver_is_looked_for_at_once(rides: World) -> None:
    kept = fare(rides, rides.at + timedelta(minutes=41))
    order = riding.call(
        person_id=rides.lin, fare=kept.token, sold=riding.sold(kept), guests=1, method="balance", key=rides.key(), at=rides.at
    )  # fmt: skip
    orders.paid(order_id=order.id, method="balance", at=rides.at + timedelta(minutes=30))
    assert rides.order(order).state == "calling"
