"""Tables of texts, and documents in one language out of two."""

from __future__ import annotations

import pytest

from zerocarbon.common.documents.bilingual import Bilingual, in_language, same
from zerocarbon.common.documents.blocks import Column, Fact, Row, Table, cell
from zerocarbon.common.documents.texts import Texts
from zerocarbon.common.documents.vocabulary import category, iso_category, term

SOURCE = """
[greeting]
plain = { zh = "你好", en = "Hello" }
named = { zh = "{who}，你好", en = "Hello, {who}" }
"1.2" = { zh = "一点二", en = "One point two" }
"""


def test_a_text_is_found_by_its_key_and_filled_in_by_language() -> None:
    say = Texts(SOURCE)
    assert say("greeting.plain") == Bilingual("你好", "Hello")
    assert say("greeting.named", who=Bilingual("李明", "Li Ming")) == Bilingual(
        "李明，你好", "Hello, Li Ming"
    )
    assert say("greeting.named", who="{who}") == Bilingual("{who}，你好", "Hello, {who}")
    assert say.named("greeting", "1.2").en == "One point two"
    assert say.named("greeting", "unheard of") == same("unheard of")
    assert say.every_key() == ("greeting.plain", "greeting.named", "greeting.1.2")


def test_a_missing_text_or_value_is_an_error() -> None:
    say = Texts(SOURCE)
    with pytest.raises(KeyError):
        say("greeting.rude")
    with pytest.raises(KeyError):
        say("greeting.named")


@pytest.mark.parametrize(
    "wrong",
    [
        '[a]\nb = { zh = "仅中文" }',
        '[a]\nb = { zh = "", en = "x" }',
        'a = "x"',
        '[a]\nb = { zh = "x", en = 1 }',
    ],
)
def test_a_text_needs_both_languages(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"needs one text in zh and one in en|neither a text nor a group"):
        Texts(wrong)


def test_one_language_reaches_every_text_of_a_document() -> None:
    table = Table(
        columns=(Column(Bilingual("名称", "Name"), figure=True),),
        rows=(Row((cell("x"),)),),
        caption=Bilingual("表", "Table"),
    )
    fact = Fact(Bilingual("标签", "Label"), cell("值"))
    english = in_language((table, fact, {"key": Bilingual("甲", "A")}, None, 3), "en")
    assert english[0].columns[0] == Column(same("Name"), figure=True)
    assert english[0].caption == same("Table")
    assert english[1].label == same("Label")
    assert english[2:] == ({"key": same("A")}, None, 3)
    assert in_language(table, "zh").caption == same("表")
    assert in_language(table, "both") is table


def test_labels_that_take_no_markup() -> None:
    text = Bilingual("范围一", "Scope 1")
    assert text.joined("both", " / ") == "范围一 / Scope 1"
    assert (text.joined("en"), text.joined("zh")) == ("Scope 1", "范围一")
    assert text.lines("both") == ("范围一", "Scope 1")
    assert (text.lines("en"), same("CO2").lines("both")) == (("Scope 1",), ("CO2",))


def test_codes_of_events_have_names_and_new_ones_stand_for_themselves() -> None:
    assert term("scope", "1") == Bilingual("范围一", "Scope 1")
    assert term("consolidation", "by-lot") == same("by-lot")
    assert category("3", "4").en == "Category 4, Upstream transportation and distribution"
    assert category("2", "electricity").zh == "外购电力"
    assert category("1", "volcanoes") == same("volcanoes")
    assert iso_category("2.1").en == "Imported electricity"
    assert iso_category("9") == same("9")
