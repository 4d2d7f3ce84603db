"""Trips that are kept: changed stop by stop on pages without scripts; what cannot be is said, and the plan is as it was."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from linli.apps.accounts import operations as accounts
from linli.apps.catalog import operations as catalog
from linli.apps.catalog.operations import OfferRow
from linli.apps.discovery import operations
from linli.apps.discovery.models import SavedTrip
from linli.apps.discovery.queries import bookable, saved_trips, trips
from linli.apps.discovery.queries.saved_trips import TripChange
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.load import StoreRow
from linli.apps.orders import operations as operations_of_orders
from linli.apps.orders import queries
from linli.apps.orders.queries import CheckoutWant
from linli.apps.stock import operations as stock
from linli.kernel.actors import SYSTEM
from linli.kernel.errors import Conflict
from linli.kernel.geo import Point
from linli.kernel.time import Opening
from linli.platform import jobs
from linli.platform.ids import seal, unseal
from tests.fronts.consumer.conftest import browser
from tests.inn import ZONE, open_inn
from tests.town import World

EVERY = tuple(Opening(day, 9 * 60, 21 * 60) for day in range(7))
SIGHTS = (("天坛公园", 39.905, "2小时 - 4小时"), ("小城博物馆", 39.909, "1小时"), ("老街", 39.912, "1小时"), ("后山公园", 39.915, "4小时"))


class Planner:
    """Lin with a kept trip of two days."""

    def __init__(self, world: World, client: Client) -> None:
        self.world, self.client = world, client
        rows = [
            StoreRow(
                external_ref=name, name=name, point=Point(lat, 116.41), kind="sight", per_head=1_000, rating=47, facts={"visit": visit}
            )
            for name, lat, visit in SIGHTS
        ]
        rows += [
            StoreRow(
                external_ref=f"食堂{n}",
                name=f"食堂{n}",
                point=Point(39.906 + n / 500, 116.408),
                kind="restaurant",
                openings=EVERY,
                per_head=2_000,
                rating=42,
            )
            for n in range(6)
        ]
        trips._places.cache_clear()
        numbers = merchants.bulk_put(city_id=world.city_id, rows=rows, at=world.at)
        self.stores = {row.name: number for row, number in zip(rows, numbers, strict=True)}
        self.wish = {"starts": world.at.date().isoformat(), "days": "2", "party": "2", "budget": "800"}
        kept = client.post("/trips", self.wish)
        assert kept.status_code == 302, kept.content.decode()[:3000]
        self.address = kept["Location"].partition("#")[0]
        self.id = unseal("tp", self.address.rsplit("/", 1)[1])

    @property
    def kept(self) -> saved_trips.TripView:
        return saved_trips.saved_trip(person_id=self.world.lin, trip_id=self.id)

    def days(self) -> list[list[str]]:
        return [[stop.store.name for stop in stops] for _, stops, _ in self.kept.trip.days]

    def day_of(self, name: str) -> int | None:
        return next((number for number, names in enumerate(self.days(), 1) if name in names), None)

    def do(self, what: str, **more: object) -> object:
        sent = {"do": what, "version": self.kept.version, **more}
        return self.client.post(self.address, {name: str(value) for name, value in sent.items()})

    def stop(self, name: str) -> str:
        return seal("st", self.stores[name])


@pytest.fixture
def plan(town: World, lin: Client) -> Planner:
    return Planner(town, lin)


def test_a_kept_trip_is_there_again_and_says_why_of_every_stop(plan: Planner) -> None:
    page = unescape(plan.client.get(plan.address).content.decode())
    assert plan.client.get("/trips").content.decode().count(plan.address) == 1
    for _, stops, _ in plan.kept.trip.days:
        for stop in stops:
            assert (stop.store.name_en or stop.store.name) in page
    assert all(row.visit.why for _, stops, _ in plan.kept.trip.days for row in stops)
    assert "Book this trip" in page


def test_a_stop_is_moved_to_a_day_and_a_time_and_stays_there(plan: Planner) -> None:
    name = next(name for name in ("小城博物馆", "老街") if plan.day_of(name))
    to = 3 - (plan.day_of(name) or 1)
    assert plan.do("move", stop=plan.stop(name), day=to, part="afternoon").status_code == 302  # type: ignore[attr-defined]
    assert plan.day_of(name) == to
    (visit,) = [stop.visit for _, stops, _ in plan.kept.trip.days for stop in stops if stop.store.name == name]
    assert 720 <= visit.begins <= 1019
    page = plan.client.get(plan.address).content.decode()
    assert "fixed" in page
    plan.do("drop", stop=plan.stop("天坛公园"))
    assert (plan.day_of("天坛公园"), plan.day_of(name)) == (None, to)
    assert plan.do("free", stop=plan.stop(name)).status_code == 302  # type: ignore[attr-defined]
    assert plan.stores[name] not in (plan.kept.trip.wish.pins or {})


def test_another_one_takes_its_place_and_the_rest_stays(plan: Planner) -> None:
    meal = next(stop for stop in plan.kept.trip.days[0][1] if stop.visit.meal == "lunch")
    before = plan.days()
    page = plan.client.get(f"{plan.address}/swap/{seal('st', meal.store.id)}").content.decode()
    other = re.search(r'name="other" value="([^"]+)"', page)
    assert other
    assert plan.do("swap", stop=seal("st", meal.store.id), other=other[1]).status_code == 302  # type: ignore[attr-defined]
    after = plan.days()
    assert meal.store.name not in after[0] + after[1]
    lunch = next(stop for stop in plan.kept.trip.days[0][1] if stop.visit.meal == "lunch")
    assert lunch.store.id == unseal("st", other[1])
    kept = sum(len(set(old) & set(new)) for old, new in zip(before, after, strict=True))
    assert kept >= sum(map(len, before)) - 2


def test_a_place_is_found_and_put_in_and_the_last_change_can_be_undone(plan: Planner) -> None:
    plan.do("drop", stop=plan.stop("老街"))
    assert plan.day_of("老街") is None
    assert "老街" in plan.client.get(f"{plan.address}/add?q=老").content.decode()
    assert "No such place" in plan.client.get(f"{plan.address}/add?q=zzz").content.decode()
    assert plan.do("add", stop=plan.stop("老街"), day=2).status_code == 302  # type: ignore[attr-defined]
    assert plan.day_of("老街") == 2
    assert plan.do("undo").status_code == 302  # type: ignore[attr-defined]
    assert plan.day_of("老街") is None
    assert plan.do("undo").status_code == 422  # type: ignore[attr-defined]


def test_money_holds_and_what_cannot_be_changes_nothing(plan: Planner) -> None:
    before = SavedTrip.objects.values().get(pk=plan.id)
    answer = plan.do("frame", starts=plan.wish["starts"], days=2, party=2, budget="10")
    text = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert "The money is less than" in text
    assert "Your plan is as it was." in text
    plan.do("add", stop=plan.stop("后山公园"), day=1, part="")
    long = plan.do("move", stop=plan.stop("后山公园"), day=1, part="evening")
    assert long.status_code == 409  # type: ignore[attr-defined]
    assert "“后山公园” does not fit in like that" in unescape(long.content.decode())  # type: ignore[attr-defined]
    plan.do("undo")
    now = SavedTrip.objects.values().get(pk=plan.id)
    assert {name: now[name] for name in ("home", "wish", "plan")} == {name: before[name] for name in ("home", "wish", "plan")}
    assert plan.do("frame", starts=plan.wish["starts"], days=1, party=3, budget="400").status_code == 302  # type: ignore[attr-defined]
    kept = plan.kept.trip
    assert (len(kept.days), kept.wish.party) == (1, 3)
    assert kept.cost <= 40_000


def test_two_devices_do_not_overwrite_each_other(plan: Planner) -> None:
    version = plan.kept.version
    plan.do("drop", stop=plan.stop("老街"))
    late = plan.client.post(plan.address, {"do": "drop", "version": version, "stop": plan.stop("天坛公园")})
    assert late.status_code == 409
    assert "changed meanwhile" in late.content.decode()
    with pytest.raises(Conflict):
        operations.change_trip(
            person_id=plan.world.lin, trip_id=plan.id, version=version, change=TripChange("drop", plan.stores["天坛公园"]), at=plan.world.at
        )
    assert plan.day_of("老街") is None


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"do": "dance"}, 422), ({"do": "move", "stop": "st-nothing"}, 404), ({"do": "move", "day": "9"}, 422),
        ({"do": "move", "day": "x"}, 422), ({"do": "move", "part": "midnight"}, 422), ({"do": "swap", "other": ""}, 404),
        ({"do": "frame", "starts": "someday", "days": "1", "party": "1", "budget": "1"}, 422),
        ({"do": "frame", "starts": "2026-06-01", "days": "99", "party": "1", "budget": "500"}, 422),
        ({"do": "frame", "starts": "2020-06-01", "days": "1", "party": "1", "budget": "500"}, 422),
        ({"do": "sleep", "hotel": "st-nothing"}, 404),
    ],
)  # fmt: skip
def test_a_change_that_makes_no_sense_is_refused(plan: Planner, sent: dict[str, str], status: int) -> None:
    before, name = plan.days(), plan.days()[0][0]
    stop = seal("st", next(s.store.id for _, stops, _ in plan.kept.trip.days for s in stops if s.store.name == name))
    assert plan.do(**{"what": sent["do"], "stop": stop, **{key: text for key, text in sent.items() if key != "do"}}).status_code == status  # type: ignore[attr-defined, arg-type]
    assert plan.days() == before


def test_a_trip_is_its_persons_alone_and_goes_with_them(plan: Planner) -> None:
    other = browser(plan.world, plan.world.he)
    assert other.get(plan.address).status_code == 404
    assert other.post(plan.address, {"do": "undo", "version": "1"}).status_code == 404
    assert other.post(f"{plan.address}/remove").status_code == 404
    assert browser(plan.world, None).get(plan.address).status_code == 302
    assert plan.client.post(f"{plan.address}/remove").status_code == 302
    assert plan.client.get(plan.address).status_code == 404
    plan.client.post("/trips", plan.wish)
    accounts.erase_person(person_id=plan.world.lin, by=SYSTEM, at=plan.world.at)
    jobs.drain(plan.world.at)
    assert not SavedTrip.objects.filter(person_id=plan.world.lin).exists()


class Booked(Planner):
    """With an inn, tickets for one sight and tables in one place to eat, both of them fixed in the plan."""

    def __init__(self, world: World, client: Client) -> None:
        super().__init__(world, client)
        self.inn = open_inn(world, doubles=1)
        self.sight, self.house = self.stores["小城博物馆"], self.stores["食堂0"]
        say = {"actor": SYSTEM, "at": world.at}
        rows = [
            OfferRow(store_id=store, external_ref=kind, section="票", name=name, name_en=english, price=price, kind=kind)
            for store, kind, name, english, price in (
                (self.sight, "ticket", "成人票", "Adult", 1_000), (self.house, "table", "订座", "A table", 2_000),
            )
        ]  # fmt: skip
        self.ticket, self.table = catalog.bulk_put_menu(rows=rows, at=world.at)
        catalog.set_ticket_terms(offer_id=self.ticket, opens=540, closes=1020, slot_minutes=120, **say)
        stock.set_entries(store_id=self.sight, offer_id=self.ticket, name="票", capacity=2, slot_minutes=120, opens=540, zone=ZONE, **say)
        catalog.save_tables(offer_id=self.table, sittings=[(660, 840), (1020, 1200)], turns=[(4, 90)], deposit_from=2, **say)
        stock.save_resource(store_id=self.house, kind="table", name="四人桌", seats=4, capacity=1, **say)
        starts = (world.at.date() + timedelta(days=2)).isoformat()
        assert self.do("frame", starts=starts, days=2, party=2, budget="2000").status_code == 302  # type: ignore[attr-defined]
        assert self.do("add", stop=seal("st", self.sight), day=2).status_code == 302  # type: ignore[attr-defined]
        assert self.do("add", stop=seal("st", self.house), day=1, part="lunch").status_code == 302  # type: ignore[attr-defined]

    def shown(self) -> list[str]:
        page = self.client.get(f"{self.address}/book").content.decode()
        return [unescape(key) for key in re.findall(r'name="(?:bed|pick)" value="([^"]+)"', page)]


@pytest.fixture
def booked(town: World, lin: Client) -> Booked:
    return Booked(town, lin)


def test_nights_tickets_and_tables_of_a_trip_go_into_one_checkout(booked: Booked) -> None:
    found = bookable.bookable(kept=booked.kept, at=booked.world.at)
    assert {one.kind: one.total for one in found if one.kind != "room"} == {"ticket": 2_000, "table": 4_000}
    assert booked.shown() == [one.key for one in found]
    sent = booked.client.post(f"{booked.address}/book", {"bed": found[0].key, "pick": [one.key for one in found[1:]]})
    assert sent.status_code == 302
    parts = parse_qs(urlsplit(sent["Location"]).query)["part"]
    wants = [
        CheckoutWant(store_id=unseal("st", name), mode=mode, coupon_id=None) for name, _, mode in (part.partition(":") for part in parts)
    ]
    assert {want.mode for want in wants} == {"stay", "voucher", "table"}
    quote = queries.quote_all(person_id=booked.world.lin, wants=wants, at=booked.world.at)
    assert quote.problems == ()
    assert quote.total == sum(one.total for one in found)
    orders = operations_of_orders.place_all(
        person_id=booked.world.lin, wants=wants, quote_token=quote.token, method="balance", idempotency_key="trip-0001", at=booked.world.at
    )
    assert len({order.checkout_id for order in orders}) == 1
    after = bookable.bookable(kept=booked.kept, at=booked.world.at)  # what is held is not to be had again: the other room, another time
    assert "ticket" not in {one.kind for one in after}
    assert {one.key for one in after} & {one.key for one in found} == set()


def test_what_was_taken_meanwhile_is_said_and_no_cart_is_filled(booked: Booked) -> None:
    keys = booked.shown()
    booked.inn.book(booked.world.he, first=booked.kept.trip.wish.starts, nights=1)
    refused = booked.client.post(f"{booked.address}/book", {"bed": keys[0], "pick": keys[1:]})
    assert (refused.status_code, "was taken meanwhile" in refused.content.decode()) == (409, True)
    assert queries.carts(person_id=booked.world.lin) == []
    assert booked.client.post(f"{booked.address}/book", {"bed": ""}).status_code == 422
    one = booked.client.post(f"{booked.address}/book", {"pick": keys[1]})
    assert re.fullmatch(r"/checkout/st-[^?]+\?mode=(voucher|table)", one["Location"])


def test_a_hotel_of_ones_choice_is_the_bed_that_the_days_begin_from(booked: Booked) -> None:
    assert booked.do("sleep", bed=booked.shown()[0]).status_code == 302  # type: ignore[attr-defined]
    assert (booked.kept.home.hotel_id, booked.kept.home.name) == (booked.inn.store_id, "前门客栈")
    assert [one.store.id for one in bookable.bookable(kept=booked.kept, at=booked.world.at) if one.kind == "room"] == [booked.inn.store_id]
    assert booked.do("sleep", hotel=seal("st", booked.house)).status_code == 404  # type: ignore[attr-defined]
