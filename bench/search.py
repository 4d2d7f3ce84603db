"""Search over a catalogue made from public places: time, size, freshness, and whether people find what they know is there.

DATA is a folder in CrossWOZ's format (restaurants, hotels, sights, metro). Its restaurants and dishes are taken as they are; branches
are made of them, with dishes of the same cuisine and the words menus decorate dishes with, until there are as many offers as wanted.
The labelled questions are in `bench/queries/search.tsv`; nothing was tuned on them (`--queries` puts others, such as the tuning set).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import math
import random
import sqlite3
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from linli.engines.language.pinyin import spell
from linli.engines.search import Filters, Index, Known, Name, Offer, Problem, Segment, Store, rank
from linli.engines.search.words import letters
from linli.fronts.commands.loading.hours import read_hours
from linli.kernel.geo import Point, metres
from linli.kernel.week import spans
from linli.simulator.beijing.convert import convert

QUERIES = Path(__file__).with_name("queries") / "search.tsv"
SIZES = (100_000, 1_000_000)
NOON = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # a Monday, 12:30 in Beijing
RADIUS_M = 3000.0
FRONT = ("招牌", "秘制", "家常", "特色", "精品", "现做", "古法", "传统", "私房", "金牌", "农家", "经典", "老味道", "大厨", "每日", "手工")
BACK = (
    "(大份)", "(小份)", "(微辣)", "(双人份)", "套餐", "(半份)", "(例)", "单人餐", "(少油)", "+米饭", "(限时)", "(新品)", "(加量)", "(不辣)",
)  # fmt: skip
_IN_ENGLISH = (
    "Signature", "Secret-recipe", "Home-style", "Special", "Select", "Fresh", "Old-style", "Traditional", "Private", "Gold", "Farmhouse",
    "Classic", "Old-taste", "Chef's", "Daily", "Handmade",
)  # fmt: skip
_FRONT_EN = dict(zip(FRONT, _IN_ENGLISH, strict=True))
ALLERGENS: dict[str, int] = {}


@dataclass(frozen=True, slots=True)
class Dish:
    """A dish of the source."""

    name: str
    name_en: str
    price: int
    allergens: int


@dataclass(frozen=True, slots=True)
class Place:
    """A restaurant of the source."""

    row: dict[str, str]
    dishes: tuple[Dish, ...]
    rings: tuple[tuple[int, int], ...]


def places(data: Path) -> tuple[list[Place], list[Point], list[str]]:
    """The restaurants of `data`, where people get off the metro, and what branches are called after."""
    with tempfile.TemporaryDirectory() as folder:
        convert(data, Path(folder))
        dishes: dict[str, list[Dish]] = defaultdict(list)
        for row in _rows(folder, "menu"):
            bits = 0
            for code in filter(None, row["allergens"].split("|")):
                bits |= 1 << ALLERGENS.setdefault(code, len(ALLERGENS))
            dishes[row["store"]].append(Dish(row["name"], row["name_en"], round(float(row["price"]) * 100), bits))
        rings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row in _rows(folder, "rings"):
            rings[row["store"]].append((int(row["radius_m"]), round(float(row["fee"]) * 100)))
        found = [
            Place(row, tuple(dishes[row["ref"]]), tuple(rings[row["ref"]]))
            for row in _rows(folder, "stores")
            if row["kind"] == "restaurant"
        ]
        marks = [row for row in _rows(folder, "landmarks") if row["kind"] in {"metro", "exit", "sight"}]
    spots = [Point(float(row["lat"]), float(row["lng"])) for row in marks]
    return [place for place in found if place.dishes], spots, sorted({row["name"] for row in marks if row["kind"] != "exit"})


def _rows(folder: str, table: str) -> Iterator[dict[str, str]]:
    with gzip.open(f"{folder}/{table}.csv.gz", "rt", encoding="utf8") as file:
        yield from csv.DictReader(file)


@dataclass(frozen=True, slots=True)
class Made:
    """A catalogue before it is spelled: stores, and for each offer the dish of the source it was made of."""

    stores: list[Store]
    dish_of: dict[int, str]


def catalogue(base: list[Place], spots: list[Point], marks: list[str], offers: int, seed: int) -> Made:
    """At least `offers` offers: the source's own first, then branches."""
    rng, made, dish_of = random.Random(seed), [], {}
    alike: dict[str, list[Dish]] = defaultdict(list)
    for place in base:
        alike[place.row["cuisine"]] += place.dishes
    count = 0
    while count < offers:
        original = len(made) < len(base)
        place = base[len(made)] if original else rng.choice(base)
        menu = [(dish.name, dish.name_en, dish) for dish in place.dishes] if original else list(_menu(place, alike, rng))
        store = _store(len(made) + 1, place, original, menu, spots, marks, rng)
        dish_of |= {offer.id: dish.name for offer, (_, _, dish) in zip(store.offers, menu, strict=True)}
        made.append(store)
        count += len(menu)
    return Made(made, dish_of)


