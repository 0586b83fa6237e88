"""The report as page and PDF: every figure, every required content, both languages, nothing that acts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pypdf
import pytest

import zerocarbon.accounting.report as package
from zerocarbon.accounting.report.charts import bars, electricity
from zerocarbon.accounting.report.charts.emissions import causes_picture
from zerocarbon.accounting.report.content import content_of
from zerocarbon.accounting.report.document import report_document, sections_of
from zerocarbon.accounting.report.facts import ReportFacts
from zerocarbon.accounting.report.grades import CONFIDENCES, RUNGS
from zerocarbon.accounting.report.rendering import report_html, report_pdf, report_xlsx
from zerocarbon.accounting.report.wording import required_contents, say
from zerocarbon.accounting.store.reported import Names
from zerocarbon.accounting.testing.reported import NAMES, identity, specimen
from zerocarbon.common.documents.bilingual import Bilingual, Language, same
from zerocarbon.common.documents.figures import grouped, tonnes
from zerocarbon.contracts.inventory import Cause
from zerocarbon.proof import formulas
from zerocarbon.proof.screening import STATES
from zerocarbon.proof.significance import CRITERIA

HOSTILE = (
    "#panic()",
    "<script>alert(1)</script>",
    "$x^2$ ] [ } {",
    '#import "@preview/x:0.1.0": *',
    "&lt;b&gt; \" ' = {{ 7 * 7 }} {% raw %}",
    "=1+1",
    "{factory} {0}",
)
CHINESE = re.compile("[\u4e00-\u9fff]")


class Page(HTMLParser):
    """The visible text of a page, its tags, and the attributes of each element."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.words: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page.decode())
        self.text = squeezed("".join(self.words))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "col", "img", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} closes what was not open"

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def squeezed(text: str) -> str:
    """Without white space: a line break of the page is none of the text."""
    return re.sub(r"\s+", "", text)


def pdf_text(facts: ReportFacts, language: Language = "both") -> str:
    pages = pypdf.PdfReader(io.BytesIO(report_pdf(content_of(facts), language))).pages
    return squeezed("".join(page.extract_text() for page in pages))


@cache
def page(language: Language = "both") -> Page:
    return Page(report_html(content_of(specimen()), language))


@cache
def paper(language: Language = "both") -> str:
    return pdf_text(specimen(), language)


def shows(*texts: str) -> None:
    for kind, found in (("page", page().text), ("paper", paper())):
        for text in texts:
            assert squeezed(text) in found, f"the {kind} does not show {text!r}"


def kilograms(value: object, name: str = "") -> Iterator[Decimal]:
    """Every amount of a content, wherever it stands."""
    if isinstance(value, Decimal) and name.endswith("_kg"):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from kilograms(item, name)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from kilograms(getattr(value, field.name), field.name)


def test_every_amount_of_the_content_is_printed() -> None:
    amounts = set(kilograms(replace(content_of(specimen()), facts=None)))  # type: ignore[arg-type]
    assert len(amounts) > 20
    content = content_of(specimen())
    masses = {one for gas in content.gases for one in kilograms(gas.mass)}
    masses |= {gas.mass_kg for gas in content.outside}
    shows(*(tonnes(amount) for amount in amounts - masses), *(grouped(mass) for mass in masses))
    exact = {attributes.get("title") for attributes in page().all("span")}
    assert {f"{amount.normalize():f} kg" for amount in amounts - masses if amount} <= exact


def test_every_line_factor_meter_and_certificate_is_printed() -> None:
    facts = specimen()
    for line in facts.lines:
        shows(line.line, f"{grouped(line.quantity)} {line.unit}", tonnes(line.co2e_kg))
    for one in content_of(facts).factors:
        shows(f"{one.use.factor} v{one.use.version}", f"{grouped(one.use.value)} {one.use.unit}")
        shows(re.split("[0-9a-f]{64}", one.use.source)[0], re.split("[0-9a-f]{64}", one.use.clause)[0])
    shows("m-1", "5,760", "5,759", "99.98 %")
    shows("GEC-2024-WIND: 0–119", "GEC-2024-WIND: 120–149", "2024-01-01 – 2024-02-29", "cn-gec statement-120")
    shows("cn-gec statement-150; withdrawn since", "cn-gec statement-150；已撤回")


@pytest.mark.requirement("R17")
def test_there_is_a_section_for_each_of_the_ten_topics() -> None:
    found = [one for one in required_contents() if one.standard == "GHG Protocol Corporate Standard"]
    assert [one.content.en for one in found] == [
        "Principles",
        "Goals and design",
        "Organisational boundary",
        "Operational boundary and sources",
        "Tracking over time",
        "Calculation",
        "Quality management",
        "Reductions",
        "Reporting",
        "Verification",
    ]
    sections = sections_of(content_of(specimen()), "both")
    leading = [one.sections[0] for one in found]
    assert len(set(leading)) == 10
    assert all(sections[name].blocks for name in leading)


