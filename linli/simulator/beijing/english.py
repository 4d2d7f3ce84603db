"""English names: whole names and words from a dictionary, pinyin for the rest."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from pypinyin import lazy_pinyin

_WORDS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("english.toml").read_text("utf8"))
_HAN = re.compile(r"[一-鿿]+")
_LONGEST = 6


def store(name: str) -> str:
    """A store's name in English; a branch in brackets stays in brackets: `全聚德(前门店)` is `Quanjude (Qianmen)`."""
    main, _, branch = re.sub(r"[（【]", "(", re.sub(r"[）】]", ")", name)).partition("(")
    parts = [_words(main, "stores"), _words(branch.replace(")", " "), "stores")]
    return f"{parts[0]} ({parts[1]})" if parts[1] else parts[0] or _pinyin(name)


def dish(name: str) -> str:
    """A dish's English name when every part of it is in the dictionary, otherwise its pinyin."""
    pieces = _pieces(_HAN.sub(lambda run: run[0], name), "dishes")
    if any(known is None for known in pieces):
        return _pinyin(name)
    text = " ".join(word for word in pieces if word)
    return text[:1].upper() + text[1:]


def place(name: str) -> str:
    """Any other name: pinyin with capitals, what is Latin already as it stands."""
    return _pinyin(name)


def _words(text: str, book: str) -> str:
    """`text` with the words of the dictionary translated and everything between them in pinyin."""
    out: list[str] = []
    for run in re.findall(r"[一-鿿]+|[^一-鿿]+", text.strip()):
        if not _HAN.fullmatch(run):
            out.append(run.strip())
            continue
        for piece, word in _split(run, book):
            out.append(_capital(piece) if word is None else word)
    return " ".join(word for word in out if word).strip()


def _pieces(text: str, book: str) -> list[str | None]:
    out: list[str | None] = []
    for run in re.findall(r"[一-鿿]+|[^一-鿿]+", text):
        out += [word for _, word in _split(run, book)] if _HAN.fullmatch(run) else [run.strip()]
    return out


def _split(run: str, book: str) -> list[tuple[str, str | None]]:
    """Longest words first, from the left; neighbouring characters without a word stay together."""
    words, at = _WORDS[book], 0
    out: list[tuple[str, str | None]] = []
    while at < len(run):
        for length in range(min(_LONGEST, len(run) - at), 0, -1):
            if run[at : at + length] in words:
                out.append((run[at : at + length], words[run[at : at + length]]))
                at += length
                break
        else:
            if out and out[-1][1] is None:
                out[-1] = (out[-1][0] + run[at], None)
            else:
                out.append((run[at], None))
            at += 1
    return out


def _capital(run: str) -> str:
    """Pinyin in words of two or three syllables, each with a capital."""
    syllables = lazy_pinyin(run)
    size = len(syllables) if len(syllables) <= 3 else 2
    return " ".join("".join(syllables[i : i + size]).capitalize() for i in range(0, len(syllables), size))


def _pinyin(text: str) -> str:
    parts = [_capital(run) if _HAN.fullmatch(run) else run.strip() for run in re.findall(r"[一-鿿]+|[^一-鿿]+", text)]
    return " ".join(part for part in parts if part)
