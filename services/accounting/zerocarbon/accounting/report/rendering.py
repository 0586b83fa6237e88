"""The files of a report. Equal facts and language give equal bytes."""

from __future__ import annotations

from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.document import report_document
from zerocarbon.accounting.report.workbook.book import workbook
from zerocarbon.common.documents.bilingual import Language
from zerocarbon.common.documents.html import document_html
from zerocarbon.common.documents.pdf import document_pdf


def report_html(content: ReportContent, language: Language) -> bytes:
    """One self-contained page in UTF-8."""
    return document_html(report_document(content, language)).encode()


def report_pdf(content: ReportContent, language: Language) -> bytes:
    """PDF/A, dated on the day of the close."""
    return document_pdf(report_document(content, language), content.facts.closed.closed_at.date())


def report_xlsx(content: ReportContent, language: Language) -> bytes:
    """A workbook with every figure whole."""
    return workbook(content, language)
