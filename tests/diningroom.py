"""The dumpling shop as a place to eat in: four tables, and Lin and He who sit down together."""

from __future__ import annotations

from dataclasses import dataclass

from linli.apps.dining import operations as dining
from linli.apps.dining import queries
from linli.apps.dining.queries import VisitView
from linli.apps.orders import operations as orders
from linli.apps.payments import operations as payments
from linli.kernel.actors import Actor
from linli.platform import invariants
from tests.town import World


@dataclass
class DiningRoom:
    """The tables by name, and the steps of a meal. Wang's people take on whatever comes."""

    world: World
    store: int
    tables: dict[str, int]

    def sit(self, person_id: int = 0, table: str = "A1", people: int = 2) -> int:
        """Scan the code of a table."""
        return dining.sit_down(table_id=self.tables[table], person_id=person_id or self.world.lin, people=people, at=self.world.at)

    def pick(self, visit: int, person_id: int, dish: str = "猪肉饺子", qty: int = 1, course: int = 2) -> int:
        """Put a dish into the cart of the table."""
        offer = self.world.dishes[dish]
        return dining.add_pick(visit_id=visit, person_id=person_id, offer_id=offer, qty=qty, course=course, at=self.world.at)

    def send(self, visit: int, person_id: int = 0, course: int | None = None) -> list[int]:
        """Send what was picked."""
        who = Actor("consumer", person_id or self.world.lin)
        made = dining.send(visit_id=visit, actor=who, course=course, at=self.world.at)
        self.world.pass_()
        return made

    def serve(self, visit: int) -> None:
        """Everything is made and brought."""
        for order in self.look(visit).orders:
            if order.state in {"accepted", "ready"}:
                orders.advance(order_id=order.id, event="serve", actor=self.world.wang, at=self.world.at)
        self.world.pass_()

    def look(self, visit: int) -> VisitView:
        """The visit as it is now."""
        return queries.visit(visit_id=visit, at=self.world.at)

    def pay(self, intent_id: int, person_id: int) -> None:
        """Pay a share from the balance, and let the news be heard."""
        payments.start(intent_id=intent_id, person_id=person_id, method="balance", at=self.world.at)
        self.world.pass_()

    def meal(self) -> int:
        """Lin has a portion of pork dumplings (32.00), He two of three delights (72.00) and one of pork: 136.00, with the kitchen."""
        visit = self.sit()
        self.sit(self.world.he)
        self.pick(visit, self.world.lin)
        self.pick(visit, self.world.he, "三鲜饺子", 2)
        self.pick(visit, self.world.he)
        self.send(visit)
        return visit

    def state(self, table: str) -> str:
        """What the floor plan says of a table."""
        return next(spot.state for spot in queries.floor(store_id=self.store) if spot.table.name == table)

    def sound(self) -> None:
        """Every rule about money, orders and tables holds."""
        self.world.pass_()
        broken = {name: said for name, said in invariants.check_all(self.world.at).items() if said}
        assert broken == {}


def dining_room(world: World) -> DiningRoom:
    """The room, with tables A1 and A2 for two, B1 for four and C1 for eight."""
    rows = (("A1", 2, "small"), ("A2", 2, "small"), ("B1", 4, "medium"), ("C1", 8, "large"))
    tables = {
        name: dining.save_table(store_id=world.dumplings, name=name, seats=seats, size=size, x=n, actor=world.wang, at=world.at)
        for n, (name, seats, size) in enumerate(rows)
    }
    return DiningRoom(world, world.dumplings, tables)
