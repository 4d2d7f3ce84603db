"""Menus are loaded, read, priced and edited; what is sold out or gone cannot be priced."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from linli.apps.catalog import operations, queries
from linli.apps.catalog.models import Offer
from linli.apps.catalog.operations import OfferRow, OptionDraft
from linli.apps.catalog.queries import LineWant, OfferView
from linli.kernel.actors import Actor
from linli.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from linli.platform.models import Event
from tests.world import EXTRAS, MONDAY_NOON, SIZE, beijing, noodle_menu, noodles, skewers

pytestmark = pytest.mark.django_db


class Shop:
    def __init__(self) -> None:
        self.city_id = beijing()
        self.store_id = noodles(self.city_id)
        self.offers = noodle_menu(self.store_id)
        self.keeper = Actor("merchant", 7, self.store_id)

    def offer(self, ref: str) -> OfferView:
        return queries.offer(offer_id=self.offers[ref])

    def option(self, name: str) -> int:
        return next(o.id for group in self.offer("beef").groups for o in group.options if o.name == name)

    def price(self, *wants: LineWant) -> list[queries.LinePrice]:
        return queries.price(store_id=self.store_id, lines=wants, at=MONDAY_NOON)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_a_menu_reads_back_under_its_headings(shop: Shop) -> None:
    menu = queries.menu(store_id=shop.store_id)
    assert [(section.name, [offer.name for offer in section.offers]) for section in menu.sections] == [
        ("招牌", ["牛肉面"]), ("热菜", ["宫保豆腐"]), ("饮料", ["酸梅汤"]),
    ]  # fmt: skip
    beef, tofu, tea = menu.offers
    assert [(group.name, group.least, group.most, [o.name for o in group.options]) for group in beef.groups] == [
        ("份量", 1, 1, ["小碗", "大碗"]), ("加料", 0, 3, ["煎蛋", "香菜"]),
    ]  # fmt: skip
    assert (tofu.price, tofu.was_price, tofu.allergens, tofu.initials, tofu.daily_limit) == (1800, 2200, ("soy", "peanuts"), "gbdf", 20)
    assert tea.made_up_price


def test_a_menu_takes_one_statement_however_long(shop: Shop) -> None:
    rows = [
        OfferRow(store_id=shop.store_id, external_ref=f"n{n}", section=f"节{n % 7}", name=f"菜{n}", price=n, groups=(SIZE, EXTRAS))
        for n in range(80)
    ]
    operations.bulk_put_menu(rows=rows, at=MONDAY_NOON)
    with CaptureQueriesContext(connection) as seen:
        assert len(queries.menu(store_id=shop.store_id).offers) == 83
    assert len(seen) == 1


def test_loading_again_keeps_ids_and_what_is_sold_out(shop: Shop) -> None:
    operations.set_on_sale(offer_id=shop.offers["tofu"], on=False, actor=shop.keeper, at=MONDAY_NOON)
    size = shop.offer("beef").groups[0].id
    assert noodle_menu(shop.store_id) == shop.offers
    assert not shop.offer("tofu").on_sale
    assert shop.offer("beef").groups[0].id == size


def test_an_option_left_out_of_the_next_loading_is_gone(shop: Shop) -> None:
    smaller = [OfferRow(store_id=shop.store_id, external_ref="beef", section="招牌", name="牛肉面", price=2700, groups=(SIZE,))]
    operations.bulk_put_menu(rows=smaller, at=MONDAY_NOON)
    assert (shop.offer("beef").price, [group.name for group in shop.offer("beef").groups]) == (2700, ["份量"])


def test_a_line_costs_its_dish_and_options_times_its_quantity(shop: Shop) -> None:
    large, egg = shop.option("大碗"), shop.option("煎蛋")
    tea, beef = shop.price(LineWant(shop.offers["tea"], 3), LineWant(shop.offers["beef"], 2, ((egg, 2), (large, 1))))
    assert (tea.unit, tea.amount) == (600, 1800)
    assert (beef.title, beef.title_en, beef.unit, beef.amount) == ("牛肉面", "Beef noodles", 2600 + 400 + 2 * 300, 2 * 3600)
    assert [(pick.name, pick.qty, pick.price) for pick in beef.options] == [("大碗", 1, 400), ("煎蛋", 2, 300)]


def test_pricing_takes_one_statement(shop: Shop) -> None:
    small = shop.option("小碗")
    with CaptureQueriesContext(connection) as seen:
        shop.price(LineWant(shop.offers["beef"], 1, ((small, 1),)), LineWant(shop.offers["tofu"], 1), LineWant(shop.offers["tea"], 1))
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("want", "kind", "code"),
    [
        (lambda shop: LineWant(shop.offers["beef"], 1), Invalid, "option.limits"),  # a size must be chosen
        (lambda shop: LineWant(shop.offers["beef"], 1, ((shop.option("小碗"), 1), (shop.option("大碗"), 1))), Invalid, "option.limits"),
        (lambda shop: LineWant(shop.offers["beef"], 1, ((shop.option("小碗"), 1), (shop.option("煎蛋"), 3))), Invalid, "option.limits"),
        (lambda shop: LineWant(shop.offers["beef"], 1, ((shop.option("小碗"), 1), (shop.option("香菜"), -1))), Invalid, "option.limits"),
        (lambda shop: LineWant(shop.offers["tea"], 1, ((shop.option("小碗"), 1),)), Conflict, "option.gone"),
        (lambda shop: LineWant(shop.offers["tea"], 0), Invalid, "line.qty"),
        (lambda shop: LineWant(shop.offers["tea"], 100), Invalid, "line.qty"),
        (lambda shop: LineWant(12345, 1), Conflict, "offer.gone"),
    ],
)
def test_a_line_that_cannot_be_had_says_why(shop: Shop, want: Callable[[Shop], LineWant], kind: type[Problem], code: str) -> None:
    with pytest.raises(kind) as caught:
        shop.price(want(shop))
    assert caught.value.code == code


def test_another_stores_dish_cannot_be_priced_here(shop: Shop) -> None:
    with pytest.raises(Conflict):
        queries.price(store_id=skewers(shop.city_id), lines=[LineWant(shop.offers["tea"], 1)], at=MONDAY_NOON)


def test_sold_out_and_back(shop: Shop) -> None:
    operations.set_on_sale(offer_id=shop.offers["tea"], on=False, actor=shop.keeper, at=MONDAY_NOON)
    operations.set_on_sale(offer_id=shop.offers["tea"], on=False, actor=shop.keeper, at=MONDAY_NOON)
    with pytest.raises(Conflict) as caught:
        shop.price(LineWant(shop.offers["tea"], 1))
    assert caught.value.params["name"] == "酸梅汤"
    assert list(Event.objects.order_by("id").values_list("name", flat=True)) == ["catalog.offer_changed", "catalog.offer_sold_out"]
    operations.set_on_sale(offer_id=shop.offers["tea"], on=True, actor=shop.keeper, at=MONDAY_NOON)
    assert shop.price(LineWant(shop.offers["tea"], 1))[0].amount == 600


def test_a_sold_out_option_cannot_be_chosen(shop: Shop) -> None:
    large = shop.option("大碗")
    operations.set_option_on_sale(option_id=large, on=False, actor=shop.keeper, at=MONDAY_NOON)
    with pytest.raises(Conflict) as caught:
        shop.price(LineWant(shop.offers["beef"], 1, ((large, 1),)))
    assert (caught.value.code, caught.value.params["name"]) == ("option.gone", "大碗")


def test_a_dish_is_written_changed_and_taken_off(shop: Shop) -> None:
    section = queries.menu(store_id=shop.store_id).sections[0].id
    offer_id = operations.save_offer(
        store_id=shop.store_id, section_id=section, name=" 油泼  扯面 ", price=2200, allergens=["gluten"],
        group_ids=[shop.offer("beef").groups[0].id], actor=shop.keeper, at=MONDAY_NOON,
    )  # fmt: skip
    made = queries.offer(offer_id=offer_id)
    assert (made.name, made.pinyin, [group.name for group in made.groups]) == ("油泼 扯面", "you po che mian", ["份量"])
    operations.save_offer(
        store_id=shop.store_id, offer_id=offer_id, section_id=section, name="油泼面", price=2400, actor=shop.keeper, at=MONDAY_NOON
    )
    assert (queries.offer(offer_id=offer_id).price, len(queries.offer(offer_id=offer_id).groups)) == (2400, 1)
    operations.remove_offer(offer_id=offer_id, actor=shop.keeper, at=MONDAY_NOON)
    with pytest.raises(NotFound):
        queries.offer(offer_id=offer_id)
    assert Offer.objects.filter(id=offer_id).exists()  # orders still point to it


@pytest.mark.parametrize(
    "changes", [{"name": " "}, {"name": "x" * 61}, {"price": -1}, {"was_price": 2000}, {"allergens": ["moon"]}, {"prep_minutes": 241}]
)
def test_a_senseless_dish_is_refused(shop: Shop, changes: dict[str, object]) -> None:
    section = queries.menu(store_id=shop.store_id).sections[0].id
    good: dict[str, object] = {"name": "面", "price": 2000}
    with pytest.raises(Invalid):
        operations.save_offer(store_id=shop.store_id, section_id=section, actor=shop.keeper, at=MONDAY_NOON, **(good | changes))  # type: ignore[arg-type]
    assert len(queries.menu(store_id=shop.store_id).offers) == 3


def test_sections_are_named_once_and_removed_when_empty(shop: Shop) -> None:
    section_id = operations.save_section(store_id=shop.store_id, name="凉菜", sort=9, actor=shop.keeper, at=MONDAY_NOON)
    with pytest.raises(Conflict):
        operations.save_section(store_id=shop.store_id, name="凉菜", actor=shop.keeper, at=MONDAY_NOON)
    operations.remove_section(store_id=shop.store_id, section_id=section_id, actor=shop.keeper, at=MONDAY_NOON)
    first = queries.menu(store_id=shop.store_id).sections[0].id
    with pytest.raises(Conflict):
        operations.remove_section(store_id=shop.store_id, section_id=first, actor=shop.keeper, at=MONDAY_NOON)
    assert len(queries.menu(store_id=shop.store_id).sections) == 3


def test_a_choice_is_written_with_exactly_its_options(shop: Shop) -> None:
    size = shop.offer("beef").groups[0]
    drafts = [OptionDraft(id=size.options[1].id, name="特大碗", price=600), OptionDraft(name="小碗")]
    operations.save_group(
        store_id=shop.store_id, group_id=size.id, name="份量", least=1, most=1, options=drafts, actor=shop.keeper, at=MONDAY_NOON
    )
    renewed = shop.offer("beef").groups[0].options
    assert [(option.id, option.name, option.price) for option in renewed] == [
        (size.options[1].id, "特大碗", 600), (size.options[0].id, "小碗", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("least", "most", "options"),
    [(0, 1, []), (2, 1, [OptionDraft(name="a")]), (0, 1, [OptionDraft(name="a"), OptionDraft(name="a ")]),
     (2, 3, [OptionDraft(name="a")]), (0, 1, [OptionDraft(name="a", price=-1)])],
)  # fmt: skip
def test_a_choice_that_cannot_be_met_is_refused(shop: Shop, least: int, most: int, options: list[OptionDraft]) -> None:
    with pytest.raises(Invalid):
        operations.save_group(store_id=shop.store_id, name="x", least=least, most=most, options=options, actor=shop.keeper, at=MONDAY_NOON)


def test_the_people_of_another_store_change_nothing_here(shop: Shop) -> None:
    stranger = Actor("merchant", 8, skewers(shop.city_id))
    section = queries.menu(store_id=shop.store_id).sections[0].id
    for attempt in (
        lambda: operations.set_on_sale(offer_id=shop.offers["tea"], on=False, actor=stranger, at=MONDAY_NOON),
        lambda: operations.remove_offer(offer_id=shop.offers["tea"], actor=stranger, at=MONDAY_NOON),
        lambda: operations.set_option_on_sale(option_id=shop.option("小碗"), on=False, actor=stranger, at=MONDAY_NOON),
        lambda: operations.save_section(store_id=shop.store_id, section_id=section, name="y", actor=stranger, at=MONDAY_NOON),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert shop.offer("tea").on_sale


def test_a_foreign_dish_cannot_be_moved_into_ones_own_store(shop: Shop) -> None:
    other = skewers(shop.city_id)
    owner = Actor("merchant", 8, other)
    section = operations.save_section(store_id=other, name="串", actor=owner, at=MONDAY_NOON)
    with pytest.raises(NotFound):
        operations.save_offer(
            store_id=other, offer_id=shop.offers["tea"], section_id=section, name="x", price=1, actor=owner, at=MONDAY_NOON
        )


def test_the_database_itself_refuses_a_price_below_zero(shop: Shop) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.filter(id=shop.offers["tea"]).update(price=-1)
