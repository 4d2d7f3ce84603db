"""One of everything that belongs to somebody: Lin's at the noodle shop, brought by Zhao; and those whom none of it concerns."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from linli.apps.accounts import operations as accounts
from linli.apps.care import operations as care
from linli.apps.catalog import queries as menus
from linli.apps.community import operations as community
from linli.apps.dining import operations as dining
from linli.apps.discovery import operations as discovery
from linli.apps.discovery.queries.saved_trips import Home
from linli.apps.discovery.queries.trips import Wish
from linli.apps.fulfilment import queries as street
from linli.apps.notices import queries as inbox
from linli.apps.orders import operations as orders
from linli.apps.orders import queries as ordered
from linli.apps.payments import queries as paying
from linli.apps.stock import queries as calendar
from linli.kernel.actors import Actor
from linli.kernel.geo import Point
from linli.platform import ids, jobs
from tests.driving import call, company
from tests.passes import buy, codes, voucher
from tests.salon import salon
from tests.town import World

SECRETS = ("13800000001", "138****0001", "+8613800000001", "3单元 501")  # what only those whom the order concerns may read


class Estate:
    """Lin's things, sealed, by the names that addresses give them."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.limit("牛肉面", 50)
        had = world.delivered()
        case = care.complain(order_id=had.id, person_id=world.lin, kind="quality", text="凉了", wanted=5_000, at=world.at)
        review = self._review(had.id)
        self.open = world.picked_up()
        bought = buy(world, voucher(world))
        checkout, trip, booking = self._together(), self._trip(), self._booking()
        world.fill(world.lin, {"素面": 1})
        company(world)
        ride = call(world, method="cash")
        job = street.job(ref=self.open.ref)
        (line,) = ordered.cart(person_id=world.lin, store_id=world.noodles, at=world.at).lines
        offer = menus.offers(ids=[world.dishes["牛肉面"]])[world.dishes["牛肉面"]]
        (section, *_) = menus.menu(store_id=world.noodles).sections
        jobs.drain(world.at)
        message = inbox.inbox(person_id=world.lin).items[0]
        table, visit, pick, share, waiting = self._eating_in()
        number = {
            "table": ("tb", table), "visit": ("vi", visit), "pick": ("pk", pick), "share": ("sh", share), "waiting": ("wa", waiting),
            "ride": ("or", ride.id), "order": ("or", self.open.id), "intent": ("in", paying.intent(ref=self.open.ref).id),
            "job": ("jb", job.id),
            "case": ("cs", case.id), "review": ("rv", review), "address": ("ad", world.home), "line": ("li", line.id),
            "message": ("ms", message.id), "offer": ("of", offer.id), "option": ("op", world.options["大份"]),
            "group": ("gr", offer.groups[0].id), "section": ("se", section.id), "person": ("pe", world.chen.person_id),
            "pass": ("ps", codes(bought)[0].id),
            "checkout": ("ck", checkout), "trip": ("tp", trip), "stop": ("st", world.noodles),
            "booking": ("bk", booking),
        }  # fmt: skip
        self.ids = {name: ids.seal(kind, value) for name, (kind, value) in number.items()}
        self.stores = {"noodles": ids.seal("st", world.noodles), "dumplings": ids.seal("st", world.dumplings)}
        self.secrets = (*SECRETS, self.open.number)

    def _review(self, order_id: int) -> int:
        return community.review(order_id=order_id, person_id=self.world.lin, stars=2, text="凉了", at=self.world.at).id

    def _eating_in(self) -> tuple[int, int, int, int, int]:
        """Lin at a table with something sent, something picked and a split bill, and a number in the line."""
        world = self.world
        how: dict[str, Any] = {"visit_id": 0, "person_id": world.lin, "offer_id": world.dishes["素面"], "at": world.at}
        table = dining.save_table(store_id=world.noodles, name="A1", seats=2, size="small", actor=world.chen, at=world.at)
        how["visit_id"] = visit = dining.sit_down(table_id=table, person_id=world.lin, at=world.at)
        dining.add_pick(**how)
        dining.send(visit_id=visit, actor=Actor("consumer", world.lin), at=world.at)
        share, _ = dining.split_evenly(visit_id=visit, actor=Actor("consumer", world.lin), ways=2, at=world.at)
        pick = dining.add_pick(**how)
        return table, visit, pick, share, dining.enqueue(store_id=world.noodles, people=2, person_id=world.lin, at=world.at)

    def _together(self) -> int:
        """A checkout that waits for its money."""
        world, wants = self.world, [self.world.want()]
        world.fill(world.lin, {"素面": 3})
        token = ordered.quote_all(person_id=world.lin, wants=wants, at=world.at).token
        made = orders.place_all(
            person_id=world.lin, wants=wants, quote_token=token, method="balance", idempotency_key=world.key(), at=world.at
        )  # fmt: skip
        return made[0].checkout_id or 0

    def _booking(self) -> int:
        """A haircut tomorrow, in the calendar of a shop that is nobody's of the cast."""
        shop = salon(self.world)
        shop.hold("or:1", shop.line(shop.cut, shop.at(10)))
        return calendar.bookings_of(refs=["or:1"])["or:1"][0].id

    def _trip(self) -> int:
        """A day out, with lunch and dinner in the town."""
        home, wish = Home(Point(39.905, 116.4), "和平里"), Wish(self.world.at.date(), 1, 2, 50_000)
        return discovery.keep_trip(person_id=self.world.lin, city_id=self.world.city_id, home=home, wish=wish, at=self.world.at)

    def token(self, person_id: int) -> str:
        return accounts.issue_token(person_id=person_id, at=self.world.at - timedelta(seconds=1))


def fitting(schema: dict[str, Any], document: dict[str, Any], known: dict[str, str]) -> Any:
    """The plainest value that fits `schema`; an identifier is one of `known` (by its two letters) when there is one."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        return fitting(schema["anyOf"][0], document, known)
    if "const" in schema or "enum" in schema:
        return schema.get("const") or schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        wanted = schema.get("required", [])
        return {name: fitting(part, document, known) for name, part in schema.get("properties", {}).items() if name in wanted}
    if kind == "array":
        return [fitting(schema["items"], document, known) for _ in range(schema.get("minItems", 0))]
    if kind in {"integer", "number"}:
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    if kind == "boolean":
        return True
    if schema.get("pattern", "").startswith("^"):
        letters = schema["pattern"][1:3]
        return known.get(letters) or ids.seal(letters, 987_654)
    if schema.get("format") == "date-time":
        return "2026-05-20T10:00:00Z"
    return "x" * max(1, schema.get("minLength", 1))


def as_json(value: Any) -> bytes:
    return b"" if value is None else json.dumps(value).encode()
