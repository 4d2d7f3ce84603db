"""Translations: every text is found, what is missing or wrong is named with its place, and new texts are merged in."""

from __future__ import annotations

from pathlib import Path

import pytest

from linli.fronts.commands import catalogs

PAGE = """{% load i18n %}<h1>{% translate "Orders" %}</h1>
{% blocktranslate trimmed count n=number %}{{ n }} order{% plural %}{{ n }} orders{% endblocktranslate %}
      <p>
  {% blocktranslate with name=store %}From {{ name }}{% endblocktranslate %}{% translate "May" context "month" %}
"""
CODE = """raise Conflict("stock.short", N_("Only %(left)s left."), left=1)
label = _("Cart")
many = ngettext("%(n)s dish", "%(n)s dishes", n)
"""


@pytest.fixture
def tree(tmp_path, settings, monkeypatch) -> Path:
    """A project with one app `shop`, texts in both, and one translation."""
    root = tmp_path / "linli"
    (root / "shop" / "templates").mkdir(parents=True)
    (root / "shop" / "templates" / "page.html").write_text(PAGE)
    (root / "code.py").write_text(CODE)
    settings.BASE_DIR = root
    monkeypatch.setattr(catalogs, "owners", lambda: [root / "shop", root])
    return root


def write(owner: Path, text: str) -> None:
    (owner / catalogs.PO).parent.mkdir(parents=True, exist_ok=True)
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    (owner / catalogs.PO).write_text(header + text)


def test_every_text_is_found_with_its_plural_and_its_context(tree) -> None:
    found = catalogs.texts()
    assert {(text.text, text.context) for text in found[tree / "shop"]} == {
        ("Orders", None),
        (("%(n)s order", "%(n)s orders"), None),
        ("From %(name)s", None),
        ("May", "month"),
    }
    assert {text.text for text in found[tree]} == {"Only %(left)s left.", "Cart", ("%(n)s dish", "%(n)s dishes")}


def test_what_is_not_translated_is_named_with_its_place(tree) -> None:
    write(tree, 'msgid "Cart"\nmsgstr "购物车"\n\nmsgid "Orders"\nmsgstr ""\n')
    wrong = catalogs.faults()
    assert "linli/code.py:1: not translated: 'Only %(left)s left.'" in wrong
    assert "linli/shop/templates/page.html:1: not translated: 'Orders'" in wrong
    assert not any("Cart" in line for line in wrong)
    assert len(wrong) == 6


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('#, fuzzy\nmsgid "Cart"\nmsgstr "购物车"\n', "fuzzy"),
        ('msgid "Only %(left)s left."\nmsgstr "只剩一点了。"\n', "lacks placeholders"),
        ('msgid "Cart"\nmsgstr "购物车 %(n)s"\n', "has placeholders"),
    ],
)
def test_a_translation_that_would_go_wrong_is_named(tree, text: str, fault: str) -> None:
    write(tree, text)
    assert any(fault in line for line in catalogs.faults())


def test_new_texts_are_merged_in_and_old_translations_stay(tree) -> None:
    write(tree, 'msgid "Cart"\nmsgstr "购物车"\n\nmsgid "Gone"\nmsgstr "没了"\n')
    assert catalogs.extract_all() == 6
    catalog = catalogs.catalogue(tree)
    assert catalog.get("Cart").string == "购物车"
    assert catalog.get("Gone") is None
    assert catalog.get("Only %(left)s left.").string == ""
    before = (tree / catalogs.PO).read_text()
    catalogs.extract_all()
    assert (tree / catalogs.PO).read_text() == before


def test_only_what_is_newer_is_compiled(tree) -> None:
    write(tree, 'msgid "Cart"\nmsgstr "购物车"\n')
    assert catalogs.compile_all() == 1
    assert catalogs.compile_all() == 0
    assert (tree / catalogs.PO).with_suffix(".mo").stat().st_size > 0
