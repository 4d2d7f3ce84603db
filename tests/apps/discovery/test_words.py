"""How text is read and where words begin; the quick search says what a slow one would."""

from hypothesis import given
from hypothesis import strategies as st

from linli.apps.discovery import words
from linli.engines.language.pinyin import spell


def test_pinyin_is_found_from_a_syllable_on() -> None:
    text = words.Text([words.line("西安凉皮", "Xi'an cold noodles", *(lambda s: (s.full, s.initials))(spell("西安凉皮")))])
    hits = {term: len(text.find(term)[0]) for term in ("xian", "anliang", "iang", "xalp", "xian'", "cold", "old", "noodles", "凉皮")}
    assert hits == {"xian": 1, "anliang": 1, "iang": 0, "xalp": 1, "xian'": 0, "cold": 1, "old": 0, "noodles": 1, "凉皮": 1}


def test_the_beginning_of_a_line_is_told_apart() -> None:
    text = words.Text([words.line("牛肉面"), words.line("番茄牛肉面")])
    lines, begins = text.find("牛肉")
    assert (lines.tolist(), begins.tolist()) == ([0, 1], [0])


def test_reading_keeps_letters_and_drops_the_rest() -> None:
    assert words.read("  KUNG-Pao,  宫保！🍜 ").terms == ("kung", "pao", "宫保")
    assert words.read("").terms == ()
    assert words.read("a b c d e f g h i j") == words.Query(("a", "b", "c", "d", "e", "f", "g", "h"), True)


NAMES = st.lists(st.text("牛肉面宫保ab ", max_size=6), max_size=8)


@given(names=NAMES, term=st.text("牛肉面ab", min_size=1, max_size=3))
def test_the_quick_search_finds_what_a_slow_one_finds(names: list[str], term: str) -> None:
    lines, begins = words.Text([words.line(name) for name in names]).find(term)
    plain = [" ".join(name.split()) for name in names]
    assert lines.tolist() == [number for number, name in enumerate(plain) if term in name]
    assert begins.tolist() == [number for number, name in enumerate(plain) if name.startswith(term)]


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    query = words.read(text)
    assert len(query.text) <= words.LONGEST_QUERY
    assert len(query.terms) <= words.MOST_TERMS
