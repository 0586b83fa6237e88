"""Statements as HTML and PDF: what people read, in both languages."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser

import pypdf
import pytest

from zerocarbon.declaration.documents import Bilingual, same, statement_html, statement_pdf
from zerocarbon.declaration.documents.specimen import SPECIMEN
from zerocarbon.declaration.documents.view import InconsistentView, StatementView, Target

HOSTILE = (
    "#panic()",
    "<script>alert(1)</script>",
    "$x^2$ ] [ } {",
    '#import "@preview/x:0.1.0": *',
    "*a* _b_ `c` \\ // /* @label <label>",
    "&lt;b&gt; \" ' = {{ 7 * 7 }} {% raw %}",
    '#read("/etc/passwd")',
)
REFUSED = replace(
    SPECIMEN,
    status="refused",
    status_reason=Bilingual(
        zh="有一项条件未满足，不予签发。", en="One gate does not hold; no statement is issued."
    ),
    gates=(
        *SPECIMEN.gates[:-1],
        replace(
            SPECIMEN.gates[-1],
            passed=False,
            cure=Bilingual(zh="在期限内注销碳信用", en="retire credits within the window"),
        ),
    ),
    credits_retired=(),
)


class Text(HTMLParser):
    """The visible text of a page, the tags that it uses, and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        self._hidden += tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def html_text(view: StatementView) -> str:
    return "".join(Text(statement_html(view)).words)


def pdf_text(view: StatementView) -> str:
    pages = pypdf.PdfReader(io.BytesIO(statement_pdf(view))).pages
    return "".join(page.extract_text() for page in pages)


def squeezed(text: str) -> str:
    """Without white space: a line break of the page is none of the text."""
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def documents() -> dict[str, str]:
    return {"html": squeezed(html_text(SPECIMEN)), "pdf": squeezed(pdf_text(SPECIMEN))}


def shows(documents: dict[str, str], *texts: str) -> None:
    for kind, found in documents.items():
        for text in texts:
            assert squeezed(text) in found, f"{kind} does not show {text!r}"


def test_the_seven_fields_of_the_factory(documents: dict[str, str]) -> None:
    about = SPECIMEN.subject
    fields = (
        about.factory,
        about.nature,
        about.legal_representative,
        about.registered_address,
        about.production_address,
        about.industry,
        about.contact,
    )
    for field in fields:
        assert field is not None
        shows(documents, field.zh, field.en)


def test_the_seven_fields_of_the_claim(documents: dict[str, str]) -> None:
    shows(documents, "2024-01-01 – 2024-12-31", SPECIMEN.boundary.zh, SPECIMEN.boundary.en)
    shows(documents, "PAS 2060:2014", SPECIMEN.standard_title.zh, SPECIMEN.standard_title.en)
    shows(documents, *(facility.zh for facility in SPECIMEN.facilities), SPECIMEN.methods.en)
    shows(documents, "96265681.319023904001", "96,266 tCO2e", "检验通过", "The test is passed")


def test_measures_and_targets_planned_and_actual(documents: dict[str, str]) -> None:
    shows(
        documents, "空压机余热回收", "Heat recovery from air compressors", "320.000", "341.208", "2024-09-30"
    )
    shows(documents, "4.2 %", "3.1 %", "41.7 %", "set once suppliers report their own data in 2026")


def test_both_scope_2_methods_and_the_basis(documents: dict[str, str]) -> None:
    shows(documents, "20,914.582", "6,120.345", "111,059.919", "96,265.681")
    shows(documents, "Scope 2 basis", "market-based; both methods are shown", "Scopes 1, 2 and 3")


def test_units_retired_with_serials_and_references(documents: dict[str, str]) -> None:
    shows(documents, "0000-0214-7781-3301.000000 – 0000-0214-7781-3301.017999", "RD-2025-118842")
    shows(documents, "25,450", "CCER-OW-0007-2022-00000001 – 00096266", "ZX-2025-000311", "2025-06-20")


def test_opinion_digests_and_how_to_verify(documents: dict[str, str]) -> None:
    shows(documents, "无保留意见", "Unmodified", "Reasonable assurance", "CNAS V0001 (ISO 14065)")
    shows(documents, f"sha256:{SPECIMEN.inventory.sha256}", "zerocarbon verify bundle.zip")
    shows(documents, f"inventory-lines sha256:{SPECIMEN.inventory.lines_sha256}")
    shows(documents, "Sources of factors", "生态环境部 2024年第33号公告", "0.6451")


def test_notices_and_clauses(documents: dict[str, str]) -> None:
    shows(documents, "PAS 2060 will be withdrawn on 30 November 2025", "将于2025年11月30日废止")
    shows(documents, *(gate.found.en for gate in SPECIMEN.gates), *(gate.gate.zh for gate in SPECIMEN.gates))


def test_the_page_is_self_contained_and_without_scripts() -> None:
    page = statement_html(SPECIMEN)
    parsed = Text(page)
    assert not parsed.tags & {"script", "link", "img", "iframe", "object", "form"}
    assert not [name for name in parsed.attributes if name.startswith("on") or name in {"src", "href"}]
    assert "url(" not in page
    assert "@import" not in page