def _menu(place: Place, alike: dict[str, list[Dish]], rng: random.Random) -> Iterator[tuple[str, str, Dish]]:
    for own in rng.choices((True, False), (0.7, 0.3), k=max(6, min(60, round(rng.gauss(30, 10))))):
        dish = rng.choice(place.dishes if own else alike[place.row["cuisine"]])
        name, english = dish.name, dish.name_en
        if rng.random() < 0.35:
            front, back = rng.choice(FRONT), rng.choice(BACK)
            way = rng.random()
            name = f"{front}{name}{back}" if way < 0.2 else f"{front}{name}" if way < 0.6 else f"{name}{back}"
            english = f"{_FRONT_EN[front]} {english}" if way < 0.6 else english
        yield name, english, dish


def _store(
    number: int, place: Place, original: bool, menu: list[tuple[str, str, Dish]], spots: list[Point], marks: list[str], rng: random.Random
) -> Store:
    row, point, name = place.row, Point(float(place.row["lat"]), float(place.row["lng"])), place.row["name"]
    if not original:
        spot, turn, far = rng.choice(spots), rng.random() * 2 * math.pi, abs(rng.gauss(0, 700))
        point = Point(spot.lat + far * math.cos(turn) / 111_195, spot.lng + far * math.sin(turn) / 85_000)
        name = f"{place.row['merchant'] or name.partition('(')[0]}({rng.choice(marks)}店)"
    busy = rng.lognormvariate(1.5, 1.2)
    sold = tuple(
        Offer(
            number * 1000 + place_, Name(native, english), max(100, round(dish.price * rng.uniform(0.8, 1.25), -2)),
            dish.allergens, tuple(busy * rng.expovariate(1) for _ in range(4)),
        )
        for place_, (native, english, dish) in enumerate(menu)
    )  # fmt: skip
    stars = round(10 * float(row["rating"])) if original and row["rating"] else rng.randint(32, 49)
    return Store(
        id=number, name=Name(name, row["name_en"] if original else ""), kind="restaurant", lat=point.lat, lng=point.lng,
        zone="Asia/Shanghai", cuisine=Name(row["cuisine"]), tags=tuple(filter(None, row["tags"].split("|"))),
        per_head=100 * int(row["per_head"] or 0),
        rating=stars, rating_count=int(rng.lognormvariate(4, 1.5)),
        prep_minutes=int(row["prep_minutes"] or 15), openings=spans(read_hours(row["hours"]).openings), rings=place.rings, offers=sold,
    )  # fmt: skip