@pytest.mark.requirement("R177")
def test_the_six_contents_of_a_report_and_those_of_iso_have_their_sections() -> None:
    sections = sections_of(content_of(specimen()), "both")
    six = [one.content.en for one in required_contents() if one.standard == "GHG report"]
    assert six == ["Basis", "Sources", "Period", "Methods", "Boundary and scopes", "Amount"]
    for one in required_contents():
        assert one.sections, one.content.en
        assert all(sections[name].blocks for name in one.sections), one.content.en
        shows(one.content.zh, one.content.en)


def test_what_is_not_known_is_said() -> None:
    shows("No base year is set.", "未设定基准年")
    shows("Uncertainty is not quantified in this version yet", "本版尚未量化不确定性")
    shows("The close comes before verification, so this report states no opinion.")


def test_boundaries_responsibility_hashes_and_history() -> None:
    closed = specimen().closed
    shows("All sources of the plant.", "Scope 1, Scope 2, Scope 3", "Operational control", "CN-JS")
    shows(closed.preparer_id, closed.reviewer_id, "2024-01-01 – 2024-02-29", "2025-06-20T08:30:00Z")
    shows(f"sha256:{closed.inventory_sha256}", f"inventory-lines sha256:{closed.lines_sha256}")
    shows(f"sha256:{closed.readings_root}", "11,527", "1/7/42", "zerocarbon verify bundle.zip")
    shows("AR6, over 100 years; IPCC Sixth Assessment Report 2021", "late-data: an invoice came late")
    shows("1,191.657", "1,088.765", "111111111111")


def test_a_restatement_says_what_each_cause_moved() -> None:
    shows("late data", "迟到数据", "a meter was read late", "0.100", "−0.010", "0.090", "1,191.657")
    (picture,) = causes_picture(content_of(specimen()), "en")
    assert "late data: 0.100 t location-based, 0.100 t market-based" in picture.alternative.en
    assert "Difference: 0.100 t location-based, 0.090 t market-based" in picture.alternative.en
    restated = specimen()
    first = replace(restated, closed=restated.closed.model_copy(update={"attribution": None}))
    assert causes_picture(content_of(first), "en") == ()
    assert "Why the figures differ" not in str(report_document(content_of(first), "en").sections)


@pytest.mark.requirement("R26")
def test_exclusions_are_listed_with_reason_estimate_and_approver() -> None:
    shows("lawn-mower", "Two litres of petrol a year.", "0.005", identity("approver"))


@pytest.mark.requirement("R14")
def test_an_empty_class_of_scope_1_is_shown_as_not_present() -> None:
    shows("Process emissions", "not present", "不存在")


@pytest.mark.requirement("R16", "R39")
def test_all_fifteen_categories_stand_with_their_answers() -> None:
    for number in range(1, 16):
        shows(f"Category {number},")
    shows("relevant, not calculated", "Little waste.", "1.234", "not relevant", "There is none.")


@pytest.mark.requirement("R38")
def test_the_share_of_purchased_electricity_stands_first() -> None:
    """738.025 of 1,191.757 t location-based."""
    lead = report_document(content_of(specimen()), "en").lead
    assert "Purchased electricity in the total" in str(lead)
    assert "61.92 % location-based" in str(lead)


def test_a_method_with_one_total_prints_one() -> None:
    facts = specimen("cn-other")
    for text in (Page(report_html(content_of(facts), "en")).text, pdf_text(facts, "en")):
        assert squeezed("By the emission sources of the guide") in text
        assert squeezed("Net purchased electricity and heat, CO2") in text
        assert squeezed("the guide counts CO2 and CH4 of its six sources only") in text
        assert squeezed("The method prescribes this edition") in text
        assert "ocation-based" not in text
        assert "arket-based" not in text


def test_iso_puts_the_location_based_total_first_and_prints_the_judgements() -> None:
    facts = specimen("iso-14064-1")
    judged = [
        {
            "category": 1,
            "state": "calculated",
            "significance": {
                "criteria": ["magnitude", "risk"],
                "significant": True,
                "reason": "A quarter of all.",
            },
        }
    ]
    facts = replace(facts, closed=specimen("iso-14064-1", screening=judged).closed)
    text = Page(report_html(content_of(facts), "en")).text
    assert squeezed("The location-based total stands for this inventory") in text
    assert squeezed("significant (magnitude, risk): A quarter of all.") in text
    assert squeezed("conformity with that standard is not stated") not in text


def test_one_language_leaves_no_word_of_the_other() -> None:
    names = Names(
        same("Qingchuan"), same("Module plant"), {code: same(name.en) for code, name in NAMES.sources.items()}
    )
    facts = replace(specimen(), names=names)
    english = report_html(content_of(facts), "en")
    assert not CHINESE.search("".join(Page(english).words))
    assert not CHINESE.search(pdf_text(facts, "en"))
    chinese = page("zh").text
    for text in (chinese, paper("zh")):
        assert "温室气体清单报告" in text
        assert squeezed("Greenhouse gas inventory report") not in text
        assert squeezed("Uncertainty") not in text
    for text in (page("both").text, paper("both")):
        assert "温室气体清单报告" in text
        assert squeezed("Greenhouse gas inventory report") in text


