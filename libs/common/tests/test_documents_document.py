"""Documents of blocks as HTML and PDF: pictures, contents, and one language or both."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pypdf
import pytest

from zerocarbon.common.documents.bilingual import Bilingual, Language, in_language, same
from zerocarbon.common.documents.blocks import (
    Column,
    Document,
    Fact,
    Facts,
    Paragraph,
    Picture,
    Row,
    Section,
    Table,
    cell,
)
from zerocarbon.common.documents.html import document_html
from zerocarbon.common.documents.pdf import document_pdf

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="20" viewBox="0 0 100 20">'
    '<text y="15" font-family="Noto Sans CJK SC" font-size="10">图 drawn</text></svg>'
)
PICTURE = Picture(SVG, Bilingual("一张图：“甲”", 'A picture of "A"'), Bilingual("图一", "Figure 1"))
PLAIN = Document(
    title=Bilingual("报告", "Report"),
    subtitle=Bilingual("副标题", "Subtitle"),
    organisation=Bilingual("某公司", "A company"),
    status=Bilingual("已关闭", "Closed"),
    status_tone="good",
    key_facts=(Fact(Bilingual("版本", "Version"), cell("2")),),
    lead=(Paragraph(Bilingual("正文。", "Text.")),),
    sections=(Section(Bilingual("第一节", "First section"), (Paragraph(same("x")),)),) * 3,
    footer=("left", "middle"),
)
MADE_ON = date(2025, 6, 20)


class Parsed(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def with_all(language: Language) -> Document:
    contents = Bilingual("目录", "Contents")
    whole = replace(PLAIN, lead=(*PLAIN.lead, PICTURE), language=language, contents=contents)
    return in_language(whole, language)


def pdf_text(document: Document) -> str:
    pages = pypdf.PdfReader(io.BytesIO(document_pdf(document, MADE_ON))).pages
    return "".join(page.extract_text() for page in pages)


def test_a_picture_is_an_image_with_words_for_those_who_do_not_see_it() -> None:
    page = document_html(with_all("both"))
    (image,) = Parsed(page).all("img")
    assert image["alt"] == '一张图：“甲” / A picture of "A"'
    assert str(image["src"]).startswith("data:image/svg+xml;base64,")
    policy = next(one for one in Parsed(page).all("meta") if "content-security-policy" in str(one).lower())
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert "Figure 1" in page
    assert "图 drawn" in pdf_text(with_all("both"))


def test_without_pictures_nothing_but_styles_is_allowed() -> None:
    assert "img-src" not in document_html(PLAIN)
    assert not PLAIN.has_pictures()


def test_contents_lead_to_the_sections() -> None:
    parsed = Parsed(document_html(with_all("both")))
    links = [str(one["href"]) for one in parsed.all("a")]
    assert links == ["#section-1", "#section-2", "#section-3"]
    assert [one.get("id") for one in parsed.all("section")] == ["section-1", "section-2", "section-3"]
    assert Parsed(document_html(PLAIN)).all("nav") == []
    assert "目录" in pdf_text(with_all("both"))
    assert "目录" not in pdf_text(PLAIN)


@pytest.mark.parametrize(("language", "tag"), [("zh", "zh-CN"), ("en", "en"), ("both", "zh-CN")])
def test_the_page_names_its_language(language: Language, tag: str) -> None:
    page = document_html(with_all(language))
    assert Parsed(page).all("html") == [{"lang": tag}]
    words, text = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL), pdf_text(with_all(language))
    for found in (words, text):
        assert ("First section" in found) == (language != "zh")
        assert ("第一节" in found) == (language != "en")


def test_both_languages_are_marked_where_they_stand_side_by_side() -> None:
    parsed = Parsed(document_html(with_all("both")))
    assert {"lang": "en"} in [{"lang": one.get("lang")} for one in parsed.all("span")]
    assert "lang" not in str(Parsed(document_html(with_all("en"))).all("span"))


@pytest.mark.parametrize("place", ["table", "facts"])
def test_a_text_that_is_longer_than_a_page_runs_on_to_the_next(place: str) -> None:
    long = cell("长文" * 1500 + "末尾")
    table = Table((Column(same("a")), Column(same("b"))), (Row((cell("x"), long)),))
    block = table if place == "table" else Facts((Fact(same("a"), long),))
    document = replace(PLAIN, sections=(Section(same("h"), (block,)),))
    heights: list[float] = []

    def found(text: str, outer: list[float], inner: list[float], *_font: object) -> None:
        if text.strip():
            heights.append(inner[5] * outer[3] + outer[5])

    pages = pypdf.PdfReader(io.BytesIO(document_pdf(document, MADE_ON))).pages
    text = "".join(page.extract_text(visitor_text=found) for page in pages)
    assert "末尾" in text
    assert min(heights) > 0


def test_the_same_document_gives_the_same_bytes() -> None:
    assert document_pdf(with_all("both"), MADE_ON) == document_pdf(with_all("both"), MADE_ON)
    metadata = pypdf.PdfReader(io.BytesIO(document_pdf(PLAIN, MADE_ON))).metadata
    assert metadata is not None
    assert str(metadata["/CreationDate"]).startswith("D:20250620")