def spelled(stores: list[Store]) -> Iterator[Store]:
    """The stores with pinyin and initials; each distinct name is spelled once."""
    known: dict[str, tuple[str, str]] = {}

    def full(name: Name) -> Name:
        if name.native not in known:
            spelling = spell(name.native)
            known[name.native] = (spelling.full, spelling.initials)
        return replace(name, pinyin=known[name.native][0], initials=known[name.native][1])

    for store in stores:
        offers = tuple(replace(offer, name=full(offer.name)) for offer in store.offers)
        yield replace(store, name=full(store.name), cuisine=full(store.cuisine), offers=offers)


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody types who wants `dish`, or something of `store`, or that dish of that store."""

    text: str
    kind: str
    dish: str
    store: str


def questions(path: Path) -> list[Question]:
    """The labelled questions: text, kind, dish, store, with tabs between."""
    lines = path.read_text("utf8").splitlines()
    return [Question(*line.split("\t")) for line in lines if line and not line.startswith("#")]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put somewhere, and the offers that answer it."""

    question: Question
    point: Point
    wanted: frozenset[int]


def asked(made: Made, wanted: list[Question], seed: int) -> list[Asked]:
    """Each question put within 1.5 km of something that answers it; those that nothing in the catalogue answers are left out."""
    rng, by_dish, by_store = random.Random(seed), defaultdict(list), defaultdict(list)
    for store in made.stores:
        by_store[store.name.native].append(store)
        for dish in {made.dish_of[offer.id] for offer in store.offers}:
            by_dish[dish].append(store)
    out = []
    for question in wanted:
        there = by_store[question.store] if question.store else by_dish[question.dish]
        there = [store for store in there if not question.dish or any(made.dish_of[offer.id] == question.dish for offer in store.offers)]
        if not there:
            continue
        store, turn, far = rng.choice(there), rng.random() * 2 * math.pi, 1500 * math.sqrt(rng.random())
        point = Point(store.lat + far * math.cos(turn) / 111_195, store.lng + far * math.sin(turn) / 85_000)
        near = [store for store in there if metres(Point(store.lat, store.lng), point) <= RADIUS_M]
        answers = [offer.id for store in near for offer in store.offers if not question.dish or made.dish_of[offer.id] == question.dish]
        out.append(Asked(question, point, frozenset(answers)))
    return out


def _problem(ask: Asked, number: int, limit: int = 10) -> Problem:
    """The question with the filters that people set: some only want what is open, some a price, some to leave an allergen out."""
    return Problem(text=ask.question.text, point=ask.point, at=NOON, radius_m=RADIUS_M, limit=limit, band_edges=(3000, 8000, 15_000))


def _filtered(problem: Problem, number: int) -> Problem:
    filters = (
        Filters(),
        Filters(open_now=True),
        Filters(delivers=True, open_now=True),
        Filters(max_price=8000),
        Filters(without=1),
        Filters(band=2),
    )
    return replace(problem, filters=filters[number % len(filters)], usual_price=3000 if number % 2 else None)


def _times(call: Callable[[int], Any], count: int, rounds: int) -> list[float]:
    """CPU milliseconds of each call, sorted."""
    out = []
    for number in range(count * rounds):
        began = time.process_time_ns()
        call(number % count)
        out.append((time.process_time_ns() - began) / 1e6)
    return sorted(out)


def _at(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]


def _measure(made: Made, asks: list[Asked], seed: int) -> dict[str, Any]:
    began = time.process_time()
    stores = list(spelled(made.stores))
    spelling = time.process_time() - began
    index = Index.of(stores)
    index_s = time.process_time() - began
    with tempfile.TemporaryDirectory() as folder:
        index.base.segment.save(Path(folder) / "index")
        size = sum(path.stat().st_size for path in (Path(folder) / "index").iterdir()) / 1e6
        index = Index.of(Segment.load(Path(folder) / "index"))  # as another process has it: read from files
        row = _searched(index, made, asks)
        row |= _reasons(index, asks, seed)
        row |= {"index_s": index_s, "spell_s": spelling, "index_mb": size, "fresh_s": _freshness(index, stores, seed)}
    return row | {"fts5": _reference(stores, made, asks)}


