"""Stores are found by what they are called and what they sell: in Chinese, pinyin, initials and English; filtered, sorted, in pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.apps.accounts import operations as accounts
from linli.apps.catalog import operations as catalog
from linli.apps.catalog.operations import OfferRow
from linli.apps.discovery import operations, queries
from linli.apps.discovery.queries import Filters, Results
from linli.apps.fulfilment import operations as street
from linli.apps.fulfilment import queries as street_now
from linli.apps.merchants import operations as merchants
from linli.apps.merchants.operations import StoreRow
from linli.kernel.actors import Actor
from linli.kernel.errors import Invalid, NotFound
from linli.kernel.geo import Point
from linli.platform import jobs, policies
from linli.policy import promises
from tests.world import DENGSHIKOU, MONDAY_NOON, RINGS, beijing, duck, noodle_menu, noodles, skewers

pytestmark = pytest.mark.django_db
EVENING = MONDAY_NOON + timedelta(hours=6)


class Town:
    """Noodles (open at noon), skewers (from 17:00) and duck (from 17:00), with their menus."""

    def __init__(self) -> None:
        self.city_id = beijing()
        self.noodles, self.skewers, self.duck = noodles(self.city_id), skewers(self.city_id), duck(self.city_id)
        self.offers = noodle_menu(self.noodles)
        rows = [
            OfferRow(store_id=self.skewers, external_ref="lamb", section="串", name="羊肉串", name_en="Lamb skewers", price=500),
            OfferRow(store_id=self.duck, external_ref="duck", section="招牌", name="挂炉烤鸭", name_en="Roast duck", price=23800),
            OfferRow(store_id=self.duck, external_ref="100", section="招牌", name="100%橙汁", price=2800),
        ]
        catalog.bulk_put_menu(rows=rows, at=MONDAY_NOON)
        operations.rebuild(city_id=self.city_id, at=MONDAY_NOON)

    def search(
        self, text: str = "", point: Point = DENGSHIKOU, at: object = MONDAY_NOON, sort: str = "smart", **filters: object
    ) -> Results:
        chosen = Filters(**filters)  # type: ignore[arg-type]
        return queries.search(city_id=self.city_id, point=point, text=text, filters=chosen, sort=sort, at=at)  # type: ignore[arg-type]

    def ids(self, text: str = "", **more: object) -> list[int]:
        return [card.store.id for card in self.search(text, **more).cards]  # type: ignore[arg-type]


@pytest.fixture
def town() -> Town:
    return Town()


WORDS = [
    *("牛肉面", "兰州", "老字号", "面馆", "宫保", "酸梅汤"),
    *("lanzhou", "lanz", "lznrm", "nrm", "ｌａｎｚｈｏｕ", "mianguan", "gongbao", "gbdf", "suanmeitang"),
    *("Lanzhou", "BEEF noodles", "kung pao"),
]


def test_the_noodle_shop_is_found_by_any_of_its_words(town: Town) -> None:
    assert {text: town.ids(text) for text in WORDS} == {text: [town.noodles] for text in WORDS}


NOT_THERE = ["anzhou", "eef", "火锅", "面馆 烤鸭", "%", "_", "'; drop table", "\\", "🍜", "🍜🍜🍜", "！！！"]


def test_what_nothing_is_called_finds_nothing(town: Town) -> None:
    for text in NOT_THERE:
        found = town.search(text)
        assert (text, found.cards, found.total, found.next_cursor) == (text, (), 0, None)


def test_every_word_must_be_found(town: Town) -> None:
    assert town.ids("烤") == [town.skewers, town.duck] or town.ids("烤") == [town.duck, town.skewers]
    assert town.ids("烤 羊肉") == [town.skewers]
    assert town.ids("gualu kaoya") == [town.duck]
    assert town.ids("烤 羊肉 鸭") == []


def test_a_percent_sign_is_a_mark_and_not_a_wildcard(town: Town) -> None:
    assert town.ids("100%橙汁") == [town.duck]
    assert town.ids("100%") == [town.duck]


def test_a_very_long_text_is_cut_and_says_so(town: Town) -> None:
    long = town.search("牛" * 10_000)
    assert (long.total, long.shortened, len(long.text)) == (0, True, 100)
    many = town.search("牛肉面 " * 3000)
    assert (many.total, many.text) == (1, "牛肉面")
    assert not town.search("牛肉面").shortened


def test_the_name_counts_more_than_a_dish(town: Town) -> None:
    rows = [OfferRow(store_id=town.noodles, external_ref="x", section="招牌", name="烤串拼盘", price=100)]
    catalog.bulk_put_menu(rows=rows, at=MONDAY_NOON)
    operations.refresh(store_ids=[town.noodles], at=MONDAY_NOON)
    assert town.ids("烤串", at=EVENING) == [town.skewers, town.noodles]  # though the noodles are nearer


def test_matched_dishes_stand_on_the_card(town: Town) -> None:
    (card,) = town.search("宫保").cards
    assert [(dish.id, dish.name, dish.price) for dish in card.dishes] == [(town.offers["tofu"], "宫保豆腐", 1800)]
    assert town.search("兰州").cards[0].dishes == ()


def test_filters(town: Town) -> None:
    everybody = {town.noodles, town.skewers, town.duck}
    assert set(town.ids()) == everybody
    assert town.ids(open_now=True) == [town.noodles]
    assert set(town.ids(open_now=True, at=EVENING)) == everybody
    assert set(town.ids(max_fee=200)) == {town.noodles, town.skewers}
    assert town.ids(cuisine="北京菜") == [town.duck]
    assert town.ids(band=4) == [town.duck]
    assert town.ids(band=2) == [town.noodles]
    far = Point(39.98, 116.42)
    assert set(town.ids(point=far)) == everybody
    assert town.ids(point=far, mode="delivery") == []
    assert set(town.ids(point=far, mode="pickup")) == everybody


def test_sorting(town: Town) -> None:
    near, night, far = town.noodles, town.skewers, town.duck
    assert town.ids(sort="distance") == [near, night, far]
    assert town.ids(sort="rating") == [near, night, far]
    assert town.ids(sort="price") == [near, night, far]
    assert town.ids(sort="time", at=EVENING) == [near, night, far]
    there = Point(39.8990, 116.4010)
    assert town.ids(sort="distance", point=there) == [far, near, night]
    assert town.ids(sort="rating", point=there) == [near, night, far]
    assert town.ids(sort="smart", point=there)[0] == near  # the only one that is open
    with pytest.raises(Invalid):
        town.search(sort="magic")


def test_facets_count_what_each_choice_would_give(town: Town) -> None:
    facets = town.search(cuisine="烧烤").facets
    assert dict(facets.cuisines) == {"面馆": 1, "烧烤": 1, "北京菜": 1}  # as if no cuisine were chosen
    assert dict(facets.bands) == {1: 0, 2: 0, 3: 1, 4: 0}
    assert facets.open_now == 0
    assert town.search().facets.open_now == 1


def test_pages_follow_each_other_without_gap_or_double() -> None:
    city_id = beijing()
    rows = [StoreRow(external_ref=str(n), name=f"店{n}", point=Point(39.9 + n / 5000, 116.4), rings=RINGS) for n in range(45)]
    ids = merchants.bulk_put(city_id=city_id, rows=rows, at=MONDAY_NOON)
    operations.rebuild(city_id=city_id, at=MONDAY_NOON)
    seen: list[int] = []
    cursor = None
    for size in (20, 20, 5):
        page = queries.search(city_id=city_id, point=DENGSHIKOU, text="店", sort="distance", at=MONDAY_NOON, cursor=cursor)
        assert (len(page.cards), page.total) == (size, 45)
        seen += [card.store.id for card in page.cards]
        cursor = page.next_cursor
    assert cursor is None
    assert sorted(seen) == sorted(ids)
    with pytest.raises(NotFound):
        queries.search(city_id=city_id, point=DENGSHIKOU, at=MONDAY_NOON, cursor="cu-nonsense")


def test_a_card_says_fee_minimum_and_time(town: Town) -> None:
    (card,) = town.search("牛肉面").cards
    assert (card.fee, card.minimum, card.open.open, card.rating) == (200, 1500, True, 46)
    assert 12 < card.eta_minutes < 30
    far = town.search("牛肉面", point=Point(39.98, 116.42)).cards[0]
    assert (far.fee, far.minimum, far.eta_minutes) == (None, None, 12)  # only to be fetched


def test_a_slow_kitchen_is_seen_on_every_list(town: Town) -> None:
    (before,) = town.search("牛肉面").cards
    for _ in range(60):
        merchants.learn_kitchen(store_id=town.noodles, said_s=720, taken_s=1440, at=MONDAY_NOON)
    (found,) = town.search("牛肉面").cards
    (near,) = [
        card
        for card in queries.home(city_id=town.city_id, point=DENGSHIKOU, person_id=None, at=MONDAY_NOON).stores
        if card.store.id == town.noodles
    ]
    assert (found.store.prep_minutes, 20 < found.store.likely_minutes <= 24) == (12, True)
    assert found.eta_minutes == near.eta_minutes == before.eta_minutes + found.store.likely_minutes - 12


def test_a_list_knows_how_far_couriers_are(town: Town) -> None:
    (near,) = town.search("牛肉面").cards
    rider = accounts.ensure_person(phone="13800000009", name="骑手", at=MONDAY_NOON).id
    street.add_courier(person_id=rider, city_id=town.city_id, vehicle="ebike", capacity=5, at=MONDAY_NOON)
    street.go_online(courier_id=rider, point=Point(39.99, 116.42), at=MONDAY_NOON)
    later = MONDAY_NOON + timedelta(minutes=1)
    (far,) = town.search("牛肉面", at=later).cards
    share = float(policies.value(promises.APPROACH_SHARE, town.city_id))
    comes_min = street_now.approach_s(city_id=town.city_id, place=near.store.point, at=later) / 60  # type: ignore[operator]
    assert far.eta_minutes - near.eta_minutes == pytest.approx(share * (comes_min - 12), abs=1)
    assert far.eta_minutes > near.eta_minutes + 3


def test_what_a_store_changes_is_found_after_its_jobs_have_run(town: Town) -> None:
    keeper = Actor("merchant", 7, town.noodles)
    assert town.ids("酸梅汤") == [town.noodles]
    catalog.set_on_sale(offer_id=town.offers["tea"], on=False, actor=keeper, at=MONDAY_NOON)
    merchants.edit_store(store_id=town.noodles, changes={"name": "东方宫"}, actor=keeper, at=MONDAY_NOON)
    jobs.drain(MONDAY_NOON)
    assert town.ids("酸梅汤") == []
    assert town.ids("dongfanggong") == [town.noodles]
    assert town.ids("兰州") == []


def test_a_pause_shows_at_once_and_filters_after_the_jobs(town: Town) -> None:
    keeper = Actor("merchant", 7, town.noodles)
    merchants.pause(store_id=town.noodles, until=MONDAY_NOON + timedelta(hours=1), actor=keeper, at=MONDAY_NOON)
    assert [card.open.reason for card in town.search("牛肉面").cards] == ["paused"]
    jobs.drain(MONDAY_NOON)
    assert town.ids(open_now=True) == []
    assert town.ids(open_now=True, at=MONDAY_NOON + timedelta(hours=1)) == [town.noodles]


def test_a_store_that_is_gone_is_not_found_after_rebuilding(town: Town) -> None:
    gone = StoreRow(external_ref="noodles", name="兰州牛肉面", point=DENGSHIKOU, active=False)
    merchants.bulk_put(city_id=town.city_id, rows=[gone], at=MONDAY_NOON)
    assert operations.rebuild(city_id=town.city_id, at=MONDAY_NOON) == 2
    assert town.ids("牛肉面") == []


def test_an_empty_city_has_an_empty_answer() -> None:
    found = queries.search(city_id=beijing(), point=DENGSHIKOU, text="面", at=MONDAY_NOON)
    assert (found.cards, found.total, found.facets.cuisines) == ((), 0, ())


def test_searching_takes_few_statements(town: Town) -> None:
    town.search("面")
    with CaptureQueriesContext(connection) as seen:
        assert town.search("面").total == 1
    assert len(seen) <= 6  # edition, stores, hours, rings, labels, and at most the policies
    with CaptureQueriesContext(connection) as seen:
        assert town.search("", mode="delivery", sort="time").total == 3
    assert len(seen) <= 6


def test_home_lists_what_delivers_here_the_open_first(town: Town) -> None:
    home = queries.home(city_id=town.city_id, point=DENGSHIKOU, person_id=None, at=MONDAY_NOON)
    assert home.stores[0].store.id == town.noodles
    assert {card.store.id for card in home.stores} == {town.noodles, town.skewers, town.duck}
    assert [card.open.open for card in home.stores] == [True, False, False]
    assert (home.total, home.again, home.next_cursor) == (3, (), None)
    nowhere = queries.home(city_id=town.city_id, point=Point(40.5, 116.0), person_id=None, at=MONDAY_NOON)
    assert (nowhere.stores, nowhere.total) == ((), 0)


def test_home_takes_at_most_twelve_statements(town: Town) -> None:
    with CaptureQueriesContext(connection) as seen:
        queries.home(city_id=town.city_id, point=DENGSHIKOU, person_id=42, at=MONDAY_NOON)
    assert len(seen) <= 12