def test_the_page_can_be_read_by_ear_and_holds_nothing_that_acts() -> None:
    parsed = page()
    assert parsed.all("html") == [{"lang": "zh-CN"}]
    assert page("en").all("html") == [{"lang": "en"}]
    tags = {tag for tag, _ in parsed.elements}
    assert not tags & {"script", "link", "iframe", "object", "form", "svg"}
    assert not [name for _, attributes in parsed.elements for name in attributes if name.startswith("on")]
    pictures = parsed.all("img")
    assert len(pictures) == 6
    assert all(len(str(one["alt"])) > 30 and str(one["src"]).startswith("data:image/svg") for one in pictures)
    assert all(one.get("scope") == "col" for one in parsed.all("th"))
    assert parsed.open == []


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_users_is_never_a_command(text: str) -> None:
    clean = specimen()
    closed = clean.closed.model_copy(
        update={
            "restatement_reason": text,
            "exclusions": [clean.closed.exclusions[0].model_copy(update={"reason": text})],
            "screening": [one.model_copy(update={"reason": text}) for one in clean.closed.screening],
        }
    )
    facts = replace(
        clean,
        closed=closed,
        opened=clean.opened.model_copy(update={"operational_boundary": text}),
        names=Names(same(text), Bilingual(text, f"{text}!"), dict.fromkeys(NAMES.sources, same(text))),
        retirements=tuple(replace(one, project_name=text) for one in clean.retirements),
        lines=tuple(replace(line, notes=(text,)) for line in clean.lines),
    )
    shown = Page(report_html(content_of(facts), "both"))
    assert shown.text.count(squeezed(text)) > len(facts.lines)
    assert {tag for tag, _ in shown.elements} == {tag for tag, _ in page().elements}
    assert squeezed(text) in pdf_text(facts)


def test_the_same_version_gives_the_same_bytes() -> None:
    content = content_of(specimen())
    drawn = [draw(content, "both") for draw in (report_html, report_pdf, report_xlsx)]
    bars.horizontal_bars.cache_clear()
    electricity._months.cache_clear()
    electricity._hours.cache_clear()
    again = content_of(specimen())
    assert [draw(again, "both") for draw in (report_html, report_pdf, report_xlsx)] == drawn
    metadata = pypdf.PdfReader(io.BytesIO(drawn[1])).metadata
    assert metadata is not None
    assert str(metadata["/CreationDate"]).startswith("D:20250620")


def test_the_pdf_is_fit_for_archives_and_embeds_its_fonts() -> None:
    reader = pypdf.PdfReader(io.BytesIO(report_pdf(content_of(specimen()), "both")))
    assert b"<pdfaid:part>2</pdfaid:part>" in bytes(reader.trailer["/Root"]["/Metadata"].get_data())
    fonts = {
        str(font.get_object()["/BaseFont"])
        for one in reader.pages
        for font in one["/Resources"]["/Font"].values()
    }
    assert all(re.match(r"/[A-Z]{6}\+Noto", font) for font in fonts)
    assert all(one.extract_text().strip() for one in reader.pages)


def test_notices_come_before_any_figure() -> None:
    superseded = replace(specimen(), superseded_by=3)
    document = report_document(content_of(superseded), "en")
    assert document.status == same("Superseded")
    assert "Version 3 has superseded this one" in str(document.lead[0])
    assert "withdrawn certificates that this version counted" in str(document.lead[1])
    line = superseded.lines[0]
    made_up = replace(line, factors=(replace(line.factors[0], source="A guess (synthetic)"),))
    document = report_document(content_of(replace(superseded, lines=(made_up,))), "en")
    assert document.sample == same("SAMPLE")
    assert "marked as synthetic" in str(document.lead[2])
    assert report_document(content_of(specimen()), "en").sample is None


def test_electricity_that_differs_from_what_was_frozen_is_not_drawn() -> None:
    facts = replace(specimen(), purchase=None)
    shown = Page(report_html(content_of(facts), "en"))
    assert squeezed("differ from what this version froze") in shown.text
    assert len(shown.all("img")) == 4


def test_every_formula_and_kind_of_grade_has_a_name() -> None:
    ids = [value for name, value in vars(formulas).items() if name.isupper()]
    assert len(ids) > 20
    named = set(say.every_key())
    assert [one for one in ids if f"formula.{one}" not in named] == []
    assert {f"rung.{one}" for one in RUNGS} | {f"confidence.{one}" for one in CONFIDENCES} <= named
    assert {f"cause.{one}" for one in get_args(Cause)} <= named
    assert {f"criterion.{one}" for one in CRITERIA} | {f"state.{one}" for one in STATES} <= named


def test_every_text_of_the_table_is_used() -> None:
    root = Path(package.__path__[0])
    code = "\n".join(path.read_text(encoding="utf-8") for path in root.rglob("*.py"))
    by_code = {"cause", "rung", "confidence", "formula", "state", "criterion"}

    def used(key: str) -> bool:
        group, _, name = key.partition(".")
        prefixed = f'f"{group}.{name.partition("_")[0]}_{{' in code
        return group in by_code or prefixed or f'"{key}"' in code or f'"{name}"' in code

    unused = [key for key in say.every_key() if not used(key)]
    assert unused == [], unused