def _searched(index: Index, made: Made, asks: list[Asked]) -> dict[str, Any]:
    problems = [_filtered(_problem(ask, number), number) for number, ask in enumerate(asks)]
    for problem in problems[:20]:
        rank(index, problem)
    times = _times(lambda number: rank(index, problems[number]), len(problems), 3)
    kinds: dict[str, list[bool]] = defaultdict(list)
    missed = []
    for number, ask in enumerate(asks):
        hits = rank(index, _problem(ask, number)).hits
        found = any(dish.id in ask.wanted for hit in hits for dish in hit.dishes)
        kinds[ask.question.kind].append(found)
        if not found:
            missed.append({"text": ask.question.text, "kind": ask.question.kind, "wanted": ask.question.dish or ask.question.store,
                           "first": [dish.name for hit in hits[:3] for dish in hit.dishes]})  # fmt: skip
    everything = [found for kind in kinds.values() for found in kind]
    return {
        "questions": len(asks), "p50_ms": _at(times, 0.5), "p99_ms": _at(times, 0.99), "worst_ms": times[-1],
        "known_item_recall@10": sum(everything) / len(everything),
        "by_kind": {kind: sum(found) / len(found) for kind, found in sorted(kinds.items())}, "missed": missed,
    }  # fmt: skip


def _reasons(index: Index, asks: list[Asked], seed: int) -> dict[str, float]:
    """CPU ms of a list of 20 stores for nobody, and for somebody of whom much is known, with its reasons in order; one after the other."""
    rng, ids = np.random.default_rng(seed), np.sort(index.base.segment["store_id"])
    some = np.sort(rng.choice(ids, min(500, len(ids)), replace=False))
    known = Known(some, rng.uniform(-1, 1, len(some)))
    orders = Known(ids, rng.exponential(5, len(ids)))
    plain = [replace(_problem(ask, number, 20), by_store=True) for number, ask in enumerate(asks)]
    cuisines = tuple(index.base.segment.words["cuisines"][:3])
    personal = [replace(problem, taste=known, popular=orders, usual_price=3000, less=cuisines) for problem in plain]
    spent: dict[str, list[float]] = {"plain": [], "personal": []}
    for pair in zip(plain, personal, strict=True):
        for name, problem in zip(spent, pair, strict=True):
            spent[name] += _times(lambda _, problem=problem: [hit.explain() for hit in rank(index, problem).hits], 1, 1)  # type: ignore[misc]
    return {f"{name}_stores_p{share}_ms": _at(sorted(values), share / 100) for name, values in spent.items() for share in (50, 99)}


def _freshness(index: Index, stores: list[Store], seed: int) -> float:
    """Wall seconds from a change in hand to its being found, the worst of five changes on top of 50 earlier ones."""
    rng, worst = random.Random(seed), 0.0
    for number, store in enumerate(rng.sample(stores, 55)):
        fresh = replace(
            store, offers=(replace(store.offers[0], id=number + 1, name=Name(f"新菜{number}号", "", "xin cai", "xc")), *store.offers[1:])
        )
        began = time.perf_counter()
        index = index.updated([fresh])
        found = rank(index, Problem(text=f"新菜{number}号", point=Point(store.lat, store.lng), at=NOON, radius_m=RADIUS_M)).hits
        if number >= 50:
            worst = max(worst, time.perf_counter() - began)
        assert found, "a change was not found"
        assert found[0].dishes[0].id == number + 1, "a change was not found"
    return worst