def test_fonts_are_embedded_and_subset() -> None:
    made = statement_pdf(SPECIMEN)
    assert len(made) < 600_000
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pypdf.PdfReader(io.BytesIO(made)).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all(re.match(r"/[A-Z]{6}\+Noto", font) for font in fonts)


def test_the_same_view_gives_the_same_bytes() -> None:
    assert statement_pdf(SPECIMEN) == statement_pdf(SPECIMEN)
    assert statement_html(SPECIMEN) == statement_html(SPECIMEN)
    metadata = pypdf.PdfReader(io.BytesIO(statement_pdf(SPECIMEN))).metadata
    assert metadata is not None
    assert str(metadata["/CreationDate"]).startswith("D:20250630")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_a_command(text: str) -> None:
    view = replace(
        SPECIMEN,
        number=text,
        standard=text,
        claim=same(text),
        boundary=same(text),
        bundle_file=text,
        notices=(Bilingual(zh=text, en=text + "!"),),
        subject=replace(SPECIMEN.subject, factory=same(text), organisation=same(text)),
        credits_retired=tuple(replace(one, serials=text, registry=text) for one in SPECIMEN.credits_retired),
    )
    assert squeezed(text) in squeezed(pdf_text(view))
    assert squeezed(text) in squeezed(html_text(view))
    assert Text(statement_html(view)).tags == Text(statement_html(SPECIMEN)).tags


def test_archives_get_pdf_a_and_other_alphabets_still_print() -> None:
    assert b"<pdfaid:part>2</pdfaid:part>" in _metadata(SPECIMEN)
    polish = replace(SPECIMEN, claim=same("Fotowoltaika Łódź, ул. Ленина 1"))
    assert b"pdfaid" in _metadata(polish)
    assert "Łódź, ул. Ленина 1" in pdf_text(polish)


@pytest.mark.parametrize("rare", ["\U00020000", "\N{SLIGHTLY SMILING FACE}", "\ufffe"])
def test_a_character_without_a_glyph_does_not_stop_the_document(rare: str) -> None:
    view = replace(SPECIMEN, claim=same(f"before {rare} after"))
    assert b"pdfaid" not in _metadata(view)
    assert "before" in pdf_text(view)
    assert rare in html_text(view)
    assert statement_pdf(view) == statement_pdf(view)


def _metadata(view: StatementView) -> bytes:
    root = pypdf.PdfReader(io.BytesIO(statement_pdf(view))).trailer["/Root"]
    return bytes(root["/Metadata"].get_data())


def test_a_refusal_says_why_and_claims_nothing() -> None:
    for found in (squeezed(html_text(REFUSED)), squeezed(pdf_text(REFUSED))):
        assert squeezed("Result of the examination for a statement") in found
        assert "未签发" in found
        assert squeezed("retire credits within the window") in found
        assert squeezed("96,266 t are missing") in found
        assert squeezed("Statement of carbon neutrality") not in found
        assert squeezed(SPECIMEN.claim.en) not in found
        assert SPECIMEN.claim.zh not in found


def test_scopes_1_and_2_alone_are_named_in_the_title() -> None:
    view = replace(SPECIMEN, scopes=("1", "2"))
    for found in (squeezed(html_text(view)), squeezed(pdf_text(view))):
        assert squeezed("Statement of neutral emissions, scopes 1 and 2") in found
        assert squeezed("Statement of carbon neutrality") not in found
        assert squeezed("7,964 tCO2e") in found


def test_a_sample_says_so_on_every_page() -> None:
    view = replace(SPECIMEN, sample=True)
    pages = pypdf.PdfReader(io.BytesIO(statement_pdf(view))).pages
    assert all("SAMPLE" in page.extract_text() for page in pages)
    assert "SAMPLE 样本" in html_text(view)
    assert "SAMPLE" not in html_text(SPECIMEN)


def test_what_is_not_given_is_left_out() -> None:
    about = replace(SPECIMEN.subject, legal_representative=None, contact=None)
    view = replace(SPECIMEN, subject=about, measures=(), targets=(Target("1"),), certificates=())
    for found in (html_text(view), pdf_text(view)):
        assert "法定代表人" not in found
        assert "0000-0214" not in found
        assert "空压机" not in found


@pytest.mark.requirement("R201")
def test_an_issued_statement_cannot_contradict_its_inventory() -> None:
    with pytest.raises(InconsistentView, match="opinion on this exact inventory"):
        replace(SPECIMEN, inventory=replace(SPECIMEN.inventory, sha256="0" * 64))
    with pytest.raises(InconsistentView, match="without an opinion"):
        replace(SPECIMEN, verification=None)
    with pytest.raises(InconsistentView, match="do not cover"):
        replace(SPECIMEN, inventory=replace(SPECIMEN.inventory, scope1_kg=Decimal("1844000")))
    with pytest.raises(InconsistentView, match="gate"):
        replace(SPECIMEN, gates=REFUSED.gates)
