"""The search engine: found by any spelling, in the right order, with nothing that was not to be found; quick and slow ways agree."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.language.pinyin import spell
from linli.engines.search import Filters, Index, Known, Name, Offer, Params, Problem, Result, Segment, Store, nearest, rank, suggest, words
from linli.kernel.geo import Point, metres

HERE = Point(39.9087, 116.3975)
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Beijing
LUNCH, SUPPER = ((660, 840),), ((1080, 1320),)
PEANUTS, MILK = 1, 2


def named(native: str, english: str = "") -> Name:
    spelling = spell(native)
    return Name(native, english, spelling.full, spelling.initials)


def offer(number: int, native: str, english: str = "", price: int = 3000, allergens: int = 0, sold: float = 0) -> Offer:
    return Offer(number, named(native, english), price, allergens, (sold,) * 4)


def store(number: int, native: str, *offers: Offer, north_m: float = 100, **more: object) -> Store:
    facts: dict[str, object] = {
        "kind": "restaurant", "lat": HERE.lat + north_m / 111_195, "lng": HERE.lng, "zone": "Asia/Shanghai", "rating": 45,
        "rating_count": 100, "openings": LUNCH, "per_head": 5000,
    }  # fmt: skip
    return Store(id=number, name=named(native), offers=offers, **(facts | more))  # type: ignore[arg-type]


TOWN = (
    store(
        1, "全聚德(前门店)", offer(11, "精品烤鸭", "Roast duck"), offer(12, "鸭架汤", "Duck frame soup"), offer(13, "芥末鸭掌"),
        cuisine=named("烤鸭"), per_head=20000, rings=((1500, 300), (3000, 600)),
    ),
    store(
        2, "川香小馆", offer(21, "宫保鸡丁", "Kung Pao chicken", 3800, PEANUTS), offer(22, "麻婆豆腐", "Mapo tofu", 2200),
        offer(23, "西红柿炒鸡蛋", "Tomato scrambled eggs", 1800), offer(24, "酸辣土豆丝", "Sour shredded potatoes", 1500),
        north_m=400, cuisine=named("川菜"),
    ),
    store(3, "兰州牛肉面", offer(31, "牛肉面", "Beef noodles", 2500), offer(32, "凉皮", "", 1200, -1), north_m=900, openings=SUPPER),
    store(4, "冰城", offer(41, "草莓冰淇淋", "Strawberry ice cream", 1500, MILK), north_m=2500),
    store(5, "远方面馆", offer(51, "担担面", "Dandan noodles"), north_m=5000),
)  # fmt: skip
INDEX = Index.of(TOWN)


def ask(text: str, index: Index = INDEX, **more: object) -> Result:
    return rank(index, Problem(text=text, point=HERE, at=NOON, **more))  # type: ignore[arg-type]


def offers(text: str, **more: object) -> list[int]:
    return [dish.id for hit in ask(text, **more).hits for dish in hit.dishes]


FIRST = {
    "宫保鸡丁": 21, "宫保": 21, "gongbaojiding": 21, "gong bao ji ding": 21, "gbjd": 21, "gongbao鸡丁": 21, "kung pao": 21, "宮保雞丁": 21,
    "Ｋｕｎｇ Ｐａｏ": 21, "宫爆鸡丁": 21, "宫保及丁": 21, "gongbaojidin": 21, "gongbojiding": 21, "kung pao chiken": 21, "番茄炒鸡蛋": 23,
    "番茄炒蛋": 23, "马铃薯丝": 24, "potato": 24, "noodle": 31, "全聚德 烤鸭": 11, "全聚德烤鸭": 11, "quanjudekaoya": 11, "冰激凌": 41,
    "附近好吃的麻婆豆腐": 22, "麻婆逗腐": 22, "mapo豆腐": 22, "strawbery": 41, "roast duck": 11, "牛肉牛肉面": 31,
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), FIRST.items())
def test_what_is_meant_comes_first(text: str, wanted: int) -> None:
    assert offers(text)[:1] == [wanted]


@pytest.mark.parametrize(
    "text",
    ["🍜", "🍜🍜", "！！！", "%", "_", '"', "'; DROP TABLE entry; --", "\\", "\x00", "https://x.example/?q=1", "<script>", "zzzzqqq"],
)
def test_what_nothing_is_called_finds_nothing_exactly(text: str) -> None:
    result = ask(text)
    assert (result.total, result.hits) == (0, ())


def test_no_text_finds_everything_near() -> None:
    assert ask("").total == ask(" \t\n").total == 10


def test_ten_thousand_letters_are_cut_and_said_so() -> None:
    result = ask("牛" * 10_000)
    assert (result.shortened, len(result.text), result.total) == (True, 100, 0)
    assert ask("宫保鸡丁 " * 2000).hits[0].dishes[0].id == 21


@settings(deadline=None, max_examples=60)
@given(text=st.text(max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    for by_store in (False, True):
        result = ask(text, by_store=by_store)
        assert len(result.text) <= words.LONGEST_QUERY
        assert len({(hit.store_id, *[dish.id for dish in hit.dishes]) for hit in result.hits}) == len(result.hits)


def test_exact_answers_come_before_near_misses_and_only_they_count() -> None:
    result = ask("麻婆豆腐")
    assert (result.total, result.hits[0].tier, result.did_you_mean, result.loosened) == (1, 0, "", ())
    assert all(hit.tier > 0 for hit in result.hits[1:])


def test_a_better_spelling_is_offered_only_when_nothing_is_called_so() -> None:
    assert ask("宫爆鸡叮").did_you_mean == "宫保鸡丁"
    assert ask("gonbaojiding").did_you_mean == "宫保鸡丁"
    assert ask("strawbery").did_you_mean == "strawberry"
    assert ask("宫保鸡丁").did_you_mean == ""


def test_nothing_near_is_looked_for_farther_away_and_then_without_filters() -> None:
    far = ask("担担面", radius_m=2000)
    assert (far.total, far.loosened, [hit.store_id for hit in far.hits]) == (0, ("radius",), [5])
    shut = ask("牛肉面", filters=Filters(open_now=True))
    assert (shut.total, shut.loosened, shut.hits[0].store_id) == (0, ("filters",), 3)


def test_allergens_are_never_loosened_and_what_nobody_declared_is_left_out() -> None:
    assert offers("宫保鸡丁", filters=Filters(without=PEANUTS)) == []
    assert offers("宫保鸡丁", filters=Filters(without=MILK))[0] == 21
    assert offers("凉皮", filters=Filters(without=MILK)) == []
    assert 32 in offers("凉皮")
    everything = set(offers("", filters=Filters(without=PEANUTS | MILK), limit=50))
    assert everything == {11, 12, 13, 22, 23, 24, 31}
    assert [hit.store_id for hit in ask("", by_store=True, filters=Filters(without=MILK)).hits] == [1, 2, 3]


def test_filters() -> None:
    assert set(offers("", limit=50, filters=Filters(max_price=1500))) == {24, 32, 41}
    assert {hit.store_id for hit in ask("", by_store=True, filters=Filters(open_now=True)).hits} == {1, 2, 4}
    assert {hit.store_id for hit in ask("", by_store=True, filters=Filters(delivers=True)).hits} == {1}
    assert {hit.store_id for hit in ask("", by_store=True, filters=Filters(cuisine="川菜")).hits} == {2}
    banded = rank(INDEX, Problem(text="", point=HERE, at=NOON, by_store=True, band_edges=(3000, 8000), filters=Filters(band=3)))
    assert [hit.store_id for hit in banded.hits] == [1]


def test_open_is_told_by_the_stores_own_clock_and_pauses() -> None:
    late = [hit.store_id for hit in ask("", by_store=True, filters=Filters(open_now=True)).hits]
    assert 3 not in late
    evening = Problem(text="", point=HERE, at=NOON + timedelta(hours=7), by_store=True, filters=Filters(open_now=True))
    assert [hit.store_id for hit in rank(INDEX, evening).hits] == [3]
    paused = INDEX.updated([replace(TOWN[0], paused_until=NOON + timedelta(minutes=5))])
    assert 1 not in [hit.store_id for hit in ask("", paused, by_store=True, filters=Filters(open_now=True)).hits]
    across_midnight = INDEX.updated([replace(TOWN[0], openings=((6 * 1440 + 1200, 7 * 1440 + 800),))])  # Sunday 20:00 to Monday 13:20
    assert 1 in [hit.store_id for hit in ask("", across_midnight, by_store=True, filters=Filters(open_now=True)).hits]


@pytest.mark.parametrize("seed", range(4))
def test_the_nearest_are_those_of_no_text_by_distance(seed: int) -> None:
    index = Index.of(_random_town(random.Random(seed)))
    for filters in (Filters(), Filters(open_now=True, delivers=True)):
        for limit in (3, 500):
            problem = Problem(text="", point=HERE, at=NOON, sort="distance", by_store=True, filters=filters, limit=limit)
            found = rank(index, problem)
            assert nearest(index, problem) == ([] if found.loosened else [hit.store_id for hit in found.hits])


def test_facets_count_each_choice_with_the_others_kept() -> None:
    facets = ask("", by_store=True, filters=Filters(cuisine="川菜"), band_edges=(3000, 8000, 15000)).facets
    assert dict(facets.cuisines) == {"川菜": 1, "烤鸭": 1}
    assert dict(facets.bands) == {1: 0, 2: 1, 3: 0, 4: 0}
    assert facets.open_now == 1


def twin(number: int, **more: object) -> Store:
    return store(number, "同名", offer(number * 10, "炒饭", **{key: more.pop(key) for key in ("price", "sold") if key in more}), **more)  # type: ignore[arg-type]


def known(values: dict[int, float]) -> Known:
    return Known(np.array(sorted(values), dtype=np.int64), np.array([values[store] for store in sorted(values)]))


@pytest.mark.parametrize(
    ("better", "worse", "asked"),
    [
        ({"north_m": 100}, {"north_m": 900}, {}),
        ({"rating": 48}, {"rating": 38}, {}),
        ({"rating": 48, "rating_count": 500}, {"rating": 50, "rating_count": 1}, {}),  # many voices outweigh one
        ({"sold": 200.0}, {"sold": 0.0}, {}),
        ({"price": 2000}, {"price": 9000}, {"usual_price": 2000}),
        ({}, {}, {"taste": known({1: 0.9, 2: -0.9})}),
        ({}, {}, {"popular": known({1: 50.0})}),
        ({}, {"cuisine": Name("火锅")}, {"less": ("火锅",)}),
        ({}, {"openings": SUPPER}, {}),
    ],
)
def test_each_reason_counts_when_all_else_is_equal(better: dict[str, object], worse: dict[str, object], asked: dict[str, object]) -> None:
    for first in (1, 2):  # whichever comes first in the catalogue
        ids = (1, 2) if {"taste", "popular"} & set(asked) or first == 1 else (2, 1)
        result = ask("炒饭", Index.of([twin(ids[1], **worse), twin(ids[0], **better)]), **asked)
        assert [hit.store_id for hit in result.hits] == list(ids)


def test_a_score_is_the_sum_of_reasons_that_can_be_said() -> None:
    hit = ask("宫保鸡丁", usual_price=3800, taste=known({2: 0.5})).hits[0]
    assert set(hit.parts) == {"text", "near", "quality", "popular", "price", "taste"}
    assert hit.score == pytest.approx(sum(hit.parts.values()))
    assert hit.explain().startswith("text +6.00")


def test_what_is_known_is_known_of_those_stores_alone() -> None:
    some = known({3: 1.0, 8: -0.5})
    assert some.of(np.array([8, 2, 3, 9])).tolist() == [-0.5, 0.0, 1.0, 0.0]
    assert known({}).of(np.array([1, 2])).tolist() == [0.0, 0.0]
    with pytest.raises(ValueError, match="order of their ids"):
        Known(np.array([2, 1]), np.zeros(2))


def test_a_name_that_several_stores_bear_is_answered_by_all_of_them_in_turn() -> None:
    chain = [store(n, "必胜客", *(offer(10 * n + i, "披萨") for i in range(8)), north_m=100.0 * n) for n in (1, 2, 3)]
    hits = ask("必胜客", Index.of(chain), limit=8).hits
    assert [hit.store_id for hit in hits] == [1, 2, 3, 1, 2, 3, 1, 2]
    twos = ask("必胜客", Index.of(chain, Params(each=2)), limit=8).hits
    assert [hit.store_id for hit in twos] == [1, 1, 2, 2, 3, 3, 1, 1]
    flat = ask("必胜客", Index.of(chain, Params(each=8)), limit=8).hits
    assert {hit.store_id for hit in flat} == {1}  # the control: without turns the nearest is the whole answer
    more = ask("必胜客", Index.of(chain), limit=30).hits
    assert len({hit.dishes[0].id for hit in more}) == 24


def _one_slip_away(text: str) -> set[str]:
    abc = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(text[:at], text[at:]) for at in range(len(text) + 1)]
    swaps = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    return {a + b[1:] for a, b in cuts if b} | {a + c + b[n:] for a, b in cuts for c in abc for n in (0, 1)} | swaps


@pytest.mark.parametrize("typed", ["gongbaojding", "gongboajiding", "mapdoufu", "luhadu", "xihonshi", "tianjinjinag"])
def test_every_name_one_slip_away_from_what_was_typed_is_meant(typed: str) -> None:
    dishes = ("宫保鸡丁", "麻婆豆腐", "卤鸭肚", "西红柿", "天津酱", "天津饺", "工宝", "包子")
    reader = Index.of([store(1, "店", *(offer(n, name) for n, name in enumerate(dishes, 10)))]).base.reader
    endings = {"".join(spell(name).full.split()[at:]) for name in dishes for at in range(len(name))}
    wanted = {way for way in _one_slip_away(typed) - {typed} if any(ending.startswith(way) for ending in endings)}
    found = reader.slips.meant(reader._lexicon, typed)
    assert wanted
    assert {text for text, _ in found} == wanted
    assert reader.slips.meant(reader._lexicon, "qqqqqqqq") == []  # the control


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [("luhadu", "卤鸭肚"), ("launchundan", "卤鹌鹑蛋"), ("caozamin", "草杂面"), ("鱼鱿须", "鱿鱼须"), ("煎都腐", "煎豆腐")],
)
def test_a_slip_that_joins_or_parts_syllables_or_characters_is_seen_through(typed: str, wanted: str) -> None:
    dishes = ("卤鸭肚", "卤鹌鹑蛋", "草杂面", "鱿鱼须", "煎豆腐", "芦蒿", "猪肘", "豆花")
    index = Index.of([store(1, "店", *(offer(n, name) for n, name in enumerate(dishes, 10)))])
    result = ask(typed, index)
    assert [dish.name for dish in result.hits[0].dishes] == [wanted]
    assert (result.total, result.did_you_mean) == (0, wanted)


def test_suggestions_grow_with_what_is_typed() -> None:
    assert [item.text for item in suggest(INDEX, "宫")] == ["宫保鸡丁"]
    assert [item.text for item in suggest(INDEX, "gongb")] == ["宫保鸡丁"]
    assert "全聚德(前门店)" in [item.text for item in suggest(INDEX, "qj")]
    assert suggest(INDEX, "🍜") == suggest(INDEX, "") == []
    assert len(suggest(INDEX, "m", limit=1)) == 1


def test_a_change_is_found_at_once_and_what_is_gone_is_not() -> None:
    changed = INDEX.updated([replace(TOWN[1], offers=(offer(29, "水煮鱼"),))], gone=[4])
    assert [dish.id for hit in ask("水煮鱼", changed).hits for dish in hit.dishes] == [29]
    assert ask("宫保鸡丁", changed).total == ask("草莓冰淇淋", changed).total == 0
    assert ask("水煮鱼").total == 0  # the index before is as it was
    again = changed.updated([TOWN[1], TOWN[3]])
    assert ask("宫保鸡丁", again).total == ask("草莓冰淇淋", again).total == 1


def test_columns_in_files_answer_as_those_in_memory(tmp_path: Path) -> None:
    INDEX.base.segment.save(tmp_path / "a")
    INDEX.base.segment.save(tmp_path / "a")
    kept = Index.of(Segment.load(tmp_path / "a"))
    for text in ("宫保鸡丁", "gonbaojiding", "", "全聚德烤鸭"):
        assert ask(text, kept) == ask(text)
    (tmp_path / "a" / "words.npy").unlink()
    with pytest.raises(ValueError):
        Segment.load(tmp_path / "a")


def test_an_empty_index_answers_nothing() -> None:
    assert ask("面", Index.of(())).hits == ask("", Index.of(()), by_store=True).hits == ()


ALPHABET = "牛肉面鸡丁饭"


def _random_town(rng: random.Random) -> list[Store]:
    def name() -> str:
        return "".join(rng.choices(ALPHABET, k=rng.randint(2, 5)))

    return [
        store(number, name(), *(offer(number * 100 + i, name()) for i in range(4)), north_m=rng.uniform(0, 6000))
        for number in range(1, 30)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_the_quick_way_finds_what_a_plain_look_at_every_offer_finds(seed: int) -> None:
    rng = random.Random(seed)
    town = _random_town(rng)
    index = Index.of(town[:20], Params(few=0, each=4)).updated([*town[20:], town[3]])
    for _ in range(20):
        text = " ".join("".join(rng.choices(ALPHABET, k=2)) for _ in range(rng.randint(1, 2)))
        near = [seller for seller in town if metres(HERE, Point(seller.lat, seller.lng)) <= 3000]
        plain = {
            sold.id for seller in near for sold in seller.offers
            if all(word in sold.name.native or word in seller.name.native for word in text.split())
        }  # fmt: skip
        result = ask(text, index, limit=500)
        assert {dish.id for hit in result.hits if not result.loosened for dish in hit.dishes if hit.tier == 0} == plain
        scores = [hit.score for hit in result.hits if hit.tier == 0]
        assert scores == sorted(scores, reverse=True)


def test_reading_keeps_letters_and_drops_the_rest() -> None:
    assert words.read("  KUNG-Pao,  宫保！🍜 ").terms == ("kung", "pao", "宫保")
    assert words.read("").terms == ()
    assert words.read("a b c d e f g h i j") == words.Query(("a", "b", "c", "d", "e", "f", "g", "h"), True)


def test_parameters_out_of_bounds_are_refused() -> None:
    with pytest.raises(ValueError):
        Params(near_m=0)
    with pytest.raises(ValueError):
        Problem(text="", point=HERE, at=NOON, limit=0)