def _reference(stores: list[Store], made: Made, asks: list[Asked]) -> dict[str, Any]:
    """SQLite's FTS5 with trigrams over the same names, spellings and near cells: its time, size and recall on the same questions."""
    began = time.process_time()
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE f USING fts5(t, tokenize='trigram')")
    db.execute("CREATE TABLE o (id INTEGER PRIMARY KEY, lat REAL, lng REAL, price INTEGER, rating INTEGER, offer INTEGER)")
    number = 0
    for store in stores:
        rows, texts = [], []
        for offer in store.offers:
            number += 1
            names = (offer.name, store.name)
            text = " ".join(f"{n.native} {n.english} {n.pinyin.replace(' ', '')} {n.initials}" for n in names)
            rows.append((number, store.lat, store.lng, offer.price, store.rating, offer.id))
            texts.append((number, letters(text)))
        db.executemany("INSERT INTO o VALUES (?,?,?,?,?,?)", rows)
        db.executemany("INSERT INTO f(rowid, t) VALUES (?,?)", texts)
    db.execute("CREATE INDEX near ON o (lat, lng)")
    index_s = time.process_time() - began

    def look(at: int) -> list[int]:
        ask = asks[at]
        words = letters(ask.question.text).split()
        match = " AND ".join(f'"{word}"' for word in words if len(word) >= 3)
        like = "".join(" AND t LIKE ?" for word in words if len(word) < 3)
        where = ("f MATCH ?" if match else "1") + like
        south, west = 3000 / 111_195, 3000 / 85_000
        values = [*([match] if match else []), *(f"%{word}%" for word in words if len(word) < 3)]
        box = (ask.point.lat - south, ask.point.lat + south, ask.point.lng - west, ask.point.lng + west, ask.point.lat, ask.point.lng)
        rows = db.execute(
            f"SELECT o.offer FROM f JOIN o ON o.id = f.rowid WHERE {where} AND o.lat BETWEEN ? AND ? AND o.lng BETWEEN ? AND ?"
            " ORDER BY abs(o.lat - ?) + abs(o.lng - ?) - o.rating / 1000.0 LIMIT 10", (*values, *box),
        )  # fmt: skip
        return [row[0] for row in rows]

    times = _times(look, len(asks), 1)
    found = sum(any(id_ in ask.wanted for id_ in look(at)) for at, ask in enumerate(asks))
    size = db.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()").fetchone()[0] / 1e6
    return {"p50_ms": _at(times, 0.5), "p99_ms": _at(times, 0.99), "index_s": index_s, "index_mb": size, "recall@10": found / len(asks)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The bench's own options."""
    parser.add_argument("--queries", type=Path, default=QUERIES, help="labelled questions to ask")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of offers, with commas between")


def run(data: Path, *, seed: int, limit: float | None, queries: Path = QUERIES, sizes: str = "") -> dict[str, Any]:
    """Figures for the first size and a row for each; `limit` is not used."""
    base, spots, marks = places(data)
    rows = []
    for size in map(int, (sizes or ",".join(map(str, SIZES))).split(",")):
        made = catalogue(base, spots, marks, size, seed)
        row = {"offers": len(made.dish_of), "stores": len(made.stores), "instance": str(size)}
        rows.append(row | _measure(made, asked(made, questions(queries), seed), seed))
    names = ("p50_ms", "p99_ms", "index_s", "index_mb", "known_item_recall@10", "fresh_s")
    fts5 = rows[0]["fts5"]
    reference = {
        "p50_ms": f"FTS5 {fts5['p50_ms']:.2f}", "p99_ms": f"FTS5 {fts5['p99_ms']:.2f}; goal 3",
        "index_s": f"FTS5 {fts5['index_s']:.1f}; goal 10", "index_mb": f"FTS5 {fts5['index_mb']:.0f}",
        "known_item_recall@10": f"FTS5 {fts5['recall@10']:.3f}; goal .95", "fresh_s": "goal 2",
    }  # fmt: skip
    large = {f"{name}_1m": rows[1][name] for name in ("p50_ms", "p99_ms", "known_item_recall@10")} if len(rows) > 1 else {}
    return {"figures": {name: rows[0][name] for name in names} | large, "rows": rows, "reference": reference}
