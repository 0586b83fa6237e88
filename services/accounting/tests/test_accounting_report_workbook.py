"""The report as a workbook, read back by another library: every figure whole, nothing that acts."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from zerocarbon.accounting.report.content import content_of
from zerocarbon.accounting.report.facts import ReportFacts
from zerocarbon.accounting.report.rendering import report_xlsx
from zerocarbon.accounting.report.workbook.book import MAX_CHARACTERS
from zerocarbon.accounting.report.workbook.values import fits, rounded
from zerocarbon.accounting.store.reported import Names
from zerocarbon.accounting.testing.reported import NAMES, identity, specimen
from zerocarbon.common.documents.bilingual import Language, same
from zerocarbon.proof.numbers import canonical, total

SHEETS = [
    "Summary",
    "Lines",
    "Gases",
    "Factors",
    "Coverage",
    "Exclusions",
    "Not counted",
    "Screening",
    "Certificates",
    "Causes",
]


def opened(facts: ReportFacts | None = None, language: Language = "en") -> Any:
    data = report_xlsx(content_of(facts or specimen()), language)
    return openpyxl.load_workbook(io.BytesIO(data))


def rows(sheet: Any) -> list[dict[str, Any]]:
    """Rows by the headings of their columns."""
    header, *body = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in body]


@pytest.fixture(scope="module")
def book() -> Any:
    return opened()


def test_the_sheets_and_their_order(book: Any) -> None:
    assert book.sheetnames == SHEETS
    assert opened(language="both").sheetnames[:2] == ["摘要 Summary", "清单行 Lines"]
    assert opened(language="zh").sheetnames[0] == "摘要"


def test_lines_sum_exactly_to_the_totals(book: Any) -> None:
    totals = specimen().closed.totals
    lines = rows(book["Lines"])

    def summed(scope: str, other: str) -> Decimal:
        return total(
            Decimal(line["kg CO2e, every digit"])
            for line in lines
            if line["Scope"] == scope and line["Scope 2 method"] != other
        )

    assert summed("Scope 1", "") == totals.scope1
    assert summed("Scope 2", "market-based") == totals.scope2_location
    assert summed("Scope 2", "location-based") == totals.scope2_market
    assert summed("Scope 3", "") == totals.scope3
    assert summed("Outside the scopes", "") == totals.outside


def test_gases_sum_exactly_to_their_lines(book: Any) -> None:
    gases = rows(book["Gases"])
    for line in rows(book["Lines"]):
        found = [one for one in gases if one["Line"] == line["Line"]]
        assert total(Decimal(one["kg CO2e, every digit"]) for one in found) == Decimal(
            line["kg CO2e, every digit"]
        )


def test_each_line_is_whole(book: Any) -> None:
    facts = specimen()
    for line, row in zip(facts.lines, rows(book["Lines"]), strict=True):
        assert (row["Line"], row["Unit"], row["Formula"]) == (line.line, line.unit, line.formula)
        assert row["Name"] == NAMES.source(line.source).en
        assert Decimal(row["Activity, every digit"]) == line.quantity
        assert (row["Notes"] or "").split("\n") == (list(line.notes) or [""])
        assert all(
            f"{use.factor} v{use.version} = {canonical(use.value)}" in row["Factors"] for use in line.factors
        )
        assert all(
            f"{canonical(gas.mass_kg)} kg {gas.gas} × {canonical(gas.gwp)} = {canonical(gas.co2e_kg)} kg CO2e"
            in row["Gases"]
            for gas in line.gases
        )


def test_the_summary_has_every_total_and_every_digest(book: Any) -> None:
    closed, content = specimen().closed, content_of(specimen())
    summary = {row["Item"]: row for row in rows(book["Summary"])}
    assert summary["Inventory hash"]["Text"] == f"sha256:{closed.inventory_sha256}"
    assert summary["Reason for the restatement"]["Text"] == "late-data: an invoice came late"
    whole = summary["Total"]
    assert Decimal(whole["location-based, every digit"]) == closed.totals.total_location
    assert Decimal(whole["market-based, every digit"]) == closed.totals.total_market
    exact = {row[name] for row in rows(book["Summary"]) for name in row if name.endswith("every digit")}
    parts = (*content.scopes, *content.iso, *content.gas_groups, *content.carriers, *content.rungs)
    amounts = {canonical(one.amount.location_kg) for one in parts}
    amounts |= {canonical(one.amount.market_kg) for one in (*parts, *content.confidences)}
    assert amounts <= exact


def test_one_total_has_one_column() -> None:
    (header,) = opened(specimen("cn-other"))["Summary"].iter_rows(max_row=1, values_only=True)
    assert header == ("Item", "Text", "kg CO2e", "kg CO2e, every digit")


def test_numbers_are_numbers_as_far_as_a_spreadsheet_can_hold_them(book: Any) -> None:
    (line,) = [row for row in rows(book["Lines"]) if row["Line"] == "module-plant/grid/location"]
    assert isinstance(line["Activity"], float)
    assert Decimal(f"{line['Activity']:.15g}") == Decimal("1234567.891")
    assert isinstance(line["kg CO2e"], float)
    assert Decimal(f"{line['kg CO2e']:.15g}") == rounded(Decimal(line["kg CO2e, every digit"]))
    assert rows(book["Coverage"])[1]["Read"] == 5759


def test_a_number_of_more_digits_stays_a_text_where_no_exact_one_stands_beside_it() -> None:
    long = Decimal("1234567890.1234567")
    assert not fits(long)
    facts = specimen()
    gas = replace(facts.lines[0].gases[0], gwp=long)
    shown = rows(opened(replace(facts, lines=(replace(facts.lines[0], gases=(gas,)),)))["Gases"])
    assert shown[0]["GWP100"] == "1234567890.1234567"
    assert rows(opened()["Gases"])[0]["GWP100"] == 1


def test_exclusions_answers_and_certificates(book: Any) -> None:
    (excluded,) = rows(book["Exclusions"])
    assert (excluded["Reason"], excluded["Approved by"]) == (
        "Two litres of petrol a year.",
        identity("approver"),
    )
    assert excluded["Upper estimate, kg, every digit"] == "5.25"
    answers = rows(book["Screening"])
    assert [one["No."] for one in answers] == list(range(1, 16))
    assert answers[4]["Upper estimate, kg, every digit"] == "1234.5"
    certificates = rows(book["Certificates"])
    assert [one["MWh"] for one in certificates] == [120, 30]
    assert [one["Withdrawn"] for one in certificates] == [None, "withdrawn since"]
    assert certificates[0]["Generated to"] == "2024-02-29"
    assert len(rows(opened(specimen("cn-other"))["Not counted"])) == 4


def test_the_causes_of_a_restatement_stand_line_by_line(book: Any) -> None:
    found = [(row["Cause"], row["Line"], row["kg CO2e, every digit"]) for row in rows(book["Causes"])]
    assert found == [
        ("late data", "module-plant/boiler/both", "100"),
        ("certificates", "module-plant/grid/market/rest", "-10"),
    ]


def test_factors_carry_their_sources_whole(book: Any) -> None:
    found = {row["Factor"]: row for row in rows(book["Factors"])}
    steam = found["park-steam"]
    assert (steam["Value"], steam["Unit"], steam["Rung"]) == (0.0986, "tCO2/GJ", "supplier")
    assert steam["Clause"] == f"evidence sha256:{'e' * 64}"
    assert steam["Used by lines"] == "module-plant/steam/both"


def cells(book: Any) -> Iterator[Any]:
    for sheet in book:
        for row in sheet.iter_rows():
            yield from row


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1", "https://example.org", "{=A1}", "<b>&</b>"])
def test_text_of_users_is_text(text: str) -> None:
    facts = replace(specimen(), names=Names(same(text), same(text), dict.fromkeys(NAMES.sources, same(text))))
    found = [cell for cell in cells(opened(facts)) if cell.value == text]
    assert len(found) > len(facts.lines)
    assert {cell.data_type for cell in found} == {"s"}
    assert not [cell for cell in cells(opened(facts)) if cell.data_type == "f" or cell.hyperlink]


def test_what_a_cell_cannot_hold_is_cut_and_says_so() -> None:
    facts = specimen()
    long = replace(facts.lines[0], notes=("a" * 40_000,))
    note = rows(opened(replace(facts, lines=(long,)))["Lines"])[0]["Notes"]
    assert note.startswith("a" * MAX_CHARACTERS)
    assert note.endswith("the whole text stands in the line of the version)")


@pytest.mark.parametrize("illegal", ["\ufffe", "\x0b", "\x00"])
def test_characters_that_xml_forbids_do_not_break_the_file(illegal: str) -> None:
    facts = replace(specimen(), names=replace(NAMES, organisation=same(f"a{illegal}b")))
    assert "a\ufffdb" in {cell.value for cell in cells(opened(facts))}


def test_headings_stay_in_sight_and_nothing_acts(book: Any) -> None:
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert all(dimension.width >= 8 for dimension in sheet.column_dimensions.values())
        assert sheet.print_title_rows == "$1:$1"
    names = zipfile.ZipFile(io.BytesIO(report_xlsx(content_of(specimen()), "en"))).namelist()
    assert not [name for name in names if "vba" in name.lower() or "external" in name.lower()]
