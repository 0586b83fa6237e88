"""Writes sheets as XLSX: numbers as numbers, everything else as text, never a formula or a link."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import xlsxwriter

from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.wording import say
from zerocarbon.accounting.report.workbook import sheets
from zerocarbon.accounting.report.workbook.summary import summary_sheet
from zerocarbon.accounting.report.workbook.values import Digest, Figure, Sheet, Value, fits, rounded
from zerocarbon.common.documents.bilingual import Bilingual, Language
from zerocarbon.proof.numbers import canonical

SHEETS = (
    summary_sheet,
    sheets.lines_sheet,
    sheets.gases_sheet,
    sheets.factors_sheet,
    sheets.coverage_sheet,
    sheets.exclusions_sheet,
    sheets.not_counted_sheet,
    sheets.screening_sheet,
    sheets.certificates_sheet,
    sheets.causes_sheet,
)
MAX_CHARACTERS = 32_000
"""A cell holds 32,767."""

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_FONT = {"font_size": 10, "valign": "top"}


def workbook(content: ReportContent, language: Language) -> bytes:
    """The whole workbook. It is dated on the close, so that equal versions have equal bytes."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, OPTIONS) as book:
        closed_on = content.facts.closed.closed_at.date()
        book.set_properties(
            {
                "title": say("document.title").joined(language, " / "),
                "company": _text(content.facts.names.organisation.joined(language, " / "), language),
                "created": datetime.combine(closed_on, time(), UTC),
            }
        )
        _Writer(book, language).write([make(content) for make in SHEETS])
    return made.getvalue()


class _Writer:
    def __init__(self, book: Any, language: Language) -> None:
        self._book = book
        self._language = language
        self._formats: dict[tuple[str, bool], Any] = {
            (kind, strong): book.add_format({**_FONT, **style, "bold": strong})
            for strong in (False, True)
            for kind, style in (
                ("text", {"text_wrap": True}),
                ("digest", {"font_name": "Courier New"}),
                ("figure", {"num_format": "#,##0.000"}),
                ("number", {}),
            )
        }
        self._head = book.add_format(
            {**_FONT, "bold": True, "text_wrap": True, "font_color": "#0b5d4b", "bottom": 2}
        )

    def write(self, all_sheets: list[Sheet]) -> None:
        for sheet in all_sheets:
            page = self._book.add_worksheet(say(f"sheet.{sheet.key}").joined(self._language))
            for place, column in enumerate(sheet.columns):
                page.set_column(place, place, column.width)
                heading = say(f"cell.{column.key}").joined(self._language, "\n")
                page.write_string(0, place, heading, self._head)
            for number, row in enumerate(sheet.rows, start=1):
                for place, value in enumerate(row.values):
                    self._cell(page, number, place, value, strong=row.strong)
            page.freeze_panes(1, 1)
            page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
            page.set_landscape()
            page.set_paper(9)
            page.fit_to_pages(1, 0)
            page.repeat_rows(0)

    def _cell(self, page: Any, row: int, column: int, value: Value, *, strong: bool) -> None:
        match value:
            case None:
                return
            case int():
                page.write_number(row, column, value, self._formats["number", strong])
            case Figure():
                page.write_number(row, column, rounded(value.value), self._formats["figure", strong])
            case Decimal() if fits(value):
                page.write_number(row, column, value, self._formats["number", strong])
            case Decimal():
                page.write_string(row, column, canonical(value), self._formats["text", strong])
            case Digest():
                text = _text(value.text, self._language)
                page.write_string(row, column, text, self._formats["digest", strong])
            case Bilingual():
                text = _text(value.joined(self._language, " / "), self._language)
                page.write_string(row, column, text, self._formats["text", strong])
            case str():
                text = _text(value, self._language)
                page.write_string(row, column, text, self._formats["text", strong])


def _text(text: str, language: Language) -> str:
    """A text that a cell can hold: without what XML forbids, and saying so where it had to be cut."""
    said = _NOT_XML.sub("\ufffd", text)
    if len(said) <= MAX_CHARACTERS:
        return said
    return said[:MAX_CHARACTERS] + say("sheet.cut").joined(language, " ")
