"""Translation catalogues: what the code and the templates say, what is translated, and the compiled files that gettext reads.

A text belongs to the installed app whose folder it is in, and to the project (`linli/locale`) where there is none.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

LANGUAGE = "zh_Hans"
PO = Path("locale", LANGUAGE, "LC_MESSAGES", "django.po")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "N_": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SKIPPED = {"migrations", "__pycache__", "locale", "static", "node_modules"}
TEMPLATES = {".html", ".txt", ".svg", ".xml"}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|(?<!%)%[sd]|\{(\w*)\}")

HEADER = f"""msgid ""
msgstr ""
"Language: {LANGUAGE}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""

Text = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A text in the sources: its msgid (with the plural, if it has one), its context, and where it stands."""

    text: Text
    context: str | None
    place: str

    @property
    def key(self) -> tuple[str, str | None]:
        """What a catalogue looks it up by."""
        return (self.text if isinstance(self.text, str) else self.text[0]), self.context


def owners() -> list[Path]:
    """The folders that may have a `locale`: the project's and each of our installed apps', inner ones first."""
    root = Path(settings.BASE_DIR)
    ours = {Path(config.path) for config in apps.get_app_configs() if root in Path(config.path).parents}
    return [*sorted(ours, key=lambda path: -len(path.parts)), root]


def catalogue(owner: Path) -> Catalog:
    """The owner's translations; empty if it has no file."""
    path = owner / PO
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def texts() -> dict[Path, list[Found]]:
    """Every text of the sources, by owner."""
    found: dict[Path, list[Found]] = {owner: [] for owner in owners()}
    for path in _sources(Path(settings.BASE_DIR)):
        owner = next(folder for folder in found if folder in path.parents)
        found[owner].extend(_texts_of(path))
    return found


def _sources(root: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in SKIPPED)
        yield from (Path(folder, name) for name in sorted(files) if Path(name).suffix in TEMPLATES | {".py"})


def _texts_of(path: Path) -> Iterator[Found]:
    source = path.read_text(encoding="utf-8")
    if path.suffix in TEMPLATES:
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).split("\n"))  # indented, it is no Python
    stream = io.BytesIO(source.encode())
    for line, text, _, context in extract("python", stream, KEYWORDS, options={"encoding": "utf-8"}):
        if text and text != ("",):
            yield Found(text, context, f"{path.relative_to(settings.BASE_DIR.parent)}:{line}")


def compile_all() -> int:
    """Bring every compiled catalogue up to date with its source; returns how many had to be written."""
    return sum(_compile(owner) for owner in owners())


def _compile(owner: Path) -> bool:
    source, target = owner / PO, (owner / PO).with_suffix(".mo")
    if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
        return False
    catalog = catalogue(owner)
    half = target.with_suffix(f".{os.getpid()}")
    with half.open("wb") as file:
        write_mo(file, catalog)
    half.replace(target)
    return True


def extract_all(only: str = "") -> int:
    """Add what the sources say to the owners' catalogues, drop what they say no longer; returns how many wait for a translation.

    `only` is the end of the path of the owner to be looked at, such as `web/operator`; all are if it is empty.
    """
    wanted = {owner: found for owner, found in texts().items() if not only or f"/{owner}".endswith(f"/{only}")}
    return sum(_extract(owner, found) for owner, found in wanted.items() if found or (owner / PO).exists())


def _extract(owner: Path, found: list[Found]) -> int:
    template, catalog = Catalog(), catalogue(owner)
    for text in found:
        template.add(text.text, context=text.context)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    written = io.BytesIO()
    write_po(written, catalog, width=120, no_location=True, omit_header=True)
    (owner / PO).parent.mkdir(parents=True, exist_ok=True)
    (owner / PO).write_text(HEADER + written.getvalue().decode(), encoding="utf-8")
    return sum(1 for message in catalog if message.id and not _said(message))


def faults() -> list[str]:
    """What is wrong with the translations: missing, fuzzy, or with other placeholders than the text. One line each, with its place."""
    known: dict[tuple[str, str | None], Message] = {}
    wrong: list[str] = []
    for owner in owners():
        for message in catalogue(owner):
            if not message.id:
                continue
            place = f"{(owner / PO).relative_to(settings.BASE_DIR.parent)}"
            known.setdefault(_key(message), message)
            wrong.extend(f"{place}: {fault}: {_key(message)[0]!r}" for fault in _faults_of(message))
    missing = (found for group in texts().values() for found in group if not _said(known.get(found.key)))
    wrong.extend(f"{found.place}: not translated: {found.key[0]!r}" for found in missing)
    return list(dict.fromkeys(wrong))


def _key(message: Message) -> tuple[str, str | None]:
    return (message.id if isinstance(message.id, str) else message.id[0]), message.context or None


def _said(message: Message | None) -> bool:
    return bool(message and message.string and (isinstance(message.string, str) or all(message.string)))


def _faults_of(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    if not _said(message):
        return
    wanted = _placeholders(message.id if isinstance(message.id, str) else message.id[-1])
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if any(_placeholders(string) - wanted for string in strings):
        yield "has placeholders that the text does not have"
    elif isinstance(message.id, str) and any(_placeholders(string) != wanted for string in strings):
        yield "lacks placeholders of the text"


def _placeholders(text: str) -> set[str]:
    return {match.group() for match in _PLACEHOLDER.finditer(text)}
